"""Do callers get what they called for, and does somebody who only pretends to be them get nothing?

Five calls as they go, each through the pages alone: roaming off; an eSIM; a physical SIM with its visit; a caller who
cannot answer; a caller of whom only the line is known. Then what must hold of all of them.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client

from tests.cast import MakeLine, a_subscriber
from tests.counter.conftest import a_shop
from tests.desk.conftest import TONARI, AsStaff
from tests.portal.conftest import newest_code, sent_to
from tests.terminations.play import Clock, work
from tojimari.codes import questions as guard
from tojimari.codes.help import open_requests, written_in
from tojimari.counter.models import Visit
from tojimari.desk import calls_end
from tojimari.desk.models import Call, Look, Membership
from tojimari.lines.models import Carrier, ContactPoint, Line, Subscriber
from tojimari.messages.models import Message
from tojimari.platform.database.scope import carrier_scope, every_carrier
from tojimari.proofs.chain import Entry, check_chain
from tojimari.proofs.models import Event
from tojimari.terminations.models import Termination

NOON = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)  # a Friday
WANG = "wang@mail.example"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as moved:
        yield moved


class Answer(NamedTuple):
    """What came back."""

    status_code: int
    text: str


class Talk:
    """One call as an agent works through it in a browser."""

    def __init__(self, browser: Client, language: str = "en") -> None:
        self.browser = browser
        self.path = browser.post("/desk/calls/", {"language": language}).headers["Location"]

    def do(self, deed: str, **given: object) -> Answer:
        answer = self.browser.post(self.path, {"do": deed, **given})
        return Answer(answer.status_code, html.unescape(answer.content.decode()))

    @property
    def page(self) -> str:
        return html.unescape(self.browser.get(self.path).content.decode())

    @property
    def row(self) -> Call:
        with every_carrier():
            return Call.objects.get(reference=self.path.split("/")[3])

    def find(self, line: Line) -> None:
        assert self.do("find", wanted=f"0{line.msisdn[2:]}").status_code == 302

    def prove(self, line: Line, *, email: str = WANG) -> None:
        """Answer the questions and read the code out."""
        self.find(line)
        with every_carrier():
            name = Subscriber.objects.get(pk=line.subscriber_id).name_latin
        assert self.do("answer", name=name, order_number=line.order_number).status_code == 302
        assert self.do("send", by="email").status_code == 302
        assert self.do("code", code=newest_code(email)).status_code == 302

    def take(self) -> Termination:
        """Read the page aloud, hear a yes, and open the case."""
        found = re.search(r'name="seen" value="([^"]*)"', self.page)
        assert found is not None, self.page
        answer = self.do("open", seen=found[1], yes="on")
        assert answer.status_code == 302, answer.text
        with every_carrier():
            return Termination.objects.select_related("line").get(reference=self.row.case_reference)


@pytest.fixture
def agent(as_staff: AsStaff) -> Client:
    return as_staff("agent")


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
    page = html.unescape(agent.get(f"{talk.path}visit/?shop=shinjuku").content.decode())
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


# What must hold


def test_nothing_is_ended_without_a_yes_or_for_other_yen(agent: Client, tanaka_line: Line) -> None:
    talk = Talk(agent)
    talk.prove(tanaka_line, email="tanaka@mail.example")
    talk.do("scope", scope="line")
    talk.do("end_on", end="month-end")
    found = re.search(r'name="seen" value="([^"]*)"', talk.page)
    assert found is not None
    assert "It is not noted that the caller said yes." in talk.do("open", seen=found[1]).text
    page = talk.do("open", seen="2026-11-30 1", yes="on").text
    assert not re.search(r'name="yes"[^>]*checked', page)
    with every_carrier():
        assert not Termination.objects.exists()
    assert talk.take().quote["total_yen"] == int(found[1].split()[1])


def test_an_old_code_must_be_sent_anew_and_the_choice_is_kept(
    agent: Client, sim_line: Line, clock: time_machine.Traveller
) -> None:
    talk = Talk(agent)
    talk.prove(sim_line)
    talk.do("scope", scope="line")
    talk.do("end_on", end="month-end")
    clock.shift(timedelta(minutes=6))
    found = re.search(r'name="seen" value="([^"]*)"', talk.page)
    assert found is not None
    assert "older than 5 minutes" in talk.do("open", seen=found[1], yes="on").text
    assert "王小明" not in talk.page
    talk.do("send", by="email")
    talk.do("code", code=newest_code(WANG))
    assert talk.take().effective == "month-end"


def test_a_code_of_a_call_opens_nothing_else_and_no_other_call(agent: Client, sim_line: Line) -> None:
    first, second = Talk(agent), Talk(agent)
    for talk in (first, second):
        talk.find(sim_line)
        talk.do("answer", name="王 小明", order_number=sim_line.order_number)
    first.do("send", by="email")
    code = newest_code(WANG)
    second.do("send", by="email")
    other = newest_code(WANG)
    if code != other:
        assert "This is not the code." in second.do("code", code=code).text
    person = Client(SERVER_NAME="tabi.example", HTTP_ACCEPT_LANGUAGE="en")
    person.post("/sign-in/", {"identifier": sim_line.msisdn})
    assert person.post("/sign-in/code/", {"code": code}).status_code != 302
    assert first.do("code", code=code).status_code == 302
    assert "Read it to our staff in the call" in _newest_body(WANG, -2)


def _newest_body(to: str, place: int) -> str:
    with every_carrier():
        return list(Message.objects.filter(to=to).order_by("pk").values_list("body", flat=True))[place]


def test_wrong_answers_are_counted_for_the_customer_whoever_calls(
    as_staff: AsStaff, agent: Client, sim_line: Line, clock: time_machine.Traveller
) -> None:
    def fail(times: int) -> Talk:
        agent.logout()
        agent.force_login(User.objects.get(username="agent-tabi"))  # hours pass between these calls
        talk = Talk(agent)
        talk.find(sim_line)
        for _ in range(times):
            talk.do("answer", name="Somebody")
        return talk

    fail(3)
    talk = fail(3)
    assert "too many wrong answers about this customer" in fail(0).page
    clock.shift(timedelta(hours=1, minutes=1))
    fail(3)
    talk = fail(3)
    assert "A shift lead can let them be asked again" in talk.page
    clock.shift(timedelta(hours=5))
    talk = fail(0)
    assert "not asked on the phone any more" in talk.page
    assert talk.do("ask_again").status_code == 409  # an agent may not
    lead = as_staff("lead")
    assert lead.post(talk.path, {"do": "ask_again"}).status_code == 302
    assert talk.do("answer", name="Wang Xiaoming", order_number=sim_line.order_number).status_code == 302


def test_several_lines_are_listed_by_their_last_digits_alone(
    agent: Client, tabi: Carrier, wang: Subscriber, make_line: MakeLine
) -> None:
    lines = [make_line(subscriber=wang, order_number="T-SAME-01") for _ in range(2)]
    talk = Talk(agent)
    assert "Nothing is known under that." in talk.do("find", wanted="T-NOBODY-9").text
    assert talk.do("find", wanted="t same 01").status_code == 302
    page = talk.page
    assert page.count('name="line"') == 2
    for line in lines:
        assert line.msisdn[-4:] in page
        assert line.msisdn[-8:] not in page
        assert line.iccid[-4:] not in page
    assert "王小明" not in page
    other = make_line()
    assert talk.do("line", line=other.pk).status_code == 404
    assert talk.do("line", line=lines[1].pk).status_code == 302
    assert talk.row.line_id == lines[1].pk
    talk.do("again")
    with every_carrier():
        assert Call.objects.filter(line=None, subscriber=None).count() == 1


def test_a_caller_is_found_by_the_reference_of_a_case(agent: Client, sim_line: Line) -> None:
    first = Talk(agent)
    first.prove(sim_line)
    first.do("scope", scope="roaming")
    case = first.take()
    talk = Talk(agent)
    assert talk.do("find", wanted=case.reference.lower()).status_code == 302
    assert talk.row.line_id == sim_line.pk


def test_an_sms_goes_to_another_number_only_and_another_line_needs_a_code_anew(
    agent: Client, tabi: Carrier, make_line: MakeLine
) -> None:
    person = a_subscriber(tabi, "B0001", name_latin="BOTH BELLA", language="en")
    first, second = make_line(subscriber=person), make_line(subscriber=person)
    talk = Talk(agent)
    talk.find(first)
    talk.do("answer", name="Bella Both", order_number=first.order_number)
    assert talk.do("send", by="sms").status_code == 302
    with every_carrier():
        assert set(Message.objects.values_list("to", "kind")) == {(second.msisdn, "sms")}
    talk.do("code", code=newest_code(second.msisdn))
    assert talk.do("line", line=second.pk).status_code == 302
    assert "BOTH BELLA" not in talk.page
    assert talk.row.proved_at is None
    talk.do("send", by="sms")
    with every_carrier():
        assert Message.objects.order_by("pk").values_list("to", flat=True).last() == first.msisdn


def test_a_call_is_its_agent_s_own_and_never_the_neighbour_s(
    as_staff: AsStaff, agent: Client, tabi: Carrier, tonari: Carrier, sim_line: Line, tonari_line: Line
) -> None:
    talk = Talk(agent)
    talk.prove(sim_line)
    colleague = Client(SERVER_NAME="tabi.example")
    user = User.objects.create_user("colleague", "colleague@tabi.example", "x")
    with every_carrier():
        Membership.objects.create(user=user, carrier=tabi, role="agent")
    colleague.force_login(user)
    neighbour = as_staff("lead", carrier=tonari, host=TONARI)
    for browser in (colleague, neighbour):
        assert browser.get(talk.path).status_code == 404
        assert browser.post(talk.path, {"do": "scope", "scope": "roaming"}).status_code == 404
        assert browser.get(f"{talk.path}visit/").status_code == 404
        assert talk.row.reference not in browser.get("/desk/calls/").content.decode()
    assert as_staff("lead").get(talk.path).status_code == 200
    assert as_staff("clerk").get(talk.path).status_code == 403
    assert "Nothing is known under that." in Talk(agent).do("find", wanted=tonari_line.iccid).text
    with carrier_scope(tonari.pk):
        assert not Call.objects.exists()


def test_steps_cannot_be_skipped(agent: Client, sim_line: Line) -> None:
    talk = Talk(agent)
    deeds = ("answer", "send", "code", "scope", "end_on", "open", "choose_again", "line", "made up")
    given = {"name": "x", "by": "email", "code": "123456", "scope": "line", "end": "now", "seen": "", "yes": "on"}
    for deed in deeds:
        assert talk.do(deed, line="1", **given).status_code == 409, deed
    talk.find(sim_line)
    for deed in ("code", "scope", "end_on", "open", "choose_again", "line"):
        assert talk.do(deed, line="1", **given).status_code == 409, deed
    with every_carrier():
        assert not Termination.objects.exists()
    talk.do("over")
    for deed in ("find", "answer", "over"):
        talk.do(deed, wanted=sim_line.iccid, **given)
    assert talk.row.line_id == sim_line.pk
    assert talk.row.outcome == "not_proved"


def test_a_call_left_open_is_ended_by_the_clock_and_its_row_goes_in_its_time(
    agent: Client, sim_line: Line, clock: time_machine.Traveller
) -> None:
    talk = Talk(agent)
    talk.prove(sim_line)
    with every_carrier():
        assert calls_end.end_left(at=NOON + timedelta(minutes=29)) == 0
        assert calls_end.end_left(at=NOON + timedelta(minutes=30)) == 1
        assert calls_end.end_left(at=NOON + timedelta(minutes=31)) == 0
    row = talk.row
    assert (row.outcome, row.ended_at) == ("left", NOON + timedelta(minutes=30))
    assert "王小明" not in talk.page
    assert row.keep_until is not None
    with every_carrier():
        assert calls_end.drop_old(at=row.keep_until - timedelta(seconds=1)) == 0
        assert calls_end.drop_old(at=row.keep_until) == 1


def test_nobody_leafs_through_the_numbers(agent: Client) -> None:
    talk = Talk(agent)
    for _ in range(60):
        talk.do("find", wanted="09000000000")
    assert "You have searched very often" in talk.do("find", wanted="09000000000").text


def test_the_guard_takes_not_even_a_right_answer_when_it_is_shut(tabi: Carrier, wang: Subscriber) -> None:
    with every_carrier():
        for _ in range(guard.WRONG_PER_HOUR):
            guard.judged(carrier_id=tabi.pk, subscriber_id=wang.pk, right=False, at=NOON)
        with pytest.raises(ValueError, match=r"call\.slow_down"):
            guard.judged(carrier_id=tabi.pk, subscriber_id=wang.pk, right=True, at=NOON)
