"""Do the waiting list, the form that goes out, the nearest shop and the check of who asks work at the counter?"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client

from tests.counter.conftest import a_shop
from tests.desk.conftest import AsStaff
from tests.desk.test_counter_case import passport, send
from tests.desk.test_work import begin
from tests.portal.test_visits import ALL_DAY
from tests.terminations.play import PERSON, Clock, ask, work
from tojimari.counter.models import Shop
from tojimari.counter.times import bookable_days, free_days, taken
from tojimari.counter.waiting import place_of
from tojimari.lines.models import Carrier, Line
from tojimari.messages.models import Message
from tojimari.platform.database.scope import every_carrier
from tojimari.proofs.models import Event
from tojimari.terminations import visits, waiting
from tojimari.terminations.models import Step, Termination

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime.now(UTC))


@pytest.fixture
def shop(tabi: Carrier) -> Shop:
    return a_shop(tabi, "shinjuku", hours=ALL_DAY, slot_minutes=240, capacity=1)


@pytest.fixture
def case(sim_line: Line, clock: Clock) -> Termination:
    return begin(sim_line, clock)


def read(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.get("Location")
    return answer.content.decode()


def events(case: Termination, *, like: str) -> list[str]:
    with every_carrier():
        names = Event.objects.filter(case_id=case.pk, name__startswith=like).order_by("number")
        return list(names.values_list("name", flat=True))


def test_staff_see_who_waits_in_order_and_take_somebody_off(
    as_staff: AsStaff, shop: Shop, case: Termination, tanaka_line: Line, clock: Clock, tonari: Carrier
) -> None:
    other, now = begin(tanaka_line, clock), datetime.now(UTC)
    day = bookable_days(now)[2]
    with every_carrier():
        hours = {name: [["12:00", "16:00"]] for name in ALL_DAY}
        Shop.objects.update(hours=hours)
        shop.refresh_from_db()
        [time] = next(one for one in free_days(shop, now, taken([shop], now)[shop.pk]) if one.day == day).times
        visits.book(case=other, shop=shop, starts_at=time, acting=PERSON, at=now)
        waiting.wait(case=case, shop=shop, since=day, until=day, acting=PERSON, at=now)
    browser = as_staff("clerk")
    assert "/desk/counter/waiting/" in read(browser, "/desk/counter/")
    page = read(browser, "/desk/counter/waiting/")
    assert case.reference in page
    assert "Asked" not in page
    with every_carrier():
        visits.cancel(case=other, acting=PERSON, at=now)
    page = read(browser, "/desk/counter/waiting/")
    assert "Asked" in page
    assert "held until:" in page
    there = as_staff("clerk", carrier=tonari, host="tonari.example")
    a_shop(tonari, "next-door")
    assert there.post("/desk/counter/waiting/", {"reference": case.reference}).status_code == 404
    assert case.reference not in read(there, "/desk/counter/waiting/")
    browser.post("/desk/counter/waiting/", {"reference": case.reference})
    with every_carrier():
        assert place_of(case.pk) is None
    assert "Nobody waits" in read(browser, "/desk/counter/waiting/")


def test_the_form_goes_to_the_customers_own_address_in_both_languages_once(
    as_staff: AsStaff, shop: Shop, case: Termination
) -> None:
    browser, path = as_staff("clerk"), f"/desk/counter/{case.reference}/form/"
    page = read(browser, path)
    assert "w…@mail.example" in page
    for _ in range(2):
        assert browser.post(path, {"do": "mail"}).status_code == 302
    with every_carrier():
        mail = Message.objects.get(case_id=case.pk, key__startswith="form ")
    assert mail.to == "wang@mail.example"
    for said in (case.reference, "通信事業者", "手机号码注销申请", "この回線の解約", "{{case}}"):
        assert said in mail.body, said
    assert sim_number(case) not in mail.body
    assert set(events(case, like="form.")) == {"form.mailed"}


def sim_number(case: Termination) -> str:
    with every_carrier():
        return Termination.objects.select_related("line").get(pk=case.pk).line.iccid


def test_printing_is_written_down_and_opens_the_browsers_own_window(
    as_staff: AsStaff, shop: Shop, case: Termination
) -> None:
    browser, path = as_staff("clerk"), f"/desk/counter/{case.reference}/form/"
    assert "data-print" not in read(browser, path)
    assert "data-print" in browser.post(path, {"do": "print"}).content.decode()
    assert events(case, like="form.") == ["form.printed"]


def test_a_customer_without_an_address_is_said_so(as_staff: AsStaff, shop: Shop, case: Termination) -> None:
    with every_carrier():
        case.subscriber.contacts.all().delete()
    browser, path = as_staff("clerk"), f"/desk/counter/{case.reference}/form/"
    assert "No e-mail address" in read(browser, path)
    browser.post(path, {"do": "mail"})
    assert events(case, like="form.") == []


def test_staff_find_the_nearest_shop_by_station_or_postcode(
    as_staff: AsStaff, shop: Shop, case: Termination, tabi: Carrier
) -> None:
    a_shop(tabi, "haneda", latitude=35.549, longitude=139.784, postcode="144-0041", stations=[{"ja": "羽田空港"}])
    browser, path = as_staff("clerk"), f"/desk/counter/{case.reference}/visit/"
    for typed, first in (("羽田空港", "haneda"), ("144-0041", "haneda"), ("新宿駅", "shinjuku")):
        page = browser.post(path, {"do": "near", "place": typed}).content.decode()
        assert f"<h2>{first} shop</h2>" in page, typed
        assert re.findall(r'name="shop" value="(\w+)"', page)[0] == first
    page = browser.post(path, {"do": "near", "place": "稚内"}).content.decode()
    assert "No shop fits" in page


PROCEDURE = Path(__file__).parents[2] / "src/tojimari/terminations/procedures/physical_sim.toml"


@pytest.fixture
def unproved(sim_line: Line, clock: Clock) -> Termination:
    """A case whose procedure lets staff ask who the person is, and nobody has."""
    with every_carrier():
        case = ask(sim_line, clock, channel="portal")
        Step.objects.filter(termination=case, name="verify").update(
            state="open", actor="staff", lane="", evidence={}, done_at=None
        )
        Step.objects.filter(termination=case).exclude(name="verify").update(state="waiting")
    return case


def test_who_they_are_is_asked_on_the_same_screen_where_the_procedure_says_so(
    as_staff: AsStaff, shop: Shop, unproved: Termination, sim_line: Line, clock: Clock
) -> None:
    browser = as_staff("clerk")
    page = read(browser, f"/desk/counter/{unproved.reference}/")
    assert "Check the caller" not in page
    assert 'name="method"' in page
    assert 'name="iccid"' not in page  # the system settles the bills in between
    status, text = send(browser, unproved)
    assert status == 409
    assert 'id="id_method_error"' in text
    assert send(browser, unproved, method="at_counter")[0] == 302
    with every_carrier():
        work(Clock(datetime.now(UTC)), forward=False)
        verify = Step.objects.get(termination=unproved, name="verify")
    assert (verify.state, verify.evidence["method"]) == ("done", "at_counter")
    given = {"mrz": passport(), "receipt_or_contract": "receipt", "signed": "on", "iccid": sim_line.iccid}
    status, text = send(browser, unproved, **given)
    assert status == 302, re.findall(r"role=.alert.*", text)
    assert "Nothing is left to be done" in read(browser, f"/desk/counter/{unproved.reference}/")


def test_a_clerk_checks_no_caller_whose_case_needs_no_shop(
    as_staff: AsStaff, shop: Shop, unproved: Termination
) -> None:
    with every_carrier():
        names = ("visit", "papers", "form", "return_sim")
        Step.objects.filter(termination=unproved, name__in=names).update(state="skipped")
        step = Step.objects.get(termination=unproved, name="verify")
    as_staff("clerk").post(f"/desk/steps/{step.pk}/", {"method": "call_check"})
    with every_carrier():
        step.refresh_from_db()
    assert step.state == "open"
