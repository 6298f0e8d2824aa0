"""Does a clerk see who is here today, call each once, and find everybody by whatever they hold up?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.cast import MakeLine
from tests.counter.conftest import a_shop
from tests.desk.conftest import AsStaff
from tests.desk.test_work import begin
from tests.terminations.play import CLERK, Clock
from tojimari.counter.models import Shop, Visit
from tojimari.desk.models import Membership
from tojimari.lines.models import Carrier, Line
from tojimari.messages.models import Message
from tojimari.platform.database.scope import every_carrier
from tojimari.proofs.models import Event
from tojimari.terminations import visits
from tojimari.terminations.models import Termination


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime.now(UTC))


@pytest.fixture
def shop(tabi: Carrier) -> Shop:
    return a_shop(tabi, "shinjuku", hours={})


@pytest.fixture
def case(sim_line: Line, clock: Clock) -> Termination:
    """Wang's case, waiting for the visit."""
    return begin(sim_line, clock)


def came(case: Termination, shop: Shop, at: datetime) -> Visit:
    """Let somebody stand in the queue since `at`."""
    with every_carrier():
        return visits.walk_in(case=case, shop=shop, acting=CLERK, at=at)


def booked(case: Termination, shop: Shop, starts_at: datetime) -> Visit:
    """A visit of today that was booked, whatever the hour is now."""
    with every_carrier():
        visit = visits.walk_in(case=case, shop=shop, acting=CLERK, at=starts_at)
        Visit.objects.filter(pk=visit.pk).update(state="booked")
        visit.refresh_from_db()
    return visit


def page(browser: Client) -> str:
    return browser.get("/desk/counter/").content.decode()


def test_lists_who_is_here_today_in_few_queries(
    as_staff: AsStaff,
    shop: Shop,
    make_line: MakeLine,
    clock: Clock,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(5):
        came(begin(make_line(), clock), shop, clock.now)
    browser = as_staff("clerk")
    page(browser)
    with django_assert_max_num_queries(12):
        text = page(browser)
    assert text.count('data-head="Customer"') == 5
    assert "Waits to be called 5" in text


def test_calls_the_next_once_and_opens_their_case(
    as_staff: AsStaff, shop: Shop, case: Termination, clock: Clock
) -> None:
    came(case, shop, clock.now)
    browser = as_staff("clerk")
    answer = browser.post("/desk/counter/", {"do": "next"})
    assert answer.headers["Location"] == f"/desk/counter/{case.reference}/"
    assert "Called 1" in page(browser)
    answer = browser.post("/desk/counter/", {"do": "next"}, follow=True)
    assert "Nobody waits at the moment." in answer.content.decode()


@pytest.mark.parametrize("spelling", ["code", "reference", "address", "number", "card"])
def test_finds_a_visitor_by_whatever_they_hold_up(
    as_staff: AsStaff, shop: Shop, case: Termination, sim_line: Line, clock: Clock, spelling: str
) -> None:
    visit = came(case, shop, clock.now)
    wanted = {
        "code": visit.code.lower(),
        "reference": case.reference.replace("-", " "),
        "address": f"https://tabi.example/cases/{case.reference}/",
        "number": f"0{sim_line.msisdn[2:]}",
        "card": sim_line.iccid,
    }[spelling]
    answer = as_staff("clerk").post("/desk/counter/", {"do": "find", "wanted": wanted})
    assert answer.status_code == 302, answer.content.decode()
    assert answer.headers["Location"] == f"/desk/counter/{case.reference}/"


def test_says_when_nothing_is_found_and_never_finds_the_neighbours(
    as_staff: AsStaff, shop: Shop, tonari_line: Line, clock: Clock
) -> None:
    theirs = begin(tonari_line, clock)
    browser = as_staff("clerk")
    for wanted in (theirs.reference, tonari_line.iccid, "V-0000-0000"):
        text = browser.post("/desk/counter/", {"do": "find", "wanted": wanted}).content.decode()
        assert "Nothing is known under that." in text
    assert browser.get(f"/desk/counter/{theirs.reference}/").status_code == 404


def test_who_did_not_come_is_offered_another_time_and_no_date_moves(
    as_staff: AsStaff, shop: Shop, case: Termination, clock: Clock
) -> None:
    visit = booked(case, shop, clock.now - timedelta(seconds=1))
    before = (case.requested_at, case.ends_at)
    browser = as_staff("clerk")
    answer = browser.post(f"/desk/counter/{case.reference}/missed/", follow=True)
    assert "We have offered the customer another time." in answer.content.decode()
    assert "Did not come" in page(browser)
    with every_carrier():
        visit.refresh_from_db()
        case.refresh_from_db()
        mail = Message.objects.get(case_id=case.pk, key=f"visit {visit.pk} missed")
        noted = Event.objects.filter(case_id=case.pk, name="visit.missed").count()
    assert (visit.state, noted) == ("no_show", 1)
    assert (case.requested_at, case.ends_at) == before
    assert case.reference in mail.subject


def test_staff_work_at_the_shops_of_their_place_alone(
    as_staff: AsStaff, shop: Shop, tabi: Carrier, case: Termination
) -> None:
    a_shop(tabi, "haneda")
    browser = as_staff("clerk")
    assert "At which shop do you work today?" in page(browser)
    browser.post("/desk/counter/", {"do": "shop", "shop": "haneda"})
    assert "Counter: haneda shop" in page(browser)
    with every_carrier():
        Membership.objects.filter(carrier=tabi).update(shops=["shinjuku"])
    text = page(browser)
    assert "Counter: shinjuku shop" in text
    assert "haneda" not in text
    browser.post("/desk/counter/", {"do": "shop", "shop": "haneda"})
    assert "Counter: shinjuku shop" in page(browser)


def test_staff_book_move_and_cancel_for_the_person(
    as_staff: AsStaff, tabi: Carrier, case: Termination, clock: Clock
) -> None:
    a_shop(tabi, "haneda")
    browser = as_staff("clerk")
    path = f"/desk/counter/{case.reference}/visit/"
    with every_carrier():
        open_shop = Shop.objects.get(code="haneda")
    tomorrow = (clock.now + timedelta(days=1)).astimezone(UTC).replace(hour=3, minute=0, second=0, microsecond=0)
    assert browser.post(path, {"shop": "haneda", "starts_at": "now"}).status_code == 409
    for starts_at in (tomorrow, tomorrow + timedelta(minutes=20)):
        answer = browser.post(path, {"shop": "haneda", "starts_at": starts_at.isoformat()})
        assert answer.status_code == 302, answer.content.decode()
    with every_carrier():
        assert [one.starts_at for one in Visit.objects.filter(shop=open_shop, state="booked")] == [
            tomorrow + timedelta(minutes=20)
        ]
        assert set(Visit.objects.values_list("booked_by", flat=True)) != set()
    browser.post(path, {"do": "cancel"})
    with every_carrier():
        assert not Visit.objects.filter(state="booked").exists()
    assert browser.get(path + "?shop=next-door").status_code == 404


def test_only_who_works_at_a_counter_sees_it(as_staff: AsStaff, shop: Shop) -> None:
    assert as_staff("reviewer").get("/desk/counter/").status_code == 403
    assert as_staff("agent").get("/desk/counter/bags/").status_code == 403
