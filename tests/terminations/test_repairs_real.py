"""Are ghost lines got out of real HLRs and off the profile server, by two people's consent, and nobody else touched?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cast import MakeLine
from tests.network.profile_server import Site, pki, site
from tests.support.hlr import Hlr, running_hlr
from tests.support.setup_elements import WriteElements, write_elements
from tests.support.smdp import Held, State
from tests.terminations import play
from tests.terminations.play import Clock, states, work
from tojimari.lines.models import Carrier, Line
from tojimari.messages.models import Message
from tojimari.money.models import FinalBill
from tojimari.network.elements.osmohlr import gsup
from tojimari.network.models import Finding, Reconciliation
from tojimari.network.reconciling.inputs import Inputs
from tojimari.network.reconciling.kinds import Kind
from tojimari.network.reconciling.runs import reconcile
from tojimari.platform.acting import SYSTEM, Acting, Refused, Role
from tojimari.platform.database.scope import carrier_scope
from tojimari.proofs.queries import bundle, statement
from tojimari.terminations import repairs
from tojimari.terminations.models import Step, Termination

__all__ = ["pki", "site", "write_elements"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_worker"), pytest.mark.hlr]

ONE, OTHER = Acting(Role.STAFF, "1", "鈴木花子"), Acting(Role.STAFF, "2", "佐藤太郎")

MakeOld = Callable[..., Line]


@pytest.fixture(scope="module")
def west() -> Iterator[Hlr]:
    with running_hlr(offset=9) as running:
        yield running


@pytest.fixture(autouse=True)
def _nobody_of_another_test(hlr: Hlr) -> None:
    """A subscriber that no line of this test explains would be reported, and rightly."""
    hlr.empty()


@pytest.fixture
def clock() -> Clock:
    """The real time: an HLR's file is of now."""
    return Clock(datetime.now(UTC))


@pytest.fixture
def old(make_line: MakeLine, clock: Clock) -> MakeOld:
    """A line that the books have not changed lately; with `over` it ended three weeks ago."""

    def make(where: Hlr | None, *, over: bool, **more: Any) -> Line:
        ended = clock.now - timedelta(days=21)
        fields: dict[str, Any] = {"changed_at": ended}
        if over:
            fields |= {"state": "terminated", "ended_at": ended, "number_off_at": ended}
        if where is not None:
            target = where.new()
            fields |= {"imsi": target.imsi, "msisdn": target.msisdn}
        line = make_line(email="ghost@mail.example", **(fields | more))
        line.refresh_from_db()
        return line

    return make


def use(carrier: Carrier, **elements: str | list[str]) -> None:
    Carrier.objects.filter(pk=carrier.pk).update(elements=elements)
    carrier.refresh_from_db()


def compare(carrier: Carrier, inputs: Inputs, clock: Clock) -> Reconciliation:
    with carrier_scope(carrier.pk):
        return reconcile(carrier, inputs, as_of=clock.now, acting=SYSTEM, at=clock.now)


def ghosts_of(run: Reconciliation) -> set[int | None]:
    return set(Finding.objects.filter(run=run, kind=Kind.CLOSED_ALIVE).values_list("line_id", flat=True))


def repaired(run: Reconciliation, clock: Clock) -> list[Termination]:
    """The cases that two people's consent has begun, worked on until nothing is due."""
    wish = repairs.ask(run, acting=ONE, at=clock.now)
    with pytest.raises(Refused, match=r"repair\.own_wish"):
        repairs.decide(wish=wish, confirm=True, acting=ONE, at=clock.now)
    assert repairs.carry_out_all(at=clock.now) == 0
    repairs.decide(wish=wish, confirm=True, acting=OTHER, at=clock.now)
    began = repairs.carry_out_all(at=clock.now)
    work(clock)
    cases = list(Termination.objects.filter(channel="repair").order_by("pk"))
    assert len(cases) == began
    return cases


def by_hand(where: Hlr, line: Line) -> tuple[str, str, str]:
    """What the HLR itself says of a line: by IMSI, by number, and on its console."""
    asked = [f"GET subscriber.by-imsi-{line.imsi}.info", f"GET subscriber.by-msisdn-{line.msisdn}.info"]
    by_imsi, by_number = (where.ctrl(one).partition("ERROR ")[2] for one in asked)
    return by_imsi, by_number, where.vty(f"subscriber imsi {line.imsi} show").strip()


def is_gone(where: Hlr, line: Line) -> bool:
    by_imsi, by_number, console = by_hand(where, line)
    return bool(by_imsi) and bool(by_number) and "No subscriber" in console


@pytest.mark.parametrize("source", ["live", "database"])
def test_ghosts_of_a_real_hlr_are_removed_at_every_element_and_nobody_else_is(
    site: Site, connected: Hlr, old: MakeOld, clock: Clock, source: str
) -> None:
    use(site.carrier, esim=["es2plus", "osmohlr"], physical_sim="osmohlr", roaming="by_hand")
    attached = old(connected, over=True, kind="physical_sim")
    waiting = old(connected, over=True, kind="esim")  # its profile could still be downloaded
    done_before = old(connected, over=True, kind="esim")  # at the first element nothing is left
    unknown = old(connected, over=True, kind="esim")  # the first element has never had it
    site.smdp.profiles[waiting.iccid] = Held(State.RELEASED, waiting.eid)
    site.smdp.profiles[done_before.iccid] = Held(State.UNAVAILABLE)
    ghosts = [attached, waiting, done_before, unknown]
    running, running_esim = old(connected, over=False, kind="physical_sim"), old(connected, over=False, kind="esim")
    site.smdp.profiles[running_esim.iccid] = Held(State.RELEASED, running_esim.eid)
    closed_well = old(None, over=True, kind="esim", imsi="440109900000001", msisdn="819099000001")
    innocent = [running, running_esim, closed_well]
    before = {line.pk: by_hand(connected, line) for line in innocent}
    books = list(Line.objects.order_by("pk").values())
    inputs = Inputs(live=True) if source == "live" else Inputs(database=connected.server.folder / "hlr.db")

    run = compare(site.carrier, inputs, clock)
    assert ghosts_of(run) == {line.pk for line in ghosts}
    assert {kind: many for kind, many in run.counts.items() if many} == {Kind.CLOSED_ALIVE: len(ghosts)}
    with connected.visited(attached.target, running.target) as (vlr, sgsn):
        heard_of_running = [len([one for one in net.heard if one.imsi == running.imsi]) for net in (vlr, sgsn)]
        cases = repaired(run, clock)
        assert vlr.told_to_let_go(attached.imsi) >= 1
        assert sgsn.told_to_let_go(attached.imsi) >= 1
        assert [len([one for one in net.heard if one.imsi == running.imsi]) for net in (vlr, sgsn)] == heard_of_running
        assert vlr.attach(running.imsi).kind == gsup.UPDATE_LOCATION_RESULT

    assert {case.line_id for case in cases} == {line.pk for line in ghosts}
    for case in cases:
        assert case.state == "completed", states(case)
        said = statement(bundle(case.reference)["certificate"])
        assert said["terminated"] == {"by": "network_proof", "element": "osmohlr"}
        assert said["steps"]["prove"]["reattach"] == "rejected"
    for line in ghosts:
        assert is_gone(connected, line), by_hand(connected, line)
    stands = {case.line_id: Step.objects.filter(termination=case, name="remove@es2plus").first() for case in cases}
    assert {pk: step and step.evidence["profile"] for pk, step in stands.items()} == {
        attached.pk: None,
        waiting.pk: "cancelled",
        done_before.pk: "installed",  # the server says that it cannot be had any more, not why
        unknown.pk: "unclear",
    }
    assert site.smdp.profiles[waiting.iccid].state is State.UNAVAILABLE
    assert site.smdp.profiles[done_before.iccid].state is State.UNAVAILABLE
    assert site.smdp.profiles[running_esim.iccid].state is State.RELEASED
    assert {line.pk: by_hand(connected, line) for line in (running_esim, closed_well)} == {
        line.pk: before[line.pk] for line in (running_esim, closed_well)
    }
    assert not is_gone(connected, running)
    assert list(Line.objects.order_by("pk").values()) == books, "the books said so already"
    assert not FinalBill.objects.exists()
    assert not Message.objects.exists()
    assert not sum(compare(site.carrier, inputs, clock).counts.values()), "nothing is left to be found"


def test_a_profile_that_can_still_be_downloaded_is_cancelled_though_the_hlr_has_nothing(
    site: Site, connected: Hlr, old: MakeOld, clock: Clock, tmp_path: Path
) -> None:
    use(site.carrier, esim=["es2plus", "osmohlr"], physical_sim="osmohlr", roaming="by_hand")
    ghost = old(None, over=True, kind="esim", imsi="440109900000004", msisdn="819099000004")
    running = old(connected, over=False, kind="esim")
    for line in (ghost, running):
        site.smdp.profiles[line.iccid] = Held(State.RELEASED, line.eid)
    export = tmp_path / "profiles.csv"
    export.write_text(f"iccid,state\n{ghost.iccid}F,released\n{running.iccid}F,released\n", "ascii")

    run = compare(site.carrier, Inputs(live=True, smdp=export), clock)
    assert ghosts_of(run) == {ghost.pk}
    (case,) = repaired(run, clock)
    assert case.state == "completed", states(case)
    said = statement(bundle(case.reference)["certificate"])
    assert said["profile"] == {"stands": "cancelled"}
    assert site.smdp.profiles[ghost.iccid].state is State.UNAVAILABLE
    assert site.smdp.profiles[running.iccid].state is State.RELEASED
    assert not is_gone(connected, running)


def test_with_two_hlrs_each_ghost_is_found_and_removed_where_its_range_is(
    hlr: Hlr,
    west: Hlr,
    tabi: Carrier,
    old: MakeOld,
    clock: Clock,
    write_elements: WriteElements,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write_elements(
        f'[hlr-east]\nkind = "osmohlr"\ngroup = "hlr"\nhost = "{hlr.host}"\nimsi = ["44010"]\n'
        f'[hlr-west]\nkind = "osmohlr"\ngroup = "hlr"\nhost = "{west.host}"\nimsi = ["44020"]\n'
    )
    monkeypatch.setattr(play, "LANES", ["hlr-east", "hlr-west", *play.LANES])
    use(tabi, physical_sim="hlr", esim="by_hand")
    east_ghost, east_well = old(hlr, over=True, kind="physical_sim"), old(hlr, over=False, kind="physical_sim")
    west_ghost, west_well = (
        old(None, over=over, kind="physical_sim", imsi=f"44020123000000{number}", msisdn=f"81802222000{number}")
        for number, over in ((1, True), (2, False))
    )
    for line in (west_ghost, west_well):
        assert west.ctrl(f"SET subscriber.create {line.imsi}").startswith("SET_REPLY")
        assert west.ctrl(f"SET subscriber.by-imsi-{line.imsi}.msisdn {line.msisdn}").endswith("OK")
    # Nobody can ask a person, or an HLR that no range names: such lines are not called gone.
    old(None, over=False, kind="esim", imsi="440109900000002")
    old(None, over=False, kind="physical_sim", imsi="310150123456789")

    run = compare(tabi, Inputs(live=True), clock)
    left_out = {one["name"]: one.get("not_asked") for one in run.sources}
    assert left_out == {"hlr-east": None, "hlr-west": None, "by_hand": 1, "-": 1}
    assert {kind: many for kind, many in run.counts.items() if many} == {Kind.CLOSED_ALIVE: 2}
    cases = repaired(run, clock)
    assert [case.state for case in cases] == ["completed", "completed"], [states(case) for case in cases]
    assert is_gone(hlr, east_ghost)
    assert is_gone(west, west_ghost)
    assert not is_gone(hlr, east_well)
    assert not is_gone(west, west_well)


def test_where_nothing_can_be_asked_the_comparison_says_so(tabi: Carrier, old: MakeOld, clock: Clock) -> None:
    use(tabi, physical_sim="by_hand", esim="by_hand")
    old(None, over=False, kind="esim", imsi="440109900000003")
    with pytest.raises(Refused, match=r"reconcile\.cannot_ask"):
        compare(tabi, Inputs(live=True), clock)
