"""Do staff see what the network says of a line: before, now and after, without anything being changed by it?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.desk.conftest import AsStaff
from tests.support.setup_elements import WriteElements, write_elements
from tests.terminations.play import Clock, ask, states, work
from tojimari.desk.models import Look
from tojimari.lines.models import Carrier, Line
from tojimari.network.elements.simulated.element import Simulated
from tojimari.network.models import SimulatedSubscriber
from tojimari.network.seed import seed
from tojimari.platform.database.scope import every_carrier
from tojimari.proofs.models import Event
from tojimari.terminations.models import Lane, Step, Termination

__all__ = ["write_elements"]


@pytest.fixture
def case(sim_line: Line) -> Termination:
    """A case of the carrier's own file that waits for the end of the month."""
    with every_carrier():
        seed([sim_line.target])
        clock = Clock()
        made = ask(sim_line, clock, effective="month-end")
        work(clock, forward=False)
    return made


def page_of(as_staff: AsStaff, case: Termination, role: str = "lead") -> str:
    answer = as_staff(role).get(f"/desk/cases/{case.reference}/network/")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"].find("no-store") >= 0
    return answer.content.decode()


def row(fact: str, *said: str) -> str:
    heads = ("Before the case", "At this moment", "At the proof")
    cells = (f'<td data-head="{head}">{one}</td>' for head, one in zip(heads, said, strict=True))
    return f'<th scope="row">{fact}</th>{"".join(cells)}'


def closed(case: Termination) -> None:
    with every_carrier():
        work(Clock(case.ends_at))
        assert states(case)["certificate"] == "done"


def test_before_the_case_touches_anything_only_now_is_said(
    as_staff: AsStaff, case: Termination, sim_line: Line
) -> None:
    page = page_of(as_staff, case)
    assert "Simulated network" in page
    assert row("Calls allowed", "–", "Yes", "–") in page
    assert sim_line.imsi not in page
    assert sim_line.msisdn not in page


def test_after_the_end_all_three_moments_stand_side_by_side(as_staff: AsStaff, case: Termination) -> None:
    closed(case)
    page = page_of(as_staff, case)
    assert row("On record", "Yes", "No", "No") in page
    assert "A visited network that asks for the line" in page
    assert "rejected" in page
    assert "What would still be sent" not in page


def test_a_look_changes_nothing_and_is_written_down(as_staff: AsStaff, case: Termination) -> None:
    def everything() -> list[object]:
        with every_carrier():
            return [
                list(SimulatedSubscriber.objects.order_by("pk").values()),
                list(Step.objects.order_by("pk").values()),
                list(Event.objects.order_by("pk").values_list("pk")),
            ]

    before = everything()
    page_of(as_staff, case)
    assert everything() == before
    with every_carrier():
        assert Look.objects.get().page == "network"
        assert Look.objects.get().reference == case.reference


def test_an_element_that_fails_is_said_and_spoils_nothing(
    as_staff: AsStaff, case: Termination, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("no route")

    monkeypatch.setattr(Simulated, "look", fail)
    page = page_of(as_staff, case)
    assert "It could not be asked now:" in page
    assert "step.failed" in page


def test_who_may_not_see_whose_case_it_is_makes_nobody_ask(
    as_staff: AsStaff, case: Termination, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(Simulated, "look", never)
    page = page_of(as_staff, case, "agent")
    assert "Shown when the caller has shown who they are" in page
    assert "On record" not in page


def test_what_is_still_to_be_sent_stands_below_with_the_point_of_no_return(
    as_staff: AsStaff, case: Termination, sim_line: Line
) -> None:
    page = page_of(as_staff, case)
    shown = [f"{verb} line IMSI …{sim_line.imsi[-4:]}" for verb in ("inspect", "bar", "remove", "prove")]
    places = [page.index(sent) for sent in shown]
    assert places == sorted(places)
    assert places[1] < page.index("From here on there is no way back") < places[2]


def test_the_case_leads_to_it(as_staff: AsStaff, case: Termination) -> None:
    path = f"/desk/cases/{case.reference}/"
    assert f'href="{path}network/"' in as_staff("lead").get(path).content.decode()


def test_an_element_of_the_case_that_rests_or_is_gone_is_told_there(
    as_staff: AsStaff, write_elements: WriteElements, sim_line: Line
) -> None:
    file = '[hlr]\nkind = "osmohlr"\nhost = "127.0.0.1"\nctrl_port = 1\nvty_port = 1\nbreaker = {}\n'
    file += '[other]\nkind = "osmohlr"\ngroup = "others"\nhost = "127.0.0.2"\nbreaker = {}\n'
    write_elements(file)
    Carrier.objects.filter(pk=sim_line.carrier_id).update(elements={"physical_sim": "hlr", "esim": "other"})
    with every_carrier():
        sim_line.refresh_from_db()
        clock = Clock()
        case = ask(sim_line, clock)
        work(clock, forward=False)
    for name in ("hlr", "other"):
        Lane.objects.create(name=name, failures=5, code="network.reset", rests_until=datetime.now(UTC))
    client, address = as_staff("lead"), f"/desk/cases/{case.reference}/network/"
    page = client.get(address).content.decode()
    assert "The network element hlr does not answer. It is tried again:" in page
    assert "The network element other" not in page
    write_elements(file.replace("[hlr]", "[new]"))
    assert "which is not set up any more: 1" in client.get(address).content.decode()
