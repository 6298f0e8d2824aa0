"""Does a time that comes free go to whoever waited first, with a deadline, and then to the next?"""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection

from tests.cast import MakeLine
from tests.counter.conftest import a_shop
from tests.terminations.play import CLERK, PERSON, START, Clock, ask, show, work
from tojimari.counter import waiting as places
from tojimari.counter.models import Shop, Visit, WaitingPlace
from tojimari.counter.queries import booked_visit
from tojimari.lines.models import Carrier
from tojimari.messages.models import Message
from tojimari.platform.acting import Refused
from tojimari.platform.database.scope import every_carrier
from tojimari.proofs.models import Event
from tojimari.terminations import actions, visits, waiting
from tojimari.terminations.models import Termination

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_worker")]

DAY = date(2026, 11, 21)  # the day after START
THREE = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)  # 15:00 in Japan on that day


@pytest.fixture
def shop(tabi: Carrier) -> Shop:
    """Takes one visit a day, at three."""
    hours = {day: [["15:00", "16:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    return a_shop(tabi, "haneda", capacity=1, slot_minutes=60, hours=hours)


@pytest.fixture
def cases(make_line: MakeLine) -> list[Termination]:
    """Four people who must come to a shop; the first has the only time of the day."""
    clock = Clock()
    found = [ask(make_line(email=f"p{n}@mail.example"), clock, channel="portal") for n in range(4)]
    work(clock)
    return [Termination.objects.select_related("line", "carrier", "procedure").get(pk=case.pk) for case in found]


@pytest.fixture
def full(cases: list[Termination], shop: Shop) -> Visit:
    """The only time of the day is booked by the first."""
    return visits.book(case=cases[0], shop=shop, starts_at=THREE, acting=PERSON, at=START)


def wait(case: Termination, shop: Shop, *, at: datetime = START, since: date = DAY, until: date = DAY) -> WaitingPlace:
    return waiting.wait(case=case, shop=shop, since=since, until=until, acting=PERSON, at=at)


def offered(case: Termination) -> Visit | None:
    return places.offer_of(case.pk)


def events(case: Termination) -> list[str]:
    names = Event.objects.filter(case_id=case.pk, name__startswith="visit.").order_by("number")
    return list(names.values_list("name", flat=True))


def keys(case: Termination) -> list[str]:
    found = Message.objects.filter(case_id=case.pk).exclude(key="receipt").order_by("pk")
    return [key.split(" ")[0] + " " + key.split(" ", 2)[2] for key in found.values_list("key", flat=True)]


def test_a_time_that_is_given_up_goes_to_who_waited_first_and_to_nobody_else(
    cases: list[Termination], shop: Shop, full: Visit
) -> None:
    wait(cases[2], shop)
    wait(cases[1], shop)
    dates = {case.pk: (case.requested_at, case.ends_at) for case in cases}
    visits.cancel(case=cases[0], acting=PERSON, at=START)
    held = offered(cases[2])
    assert held is not None
    assert (held.starts_at, held.held_until) == (THREE, START + timedelta(hours=3))
    assert offered(cases[1]) is None
    assert events(cases[2]) == ["visit.waiting", "visit.offered"]
    assert keys(cases[2]) == ["visit offered"]
    mail = Message.objects.get(case_id=cases[2].pk, key__endswith="offered")
    assert "{{case}}" in mail.body
    with pytest.raises(Refused, match=r"visit\.taken"):
        visits.book(case=cases[3], shop=shop, starts_at=THREE, acting=PERSON, at=START)
    visit = visits.take(case=cases[2], acting=PERSON, at=START + timedelta(hours=2))
    assert (visit.pk, visit.state) == (held.pk, "booked")
    assert visits.take(case=cases[2], acting=PERSON, at=START + timedelta(hours=2)) == visit
    assert events(cases[2])[2:] == ["visit.booked"]
    assert waiting.pass_on(at=START) == 0
    assert {case.pk: (case.requested_at, case.ends_at) for case in Termination.objects.all()} == dates


def test_nothing_is_held_for_who_has_just_left_the_list(cases: list[Termination], shop: Shop, full: Visit) -> None:
    place = wait(cases[1], shop)
    waiting.leave(case=cases[1], acting=PERSON, at=START)
    visits.cancel(case=cases[0], acting=PERSON, at=START)
    assert places.hold(place.pk, at=START) is None
    assert offered(cases[1]) is None


def test_one_place_that_fails_keeps_the_time_from_nobody(cases: list[Termination], shop: Shop, full: Visit) -> None:
    WaitingPlace.objects.create(  # of a case that is not there: an error at every look
        carrier_id=shop.carrier_id,
        shop=shop,
        case_id=cases[-1].pk + 1,
        reference="TJ-0000-0000",
        since=DAY,
        until=DAY,
        put_by=str(CLERK),
        created_at=START,
        changed_at=START,
    )
    wait(cases[1], shop)
    visits.cancel(case=cases[0], acting=PERSON, at=START)
    assert offered(cases[1]) is not None
    assert waiting.end_offers(at=START + timedelta(days=3)) == 1


def test_what_is_not_answered_in_time_goes_to_the_next(cases: list[Termination], shop: Shop, full: Visit) -> None:
    wait(cases[1], shop)
    wait(cases[2], shop)
    visits.cancel(case=cases[0], acting=PERSON, at=START)
    late = START + timedelta(hours=3)
    assert waiting.end_offers(at=late - timedelta(minutes=1)) == 0
    with pytest.raises(Refused, match=r"visit\.offer_over"):
        visits.take(case=cases[1], acting=PERSON, at=late)
    assert [waiting.end_offers(at=late) for _ in range(2)] == [1, 0]
    assert waiting.pass_on(at=late) == 1
    assert offered(cases[1]) is None
    assert offered(cases[2]) is not None
    assert keys(cases[1]) == ["visit offered", "waiting over"]
    assert places.place_of(cases[1].pk) is None


def test_who_says_no_gives_it_to_the_next_at_once(cases: list[Termination], shop: Shop, full: Visit) -> None:
    wait(cases[1], shop)
    wait(cases[2], shop)
    visits.cancel(case=cases[0], acting=PERSON, at=START)
    for _ in range(2):
        waiting.leave(case=cases[1], acting=PERSON, at=START)
    assert offered(cases[2]) is not None
    assert events(cases[1]) == ["visit.waiting", "visit.offered", "visit.unlisted"]


def test_an_earlier_time_takes_the_place_of_the_visit_and_that_goes_to_the_next(
    cases: list[Termination], shop: Shop, full: Visit
) -> None:
    tomorrow = THREE + timedelta(days=1)
    later = visits.book(case=cases[1], shop=shop, starts_at=tomorrow, acting=PERSON, at=START)
    wait(cases[1], shop, until=DAY + timedelta(days=3))
    wait(cases[2], shop, since=DAY + timedelta(days=1), until=DAY + timedelta(days=1))
    visits.cancel(case=cases[0], acting=PERSON, at=START)
    known = booked_visit(cases[1].pk)
    assert known == later, "the visit stays booked until the person has said yes"
    visit = visits.take(case=cases[1], acting=PERSON, at=START)
    assert (visit.starts_at, visit.code, visit.state) == (THREE, later.code, "booked")
    assert events(cases[1])[-1] == "visit.moved"
    assert (held := offered(cases[2])) is not None
    assert held.starts_at == tomorrow


def test_a_time_after_the_visit_that_is_booked_is_not_offered(
    cases: list[Termination], shop: Shop, full: Visit
) -> None:
    wait(cases[0], shop, until=DAY)
    visits.book(case=cases[1], shop=shop, starts_at=THREE + timedelta(days=1), acting=PERSON, at=START)
    visits.cancel(case=cases[1], acting=PERSON, at=START)
    assert offered(cases[0]) is None


def test_nobody_waits_while_a_time_is_free_and_only_for_days_that_can_be_booked(
    cases: list[Termination], shop: Shop, full: Visit
) -> None:
    with pytest.raises(Refused, match=r"waiting\.free_now"):
        wait(cases[1], shop, until=DAY + timedelta(days=1))
    for since, until in ((DAY, DAY - timedelta(days=1)), (DAY, DAY + timedelta(days=30)), (date(2026, 11, 1), DAY)):
        with pytest.raises(Refused, match=r"waiting\.days_wrong"):
            wait(cases[1], shop, since=since, until=until)
    assert wait(cases[1], shop) == wait(cases[1], shop)
    assert events(cases[1]) == ["visit.waiting"]


def test_who_needs_no_visit_any_more_gives_the_seat_back(cases: list[Termination], shop: Shop, full: Visit) -> None:
    wait(cases[1], shop)
    wait(cases[2], shop)
    wait(cases[3], shop)
    visits.cancel(case=cases[0], acting=PERSON, at=START)
    actions.withdraw(termination=cases[1], acting=PERSON, at=START)
    assert waiting.pass_on(at=START) == 1
    assert offered(cases[2]) is not None
    show(cases[2], "visit", Clock(START), came="yes")
    assert waiting.pass_on(at=START) == 1
    assert offered(cases[3]) is not None
    with pytest.raises(Refused, match=r"visit\.not_now"):
        wait(cases[1], shop)


def test_who_books_the_very_time_that_is_held_for_them_takes_it(
    cases: list[Termination], shop: Shop, full: Visit
) -> None:
    wait(cases[1], shop)
    visits.cancel(case=cases[0], acting=PERSON, at=START)
    held = offered(cases[1])
    assert visits.book(case=cases[1], shop=shop, starts_at=THREE, acting=CLERK, at=START) == held
    assert WaitingPlace.objects.get(case_id=cases[1].pk).state == "taken"


def test_when_the_days_are_over_the_person_hears_of_it_once(cases: list[Termination], shop: Shop, full: Visit) -> None:
    wait(cases[1], shop)
    over = THREE + timedelta(hours=10)
    assert waiting.end_offers(at=THREE) == 0
    assert [waiting.end_offers(at=over) for _ in range(2)] == [1, 0]
    assert keys(cases[1]) == ["waiting in vain"]


@pytest.mark.django_db(transaction=True)
def test_one_seat_that_comes_free_is_held_for_one_person_however_many_want_it_at_once(
    cases: list[Termination], shop: Shop
) -> None:
    """The list is passed on by many at once, while somebody who does not wait tries to book the same time."""
    visits.book(case=cases[0], shop=shop, starts_at=THREE, acting=PERSON, at=START)
    wait(cases[1], shop)
    wait(cases[2], shop)
    Visit.objects.update(state="cancelled")  # free, and nobody has been asked yet
    ready = Barrier(9)

    def rush(number: int) -> str:
        try:
            with every_carrier():
                connection.ensure_connection()
                ready.wait()
                if number % 3:
                    return f"offered {waiting.pass_on(at=START)}"
                visits.book(case=cases[3], shop=shop, starts_at=THREE, acting=PERSON, at=START)
                return "booked"
        except Refused as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(9) as pool:
        ended = Counter(pool.map(rush, range(9)))
    holders = list(Visit.objects.filter(state__in=("booked", "held")).values_list("case_id", "state"))
    assert holders in ([(cases[1].pk, "held")], [(cases[3].pk, "booked")])
    assert ended["offered 1"] == (holders[0][1] == "held")
    assert Message.objects.filter(key__endswith="offered").count() == ended["offered 1"]


@pytest.mark.parametrize(
    ("at", "starts_at", "until"),
    [
        ("2026-11-20T12:00+09:00", "2026-11-25T15:00+09:00", "2026-11-20T15:00+09:00"),
        ("2026-11-20T20:00+09:00", "2026-11-25T15:00+09:00", "2026-11-21T10:00+09:00"),
        ("2026-11-20T03:00+09:00", "2026-11-25T15:00+09:00", "2026-11-20T10:00+09:00"),
        ("2026-11-20T20:00+09:00", "2026-11-21T10:30+09:00", "2026-11-21T09:30+09:00"),
        ("2026-11-20T12:00+09:00", "2026-11-20T14:00+09:00", "2026-11-20T13:00+09:00"),
    ],
)
def test_nobody_must_answer_at_night_nor_later_than_an_hour_before(at: str, starts_at: str, until: str) -> None:
    ends = places.answer_until(datetime.fromisoformat(starts_at), datetime.fromisoformat(at))
    assert ends == datetime.fromisoformat(until)
