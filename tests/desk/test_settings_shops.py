"""Can the administrator add, change and close a shop, and does nobody stand before a closed door because of it?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests.desk.conftest import TONARI, AsStaff
from tests.desk.test_settings_reach import changes, hidden, look, read, save
from tests.terminations.play import Clock, ask, work
from tojimari.counter.models import Shop, Visit
from tojimari.counter.shop_settings import of_shop
from tojimari.lines.models import Carrier, Line
from tojimari.messages.models import Message
from tojimari.platform.acting import SYSTEM
from tojimari.platform.database.scope import every_carrier
from tojimari.proofs.models import Event
from tojimari.terminations import visits
from tojimari.terminations.calling_off import call_off_closed
from tojimari.terminations.models import Termination

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)  # 14:00 in Japan
NEW, PAGE = "/desk/settings/new-shop/", "/desk/settings/shops/ueno/"
UENO = {
    "code": "ueno",
    "name_ja": "旅モバイル 上野店",
    "name_en": "Tabi Mobile Ueno",
    "name_zh_hans": "旅途移动 上野店",
    "name_zh_hant": "旅途行動 上野店",
    "address_ja": "東京都台東区上野1-1-1",
    "address_en": "1-1-1 Ueno, Taito-ku, Tokyo",
    "postcode": "110-0005",
    "latitude": "35.7138",
    "longitude": "139.7770",
    "stations": "上野 / Ueno",
    "speaks_ja": "on",
    "speaks_en": "on",
    "phone": "+81 3-0000-0009",
    "capacity": "2",
    "slot_minutes": "20",
    "tue": "10:00-13:00, 14:00-19:00",
    "fri": "10:00–19:00",
    "active": "on",
}


@pytest.fixture(autouse=True)
def _now() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


def shop(code: str = "ueno") -> Shop:
    with every_carrier():
        return Shop.objects.select_related("carrier").get(code=code)


def visit_of(line: Line, starts_at: datetime = TUESDAY) -> Termination:
    clock = Clock(NOW)
    with every_carrier():
        case = ask(line, clock, channel="portal")
        work(clock, forward=False)
        visits.book(case=case, shop=shop(), starts_at=starts_at, acting=SYSTEM, at=NOW)
    return case


def test_a_new_shop_is_looked_at_first_and_takes_visits_once_confirmed(as_staff: AsStaff, tabi: Carrier) -> None:
    admin = as_staff("admin")
    page = look(admin, NEW, UENO)
    assert "2026-11-24 (Tue): 24 times, the first at 10:00, the last at 18:40" in page
    assert "2026-11-25 (Wed): closed" in page
    assert "+tue: 10:00-13:00, 14:00-19:00\n" in page
    with every_carrier():
        assert not Shop.objects.exists()
    assert save(admin, NEW, UENO) == 302
    made = shop()
    assert made.hours == {"tue": [["10:00", "13:00"], ["14:00", "19:00"]], "fri": [["10:00", "19:00"]]}
    assert (made.languages, made.capacity, made.station("en")) == (["ja", "en"], 2, "Ueno")
    assert [setting for setting, _, _ in changes()] == ["shop.ueno"]
    assert "鈴木 花子" in read(admin.get(PAGE)).split("Changes until now")[1]
    assert "There is a shop with this short name already." in look(admin, NEW, UENO)


def test_what_the_form_shows_is_what_it_takes(as_staff: AsStaff, tabi: Carrier) -> None:
    admin = as_staff("admin")
    more = {"closed_days": "2026-12-31\n2027-01-01/2027-01-03", "opens_on": "2026-11-23", "closes_on": "2027-04-01"}
    assert save(admin, NEW, {**UENO, **more, "closed_on_holidays": "on"}) == 302
    made = shop()
    assert made.closed_days == ["../2026-11-22", "2026-12-31", "2027-01-01/2027-01-03", "2027-04-01/.."]
    assert of_shop(made).closed_days == more["closed_days"]
    assert (of_shop(made).opens_on, of_shop(made).closes_on) == (more["opens_on"], more["closes_on"])
    page = look(admin, PAGE, {**UENO, **more, "closed_on_holidays": "on"})
    assert "This is what counts already." in page


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("name_zh_hant", "", "This is needed"),
        ("postcode", "110", "This is not a postcode of Japan."),
        ("latitude", "north", "This is no position."),
        ("latitude", "95", "This is no position."),
        ("phone", "03-1234", "This is no phone number in international form."),
        ("capacity", "0", "whole number from 1 to 100"),
        ("slot_minutes", "4", "whole number from 5 to 240"),
        ("tue", "19:00-10:00", "These hours cannot be read."),
        ("tue", "10-13", "These hours cannot be read."),
        ("tue", "10:00-14:00, 13:00-15:00", "These hours cannot be read."),
        ("closed_days", "2026-02-30", "A closed day cannot be read."),
        ("closed_days", "2027-01-03/2026-12-29", "A closed day cannot be read."),
        ("closed_days", "../2026-12-29", "A closed day cannot be read."),
        ("opens_on", "tomorrow", "This is no day of the calendar."),
        ("stations", "上野 / / x", "A station cannot be read."),
        ("code", "Ueno!", "This short name cannot be used."),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_stays_typed(
    as_staff: AsStaff, field: str, typed: str, said: str
) -> None:
    page = look(as_staff("admin"), NEW, {**UENO, field: typed})
    assert said in page.split(f'id="{field}_error"')[1].split("</div>")[0]
    assert (typed.lower() or "Tabi Mobile Ueno") in page
    assert 'value="save"' not in page
    with every_carrier():
        assert not Shop.objects.exists()


@pytest.mark.parametrize(
    "change",
    [{"closes_on": "2026-11-24"}, {"closed_days": "2026-11-24"}, {"tue": "10:00-13:00"}, {"active": ""}],
)
def test_visits_at_a_time_when_the_shop_would_be_closed_come_back_with_a_new_offer(
    as_staff: AsStaff, sim_line: Line, change: dict[str, str]
) -> None:
    admin = as_staff("admin")
    save(admin, NEW, UENO)
    case = visit_of(sim_line)
    page = look(admin, PAGE, {**UENO, **change})
    assert "1 visit is booked at a time when the shop would be closed." in page
    with every_carrier():
        assert Visit.objects.get(case_id=case.pk).state == "booked"
    assert save(admin, PAGE, {**UENO, **change}) == 302
    assert "1 visit was called off; the person was offered another one by mail." in read(admin.get(PAGE))
    with every_carrier():
        assert Visit.objects.get(case_id=case.pk).state == "cancelled"
        told = Message.objects.get(case_id=case.pk, key__endswith="called_off")
        assert "{{case}}" in told.body
        assert Event.objects.filter(case_id=case.pk, name="visit.called_off").count() == 1
        after = Termination.objects.get(pk=case.pk)
        assert (after.requested_at, after.ends_at) == (case.requested_at, case.ends_at)
        assert call_off_closed(at=NOW) == 0


def test_other_visits_stay_and_a_visit_that_slipped_in_is_found_by_the_clock(
    as_staff: AsStaff, sim_line: Line, tabi: Carrier
) -> None:
    admin = as_staff("admin")
    save(admin, NEW, UENO)
    case = visit_of(sim_line)
    assert save(admin, PAGE, {**UENO, "capacity": "1", "closes_on": "2026-11-25"}) == 302
    with every_carrier():
        assert Visit.objects.get(case_id=case.pk).state == "booked"
        Shop.objects.update(closed_days=["2026-11-24"])
        assert call_off_closed(at=NOW) == 1
        assert call_off_closed(at=NOW + timedelta(minutes=1)) == 0
        assert Visit.objects.get(case_id=case.pk).state == "cancelled"


def test_who_comes_second_is_told_and_another_carriers_shop_is_not_there(
    as_staff: AsStaff, tabi: Carrier, tonari: Carrier
) -> None:
    admin = as_staff("admin")
    save(admin, NEW, UENO)
    second = hidden(look(admin, PAGE, {**UENO, "capacity": "5"}))
    assert save(admin, PAGE, {**UENO, "capacity": "3"}) == 302
    answer = admin.post(PAGE, {**UENO, "capacity": "5", **second, "do": "save"})
    assert answer.status_code == 409
    assert 'value="5"' in read(answer)
    assert shop().capacity == 3
    assert admin.post(PAGE, {**UENO, "capacity": "9", "do": "save", "seen": "0"}).status_code == 200
    assert shop().capacity == 3
    neighbour = as_staff("admin", carrier=tonari, host=TONARI)
    assert neighbour.get(PAGE).status_code == neighbour.post(PAGE, UENO).status_code == 404
    for role in ("clerk", "agent", "reviewer", "lead", "auditor"):
        browser = as_staff(role)
        assert browser.get(PAGE).status_code == browser.post(NEW, UENO).status_code == 403
