"""Does an agent learn whose case it is only from somebody who has shown who they are, or for work that is theirs?"""

from __future__ import annotations

import re

import pytest
import time_machine
from django.test import Client

from tests.desk.calls.play import NOON, Talk
from tests.desk.conftest import AsStaff
from tests.terminations.play import Clock, ask, work
from tojimari.desk.models import Look
from tojimari.lines.models import Carrier, Line, Service
from tojimari.platform.database.scope import every_carrier
from tojimari.terminations.models import LateState, LateWish, Termination

WANG = "王小明"


@pytest.fixture(autouse=True)
def clock() -> object:
    with time_machine.travel(NOON, tick=False) as moved:
        yield moved


def begun(line: Line, **more: str) -> Termination:
    clock = Clock(NOON)
    with every_carrier():
        case = ask(line, clock, channel="portal", **more)
        work(clock, forward=False)
    return case


def page(browser: Client, path: str) -> str:
    return browser.get(path).content.decode()


def test_a_number_leads_an_agent_to_a_call_and_a_reference_to_a_case_without_a_name(
    as_staff: AsStaff, sim_line: Line
) -> None:
    case, agent = begun(sim_line), as_staff("agent")
    for wanted in (sim_line.iccid, f"0{sim_line.msisdn[2:]}", sim_line.order_number):
        found = agent.post("/desk/find/", {"wanted": wanted}).content.decode()
        assert case.reference not in found
        assert WANG not in found
        assert 'href="/desk/calls/"' in found
        assert "phone number" not in found
    assert case.reference in agent.post("/desk/find/", {"wanted": case.reference}).content.decode()
    shown = page(agent, f"/desk/cases/{case.reference}/")
    assert WANG not in shown
    assert "as-customer" not in shown
    assert WANG not in page(agent, f"/desk/steps/{step_of(case)}/")
    assert agent.get(f"/desk/cases/{case.reference}/as-customer/").status_code == 302


def step_of(case: Termination) -> int:
    with every_carrier():
        return int(case.steps.get(name="visit").pk)


def test_who_has_shown_it_in_a_call_is_known_until_its_end_and_to_this_agent_alone(
    as_staff: AsStaff, sim_line: Line, tanaka_line: Line
) -> None:
    case, other, agent = begun(sim_line), begun(tanaka_line), as_staff("agent")
    talk = Talk(agent)
    talk.find(sim_line)
    assert WANG not in page(agent, f"/desk/cases/{case.reference}/"), "the line is found, nobody is known"
    talk.do("again")
    talk.prove(sim_line)
    assert WANG in page(agent, f"/desk/cases/{case.reference}/")
    assert agent.get(f"/desk/cases/{case.reference}/as-customer/").status_code == 200
    assert "田中" not in page(agent, f"/desk/cases/{other.reference}/"), "only who has shown it"
    talk.do("over")
    assert WANG not in page(agent, f"/desk/cases/{case.reference}/")


def test_who_works_on_a_case_by_hand_sees_whose_it_is(as_staff: AsStaff, sim_line: Line, roaming: Service) -> None:
    case, agent = begun(sim_line, scope="roaming"), as_staff("agent")
    assert WANG in page(agent, f"/desk/cases/{case.reference}/")
    assert WANG in page(agent, "/desk/stuck/")


@pytest.mark.parametrize("role", ["clerk", "reviewer", "lead", "auditor"])
def test_others_see_it_for_their_work(as_staff: AsStaff, sim_line: Line, role: str) -> None:
    case = begun(sim_line)
    assert WANG in page(as_staff(role), f"/desk/cases/{case.reference}/")


def test_a_wish_from_an_outage_is_matched_without_a_name_and_the_look_names_the_line(
    as_staff: AsStaff, tabi: Carrier, sim_line: Line
) -> None:
    with every_carrier():
        wish = LateWish.objects.create(
            carrier=tabi,
            reference="TJ-7K3M-9QXA-4C2T",
            asked_at=NOON,
            taken_in_at=NOON,
            effective="earliest",
            email="stranger@mail.example",
            typed="the card from the airport",
            state=LateState.REVIEW,
        )
    path, given = f"/desk/late/{wish.reference}/", {"do": "look", "wanted": sim_line.iccid}
    found = as_staff("agent").post(path, given).content.decode()
    assert re.search(r'name="seen"', found), "day and yen are shown"
    assert WANG not in found
    assert WANG in as_staff("lead").post(path, given).content.decode()
    with every_carrier():
        assert (
            list(Look.objects.filter(page="late_one").values_list("reference", "line_id"))
            == [
                (wish.reference, None),
                ("", sim_line.pk),
            ]
            * 2
        )
