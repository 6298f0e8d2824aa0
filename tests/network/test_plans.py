"""Does a plan name exactly what is sent afterwards? The plan of each step is held against what its evidence kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack

import pytest

from tests.network.profile_server import Site
from tests.support.hlr import Hlr, batch
from tests.support.setup_elements import WriteElements
from tojimari.network.elements import NO_SWITCH, OWN_SETTINGS, element, kinds
from tojimari.network.elements.by_hand.element import ByHand
from tojimari.network.elements.es2plus.element import Es2Plus
from tojimari.network.elements.simulated.element import Simulated
from tojimari.network.planning import Order, Plans
from tojimari.network.seed import seed
from tojimari.platform.work import Evidence, Outcome, Target, Work

VERBS = ("inspect", "bar", "restore", "remove", "prove")


def plan_of(planner: Plans, line: Target, verb: str, earlier: Mapping[str, Evidence] | None = None) -> list[Order]:
    (work,) = batch(line, name=verb, earlier=earlier).works
    return list(planner.plan(work))


def sent_by(outcome: Outcome) -> list[tuple[str, str]]:
    return [(said["port"], said["sent"]) for said in outcome.evidence["exchange"]]


def planned(orders: Sequence[Order]) -> list[tuple[str, str]]:
    return [(order.port, order.sent) for order in orders]


@pytest.mark.hlr
@pytest.mark.parametrize("attached", [True, False])
def test_a_real_hlr_is_sent_what_the_plan_names(hlr: Hlr, attached: bool) -> None:
    line = hlr.new()
    earlier: dict[str, Evidence] = {}
    with ExitStack() as stack:
        if attached:
            stack.enter_context(hlr.visited(line))
        for verb in ("inspect", "bar", "restore", "bar", "remove", "prove"):
            told = plan_of(hlr.element, line, verb, earlier)
            (outcome,) = getattr(hlr.element, verb)(batch(line, name=verb, earlier=earlier))
            assert outcome.code == ""
            earlier[verb] = outcome.evidence
            expected = [order for order in told if attached or order.note != "if_serving"]
            assert planned(expected) == sent_by(outcome), verb


@pytest.mark.hlr
def test_before_a_line_was_looked_at_its_mode_is_left_open(hlr: Hlr) -> None:
    told = plan_of(hlr.element, hlr.new(), "restore")
    assert [order.note for order in told] == ["", "as_before", ""]


@pytest.mark.django_db
def test_a_profile_server_is_sent_what_the_plan_names(site: Site) -> None:
    line = site.line()
    told = plan_of(Es2Plus(), line, "remove")
    (outcome,) = site.remove(line)
    assert [order.port for order in told] == ["es2+"]
    assert _body(told[0].sent) == _body(sent_by(outcome)[0][1])
    assert plan_of(Es2Plus(), line, "bar") == []


@pytest.mark.django_db
def test_a_profile_that_goes_back_to_stock_is_not_asked_for_again(site: Site) -> None:
    line = site.line()
    assert len(plan_of(Es2Plus(), line, "prove")) == 1
    site.settings(final_status="Available")
    assert plan_of(Es2Plus(), line, "prove") == []


def _body(sent: str) -> str:
    """The command without the id of the call, which the tests number themselves."""
    return sent.partition('"iccid"')[2]


@pytest.mark.django_db
@pytest.mark.usefixtures("as_worker")
def test_the_simulation_is_told_what_the_plan_names(hlr_line: Target) -> None:
    for verb in ("inspect", "bar", "remove", "prove"):
        told = plan_of(Simulated(), hlr_line, verb)
        (outcome,) = getattr(Simulated(), verb)(batch(hlr_line, name=verb))
        assert planned(told) == sent_by(outcome)


@pytest.fixture
def hlr_line() -> Target:
    """A line of the make-believe HLR."""
    line = batch_target()
    seed([line])
    return line


def batch_target() -> Target:
    return Target(1, 1, "physical_sim", "819000000007", "440109900000007", "", "")


def test_people_do_what_the_procedure_leaves_to_them() -> None:
    whole = {verb: [order.note for order in plan_of(ByHand(), batch_target(), verb)] for verb in VERBS}
    assert whole["bar"] == ["by_hand.bar"]
    assert whole["remove"] == ["by_hand.remove"]
    assert whole["inspect"] == whole["prove"] == []
    service = Work(1, 1, "T-1", "remove", "roaming", batch_target(), 1)
    assert ByHand().plan(service) == []


def test_no_plan_names_an_identifier_in_full() -> None:
    line = batch_target()
    for verb in VERBS:
        for order in plan_of(Simulated(), line, verb):
            assert line.imsi not in order.sent
            assert line.imsi[-4:] in order.sent


TABLES = {
    "osmohlr": 'host = "127.0.0.1"',
    "pyhss": 'endpoint = "http://127.0.0.1:1"\nhome_realms = ["home.example"]',
    "tmf640": 'endpoint = "http://127.0.0.1:1/v4"\nscopes = { line = { id = "cfs-{imsi}" } }',
}
"""The least that a table of each kind must say. Nobody listens there: a plan asks nobody."""


@pytest.mark.django_db
@pytest.mark.usefixtures("as_worker")
def test_elements_of_every_kind_say_beforehand_what_they_send(write_elements: WriteElements) -> None:
    assert set(TABLES) == set(OWN_SETTINGS)
    write_elements("".join(f'[our-{kind}]\nkind = "{kind}"\n{body}\n' for kind, body in TABLES.items()))
    names = {kind: f"our-{kind}" if kind in TABLES else kind for kind in kinds()}
    told = {}
    for kind, name in names.items():
        planner = element(name)
        assert isinstance(planner, Plans), kind
        told[kind] = [order for verb in VERBS for order in plan_of(planner, batch_target(), verb)]
    # A profile server is only told of profiles that it has: its plan is held against what it is sent, above.
    assert {kind for kind, orders in told.items() if not orders} == NO_SWITCH
