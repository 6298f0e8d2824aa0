"""Whatever is said in a call: what can never come of it?"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client

from tests.cast import MakeLine, a_subscriber
from tests.desk.calls.play import NOON, WANG, Talk
from tests.desk.conftest import TONARI, AsStaff
from tests.portal.conftest import newest_code
from tojimari.codes import questions as guard
from tojimari.desk import calls, calls_end
from tojimari.desk.models import Call, Membership
from tojimari.lines.models import Carrier, ContactPoint, Line, Subscriber
from tojimari.messages.models import Message
from tojimari.platform.acting import Acting, Refused, Role
from tojimari.platform.database.scope import carrier_scope, every_carrier
from tojimari.terminations.models import Termination


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


def test_no_code_goes_to_a_number_that_is_off(agent: Client, tabi: Carrier, make_line: MakeLine) -> None:
    person = a_subscriber(tabi, "B0002", name_latin="GONE GINA", language="en")
    ended, runs = make_line(subscriber=person), make_line(subscriber=person)
    with every_carrier():
        ContactPoint.objects.create(carrier=tabi, subscriber=person, kind="sms", value=ended.msisdn)
        Line.objects.filter(pk=ended.pk).update(state="terminated", number_off_at=NOON - timedelta(days=1))
    talk = Talk(agent)
    talk.find(runs)
    talk.do("answer", name="Gina Gone", order_number=runs.order_number)
    assert talk.do("send", by="sms").status_code == 409
    with every_carrier():
        assert not Message.objects.exists()


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


def test_what_one_caller_showed_never_counts_for_another(agent: Client, sim_line: Line, tanaka_line: Line) -> None:
    talk = Talk(agent)
    talk.find(sim_line)
    talk.do("answer", name="Wang Xiaoming", order_number=sim_line.order_number)
    talk.do("send", by="email")
    in_one_window = talk.row
    talk.do("again")  # in another window
    talk.find(tanaka_line)
    talk.do("answer", name="Tanaka Hanako", order_number=tanaka_line.order_number)
    assert talk.row.checked_at is not None
    with every_carrier(), pytest.raises(Refused, match=r"call\.other_step"):
        calls.check_code(call=in_one_window, given=newest_code(WANG), at=NOON)
    assert talk.row.proved_at is None


def test_a_call_that_is_left_after_a_request_for_help_ends_as_one(agent: Client, sim_line: Line) -> None:
    talk = Talk(agent)
    talk.find(sim_line)
    talk.do("help", name="Wang", reach="WeChat wang")
    with every_carrier():
        calls_end.end_left(at=NOON + timedelta(minutes=30))
    assert talk.row.outcome == "help"


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


def at_the_last_page(agent: Client, line: Line) -> Talk:
    talk = Talk(agent)
    talk.prove(line)
    talk.do("scope", scope="line")
    talk.do("end_on", end="month-end")
    return talk


def test_a_call_that_cannot_be_noted_opens_no_case_and_the_next_try_does(
    agent: Client, sim_line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever dies between the two writes has written neither: one transaction holds both."""
    talk = at_the_last_page(agent, sim_line)
    with monkeypatch.context() as broken:

        def die(self: Call, *args: object, **named: object) -> None:
            raise SystemExit

        broken.setattr(Call, "save", die)
        with pytest.raises(SystemExit):
            talk.take()
    with every_carrier():
        assert not Termination.objects.exists()
        assert not Message.objects.filter(key="by_phone").exists()
        assert talk.row.cases == []
        case = talk.take()
        assert talk.row.cases == [case.reference]
        assert Termination.objects.count() == 1


def test_a_call_that_ended_meanwhile_opens_no_case(agent: Client, sim_line: Line) -> None:
    talk = at_the_last_page(agent, sim_line)
    with every_carrier():
        shown = Call.objects.select_related("carrier", "line__carrier", "line__subscriber").get(pk=talk.row.pk)
        elsewhere = talk.row
        calls.must_be_at(shown, calls.Stage.CONFIRM, at=NOON)
        calls_end.end(call=elsewhere, at=NOON)
        with pytest.raises(Refused, match="over"):
            calls.open_case(call=shown, shown_yen=1078, acting=Acting(Role.STAFF, "1"), at=NOON)
        assert not Termination.objects.exists()
