"""Does a case keep its visit, its history and its mails together, and never its dates apart?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection
from structlog.testing import capture_logs

from tests.counter.conftest import a_shop
from tests.terminations.play import CLERK, PERSON, START, Clock, ask, show, work
from tojimari.counter import actions as counter
from tojimari.counter.models import Shop, Visit
from tojimari.counter.queries import booked_visit
from tojimari.lines.models import Carrier, Line
from tojimari.messages.models import Message
from tojimari.platform.acting import Refused
from tojimari.platform.database.scope import every_carrier
from tojimari.proofs.models import Event
from tojimari.terminations import actions, visits
from tojimari.terminations.models import Termination

THREE = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)  # 15:00 in Japan, on the day of START
CLOSED = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)  # half an hour after the shop has closed


@pytest.fixture
def shop(tabi: Carrier) -> Shop:
    return a_shop(tabi, "shinjuku")


@pytest.fixture
def case(as_worker: None, sim_line: Line) -> Termination:
    """Wang's case, which waits for the visit."""
    clock = Clock()
    case = ask(sim_line, clock, channel="portal")
    work(clock)
    case.refresh_from_db()
    return case


def subjects(case: Termination) -> list[str]:
    return list(Message.objects.filter(case_id=case.pk).order_by("pk").values_list("subject", flat=True))


def events(case: Termination) -> list[str]:
    names = Event.objects.filter(case_id=case.pk).order_by("number").values_list("name", flat=True)
    return [name for name in names if name.startswith("visit.")]


def refusal(case: Termination, shop: Shop, starts_at: datetime = THREE) -> str:
    with pytest.raises(Refused) as refused:
        visits.book(case=case, shop=shop, starts_at=starts_at, acting=PERSON, at=START)
    return refused.value.code


@pytest.mark.django_db
def test_booking_moving_and_cancelling_are_noted_and_told_and_move_no_date(case: Termination, shop: Shop) -> None:
    before = (case.requested_at, case.ends_at, case.state)
    visit = visits.book(case=case, shop=shop, starts_at=THREE, acting=PERSON, at=START)
    moved = visits.move(case=case, shop=shop, starts_at=THREE + timedelta(days=1), acting=PERSON, at=START)
    visits.cancel(case=case, acting=PERSON, at=START)
    case.refresh_from_db()
    assert (case.requested_at, case.ends_at, case.state) == before
    assert events(case) == ["visit.booked", "visit.moved", "visit.cancelled"]
    assert visit.code == moved.code
    assert len(subjects(case)) == 4  # the receipt, and one for each of the three
    told = Message.objects.filter(case_id=case.pk, key__startswith="visit").order_by("pk")
    assert [message.language for message in told] == [case.language] * 3
    assert visit.code in told[0].body
    assert shop.address(case.language) in told[0].body
    assert "15:00" in told[1].body


@pytest.mark.django_db
def test_booking_twice_is_the_same_as_once(case: Termination, shop: Shop) -> None:
    one = visits.book(case=case, shop=shop, starts_at=THREE, acting=PERSON, at=START)
    assert visits.book(case=case, shop=shop, starts_at=THREE, acting=PERSON, at=START) == one
    assert events(case) == ["visit.booked"]
    assert refusal(case, shop, THREE + timedelta(hours=1)) == "visit.has_one"
    again = visits.move(case=case, shop=shop, starts_at=THREE, acting=PERSON, at=START)
    assert (again, events(case)) == (one, ["visit.booked"])


@pytest.mark.django_db
def test_who_comes_has_kept_the_visit(case: Termination, shop: Shop) -> None:
    visit = visits.book(case=case, shop=shop, starts_at=THREE, acting=PERSON, at=START)
    show(case, "visit", Clock(THREE), came="yes")
    visit.refresh_from_db()
    assert visit.state == "came"
    case.refresh_from_db()
    assert refusal(case, shop) == "visit.not_now"


@pytest.mark.django_db
def test_a_case_that_is_taken_back_gives_its_visit_up(case: Termination, shop: Shop) -> None:
    visits.book(case=case, shop=shop, starts_at=THREE, acting=PERSON, at=START)
    actions.withdraw(termination=case, acting=PERSON, at=START)
    assert booked_visit(case.pk) is None
    assert Visit.objects.get().state == "cancelled"
    assert refusal(case, shop) == "visit.not_now"


@pytest.mark.django_db
def test_a_case_that_is_not_accepted_gives_its_visit_up(case: Termination, shop: Shop) -> None:
    visits.book(case=case, shop=shop, starts_at=THREE, acting=PERSON, at=START)
    actions.reject(termination=case, code="rejected.wrong_line", acting=CLERK, at=START)
    assert booked_visit(case.pk) is None


@pytest.mark.django_db
def test_a_case_without_a_visit_gets_none(as_worker: None, esim_line: Line, shop: Shop) -> None:
    assert refusal(ask(esim_line, Clock(), effective="month-end", channel="portal"), shop) == "visit.not_now"


@pytest.mark.django_db
def test_nothing_is_noted_when_the_time_cannot_be_had(case: Termination, shop: Shop) -> None:
    assert refusal(case, shop, THREE + timedelta(minutes=1)) == "visit.closed"
    with pytest.raises(Refused, match=r"visit\.none"):
        visits.cancel(case=case, acting=PERSON, at=START)
    assert events(case) == []


@pytest.mark.django_db(transaction=True)
def test_a_case_gets_one_visit_and_one_mail_from_many_taps_at_once(case: Termination, shop: Shop) -> None:
    ready = Barrier(8)

    def tap(_: int) -> int:
        try:
            with every_carrier():
                connection.ensure_connection()
                ready.wait()
                visit = visits.book(case=case, shop=shop, starts_at=THREE, acting=PERSON, at=START)
                return visit.pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(tap, range(8)))) == 1
    assert events(case) == ["visit.booked"]
    assert len(subjects(case)) == 2


def test_who_did_not_come_is_told_once_after_the_shop_has_closed_and_may_book_anew(
    case: Termination, shop: Shop
) -> None:
    before = (case.requested_at, case.ends_at)
    visits.book(case=case, shop=shop, starts_at=THREE, acting=PERSON, at=START)
    assert visits.close_days(at=CLOSED - timedelta(minutes=1)) == 0
    assert [visits.close_days(at=CLOSED) for _ in range(2)] == [1, 0]
    assert events(case) == ["visit.booked", "visit.missed"]
    assert len(subjects(case)) == len(set(subjects(case)))
    case.refresh_from_db()
    assert (case.requested_at, case.ends_at) == before
    visits.book(case=case, shop=shop, starts_at=THREE + timedelta(days=1), acting=PERSON, at=CLOSED)
    assert booked_visit(case.pk) is not None


def test_one_visit_that_cannot_be_closed_keeps_no_other_from_it(case: Termination, shop: Shop) -> None:
    visits.book(case=case, shop=shop, starts_at=THREE, acting=PERSON, at=START)
    lost = Visit.objects.create(  # of a case that is not there: an error at every look
        carrier_id=case.carrier_id,
        shop=shop,
        case_id=case.pk + 1,
        reference="TJ-0000-0000",
        code="V-0000-0000",
        starts_at=THREE - timedelta(hours=1),
        ends_at=THREE - timedelta(minutes=40),
        seat=1,
        booked_by=str(CLERK),
        created_at=START,
        changed_at=START,
    )
    with capture_logs() as logs:
        assert visits.close_days(at=CLOSED) == 1
    assert events(case)[-1] == "visit.missed"
    assert [(one["event"], one["about"]) for one in logs] == [("tick.one_failed", lost.reference)]


@pytest.mark.parametrize("came", ["without a time", "called"])
def test_who_waited_or_was_called_in_vain_is_told_so_and_no_date_moves(
    case: Termination, shop: Shop, came: str
) -> None:
    before = (case.requested_at, case.ends_at)
    if came == "called":
        visits.book(case=case, shop=shop, starts_at=THREE, acting=PERSON, at=START)
        counter.call_next(shop=shop, acting=CLERK, at=THREE)
    else:
        visits.walk_in(case=case, shop=shop, acting=CLERK, at=THREE)
    assert [visits.close_days(at=CLOSED) for _ in range(2)] == [1, 0]
    assert Visit.objects.get().state == "unfinished"
    assert events(case)[-1] == "visit.unfinished"
    told = Message.objects.filter(case_id=case.pk).latest("pk")
    assert told.key.endswith("unfinished")
    case.refresh_from_db()
    assert (case.requested_at, case.ends_at) == before


def test_who_was_received_without_a_time_or_took_the_request_back_hears_nothing(case: Termination, shop: Shop) -> None:
    visits.walk_in(case=case, shop=shop, acting=CLERK, at=THREE)
    show(case, "visit", Clock(THREE), came="yes")
    assert Visit.objects.get().state == "served"
    told = subjects(case)
    assert visits.close_days(at=CLOSED) == 0
    assert subjects(case) == told


def test_a_visit_that_was_waited_for_after_the_hours_were_changed_ends_with_the_day(
    case: Termination, shop: Shop
) -> None:
    visits.book(case=case, shop=shop, starts_at=THREE, acting=PERSON, at=START)
    Shop.objects.update(closed_days=["2026-11-20"])
    assert visits.close_days(at=CLOSED) == 0
    assert visits.close_days(at=CLOSED + timedelta(hours=5)) == 1


def test_a_visit_of_a_case_that_needs_none_any_more_is_no_walk_in(case: Termination, shop: Shop) -> None:
    actions.withdraw(termination=case, acting=PERSON, at=START)
    with pytest.raises(Refused, match=r"visit\.not_now"):
        visits.walk_in(case=case, shop=shop, acting=CLERK, at=START)
