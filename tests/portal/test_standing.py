"""Does the page of a case say what is true: who is late, what the network said, and on which days?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine
from django.test import Client
from django.utils.translation import override
from icalendar import Calendar

from tests.portal.conftest import SignIn
from tests.portal.following import NOON, a_case, code_on, link_of, open_by_code, stranger, text
from tests.terminations.play import Clock, ask, show, work
from tojimari.lines.models import Carrier, Line
from tojimari.messages.models import Message
from tojimari.platform.database.scope import every_carrier
from tojimari.portal.templatetags.standing import OneThing, all_said, network_said
from tojimari.terminations.models import Step, Termination


def test_a_review_that_we_promised_and_did_not_do_is_shown_as_ours(
    browser: Client, sign_in: SignIn, esim_line: Line
) -> None:
    with time_machine.travel(NOON, tick=False) as travel:
        case = a_case(esim_line, effective="2026-12-20", at=NOON)
        with every_carrier():
            work(Clock(NOON), forward=False)
        sign_in(browser, esim_line)
        page = text(browser, f"/cases/{case.reference}/")
        assert "We are late" not in page
        assert "Our staff" in page
        travel.move_to(datetime(2026, 11, 25, 3, 0, tzinfo=UTC))  # Monday 23 is a holiday: promised by Tuesday
        sign_in(browser, esim_line)
        page = text(browser, f"/cases/{case.reference}/")
    assert "We are late" in page
    assert "Nov 24, 2026 24:00" in page
    assert "the end of your contract does not move" in page


def test_a_person_who_has_not_come_is_never_told_that_we_are_late(
    browser: Client, sign_in: SignIn, sim_line: Line
) -> None:
    with time_machine.travel(NOON, tick=False) as travel:
        case = a_case(sim_line, effective="now", at=NOON)
        with every_carrier():
            work(Clock(NOON), forward=False)
        travel.move_to(NOON + timedelta(days=40))
        sign_in(browser, sim_line)
        page = text(browser, f"/cases/{case.reference}/")
    assert "We are late" not in page
    assert "You, at a shop" in page


def test_closed_is_said_only_when_the_network_said_so_and_then_it_is_told_what_it_said(
    tabi: Carrier, esim_line: Line
) -> None:
    with time_machine.travel(NOON, tick=False) as travel:
        case = a_case(esim_line, effective="month-end", at=NOON)
        clock = Clock(NOON)
        there = stranger()
        with every_carrier():
            work(clock, forward=False)
            show(case, "review", clock, approved="yes")
        there.get(link_of(case))
        before = text(there, f"/cases/{case.reference}/")
        assert "Requested" in before
        assert ">Closed<" not in before
        with every_carrier():
            work(clock)
        travel.move_to(clock.now)
        there = stranger()
        there.get(link_of(case))
        after = text(there, f"/cases/{case.reference}/")
    assert ">Closed<" in after
    assert "the network rejected it" in after
    assert "certificate.json" in after


def test_after_the_end_the_number_opens_nothing_and_gets_nothing_but_the_case_stays_readable(
    browser: Client, sign_in: SignIn, esim_line: Line
) -> None:
    with time_machine.travel(NOON, tick=False) as travel:
        case = a_case(esim_line, effective="month-end", at=NOON)
        sign_in(browser, esim_line)
        code = code_on(text(browser, f"/cases/{case.reference}/receipt/"))
        clock = Clock(NOON)
        with every_carrier():
            work(clock, forward=False)
            show(case, "review", clock, approved="yes")
            work(clock)
            sent = Message.objects.count()
        travel.move_to(clock.now + timedelta(days=3))
        late = stranger()
        late.post("/sign-in/", {"identifier": esim_line.msisdn})
        with every_carrier():
            assert Message.objects.count() == sent
            assert not Message.objects.filter(kind="sms").exists()
        there = stranger()
        assert open_by_code(there, case.reference, code) == f"/cases/{case.reference}/"
        assert there.get(f"/cases/{case.reference}/certificate.json").status_code == 200
        assert stranger().get(link_of(case))["Location"] == f"/cases/{case.reference}/"


# The calendar file.


def test_the_days_come_as_a_calendar_file_in_the_readers_language(esim_line: Line) -> None:
    case = a_case(esim_line, effective="month-end", at=datetime.now(UTC))
    there = stranger("zh-CN")
    there.get(link_of(case))
    answer = there.get(f"/cases/{case.reference}/calendar.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    calendar: Any = Calendar.from_ical(answer.content)
    assert calendar["method"] == "PUBLISH"
    assert [str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")] == ["Asia/Tokyo"]
    (event,) = calendar.walk("VEVENT")
    assert event["uid"] == f"end-{case.reference}@tojimari"
    assert event["dtend"].dt == case.ends_at
    assert event["dtstart"].dt == case.ends_at - timedelta(hours=1)
    assert event["summary"].params["LANGUAGE"] == "zh-Hans"
    assert esim_line.msisdn not in answer.content.decode()
    again: Any = Calendar.from_ical(there.get(f"/cases/{case.reference}/calendar.ics").content)
    assert again.walk("VEVENT")[0]["uid"] == event["uid"]


def test_where_a_person_works_by_hand_no_network_is_said_to_have_answered() -> None:
    roaming = Termination(scope="roaming")
    by_hand = Step(name="inspect", state="done", evidence={"by_hand": True, "known": None})
    assert not network_said(by_hand, roaming)
    asked = Step(name="inspect", state="done", evidence={"known": True})
    with override("en"):
        assert network_said(asked, roaming) == "The network has this line on its record."


def test_a_step_that_had_nothing_to_do_says_so_unless_another_element_did_it() -> None:
    idle = Step(name="remove", state="done", evidence={"nothing_to_do": True})
    done = Step(name="remove@osmohlr", state="done", evidence={"element": "osmohlr"})
    case = Termination(scope="line")
    with override("en"):
        said = [all_said(OneThing(idle, "remove", parts), case) for parts in ([idle], [idle, done])]
    assert said == [["There was nothing to do here."], ["The network has taken the line off its record."]]


def test_a_receipt_is_said_to_be_sent_only_where_one_is_sent(browser: Client, sign_in: SignIn, sim_line: Line) -> None:
    """A carrier's file sends none."""
    with every_carrier():
        case = ask(sim_line, Clock(datetime.now(UTC)), channel="file", effective="month-end")
    sign_in(browser, sim_line)
    assert "Receipt sent to" not in text(browser, f"/cases/{case.reference}/receipt/")
    with every_carrier():
        Termination.objects.filter(pk=case.pk).update(channel="portal")
    assert "Receipt sent to" in text(browser, f"/cases/{case.reference}/receipt/")
