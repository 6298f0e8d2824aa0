"""Does somebody at the desk see whom a message did not reach, and who saw to it?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.desk.conftest import TONARI, AsStaff
from tests.terminations.play import Clock, ask
from tojimari.lines.models import Carrier, Line
from tojimari.messages.models import Message
from tojimari.platform.database.scope import every_carrier
from tojimari.terminations.models import Termination
from tojimari.terminations.unreached import find_other_ways

PAGE = "/desk/unreached/"


@pytest.fixture
def case(sim_line: Line) -> Termination:
    with every_carrier():
        case = ask(sim_line, Clock(datetime.now(UTC)), scope="line", effective="now", channel="portal")
        Message.objects.filter(case_id=case.pk).update(state="failed", code="message.not_taken")
        Message.objects.filter(case_id=case.pk).update(delivery_code="550 5.1.1", body="")
        find_other_ways(at=datetime.now(UTC))
    return case


def message_of(case: Termination) -> Message:
    with every_carrier():
        return Message.objects.get(case_id=case.pk, key="receipt")


def test_an_agent_sees_whom_and_why_and_says_what_was_done(as_staff: AsStaff, case: Termination) -> None:
    agent, message = as_staff("agent"), message_of(case)
    page = agent.get(PAGE).content.decode()
    assert case.reference in page
    assert "550 5.1.1" in page
    assert "w…@mail.example" in page
    assert message.to not in page
    assert case.subscriber.name not in page
    assert agent.post(PAGE, {"message": message.pk, "way": "letter"}).status_code == 302
    assert case.reference not in agent.get(PAGE).content.decode()
    shown = agent.get(f"/desk/cases/{case.reference}/").content.decode()
    assert "Wrote a letter" in shown
    assert "Not sent" in shown


@pytest.mark.parametrize("given", [{"way": ""}, {"way": "prayed"}, {"message": "x" * 30, "way": "letter"}])
def test_what_makes_no_sense_is_refused_and_it_goes_on_waiting(
    as_staff: AsStaff, case: Termination, given: dict[str, str]
) -> None:
    answer = as_staff("agent").post(PAGE, {"message": str(message_of(case).pk)} | given)
    assert answer.status_code == 409
    assert case.reference in answer.content.decode()
    assert message_of(case).seen_to_at is None


def test_who_may_not_help_sees_it_and_ends_nothing(as_staff: AsStaff, case: Termination) -> None:
    clerk = as_staff("clerk")
    assert case.subscriber.name in clerk.get(PAGE).content.decode()
    clerk.post(PAGE, {"message": message_of(case).pk, "way": "letter"})
    assert message_of(case).seen_to_at is None


def test_the_neighbour_sees_and_ends_nothing(as_staff: AsStaff, case: Termination, tonari: Carrier) -> None:
    neighbour = as_staff("lead", carrier=tonari, host=TONARI)
    assert case.reference not in neighbour.get(PAGE).content.decode()
    assert neighbour.post(PAGE, {"message": message_of(case).pk, "way": "letter"}).status_code == 409
    assert message_of(case).seen_to_at is None
