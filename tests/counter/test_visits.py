"""Can a seat ever be held twice, and can only what is offered be booked?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.counter.conftest import a_shop
from tojimari.counter import actions
from tojimari.counter.models import Shop, Visit
from tojimari.counter.queries import booked_visit, queued_today
from tojimari.counter.times import bookable_days, free_days, taken
from tojimari.lines.models import Carrier
from tojimari.platform.acting import Acting, Refused, Role
from tojimari.platform.database.scope import carrier_scope
from tojimari.rules.calendar import jst_date

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)  # a Friday, noon in Japan
THREE = datetime(2026, 11, 27, 6, 0, tzinfo=UTC)  # 15:00 in Japan
WANG = Acting(Role.SUBSCRIBER, "1")


@pytest.fixture(autouse=True)
def _as_tabi(tabi: Carrier) -> Iterator[None]:
    with carrier_scope(tabi.pk):
        yield


def book(shop: Shop, case: int, starts_at: datetime = THREE, at: datetime = NOW) -> Visit:
    return actions.book(
        shop=shop, case_id=case, reference=f"TJ-{case}", starts_at=starts_at, language="ja", acting=WANG, at=at
    )


def refusal(deed: Any, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(Refused) as refused:
        deed(*args, **kwargs)
    return refused.value.code


def free(shop: Shop, at: datetime = NOW) -> list[datetime]:
    return [time for day in free_days(shop, at, taken([shop], at)[shop.pk]) for time in day.times]


def test_a_visit_holds_a_seat_for_its_whole_length(shinjuku: Shop) -> None:
    visit = book(shinjuku, 1)
    assert (visit.state, visit.starts_at, visit.ends_at) == ("booked", THREE, THREE + timedelta(minutes=20))
    assert visit.code.startswith("V-")
    assert booked_visit(1) == visit


def test_a_shop_takes_as_many_at_once_as_it_says_and_then_offers_the_time_no_more(shinjuku: Shop) -> None:
    assert {book(shinjuku, 1).seat, book(shinjuku, 2).seat} == {0, 1}
    assert refusal(book, shinjuku, 3) == "visit.taken"
    assert THREE not in free(shinjuku)
    assert THREE + timedelta(minutes=20) in free(shinjuku)


def test_the_times_end_with_the_day_and_begin_an_hour_ahead(shinjuku: Shop) -> None:
    today = [time for time in free(shinjuku) if jst_date(time) == jst_date(NOW)]
    assert today[0] == NOW + timedelta(hours=1)
    assert today[-1] == datetime(2026, 11, 27, 9, 40, tzinfo=UTC)
    assert [jst_date(time) for time in free(shinjuku)][-1] == bookable_days(NOW)[-1]
    assert len(bookable_days(NOW)) == 15


@pytest.mark.parametrize(
    ("starts_at", "code"),
    [
        (NOW - timedelta(hours=1), "visit.past"),
        (NOW + timedelta(minutes=40), "visit.past"),
        (THREE + timedelta(minutes=5), "visit.closed"),
        (datetime(2026, 11, 27, 10, 0, tzinfo=UTC), "visit.closed"),
        (THREE + timedelta(days=15), "visit.closed"),
        (datetime.max.replace(tzinfo=UTC), "visit.closed"),
        (datetime.min.replace(tzinfo=UTC), "visit.past"),
    ],
)
def test_what_is_not_offered_cannot_be_booked(shinjuku: Shop, starts_at: datetime, code: str) -> None:
    assert refusal(book, shinjuku, 1, starts_at) == code
    assert not Visit.objects.exists()


def test_a_day_on_which_the_shop_is_closed_cannot_be_booked(tabi: Carrier) -> None:
    shop = a_shop(tabi, "ginza", closed_days=["2026-11-28"], closed_on_holidays=True)
    assert refusal(book, shop, 1, THREE + timedelta(days=1)) == "visit.closed"
    at = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
    assert refusal(book, shop, 1, datetime(2026, 11, 23, 6, 0, tzinfo=UTC), at) == "visit.closed"


def test_a_shop_that_takes_no_visits_any_more_takes_none(tabi: Carrier) -> None:
    shop = a_shop(tabi, "ginza", active=False)
    assert refusal(book, shop, 1) == "visit.closed"


def test_a_case_has_one_visit_at_a_time(shinjuku: Shop, haneda: Shop) -> None:
    book(shinjuku, 1)
    assert refusal(book, haneda, 1) == "visit.has_one"
    assert Visit.objects.filter(state="booked").count() == 1


def test_moving_frees_the_old_time_and_keeps_the_code(shinjuku: Shop, haneda: Shop) -> None:
    old = book(shinjuku, 1)
    new = actions.move(visit=old, shop=haneda, starts_at=THREE, acting=WANG, at=NOW)
    old.refresh_from_db()
    assert (old.state, new.state, new.shop, new.code) == ("moved", "booked", haneda, old.code)
    assert {book(shinjuku, 2).seat, book(shinjuku, 3).seat} == {0, 1}


def test_a_move_to_a_time_that_is_taken_leaves_the_old_one(shinjuku: Shop, haneda: Shop) -> None:
    old = book(shinjuku, 1)
    book(haneda, 2)
    assert refusal(actions.move, visit=old, shop=haneda, starts_at=THREE, acting=WANG, at=NOW) == "visit.taken"
    assert booked_visit(1) == old


def test_a_visit_can_be_moved_by_less_than_its_own_length_even_when_the_shop_is_full(haneda: Shop) -> None:
    old = book(haneda, 1)
    Shop.objects.filter(pk=haneda.pk).update(slot_minutes=15)
    new = actions.move(visit=old, shop=haneda, starts_at=THREE + timedelta(minutes=15), acting=WANG, at=NOW)
    assert new.seat == 0


def test_cancelling_frees_the_time_and_cannot_be_done_twice(haneda: Shop) -> None:
    visit = book(haneda, 1)
    actions.cancel(visit=visit, at=NOW)
    assert booked_visit(1) is None
    assert book(haneda, 2).seat == 0
    assert refusal(actions.cancel, visit=visit, at=NOW) == "visit.none"


def test_a_visit_that_was_missed_is_a_no_show_and_another_can_be_booked(haneda: Shop) -> None:
    missed = book(haneda, 1)
    later = THREE + timedelta(hours=1)
    new = actions.move(visit=missed, shop=haneda, starts_at=THREE + timedelta(days=1), acting=WANG, at=later)
    missed.refresh_from_db()
    assert (missed.state, new.state) == ("no_show", "booked")


def test_who_came_has_no_visit_booked_any_more_and_keeps_the_seat(haneda: Shop) -> None:
    visit = book(haneda, 1)
    actions.arrived([1, 99], at=THREE)
    visit.refresh_from_db()
    assert visit.state == "came"
    assert booked_visit(1) is None
    assert [found.pk for found in queued_today(haneda, THREE)] == [visit.pk]
    assert refusal(book, haneda, 2) == "visit.taken"


def test_longer_visits_do_not_overlap_those_that_were_booked_before(haneda: Shop) -> None:
    book(haneda, 1, THREE + timedelta(minutes=20))
    Shop.objects.filter(pk=haneda.pk).update(slot_minutes=60)
    assert refusal(book, haneda, 2, THREE) == "visit.taken"
    haneda.refresh_from_db()
    assert THREE not in free(haneda)


def test_the_database_itself_refuses_a_seat_that_is_held(haneda: Shop) -> None:
    visit = book(haneda, 1)
    visit.pk, visit.case_id, visit.code = None, 2, "V-ELSE-ELSE"
    visit.starts_at += timedelta(minutes=10)
    visit.ends_at += timedelta(minutes=10)
    with pytest.raises(IntegrityError, match="visit_seat"), transaction.atomic():
        visit.save(force_insert=True)


def test_a_carrier_sees_neither_shops_nor_visits_of_another(haneda: Shop, next_door: Shop, tonari: Carrier) -> None:
    book(haneda, 1)
    assert list(Shop.objects.all()) == [haneda]
    with carrier_scope(tonari.pk):
        assert list(Shop.objects.all()) == [next_door]
        assert not Visit.objects.exists()
        with pytest.raises(Shop.DoesNotExist):
            book(haneda, 2)


def test_a_shop_that_is_entered_again_is_changed_and_its_visits_stay(haneda: Shop, tabi: Carrier) -> None:
    visit = book(haneda, 1)
    again = a_shop(tabi, "haneda", capacity=3)
    assert (again.pk, again.capacity) == (haneda.pk, 3)
    assert booked_visit(1) == visit


@pytest.mark.parametrize(
    ("facts", "code"),
    [({"hours": {"mon": [["19:00", "10:00"]]}}, "shop.hours_wrong"), ({"postcode": "160"}, "shop.postcode_wrong")],
)
def test_a_shop_that_cannot_be_right_is_refused(tabi: Carrier, facts: dict[str, Any], code: str) -> None:
    assert refusal(a_shop, tabi, "ginza", **facts) == code
