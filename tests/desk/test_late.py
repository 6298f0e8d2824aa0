"""Does somebody at the desk see the requests from an outage that nobody could be asked to confirm?"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from tests.desk.conftest import TONARI, AsStaff
from tojimari.lines.models import Carrier, Line
from tojimari.messages.models import Message
from tojimari.platform.acting import Acting, Refused, Role
from tojimari.platform.database.scope import every_carrier
from tojimari.proofs.models import Event
from tojimari.terminations import late, late_by_staff
from tojimari.terminations.late_words import REFUSALS
from tojimari.terminations.models import LateState, LateWish, Termination

REFERENCE = "TJ-7K3M-9QXA-4C2T"


@pytest.fixture
def wish(tabi: Carrier) -> LateWish:
    at = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)
    with every_carrier():
        return LateWish.objects.create(
            carrier=tabi,
            reference=REFERENCE,
            asked_at=at,
            taken_in_at=at,
            effective="earliest",
            email="stranger@mail.example",
            typed="the card from the airport",
            state=LateState.REVIEW,
        )


def test_an_agent_sees_it_and_notes_what_was_done(as_staff: AsStaff, wish: LateWish) -> None:
    agent = as_staff("agent")
    page = agent.get("/desk/late/").content.decode()
    assert "the card from the airport" in page
    assert "stranger@mail.example" in page
    assert agent.post("/desk/late/", {"reference": REFERENCE, "note": "Called; closed by case."}).status_code == 302
    assert REFERENCE not in agent.get("/desk/late/").content.decode()
    with every_carrier():
        wish.refresh_from_db()
    assert (wish.state, wish.typed, wish.email) == ("answered", "", "")
    assert (late.note_of(wish), wish.answered_by) == ("Called; closed by case.", "鈴木 花子")
    assert b"Called" not in bytes(wish.note)
    assert "Called; closed by case." in agent.get(f"/desk/late/{REFERENCE}/").content.decode()


def test_a_note_that_was_moved_to_another_wish_does_not_open(as_staff: AsStaff, wish: LateWish) -> None:
    as_staff("agent").post("/desk/late/", {"reference": REFERENCE, "note": "Called."})
    with every_carrier():
        wish.refresh_from_db()
    wish.reference = "TJ-0000-0000-0001"
    assert late.note_of(wish) == ""


def test_without_a_note_it_goes_on_waiting(as_staff: AsStaff, wish: LateWish) -> None:
    answer = as_staff("agent").post("/desk/late/", {"reference": REFERENCE, "note": " "})
    assert answer.status_code == 409
    assert REFERENCE in answer.content.decode()


def test_it_opens_neither_to_the_counter_nor_to_the_neighbour(
    as_staff: AsStaff, tonari: Carrier, wish: LateWish
) -> None:
    assert as_staff("clerk").get("/desk/late/").status_code == 403
    neighbour = as_staff("agent", carrier=tonari, host=TONARI)
    assert REFERENCE not in neighbour.get("/desk/late/").content.decode()
    assert neighbour.post("/desk/late/", {"reference": REFERENCE, "note": "mine"}).status_code == 404


def test_the_list_costs_the_same_for_one_and_for_many(
    as_staff: AsStaff, wish: LateWish, django_assert_max_num_queries: object
) -> None:
    agent = as_staff("agent")
    agent.get("/desk/late/")
    with every_carrier():
        LateWish.objects.bulk_create(
            LateWish(
                carrier=wish.carrier,
                reference=f"TJ-0000-0000-00{number:02}",
                asked_at=wish.asked_at,
                taken_in_at=wish.taken_in_at,
                effective="earliest",
                state=LateState.REVIEW,
            )
            for number in range(30)
        )
    with django_assert_max_num_queries(12):  # type: ignore[operator]  # the fixture's own type is not exported
        page = agent.get("/desk/late/").content.decode()
    assert page.count("TJ-0000-0000-") >= 30


PAGE = f"/desk/late/{REFERENCE}/"
DAYS_LATER = datetime(2026, 12, 3, 1, 0, tzinfo=UTC)  # the month has ended since


def sent(browser: Client, **given: str) -> tuple[int, str]:
    answer = browser.post(PAGE, given)
    return answer.status_code, answer.content.decode()


def seen_in(text: str) -> str:
    found = re.search(r'name="seen" value="([^"]+)"', text)
    assert found is not None, text
    return found[1]


def set_to(wish: LateWish, **fields: object) -> None:
    with every_carrier():
        LateWish.objects.filter(pk=wish.pk).update(**fields)
        wish.refresh_from_db()


def test_staff_take_it_in_and_its_time_stands(as_staff: AsStaff, wish: LateWish, sim_line: Line) -> None:
    set_to(wish, effective="month-end", language="zh-hans")
    with time_machine.travel(DAYS_LATER, tick=False):
        agent = as_staff("agent")
        page = agent.get(PAGE).content.decode()
        assert all(said in page for said in ("the card from the airport", "stranger@mail.example", "简体中文"))
        status, page = sent(agent, do="look", wanted=sim_line.iccid)
        assert status == 200
        assert "Nov 30, 2026" in page
        assert "That day is past already." in page
        assert sim_line.msisdn not in page
        seen = seen_in(page)
        status, page = sent(agent, do="take", wanted=sim_line.iccid, seen=seen)
        assert (status, "It is not said how the person proved" in page) == (200, True)
        assert sim_line.iccid in page, "what was typed stays"
        status, page = sent(agent, do="take", wanted=sim_line.iccid, method="call_check", seen="another end")
        assert (status, "have changed since this page was shown" in page) == (409, True)
        for _ in range(2):
            assert sent(agent, do="take", wanted=sim_line.iccid, method="call_check", seen=seen)[0] == 302
        assert "A case came of it" in agent.get(PAGE).content.decode()
    with every_carrier():
        case = Termination.objects.get(line=sim_line)
        begun = Event.objects.get(case_id=case.pk, name="termination.requested")
        told = Message.objects.get(case_id=case.pk, key="receipt")
        wish.refresh_from_db()
        evidence = case.steps.get(name="verify").evidence
    assert (case.requested_at, case.ends_at) == (wish.asked_at, datetime(2026, 11, 30, 15, tzinfo=UTC))
    assert (case.channel, case.language, case.requested_by) == ("desk", "zh-hans", begun.actor)
    assert begun.actor.startswith("staff:")
    assert begun.data["late_wish"] == REFERENCE
    assert (evidence["method"], evidence["by"]) == ("call_check", "鈴木 花子")
    assert (told.to, told.language) == ("wang@mail.example", "zh-hans")
    assert (wish.state, wish.termination_id, wish.typed, wish.email) == ("confirmed", case.pk, "", "")
    assert (wish.line_id, wish.subscriber_id) == (sim_line.pk, sim_line.subscriber_id)


def test_it_is_never_too_old_while_it_waits_for_staff(as_staff: AsStaff, wish: LateWish, sim_line: Line) -> None:
    with time_machine.travel(wish.asked_at + timedelta(days=90), tick=False):
        agent = as_staff("agent")
        seen = seen_in(sent(agent, do="look", wanted=sim_line.msisdn)[1])
        assert sent(agent, do="take", wanted=sim_line.msisdn, method="call_check", seen=seen)[0] == 302
    with every_carrier():
        assert Termination.objects.get().requested_at == wish.asked_at


def test_one_wish_begins_one_case(wish: LateWish, sim_line: Line, tanaka_line: Line) -> None:
    """Two members of staff who found different lines: the second one's page is older than the first one's case."""
    staff, at = Acting(Role.STAFF, "7", "Sato"), wish.asked_at + timedelta(days=1)
    with every_carrier():
        stale = LateWish.objects.select_related("carrier").get(pk=wish.pk)
        for copy, line, works in ((wish, sim_line, True), (stale, tanaka_line, False)):
            seen = late_by_staff.found(copy, line).seen
            if works:
                late_by_staff.take_in_for(wish=copy, line=line, method="call_check", seen=seen, acting=staff, at=at)
                continue
            with pytest.raises(Refused, match=r"late\.not_this"):
                late_by_staff.take_in_for(wish=copy, line=line, method="call_check", seen=seen, acting=staff, at=at)
        assert Termination.objects.get().line == sim_line


def test_a_line_that_has_a_case_takes_no_wish_in(as_staff: AsStaff, wish: LateWish, sim_line: Line) -> None:
    with time_machine.travel(DAYS_LATER, tick=False):
        agent = as_staff("agent")
        seen = seen_in(sent(agent, do="look", wanted=sim_line.msisdn)[1])
        assert sent(agent, do="take", wanted=sim_line.msisdn, method="call_check", seen=seen)[0] == 302
        set_to(wish, state=LateState.REVIEW, termination=None, line=None, subscriber=None)
        status, page = sent(agent, do="take", wanted=sim_line.msisdn, method="call_check", seen=seen)
    assert (status, "This line is closed already, or its closing is under way." in page) == (409, True)
    set_to(wish)
    assert wish.state == "review"


@pytest.mark.parametrize("code", REFUSALS)
def test_a_refusal_says_why_and_what_to_do(as_staff: AsStaff, wish: LateWish, code: str) -> None:
    set_to(wish, language="ja")
    agent = as_staff("agent")
    assert sent(agent, do="refuse", code="because")[0] == 409
    assert sent(agent, do="refuse", code=code)[0] == 302
    assert sent(agent, do="refuse", code=code)[0] == 409
    with every_carrier():
        wish.refresh_from_db()
        mail = Message.objects.get(to="stranger@mail.example")
    assert (wish.state, wish.code, wish.typed, wish.email) == ("answered", code, "", "")
    assert wish.answered_at is not None
    assert (mail.language, REFERENCE in mail.subject) == ("ja", True)
    assert "It was refused" in agent.get(PAGE).content.decode()


def test_the_page_of_one_wish_opens_to_nobody_else(
    as_staff: AsStaff, tonari: Carrier, tonari_line: Line, wish: LateWish
) -> None:
    assert as_staff("clerk").get(PAGE).status_code == 403
    neighbour = as_staff("agent", carrier=tonari, host=TONARI)
    assert neighbour.get(PAGE).status_code == 404
    assert neighbour.post(PAGE, {"do": "refuse", "code": "late.no_line"}).status_code == 404
    status, page = sent(as_staff("agent"), do="look", wanted=tonari_line.msisdn)
    assert (status, "We do not find this line." in page) == (200, True)
