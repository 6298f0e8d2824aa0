"""Do callers get what they called for, and does somebody who only pretends to be them get nothing?

Five calls as they go, each through the pages alone: roaming off; an eSIM; a physical SIM with its visit; a caller who
cannot answer; a caller of whom only the line is known. What must hold of all of them is in `test_what_must_hold`.
"""

from __future__ import annotations

import html
import re
from datetime import datetime

from django.contrib.auth.models import User
from django.test import Client

from tests.cast import MakeLine, a_subscriber
from tests.counter.conftest import a_shop
from tests.desk.calls.play import NOON, WANG, Talk
from tests.desk.conftest import AsStaff
from tests.portal.conftest import newest_code, sent_to
from tests.terminations.play import Clock, work
from tojimari.codes.help import open_requests, written_in
from tojimari.counter.models import Visit
from tojimari.desk.models import Call, Look
from tojimari.lines.models import Carrier, ContactPoint, Line
from tojimari.messages.models import Message
from tojimari.platform.database.scope import every_carrier
from tojimari.proofs.chain import Entry, check_chain
from tojimari.proofs.models import Event

# Five calls


def test_roaming_is_turned_off_for_a_caller(agent: Client, sim_line: Line) -> None:
    talk = Talk(agent, "zh-hans")
    assert "您好" in talk.page
    talk.prove(sim_line)
    page = talk.page
    assert "王小明" in page
    assert talk.do("scope", scope="roaming").status_code == 302
    page = talk.page
    assert "Have Wi-Fi at hand." in page
    assert 'lang="zh-Hans"' in page
    case = talk.take()
    assert (case.scope, case.channel, case.requested_at, case.language) == ("roaming", "desk", NOON, "zh-hans")
    page = talk.page
    assert case.reference in page
    with every_carrier():
        work(Clock(NOON), forward=False)
        step = case.steps.get(name="bar")
    assert f"/desk/steps/{step.pk}/" in talk.page
    talk.do("over")
    row = talk.row
    assert (row.outcome, row.cases, row.ended_at) == ("case", [case.reference], NOON)


def test_an_esim_is_closed_for_a_caller_on_the_day_they_chose(agent: Client, esim_line: Line) -> None:
    talk = Talk(agent)
    talk.prove(esim_line)
    talk.do("scope", scope="line")
    page = talk.page
    assert "Please do not delete the eSIM on your phone yet" in page
    assert not re.search(r'type="radio"[^>]*checked', page)
    assert "Choose when it shall end." in talk.do("end_on").text
    assert "This is not a day" in talk.do("end_on", end="date", date="31-31").text
    assert talk.do("end_on", end="month-end").status_code == 302
    page = talk.page
    assert "Nov 30, 2026" in page
    assert not re.search(r'name="yes"[^>]*checked', page)
    case = talk.take()
    assert (case.effective, case.line_id) == ("month-end", esim_line.pk)
    assert "Keep the eSIM on your phone until then." in talk.page
    assert len(sent_to(WANG)) == 3  # the code, the receipt, and how it goes on


def test_a_physical_sim_is_closed_for_a_caller_with_a_visit_booked(
    agent: Client, tabi: Carrier, sim_line: Line
) -> None:
    a_shop(tabi, "shinjuku")
    talk = Talk(agent, "ja")
    talk.prove(sim_line)
    talk.do("scope", scope="line")
    talk.do("end_on", end="month-end")
    case = talk.take()
    with every_carrier():
        work(Clock(NOON), forward=False)
    assert 'method="get"' not in agent.get(f"{talk.path}visit/").content.decode(), "no address tells where somebody is"
    looked = agent.post(f"{talk.path}visit/", {"do": "near", "where": "新宿", "shop": "shinjuku"})
    assert (looked.status_code, 'value="新宿"' in looked.content.decode()) == (200, True)
    page = html.unescape(looked.content.decode())
    times = re.findall(r'name="starts_at" value="([^"]+)"', page)
    wrong = agent.post(f"{talk.path}visit/", {"shop": "shinjuku", "starts_at": "soon"})
    assert wrong.status_code == 409
    for number, state in ((0, "visit.booked"), (1, "visit.moved")):
        answer = agent.post(f"{talk.path}visit/", {"shop": "shinjuku", "starts_at": times[number]})
        assert answer.headers["Location"] == talk.path
        with every_carrier():
            visit = Visit.objects.get(case_id=case.pk, state="booked")
            event = Event.objects.filter(case_id=case.pk, name=state).get()
        assert visit.starts_at == datetime.fromisoformat(times[number])
        assert event.actor == f"staff:{User.objects.get().pk}"
    assert visit.code in talk.page
    assert "Move the visit" in talk.page
    assert agent.get(f"{talk.path}visit/?shop=next-door").status_code == 404


def test_who_cannot_answer_sees_nothing_and_is_led_to_a_person(agent: Client, tabi: Carrier, sim_line: Line) -> None:
    talk = Talk(agent)
    talk.find(sim_line)
    assert "Nothing was typed." in talk.do("answer").text
    for left in (2, 1):
        page = talk.do("answer", name="WANG XIAOMING", order_number=f"T-{left}").text
        assert f"Tries left in this call: {left}." in page
        assert f"T-{left}" in page  # what was typed stays
    assert "could not answer the questions" in talk.do("answer", name="LI NA", email="li@mail.example").text
    page = talk.page
    assert "I cannot check on the phone that it is you" in page
    for secret in ("王小明", sim_line.order_number, WANG, sim_line.msisdn[-4:], sim_line.iccid[-4:]):
        assert secret not in page
    assert talk.do("answer", name="WANG XIAOMING", order_number=sim_line.order_number).status_code == 409
    assert talk.do("send", by="email").status_code == 409
    assert sent_to(WANG) == []
    assert "It is not said how we reach the caller." in talk.do("help", name="Wang").text
    assert talk.do("help", name="Wang", reach="+86 138 0013 8000").status_code == 302
    assert talk.do("help", name="Wang", reach="+86 138 0013 8000").status_code == 302
    with every_carrier():
        (plea,) = open_requests(tabi.pk)
        written = written_in(plea)
    assert plea.reference in talk.page
    assert written is not None
    assert written.reach == "+86 138 0013 8000"
    assert talk.row.reference in written.text
    talk.do("over")
    assert (talk.row.outcome, talk.row.questions, talk.row.help_reference) == ("help", [], plea.reference)


def test_no_code_goes_to_the_line_alone(agent: Client, tabi: Carrier, make_line: MakeLine) -> None:
    alone = a_subscriber(tabi, "A0001", name_latin="ALONE ANNA", language="en")
    line = make_line(subscriber=alone)
    with every_carrier():
        ContactPoint.objects.create(carrier=tabi, subscriber=alone, kind="sms", value=line.msisdn)
    talk = Talk(agent)
    talk.find(line)
    assert talk.do("answer", name="Anna Alone", order_number=line.order_number).status_code == 302
    page = talk.page
    assert "I know no mail address and no other number of yours" in page
    assert "Only the line itself is known." in page
    assert "ALONE ANNA" not in page
    assert talk.do("send", by="sms").status_code == 409
    with every_carrier():
        assert not Message.objects.exists()
    assert talk.do("help", reach="anna@mail.example").status_code == 302
    talk.do("over")
    assert talk.row.outcome == "help"


# What was done is known, and by whom


def test_the_case_says_who_opened_it_for_whom_and_how_the_caller_was_known(agent: Client, sim_line: Line) -> None:
    talk = Talk(agent)
    talk.prove(sim_line)
    talk.do("scope", scope="roaming")
    case = talk.take()
    me = f"staff:{User.objects.get().pk}"
    with every_carrier():
        events = list(Event.objects.filter(case_id=case.pk).order_by("number"))
        verify = case.steps.get(name="verify")
    assert case.requested_by == me
    by_phone = next(event for event in events if event.name == "termination.by_phone")
    assert by_phone.actor == me
    assert by_phone.data == {
        "call": talk.row.reference,
        "questions": ["name", "order_number"],
        "sent_by": "email",
        "proved_at": NOON.isoformat(),
    }
    assert events[0].actor == me
    assert (verify.state, verify.evidence["method"], verify.evidence["by"]) == ("done", "call_check", "鈴木 花子")
    entries = [
        Entry(e.reference, e.number, e.at, e.name, e.actor, e.data, bytes(e.prev), bytes(e.hash)) for e in events
    ]
    assert check_chain(entries).whole
    assert (
        "Our staff asked for it in a call, for the customer"
        in agent.get(f"/desk/cases/{case.reference}/").content.decode()
    )


def test_the_receipt_and_the_way_on_go_out_at_once_and_once(agent: Client, sim_line: Line) -> None:
    talk = Talk(agent, "en")
    talk.prove(sim_line)
    talk.do("scope", scope="roaming")
    case = talk.take()
    subjects = sent_to(WANG)[1:]
    assert subjects == [
        f"Your request has been received ({case.reference})",
        f"You called us: how it goes on ({case.reference})",
    ]
    with every_carrier():
        body = Message.objects.get(case_id=case.pk, key="by_phone").body
    assert "saved code" in body
    assert "{{case}}" in body


def test_pressing_twice_opens_one_case_and_tells_once(agent: Client, sim_line: Line) -> None:
    talk = Talk(agent)
    talk.prove(sim_line)
    talk.do("scope", scope="roaming")
    case = talk.take()
    assert talk.do("open", seen="0", yes="on").status_code == 409
    with every_carrier():
        Call.objects.update(case_reference="", cases=[])  # as after a crash between the case and the call
    assert talk.take().pk == case.pk
    with every_carrier():
        assert Event.objects.filter(case_id=case.pk, name="termination.by_phone").count() == 1
        assert Message.objects.filter(case_id=case.pk, key="by_phone").count() == 1


def test_an_auditor_reads_the_calls_and_no_answer_stands_anywhere(
    as_staff: AsStaff, agent: Client, sim_line: Line
) -> None:
    talk = Talk(agent)
    talk.find(sim_line)
    talk.do("answer", name="Somebody Else", order_number="X-77777")
    talk.do("answer", name="wang xiaoming", order_number=sim_line.order_number)
    talk.do("send", by="email")
    talk.do("code", code=newest_code(WANG))
    assert "王小明" in talk.page
    talk.do("over")
    page = html.unescape(as_staff("auditor").get("/desk/calls/log/").content.decode())
    assert talk.row.reference in page
    assert "Name as in the contract" in page
    assert "Tries that were not enough: 1" in page
    assert "Only asked" in page
    with every_carrier():
        kept = str(Call.objects.values().get())
        looked = set(Look.objects.values_list("page", "reference", "line_id"))
    for typed in ("77777", "Somebody", "wang", sim_line.order_number):
        assert typed not in kept
        assert typed not in page
    assert ("call", talk.row.reference, None) in looked
    assert ("call", "", sim_line.pk) in looked
    assert as_staff("reviewer").get("/desk/calls/log/").status_code == 403
