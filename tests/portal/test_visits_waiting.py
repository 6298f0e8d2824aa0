"""Does a person get onto the waiting list, and from there to a time, with one tap each?"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from tests.counter.conftest import a_shop
from tests.portal.conftest import newest_code, sent_to
from tests.portal.following import WANG, link_of, stranger
from tests.portal.test_visits import ALL_DAY, at, booked, case
from tests.terminations.play import Clock, ask, work
from tojimari.counter.models import Shop, WaitingPlace
from tojimari.counter.times import bookable_days, free_days, taken
from tojimari.lines.models import Carrier, Line
from tojimari.platform.acting import Acting, Role
from tojimari.platform.database.scope import every_carrier
from tojimari.terminations import visits, waiting
from tojimari.terminations.models import Termination

pytestmark = pytest.mark.django_db

__all__ = ["case"]
STAFF = Acting(Role.STAFF, "7")


@pytest.fixture
def shop(tabi: Carrier) -> Shop:
    """Two visits a day, one seat."""
    return a_shop(tabi, "shinjuku", hours=ALL_DAY, slot_minutes=240, capacity=1)


@pytest.fixture
def others(tanaka_line: Line, shop: Shop) -> Termination:
    """Tanaka's case, which has the first free time of the day after tomorrow; the rest of that day is gone as well."""
    clock = Clock(datetime.now(UTC))
    with every_carrier():
        case = ask(tanaka_line, clock, channel="portal")
        work(clock, forward=False)
        case.refresh_from_db()
    return case


def full_day(shop: Shop, others: Termination) -> str:
    """Let the shop have one time on one day, hold it for Tanaka, and return that day."""
    now = datetime.now(UTC)
    day = bookable_days(now)[3]
    with every_carrier():
        weekday = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[day.weekday()]
        Shop.objects.filter(pk=shop.pk).update(hours={weekday: [["12:00", "16:00"]]})
        shop.refresh_from_db()
        [time] = next(one for one in free_days(shop, now, taken([shop], now)[shop.pk]) if one.day == day).times
        visits.book(case=others, shop=shop, starts_at=time, acting=STAFF, at=now)
    return day.isoformat()


def test_from_a_full_day_onto_the_list_and_with_one_tap_to_the_time_that_came_free(
    wang_here: Client, case: Termination, others: Termination, shop: Shop
) -> None:
    day = full_day(shop, others)
    assert at(case, "shops/shinjuku/wait/") in wang_here.get(at(case, "shops/shinjuku/")).content.decode()
    answer = wang_here.post(at(case, "shops/shinjuku/wait/"), {"since": day, "until": day})
    assert answer.status_code == 302, re.findall("error.*", answer.content.decode())
    page = wang_here.get(f"/cases/{case.reference}/").content.decode()
    assert "You are on the waiting list" in page
    with every_carrier():
        visits.cancel(case=others, acting=STAFF, at=datetime.now(UTC))
    assert len([subject for subject in sent_to(WANG) if case.reference in subject]) == 2
    page = wang_here.get(f"/cases/{case.reference}/").content.decode()
    assert "We hold it for you until:" in page
    answer = wang_here.post(at(case, "offer/"), {"do": "take"})
    assert answer["Location"] == at(case)
    visit = booked(case)
    assert visit is not None
    assert visit.code in wang_here.get(at(case)).content.decode()
    assert wang_here.post(at(case, "offer/"), {"do": "take"}).status_code == 302


def test_days_with_a_free_time_or_that_cannot_be_booked_are_said_beside_the_choice(
    wang_here: Client, case: Termination, shop: Shop
) -> None:
    days = [day.isoformat() for day in bookable_days(datetime.now(UTC))]
    for since, until, said in (
        (days[0], days[3], "A time is free on these days"),
        (days[3], days[1], "cannot be booked"),
        ("2020-01-01", "2020-01-02", "cannot be booked"),
        ("soon", "later", "Choose a day"),
    ):
        answer = wang_here.post(at(case, "shops/shinjuku/wait/"), {"since": since, "until": until})
        assert answer.status_code == 409
        page = answer.content.decode()
        assert said in page[page.index('id="wait-error"') :]
    with every_carrier():
        assert not WaitingPlace.objects.exists()


def test_who_leaves_the_list_is_off_it_and_an_offer_that_is_over_is_said(
    wang_here: Client, case: Termination, others: Termination, shop: Shop
) -> None:
    day = full_day(shop, others)
    wang_here.post(at(case, "shops/shinjuku/wait/"), {"since": day, "until": day})
    for _ in range(2):
        assert wang_here.post(at(case, "offer/"), {"do": "leave"}).status_code == 302
    assert "waiting list" not in wang_here.get(f"/cases/{case.reference}/").content.decode()
    answer = wang_here.post(at(case, "offer/"), {"do": "take"}, follow=True)
    assert "no longer held for you" in answer.content.decode()


def test_who_came_by_the_link_of_the_offer_answers_a_code_before_the_time_is_theirs(
    case: Termination, others: Termination, shop: Shop
) -> None:
    day = full_day(shop, others)
    there = stranger()
    there.get(link_of(case))
    answer = there.post(at(case, "shops/shinjuku/wait/"), {"since": day, "until": day})
    assert answer["Location"] == "/sign-in/code/"
    back = there.post("/sign-in/code/", {"code": newest_code(WANG)})["Location"]
    page = there.get(back).content.decode()
    assert page.count(f'value="{day}" selected') == 2
    now = datetime.now(UTC)
    with every_carrier():
        since = bookable_days(now)[3]
        waiting.wait(case=case, shop=shop, since=since, until=since, acting=STAFF, at=now)
        visits.cancel(case=others, acting=STAFF, at=now + timedelta(minutes=1))
    other = stranger()
    other.get(link_of(case))
    assert other.post(at(case, "offer/"), {"do": "take"})["Location"] == "/sign-in/code/"
    assert booked(case) is None


def test_the_neighbours_shop_has_no_list_for_us(wang_here: Client, case: Termination, tonari: Carrier) -> None:
    a_shop(tonari, "next-door", hours=ALL_DAY)
    day = bookable_days(datetime.now(UTC))[1].isoformat()
    assert wang_here.post(at(case, "shops/next-door/wait/"), {"since": day, "until": day}).status_code == 404
