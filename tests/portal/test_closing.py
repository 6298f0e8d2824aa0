"""Does a line end in two screens, once, on the day and for the yen that were shown?"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.cast import MakeLine
from tests.portal.conftest import SignIn, newest_code, sent_to
from tests.terminations.play import CLERK, Clock, given_for, work
from tojimari.lines.models import Bill, Carrier, Line, Service
from tojimari.network.elements import element
from tojimari.platform.config import config
from tojimari.platform.database.scope import every_carrier
from tojimari.proofs.models import Event
from tojimari.terminations import actions
from tojimari.terminations.models import Termination
from tojimari.terminations.queries import early_stop

NOON = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)  # a Friday, noon in Japan
WANG = "wang@mail.example"


def confirm(browser: Client, path: str, **given: str) -> str:
    """Open the second screen and press its button; return where it leads."""
    page = browser.get(path)
    assert page.status_code == 200, page
    hidden = dict(
        re.findall(r'<input type="hidden" name="(effective|seen|shown)" value="([^"]*)"', page.content.decode())
    )
    answer = browser.post(path.split("?")[0], hidden | given)
    return answer.get("Location", f"status {answer.status_code}: {answer.content.decode()}")


def cases() -> list[Termination]:
    with every_carrier():
        return list(Termination.objects.select_related("line").order_by("pk"))


def test_ends_an_esim_in_two_screens_and_gives_a_receipt(wang_here: Client, esim_line: Line) -> None:
    first = wang_here.get(f"/lines/{esim_line.pk}/close/").content.decode()
    assert "Deleting the eSIM on your phone does not end the contract" in first
    assert "checked" not in first
    where = confirm(wang_here, f"/lines/{esim_line.pk}/close/confirm/?end=month-end")
    case = cases()[0]
    assert where == f"/cases/{case.reference}/receipt/"
    receipt = wang_here.get(where).content.decode()
    assert case.reference in receipt
    assert "Japan time" in receipt
    assert "Closed" not in receipt
    assert [subject for subject in sent_to(WANG) if case.reference in subject] == [sent_to(WANG)[-1]]


def test_offers_the_earliest_end_first_with_its_yen_and_chooses_none(
    browser: Client, sign_in: SignIn, tanaka_line: Line
) -> None:
    with time_machine.travel(NOON, tick=False):
        sign_in(browser, tanaka_line)
        page = browser.get(f"/lines/{tanaka_line.pk}/close/").content.decode()
    assert re.findall(r'name="end" value="([^"]+)"', page) == ["now", "month-end", "date"]
    assert "2,156 yen, tax included" in page  # a month unpaid and the last month, 1,078 yen each
    assert " checked" not in page


def test_the_yen_are_the_same_on_confirm_screen_receipt_and_case(
    browser: Client, sign_in: SignIn, tanaka_line: Line
) -> None:
    sign_in(browser, tanaka_line)
    path = f"/lines/{tanaka_line.pk}/close/confirm/?end=month-end"
    shown = re.findall(r"[0-9,]+ yen", browser.get(path).content.decode())
    where = confirm(browser, path)
    assert re.findall(r"[0-9,]+ yen", browser.get(where).content.decode()) == shown
    case = cases()[0]
    assert f"{case.quote['total_yen']:,} yen" == shown[-2]  # the last one is the tax within
    assert browser.get(f"/cases/{case.reference}/receipt.json").json()["quote"] == case.quote


def test_confirming_twice_gives_one_case(wang_here: Client, sim_line: Line) -> None:
    path = f"/lines/{sim_line.pk}/close/confirm/?end=now"
    page = wang_here.get(path).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(effective|seen|shown)" value="([^"]*)"', page))
    answers = [wang_here.post(path.split("?")[0], hidden)["Location"] for _ in range(3)]
    assert len(set(answers)) == 1
    assert len(cases()) == 1
    assert len([subject for subject in sent_to(WANG) if cases()[0].reference in subject]) == 1


def test_shows_the_second_screen_again_when_the_yen_have_changed(
    browser: Client, sign_in: SignIn, tanaka_line: Line
) -> None:
    sign_in(browser, tanaka_line)
    path = f"/lines/{tanaka_line.pk}/close/confirm/?end=now"
    page = browser.get(path).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(effective|seen|shown)" value="([^"]*)"', page))
    with every_carrier():
        Bill.objects.filter(line=tanaka_line).update(paid_on="2026-11-20")
    answer = browser.post(path.split("?")[0], hidden)
    assert "have changed since you opened this page" in answer.content.decode()
    assert cases() == []


def test_asks_for_a_new_code_when_the_last_is_older_than_five_minutes(
    browser: Client, sign_in: SignIn, sim_line: Line
) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        sign_in(browser, sim_line)
        clock.shift(timedelta(minutes=5, seconds=1))
        path = f"/lines/{sim_line.pk}/close/confirm/?end=date&date=2026-12-31"
        assert confirm(browser, path) == "/sign-in/code/"
        assert cases() == []
        back = browser.post("/sign-in/code/", {"code": newest_code(WANG)})["Location"]
        assert back == path
        assert confirm(browser, back).endswith("/receipt/")
        assert cases()[0].effective == "2026-12-31"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "Choose when it shall end."),
        ("?end=date", "Choose the day."),
        ("?end=date&date=2026-02-30", "not a day of the calendar"),
        ("?end=date&date=2026-11-01", "This day is over in Japan"),
        ("?end=date&date=2029-01-01", "more than a year ahead"),
    ],
)
def test_says_beside_the_choice_what_is_wrong_with_it(
    browser: Client, sign_in: SignIn, sim_line: Line, query: str, said: str
) -> None:
    with time_machine.travel(NOON, tick=False):
        sign_in(browser, sim_line)
        page = browser.get(f"/lines/{sim_line.pk}/close/confirm/{query}").content.decode()
    assert said in page
    assert "When shall it end?" in page


def test_turns_roaming_off_and_leaves_the_line_alone(wang_here: Client, sim_line: Line, roaming: Service) -> None:
    where = confirm(wang_here, f"/lines/{sim_line.pk}/roaming/confirm/")
    assert where.endswith("/receipt/")
    with every_carrier():
        sim_line.refresh_from_db()
        roaming.refresh_from_db()
    assert (sim_line.state, roaming.state) == ("active", "pending_terminate")
    assert cases()[0].scope == "roaming"
    assert " yen" not in wang_here.get(where).content.decode()


def test_a_line_that_is_closed_already_is_refused_with_a_way_on(wang_here: Client, esim_line: Line) -> None:
    with every_carrier():
        Line.objects.filter(pk=esim_line.pk).update(state="terminated")
    answer = wang_here.post(f"/lines/{esim_line.pk}/close/confirm/", {"effective": "month-end", "seen": ""})
    page = answer.content.decode()
    if "have changed" in page:
        hidden = dict(re.findall(r'<input type="hidden" name="(effective|seen|shown)" value="([^"]*)"', page))
        answer = wang_here.post(f"/lines/{esim_line.pk}/close/confirm/", hidden)
    assert answer.status_code == 409
    assert "This line is closed already." in answer.content.decode()
    assert "188" in answer.content.decode()


def test_withdraws_in_one_page_and_says_so(wang_here: Client, sim_line: Line) -> None:
    confirm(wang_here, f"/lines/{sim_line.pk}/close/confirm/?end=month-end")
    case = cases()[0]
    assert "Take the request back" in wang_here.get(f"/cases/{case.reference}/").content.decode()
    answer = wang_here.post(f"/cases/{case.reference}/withdraw/")
    assert answer["Location"] == f"/cases/{case.reference}/"
    assert "Withdrawn: everything is as before" in wang_here.get(answer["Location"]).content.decode()
    with every_carrier():
        sim_line.refresh_from_db()
    assert sim_line.state == "active"


def test_lists_lines_in_a_fixed_number_of_queries(
    wang_here: Client,
    sim_line: Line,
    esim_line: Line,
    make_line: MakeLine,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(5):
        make_line(subscriber=sim_line.subscriber)
    with django_assert_max_num_queries(8):
        page = wang_here.get("/lines/").content.decode()
    assert page.count('class="card"') == 7


def test_shows_no_full_number_anywhere(wang_here: Client, sim_line: Line, esim_line: Line) -> None:
    where = confirm(wang_here, f"/lines/{sim_line.pk}/close/confirm/?end=now")
    reference = where.split("/")[2]
    paths = [
        "/lines/",
        f"/lines/{esim_line.pk}/close/",
        where,
        f"/cases/{reference}/",
        f"/cases/{reference}/receipt.json",
    ]
    for path in paths:
        page = wang_here.get(path).content.decode()
        for secret in (sim_line.msisdn[2:], sim_line.iccid, sim_line.imsi, esim_line.iccid, WANG):
            assert secret not in page, path


@pytest.mark.parametrize(
    ("line_state", "said"),
    [("terminated", "This line is closed already."), ("ported_out", "moved to another carrier")],
)
@pytest.mark.parametrize("page", ["close/", "close/confirm/?end=month-end", "roaming/", "roaming/confirm/"])
def test_a_line_that_is_over_has_a_plain_page_with_a_way_on(
    wang_here: Client, sim_line: Line, line_state: str, said: str, page: str
) -> None:
    with every_carrier():
        Line.objects.filter(pk=sim_line.pk).update(state=line_state)
    answer = wang_here.get(f"/lines/{sim_line.pk}/{page}")
    assert answer.status_code == 409
    text = answer.content.decode()
    assert said in text
    for way_on in ("188", "tel:+81312345678", 'href="/lines/"'):
        assert way_on in text


def test_roaming_on_a_line_that_is_being_closed_leads_to_that_case(
    wang_here: Client, sim_line: Line, roaming: Service
) -> None:
    confirm(wang_here, f"/lines/{sim_line.pk}/close/confirm/?end=month-end")
    answer = wang_here.get(f"/lines/{sim_line.pk}/roaming/")
    assert answer.status_code == 409
    assert f'href="/cases/{cases()[0].reference}/"' in answer.content.decode()


@pytest.mark.parametrize("page", ["close/", "close/confirm/?end=now"])
def test_a_line_with_a_case_leads_to_it(wang_here: Client, sim_line: Line, page: str) -> None:
    confirm(wang_here, f"/lines/{sim_line.pk}/close/confirm/?end=month-end")
    assert wang_here.get(f"/lines/{sim_line.pk}/{page}")["Location"] == f"/cases/{cases()[0].reference}/"


@pytest.mark.parametrize("page", ["close/", "close/confirm/", "roaming/", "roaming/confirm/"])
def test_somebody_elses_line_is_not_there_and_the_page_names_who_helps(
    wang_here: Client, tanaka_line: Line, tonari_line: Line, page: str
) -> None:
    for line in (tanaka_line, tonari_line):
        answer = wang_here.get(f"/lines/{line.pk}/{page}")
        assert answer.status_code == 404
        assert "188" in answer.content.decode()


def test_an_end_that_is_gone_meanwhile_is_said_at_the_choice_and_nothing_is_ended(
    browser: Client, sign_in: SignIn, sim_line: Line
) -> None:
    path = f"/lines/{sim_line.pk}/close/confirm/"
    with time_machine.travel(NOON, tick=False):
        sign_in(browser, sim_line)
        page = browser.get(f"{path}?end=date&date=2026-11-20").content.decode()
        hidden = dict(re.findall(r'<input type="hidden" name="(effective|seen|shown)" value="([^"]*)"', page))
    with time_machine.travel(NOON + timedelta(hours=12, minutes=1), tick=False):
        sign_in(browser, sim_line)
        answer = browser.post(path, hidden)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "This day is over in Japan" in text
    assert "When shall it end?" in text
    assert cases() == []


def test_the_request_is_taken_while_the_network_element_is_dead(
    browser: Client, sign_in: SignIn, sim_line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOJIMARI_OSMOHLR_HOST", "127.0.0.1")
    for number, port in enumerate(("CTRL", "VTY", "GSUP"), 2):
        monkeypatch.setenv(f"TOJIMARI_OSMOHLR_{port}_PORT", str(number))  # nobody listens there
    config.cache_clear()
    element.cache_clear()
    try:
        with time_machine.travel(NOON, tick=False):
            sign_in(browser, sim_line)
            where = confirm(browser, f"/lines/{sim_line.pk}/close/confirm/?end=month-end&stop=1", stop="1")
        case = cases()[0]
        assert where == f"/cases/{case.reference}/receipt/"
        with every_carrier():
            clock = Clock(NOON)
            work(clock, forward=False)
            for name in ("visit", "papers", "form", "return_sim"):
                step = case.steps.select_related("termination__line").get(name=name)
                actions.complete_step(step=step, given=given_for(step), acting=CLERK, at=clock.now)
            work(clock, forward=False)
            assert case.steps.get(name="inspect").code == "network.refused"
            later = Termination.objects.get(pk=case.pk)
        assert (later.requested_at, later.ends_at) == (NOON, case.ends_at)
        with time_machine.travel(NOON, tick=False):
            status = browser.get(f"/cases/{case.reference}/").content.decode()
        assert "Closed" not in status
    finally:
        monkeypatch.undo()
        config.cache_clear()
        element.cache_clear()


def test_stopping_early_is_offered_unticked_and_only_where_the_element_can(wang_here: Client, sim_line: Line) -> None:
    page = f"/lines/{sim_line.pk}/close/"
    assert '<input type="checkbox" name="stop" value="1">' in wang_here.get(page).content.decode()
    with every_carrier():
        Carrier.objects.update(elements={"physical_sim": "by_hand"})
    assert 'name="stop"' not in wang_here.get(page).content.decode()


def test_stopping_early_is_kept_through_screen_two_and_the_yen_stay(
    wang_here: Client, esim_line: Line, sim_line: Line
) -> None:
    path = f"/lines/{sim_line.pk}/close/confirm/?end=month-end&stop=1"
    shown = wang_here.get(path).content.decode()
    assert "Stop after your visit to the shop" in shown
    assert '<input type="hidden" name="stop" value="1">' in shown
    confirm(wang_here, path, stop="1")
    case = cases()[0]
    with every_carrier():
        assert early_stop(case, case.requested_at).asked
    assert re.findall(r"[0-9,]+ yen", shown)[-2] == f"{case.quote['total_yen']:,} yen"
    receipt = wang_here.get(f"/cases/{case.reference}/receipt/").content.decode()
    assert "They stop as soon as the steps before it are done." in receipt


def test_who_declined_an_early_stop_is_not_asked_again_on_the_receipt(wang_here: Client, sim_line: Line) -> None:
    where = confirm(wang_here, f"/lines/{sim_line.pk}/close/confirm/?end=month-end")
    assert "Stop data and calls" not in wang_here.get(where).content.decode()
    assert "Stop data and calls now" in wang_here.get(where.removesuffix("receipt/")).content.decode()


def test_an_end_at_once_has_nothing_to_stop_before(wang_here: Client, sim_line: Line) -> None:
    path = f"/lines/{sim_line.pk}/close/confirm/?end=now&stop=1"
    assert 'name="stop"' not in wang_here.get(path).content.decode()
    confirm(wang_here, path, stop="1")
    assert wang_here.get(f"/cases/{cases()[0].reference}/stop/").status_code == 200
    answer = wang_here.post(f"/cases/{cases()[0].reference}/stop/")
    assert answer.status_code == 409
    assert "188" in answer.content.decode()


def test_stops_later_and_switches_on_again_from_the_page_of_the_case(wang_here: Client, sim_line: Line) -> None:
    confirm(wang_here, f"/lines/{sim_line.pk}/close/confirm/?end=month-end")
    path = f"/cases/{cases()[0].reference}/stop/"
    for given, label in (({}, "Stop data and calls now"), ({"on": "1"}, "Leave data and calls on")):
        assert label in wang_here.get(path).content.decode()
        assert wang_here.post(path, given)["Location"] == path.removesuffix("stop/")
    with every_carrier():
        names = list(Event.objects.filter(case_id=cases()[0].pk).values_list("name", flat=True))
    assert [name for name in names if name.endswith("_asked")] == ["termination.stop_asked", "termination.start_asked"]


def test_each_kind_is_told_its_own_truth(wang_here: Client, sim_line: Line, esim_line: Line, roaming: Service) -> None:
    sim = wang_here.get(f"/lines/{sim_line.pk}/close/").content.decode()
    esim = wang_here.get(f"/lines/{esim_line.pk}/close/").content.decode()
    abroad = wang_here.get(f"/lines/{sim_line.pk}/roaming/").content.decode()
    assert "The SIM card. We take it back." in sim
    assert "eSIM on your phone" not in sim
    for said in ("within 1 business day", "3 business days after your request", "iPhone", "Android", "1,500 yen"):
        assert said in esim
    assert "The SIM card" not in esim
    for said in ("at once", "The line, its number and its plan", 'href="tel:+81312345678"', "by hand"):
        assert said in abroad


def test_the_receipt_of_a_physical_sim_says_what_to_bring_and_how_the_card_comes_out(
    wang_here: Client, sim_line: Line
) -> None:
    where = confirm(wang_here, f"/lines/{sim_line.pk}/close/confirm/?end=now")
    receipt = wang_here.get(where).content.decode()
    for said in ("Your passport or residence card", "How to take the SIM card out", "If you have lost the card"):
        assert said in receipt


def test_keeping_the_number_is_explained_to_everybody_with_the_figures_of_today(browser: Client) -> None:
    page = browser.get("/keep-number/").content.decode()
    for said in ("10 digits", "15 days", "costs nothing", "one-stop"):
        assert said in page
