"""Do two people get a ghost line out of the network, and nothing else?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.cast import MakeLine
from tests.terminations.play import Clock, states, work
from tojimari.lines.models import Carrier, Line
from tojimari.messages.models import Message
from tojimari.money.models import FinalBill
from tojimari.network.models import Finding, Reconciliation, SimulatedSubscriber
from tojimari.network.reconciling.inputs import Inputs
from tojimari.network.reconciling.kinds import Kind
from tojimari.network.reconciling.runs import reconcile
from tojimari.platform.acting import SYSTEM, Acting, Refused, Role
from tojimari.platform.database.scope import carrier_scope
from tojimari.proofs.models import Certificate
from tojimari.terminations import actions, repairs
from tojimari.terminations.models import RepairWish, Step, Termination

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_worker")]

ONE, OTHER = Acting(Role.STAFF, "1", "鈴木花子"), Acting(Role.STAFF, "2", "佐藤太郎")

MakeGhost = Callable[..., Line]


@pytest.fixture
def ghost(make_line: MakeLine, clock: Clock) -> MakeGhost:
    """A line that is closed in the books since three weeks, and alive in the network."""

    def make(**fields: Any) -> Line:
        closed: dict[str, Any] = {
            "state": "terminated",
            "ended_at": clock.now - timedelta(days=21),
            "number_off_at": clock.now - timedelta(days=21),
            "changed_at": clock.now - timedelta(days=20),
        }
        line = make_line(email="ghost@mail.example", **(closed | fields))
        SimulatedSubscriber.objects.create(carrier_id=line.carrier_id, imsi=line.imsi, msisdn=line.msisdn)
        return line

    return make


def compare(carrier: Carrier, clock: Clock) -> Reconciliation:
    with carrier_scope(carrier.pk):
        return reconcile(carrier, Inputs(live=True), as_of=clock.now, acting=SYSTEM, at=clock.now)


def agreed(run: Reconciliation, clock: Clock) -> RepairWish:
    """What two people have said yes to."""
    wish = repairs.ask(run, acting=ONE, at=clock.now)
    repairs.decide(wish=wish, confirm=True, acting=OTHER, at=clock.now)
    wish.refresh_from_db()
    return wish


def test_a_ghost_line_is_removed_and_proved_and_nothing_is_billed_or_told(
    tabi: Carrier, ghost: MakeGhost, tanaka_line: Line, clock: Clock
) -> None:
    line = ghost()
    SimulatedSubscriber.objects.create(
        carrier_id=tabi.pk, imsi=tanaka_line.imsi, msisdn=tanaka_line.msisdn, vlr_number="MSC-1"
    )
    Line.objects.filter(pk=tanaka_line.pk).update(changed_at=clock.now - timedelta(days=9))
    before = Line.objects.filter(pk=line.pk).values().get()
    run = compare(tabi, clock)
    assert {kind: number for kind, number in run.counts.items() if number} == {Kind.CLOSED_ALIVE: 1}
    agreed(run, clock)
    assert repairs.carry_out_all(at=clock.now) == 1
    case = Termination.objects.get(line=line)
    assert (case.channel, case.ends_at, case.quote["total_yen"]) == ("repair", line.ended_at, 0)
    work(clock)
    case.refresh_from_db()
    assert case.state == "completed", states(case)
    done = {name for name, state in states(case).items() if state == "done"}
    assert done == {"inspect", "bar", "remove", "prove", "certificate"}
    assert not SimulatedSubscriber.objects.filter(imsi=line.imsi).exists()
    assert SimulatedSubscriber.objects.get(imsi=tanaka_line.imsi).vlr_number == "MSC-1"
    assert Line.objects.filter(pk=line.pk).values().get() == before, "the books said so already"
    assert not FinalBill.objects.exists()
    assert not Message.objects.exists()
    assert Certificate.objects.filter(case_id=case.pk).count() == 1
    assert not compare(tabi, clock).counts[Kind.CLOSED_ALIVE], "it is gone"


def test_nothing_happens_before_another_person_has_confirmed(tabi: Carrier, ghost: MakeGhost, clock: Clock) -> None:
    ghost()
    run = compare(tabi, clock)
    wish = repairs.ask(run, acting=ONE, at=clock.now)
    assert repairs.ask(run, acting=OTHER, at=clock.now) == wish
    with pytest.raises(Refused, match=r"repair\.own_wish"):
        repairs.decide(wish=wish, confirm=True, acting=ONE, at=clock.now)
    with pytest.raises(IntegrityError), transaction.atomic():
        RepairWish.objects.filter(pk=wish.pk).update(confirmed=True, decided_by=str(ONE))
    assert repairs.carry_out_all(at=clock.now) == 0
    assert not Termination.objects.exists()
    repairs.decide(wish=wish, confirm=False, acting=ONE, at=clock.now)
    with pytest.raises(Refused, match=r"repair\.decided"):
        repairs.decide(wish=wish, confirm=True, acting=OTHER, at=clock.now)
    assert repairs.carry_out_all(at=clock.now) == 0


def test_an_old_comparison_repairs_nothing(tabi: Carrier, ghost: MakeGhost, clock: Clock) -> None:
    ghost()
    run = compare(tabi, clock)
    wish = repairs.ask(run, acting=ONE, at=clock.now)
    clock.move(days=3)
    with pytest.raises(Refused, match=r"repair\.too_old"):
        repairs.decide(wish=wish, confirm=True, acting=OTHER, at=clock.now)
    with pytest.raises(Refused, match=r"repair\.too_old"):
        repairs.ask(run, acting=OTHER, at=clock.now)


def test_who_got_the_identity_meanwhile_is_not_touched(
    tabi: Carrier, ghost: MakeGhost, make_line: MakeLine, clock: Clock
) -> None:
    line = ghost()
    wish = agreed(compare(tabi, clock), clock)
    make_line(imsi=line.imsi)
    assert repairs.carry_out_all(at=clock.now) == 0
    wish.refresh_from_db()
    assert wish.refused == {"repair.identity_in_use": 1}
    assert wish.done_at == clock.now
    assert not Termination.objects.exists()
    assert SimulatedSubscriber.objects.filter(imsi=line.imsi).exists()


def test_who_got_the_identity_at_the_neighbours_is_not_touched(
    tabi: Carrier, tonari: Carrier, ghost: MakeGhost, make_line: MakeLine, clock: Clock
) -> None:
    """Two carriers of one installation may share an HLR: it has one subscriber for an IMSI."""
    line = ghost()
    wish = agreed(compare(tabi, clock), clock)
    make_line(carrier=tonari, imsi=line.imsi)
    assert repairs.carry_out_all(at=clock.now) == 0
    wish.refresh_from_db()
    assert wish.refused == {"repair.identity_in_use": 1}


def test_what_was_agreed_on_and_lay_for_days_repairs_nothing(tabi: Carrier, ghost: MakeGhost, clock: Clock) -> None:
    """No worker ran meanwhile: what was found tells no longer how things stand."""
    ghost()
    wish = agreed(compare(tabi, clock), clock)
    clock.move(days=2)
    assert repairs.carry_out_all(at=clock.now) == 0
    wish.refresh_from_db()
    assert (wish.done_at, wish.refused) == (clock.now, {"repair.too_old": 1})
    assert not Termination.objects.exists()


def test_a_worker_killed_half_way_goes_on_and_doubles_nothing(
    tabi: Carrier, ghost: MakeGhost, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        ghost()
    wish = agreed(compare(tabi, clock), clock)
    monkeypatch.setattr(repairs, "_AT_ONCE", 2)
    monkeypatch.setattr(repairs, "_MOST_IN_A_TICK", 2)
    with carrier_scope(tabi.pk):
        assert repairs.carry_out(wish, at=clock.now) == 2
    work(clock)
    monkeypatch.setattr(repairs, "_MOST_IN_A_TICK", 100)
    assert repairs.carry_out_all(at=clock.now) == 3
    assert repairs.carry_out_all(at=clock.now) == 0
    work(clock)
    assert list(Termination.objects.values_list("state", flat=True)) == ["completed"] * 5
    assert not SimulatedSubscriber.objects.exists()


def test_a_withdrawn_repair_leaves_the_books_as_they_are(tabi: Carrier, ghost: MakeGhost, clock: Clock) -> None:
    line = ghost()
    agreed(compare(tabi, clock), clock)
    repairs.carry_out_all(at=clock.now)
    case = Termination.objects.get()
    actions.withdraw(termination=case, acting=ONE, at=clock.now, reason="taken_back.mistake")
    work(clock)
    case.refresh_from_db()
    line.refresh_from_db()
    assert (case.state, line.state) == ("cancelled", "terminated")
    assert line.number_off_at is not None
    assert not Message.objects.exists()
    assert Step.objects.filter(termination=case, name="remove").exclude(state="done").exists()


def test_what_no_termination_puts_right_is_settled_by_name_once(
    tabi: Carrier, make_line: MakeLine, clock: Clock
) -> None:
    make_line(changed_at=clock.now - timedelta(days=2))
    run = compare(tabi, clock)
    finding = Finding.objects.get(run=run)
    assert finding.kind == Kind.ACTIVE_GONE
    with pytest.raises(Refused, match=r"repair\.nothing"):
        repairs.ask(run, acting=ONE, at=clock.now)
    with pytest.raises(Refused, match=r"reconcile\.note_missing"):
        repairs.settle(finding=finding, note=" ", acting=ONE, at=clock.now)
    said = repairs.settle(finding=finding, note="put back, 819012345678 answers", acting=ONE, at=clock.now)
    assert (said.name, said.note) == ("鈴木花子", "put back, …5678 answers")
    with pytest.raises(Refused, match=r"reconcile\.settled"):
        repairs.settle(finding=finding, note="again", acting=OTHER, at=clock.now)
