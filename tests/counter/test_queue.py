"""Is each visitor of today called once, and does nobody lose a place by coming without a time?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tojimari.counter import actions
from tojimari.counter.models import Shop, Visit
from tojimari.counter.queries import queued_today, visit_by_code
from tojimari.lines.models import Carrier
from tojimari.platform.acting import Acting, Refused, Role
from tojimari.platform.database.scope import carrier_scope

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)  # a Friday in Japan
THREE = NOON + timedelta(hours=3)
CLERK = Acting(Role.STAFF, "7")
WANG = Acting(Role.SUBSCRIBER, "1")


@pytest.fixture(autouse=True)
def _as_tabi(tabi: Carrier) -> Iterator[None]:
    with carrier_scope(tabi.pk):
        yield


def book(shop: Shop, case: int, starts_at: datetime = THREE) -> Visit:
    return actions.book(
        shop=shop, case_id=case, reference=f"TJ-{case}", starts_at=starts_at, language="ja", acting=WANG, at=NOON
    )


def come(shop: Shop, case: int, at: datetime) -> Visit:
    return actions.walk_in(shop=shop, case_id=case, reference=f"TJ-{case}", language="ja", acting=CLERK, at=at)


def call(shop: Shop, at: datetime) -> int | None:
    visit = actions.call_next(shop=shop, acting=CLERK, at=at)
    return visit.case_id if visit is not None else None


def test_visitors_are_called_in_the_order_of_their_times_each_once(shinjuku: Shop) -> None:
    book(shinjuku, 1)
    come(shinjuku, 2, THREE - timedelta(minutes=30))
    come(shinjuku, 3, THREE + timedelta(minutes=1))
    at = THREE + timedelta(minutes=2)
    assert [call(shinjuku, at) for _ in range(4)] == [2, 1, 3, None]


def test_nobody_is_called_long_before_their_time(shinjuku: Shop) -> None:
    book(shinjuku, 1)
    assert call(shinjuku, THREE - timedelta(minutes=30)) is None
    assert call(shinjuku, THREE - timedelta(minutes=5)) == 1


def test_who_has_a_time_today_keeps_it_when_coming_early_and_comes_twice_once(shinjuku: Shop) -> None:
    booked = book(shinjuku, 1)
    assert come(shinjuku, 1, NOON) == booked
    assert come(shinjuku, 2, NOON) == come(shinjuku, 2, NOON + timedelta(minutes=5))


def test_who_comes_without_a_time_holds_no_seat(haneda: Shop) -> None:
    come(haneda, 1, THREE)
    assert book(haneda, 2).seat == 0


def test_who_comes_before_the_booked_day_gives_its_seat_back(haneda: Shop) -> None:
    tomorrow = book(haneda, 1, THREE + timedelta(days=1))
    come(haneda, 1, NOON)
    actions.arrived([1], at=NOON)
    tomorrow.refresh_from_db()
    assert tomorrow.state == "cancelled"
    assert [visit.state for visit in queued_today(haneda, NOON)] == ["served"]


def test_a_visit_is_missed_only_once_its_time_has_come(shinjuku: Shop) -> None:
    visit = book(shinjuku, 1)
    with pytest.raises(Refused, match=r"visit\.not_yet"):
        actions.missed(visit=visit, at=THREE - timedelta(minutes=1))
    actions.missed(visit=visit, at=THREE)
    with pytest.raises(Refused, match=r"visit\.none"):
        actions.missed(visit=visit, at=THREE)
    assert call(shinjuku, THREE) is None
    assert book(shinjuku, 1, THREE + timedelta(days=1)).state == "booked"


@pytest.mark.parametrize("spelling", ["{0}", "{0} ", "v{1}", "V {1}"])
def test_a_code_finds_its_visit_in_any_spelling(shinjuku: Shop, spelling: str) -> None:
    visit = book(shinjuku, 1)
    digits = visit.code.removeprefix("V-").replace("-", "").lower()
    assert visit_by_code(shinjuku.carrier_id, spelling.format(visit.code, digits)) == visit
    assert visit_by_code(shinjuku.carrier_id, "TJ-1234-5678") is None
