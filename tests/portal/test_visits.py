"""Does a person get to a shop at a time of their own, and just as easily out of it again?"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import segno
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from tests.counter.conftest import a_shop
from tests.portal.conftest import SignIn, newest_code, sent_to
from tests.portal.following import WANG, link_of, stranger
from tests.terminations.play import CLERK, Clock, ask, show, work
from tojimari.counter.models import Shop, Visit
from tojimari.counter.queries import booked_visit
from tojimari.lines.models import Carrier, Line
from tojimari.platform.database.scope import every_carrier
from tojimari.terminations.models import Termination
from tojimari.terminations.settling import pay

pytestmark = pytest.mark.django_db

ALL_DAY = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


@pytest.fixture
def shop(tabi: Carrier) -> Shop:
    """Never closed, so that the tests do not depend on the hour at which they run."""
    return a_shop(tabi, "shinjuku", hours=ALL_DAY, slot_minutes=60, capacity=1)


@pytest.fixture
def haneda(tabi: Carrier) -> Shop:
    return a_shop(tabi, "haneda", hours=ALL_DAY, slot_minutes=60, latitude=35.549, longitude=139.784, stations=[])


@pytest.fixture
def case(sim_line: Line) -> Termination:
    """Wang's case, which waits for the visit."""
    clock = Clock(datetime.now(UTC))
    with every_carrier():
        case = ask(sim_line, clock, channel="portal")
        work(clock, forward=False)
        case.refresh_from_db()
    return case


def at(case: Termination, page: str = "") -> str:
    return f"/cases/{case.reference}/visit/{page}"


def times_on(browser: Client, address: str) -> list[str]:
    """The times that a page offers, as it sends them."""
    return re.findall(r'name="starts_at" value="([^"]+)"', browser.get(address).content.decode())


def booked(case: Termination) -> Visit | None:
    with every_carrier():
        return booked_visit(case.pk)


def book(browser: Client, case: Termination, number: int = 0) -> str:
    """Book one of the times that are shown, and return it."""
    address = at(case, "shops/shinjuku/")
    time = times_on(browser, address)[number]
    answer = browser.post(address, {"starts_at": time})
    assert (answer.status_code, answer["Location"]) == (302, at(case))
    return time


def test_the_case_leads_to_the_shops_and_a_tap_books(wang_here: Client, case: Termination, shop: Shop) -> None:
    assert at(case, "shops/") in wang_here.get(f"/cases/{case.reference}/").content.decode()
    shops = wang_here.get(at(case, "shops/")).content.decode()
    assert at(case, "shops/shinjuku/") in shops
    assert 'href="tel:+813-0000-0001"' in shops
    time = book(wang_here, case)
    visit = booked(case)
    assert visit is not None
    assert visit.starts_at == datetime.fromisoformat(time)
    page = wang_here.get(at(case)).content.decode()
    for said in (visit.code, "1-2-3 Somewhere, Tokyo", "passport", "SIM card", "<svg", "not closed yet"):
        assert said in page
    assert any("Your visit is booked" in subject or "到店" in subject for subject in sent_to("wang@mail.example"))
    assert at(case) in wang_here.get(f"/cases/{case.reference}/").content.decode()


def test_pages_of_a_visit_are_kept_nowhere(wang_here: Client, case: Termination, shop: Shop) -> None:
    book(wang_here, case)
    for page in ("", "shops/", "shops/shinjuku/"):
        assert "no-store" in wang_here.get(at(case, page))["Cache-Control"], page
    assert "no-store" in wang_here.get(f"/cases/{case.reference}/visit.ics")["Cache-Control"]


def test_a_visit_is_moved_and_cancelled_with_one_tap_each(wang_here: Client, case: Termination, shop: Shop) -> None:
    book(wang_here, case)
    before = booked(case)
    assert before is not None
    address = at(case, "shops/shinjuku/")
    later = times_on(wang_here, address)[2]
    wang_here.post(address, {"starts_at": later, "instead_of": before.pk})
    moved = booked(case)
    assert moved is not None
    assert (moved.starts_at, moved.code) == (datetime.fromisoformat(later), before.code)
    assert wang_here.post(at(case, "cancel/"))["Location"] == f"/cases/{case.reference}/"
    assert booked(case) is None
    assert wang_here.post(at(case, "cancel/")).status_code == 302
    assert wang_here.get(at(case)).status_code == 302
    with every_carrier():
        requested = Termination.objects.get(pk=case.pk)
    assert (requested.requested_at, requested.ends_at) == (case.requested_at, case.ends_at)


def test_who_came_by_the_link_of_a_mail_answers_a_code_before_a_visit_is_booked_or_cancelled(
    case: Termination, shop: Shop
) -> None:
    there = stranger()
    there.get(link_of(case))
    address = at(case, "shops/shinjuku/")
    time = times_on(there, address)[2]
    assert "we send a code" in there.get(address).content.decode()
    assert there.post(address, {"starts_at": time})["Location"] == "/sign-in/code/"
    assert booked(case) is None
    back = there.post("/sign-in/code/", {"code": newest_code(WANG)})["Location"]
    page = there.get(back).content.decode()
    assert f'value="{time}" checked' in page
    assert there.post(address, {"starts_at": time})["Location"] == at(case)
    assert booked(case) is not None
    other = stranger()
    other.get(link_of(case))
    assert other.post(at(case, "cancel/"))["Location"] == "/sign-in/code/"
    assert booked(case) is not None
    back = other.post("/sign-in/code/", {"code": newest_code(WANG)})["Location"]
    assert back == at(case)
    other.post(at(case, "cancel/"))
    assert booked(case) is None


def test_a_double_tap_books_once_and_a_second_window_moves_nothing_unseen(
    wang_here: Client, case: Termination, shop: Shop
) -> None:
    time = book(wang_here, case)
    address = at(case, "shops/shinjuku/")
    assert wang_here.post(address, {"starts_at": time}).status_code == 302
    other = times_on(wang_here, address)[3]
    answer = wang_here.post(address, {"starts_at": other})
    assert answer.status_code == 409
    assert "A visit is booked for this case already" in answer.content.decode()
    visit = booked(case)
    assert visit is not None
    assert visit.starts_at == datetime.fromisoformat(time)


def test_a_time_that_was_taken_meanwhile_is_said_and_others_are_shown(
    wang_here: Client, case: Termination, tanaka_line: Line, sign_in: SignIn, shop: Shop
) -> None:
    address = at(case, "shops/shinjuku/")
    first = times_on(wang_here, address)[0]
    with every_carrier():
        others = ask(tanaka_line, Clock(datetime.now(UTC)), channel="portal")
    tanaka = Client(SERVER_NAME=wang_here.defaults["SERVER_NAME"], HTTP_ACCEPT_LANGUAGE="en")
    sign_in(tanaka, tanaka_line)
    tanaka.post(at(others, "shops/shinjuku/"), {"starts_at": first})
    answer = wang_here.post(address, {"starts_at": first})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else has just taken this time" in page
    assert first not in re.findall(r'value="([^"]+)"', page)
    assert "starts_at" in page


@pytest.mark.parametrize("typed", ["", "tomorrow", "2026-11-27T10:00", "x" * 60])
def test_a_time_that_cannot_be_read_is_said_beside_the_times(
    wang_here: Client, case: Termination, shop: Shop, typed: str
) -> None:
    page = wang_here.post(at(case, "shops/shinjuku/"), {"starts_at": typed}).content.decode()
    assert 'id="time-error"' in page
    assert booked(case) is None


def test_a_time_outside_the_offer_is_refused(wang_here: Client, case: Termination, shop: Shop) -> None:
    for moment in (datetime.now(UTC), datetime.now(UTC) + timedelta(days=40)):
        answer = wang_here.post(at(case, "shops/shinjuku/"), {"starts_at": moment.isoformat()})
        assert answer.status_code == 409


def test_the_times_are_shown_a_few_days_at_once(wang_here: Client, case: Termination, shop: Shop) -> None:
    address = at(case, "shops/shinjuku/")
    page = wang_here.get(address).content.decode()
    assert page.count("<fieldset") <= 3
    later = re.search(r'href="(\?from=[-0-9]+)"', page)
    assert later is not None
    assert not set(times_on(wang_here, address)) & set(times_on(wang_here, address + later[1]))
    assert wang_here.get(address + "?from=never").status_code == 200
    assert len(page.encode()) < 30 * 1024


def test_the_shops_are_ordered_by_where_the_person_is_and_nothing_of_it_is_kept(
    wang_here: Client, case: Termination, shop: Shop, haneda: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    address = at(case, "shops/")
    answer = wang_here.post(address, {"place": "", "latitude": "35.550", "longitude": "139.780"})
    page = answer.content.decode()
    assert page.index("haneda shop") < page.index("shinjuku shop")
    assert "about 0.4 km away" in page
    page = wang_here.post(address, {"place": "新宿駅", "latitude": "35.550", "longitude": "139.780"}).content.decode()
    assert page.index("shinjuku shop") < page.index("haneda shop")
    assert 'value="新宿駅"' in page
    assert "35.550" not in str(dict(wang_here.session.items())) + caplog.text
    assert "35.550" not in str(wang_here.cookies)


@pytest.mark.parametrize("where", [{"latitude": "north", "longitude": "x"}, {"place": "稚内"}, {"place": "x" * 200}])
def test_a_place_that_is_none_still_shows_the_shops(
    wang_here: Client, case: Termination, shop: Shop, where: dict[str, str]
) -> None:
    answer = wang_here.post(at(case, "shops/"), where)
    assert answer.status_code == 200
    assert "shinjuku shop" in answer.content.decode()


def test_the_calendar_file_is_read_by_a_calendar(wang_here: Client, case: Termination, shop: Shop) -> None:
    assert wang_here.get(f"/cases/{case.reference}/visit.ics").status_code == 404
    book(wang_here, case)
    visit = booked(case)
    assert visit is not None
    answer = wang_here.get(f"/cases/{case.reference}/visit.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(answer.content)
    [event] = calendar.walk("VEVENT")
    assert event.decoded("dtstart") == visit.starts_at
    assert b"DTSTART;TZID=Asia/Tokyo:" in answer.content
    assert calendar.walk("VTIMEZONE")
    assert event["uid"] == f"visit-{case.reference}@tojimari"
    assert visit.code in str(event["description"])
    assert calendar["method"] == "PUBLISH"


def test_who_has_been_at_the_shop_is_led_back_to_the_case(wang_here: Client, case: Termination, shop: Shop) -> None:
    book(wang_here, case)
    with every_carrier():
        show(case, "visit", Clock(datetime.now(UTC)), came="yes")
    for page in ("", "shops/", "shops/shinjuku/"):
        assert wang_here.get(at(case, page))["Location"] == f"/cases/{case.reference}/"


def test_an_esim_is_not_sent_to_a_shop(wang_here: Client, esim_line: Line, shop: Shop) -> None:
    with every_carrier():
        case = ask(esim_line, Clock(datetime.now(UTC)), effective="month-end", channel="portal")
    assert wang_here.get(at(case, "shops/")).status_code == 302
    assert "/visit/" not in wang_here.get(f"/cases/{case.reference}/").content.decode()


def test_a_shop_of_the_neighbour_is_not_there(wang_here: Client, case: Termination, tonari: Carrier) -> None:
    a_shop(tonari, "next-door", hours=ALL_DAY)
    assert wang_here.get(at(case, "shops/next-door/")).status_code == 404
    assert "next-door" not in wang_here.get(at(case, "shops/")).content.decode()


def test_a_carrier_without_shops_says_whom_to_call(wang_here: Client, case: Termination) -> None:
    assert "+81312345678" in wang_here.get(at(case, "shops/")).content.decode()
    assert "/visit/" not in wang_here.get(f"/cases/{case.reference}/").content.decode()


def test_the_list_of_shops_costs_the_same_however_many_there_are(
    wang_here: Client, case: Termination, shop: Shop, tabi: Carrier
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            wang_here.get(at(case, "shops/"))
        return len([query for query in asked if "SELECT" in query["sql"]])

    few = queries()
    for number in range(8):
        a_shop(tabi, f"more-{number}", hours=ALL_DAY)
    assert queries() == few <= 8


def test_the_receipt_and_the_case_show_the_reference_as_a_picture_and_nothing_else_in_it(
    wang_here: Client, case: Termination, esim_line: Line, shop: Shop
) -> None:
    picture = segno.make_qr(case.reference, error="m").svg_inline(omitsize=True, svgclass="qr", lineclass=None)
    for page in ("", "receipt/"):
        assert picture in wang_here.get(f"/cases/{case.reference}/{page}").content.decode(), page
    with every_carrier():
        other = ask(esim_line, Clock(datetime.now(UTC)), effective="month-end", channel="portal")
    assert "qr-frame" not in wang_here.get(f"/cases/{other.reference}/receipt/").content.decode()


def test_what_was_paid_at_the_counter_stands_on_the_page_of_the_case(
    browser: Client, sign_in: SignIn, tanaka_line: Line, shop: Shop
) -> None:
    now = datetime.now(UTC)
    with every_carrier():
        case = ask(tanaka_line, Clock(now), channel="portal")
        pay(case=case, receipt_number="R-2026-77", place="shinjuku", acting=CLERK, at=now)
    sign_in(browser, tanaka_line)
    page = browser.get(f"/cases/{case.reference}/").content.decode()
    said = page[page.index("Paid already") :]
    for part in ("1,078", "shinjuku shop", "R-2026-77", "Left to pay"):
        assert part in said, part
    assert "鈴木" not in page
