"""Does a case of each kind come to its end, in order, once, and with nothing else touched?"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction

import tojimari
from tests.cast import MakeLine
from tests.terminations.play import (
    CLERK,
    LANES,
    PERSON,
    START,
    Clock,
    ask,
    assert_closed_exactly_once,
    given_for,
    one_step,
    show,
    states,
    work,
)
from tojimari.lines.models import Bill, Carrier, Line
from tojimari.money.models import FinalBill
from tojimari.platform.acting import Acting, Refused, Role
from tojimari.proofs.models import Certificate, Event
from tojimari.proofs.queries import statement
from tojimari.terminations import actions, queries
from tojimari.terminations.handlers import HANDLERS
from tojimari.terminations.intake import Ask, request_many
from tojimari.terminations.models import Channel, Step, Termination

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_worker")]


def _sources(room: str) -> str:
    folder = Path(tojimari.__file__).parent / room
    return "\n".join(path.read_text("utf-8") for path in folder.rglob("*.py"))


def test_a_physical_sim_goes_through_shop_network_bill_and_certificate(sim_line: Line, clock: Clock) -> None:
    case = ask(sim_line, clock, channel="portal")
    work(clock)
    for name in ("visit", "papers", "form", "return_sim"):
        assert states(case)[name] == "open"
        show(case, name, clock, **given_for(case.steps.get(name=name)))
    work(clock)
    assert_closed_exactly_once(case)
    assert FinalBill.objects.get(case_id=case.pk).total_yen == case.quote["total_yen"]


def test_an_esim_waits_for_its_review_and_its_business_days(esim_line: Line, clock: Clock) -> None:
    case = ask(esim_line, clock, effective="3bd", channel="portal")
    # Friday, then a weekend and a holiday on Monday 23 November: Tuesday, Wednesday, Thursday.
    assert case.ends_at == datetime(2026, 11, 26, 15, tzinfo=UTC)
    work(clock)
    show(case, "review", clock, approved="yes")
    work(clock, forward=False)
    assert states(case)["inspect"] == "open"
    assert case.steps.get(name="inspect").due_at == case.ends_at
    work(clock)
    assert_closed_exactly_once(case)
    case.refresh_from_db()
    assert case.finished_at is not None
    assert case.finished_at >= case.ends_at


def test_roaming_ends_by_a_named_hand_and_the_line_stays(sim_line: Line, clock: Clock) -> None:
    case = ask(sim_line, clock, scope="roaming", channel="portal")
    work(clock)
    bar = case.steps.get(name="bar")
    assert bar.state == "by_hand"
    actions.complete_step(step=bar, given={"note": "HSSでローミングを停止"}, acting=CLERK, at=clock.now)
    work(clock)
    assert_closed_exactly_once(case)
    assert case.line.number_off_at is None
    assert dict(case.line.services.values_list("kind", "state")) == {
        "data": "active",
        "voice": "active",
        "roaming": "terminated",
    }
    bar.refresh_from_db()
    assert bar.evidence["attested_by"] == CLERK.name


def test_a_whole_line_can_end_by_named_hands(sim_line: Line, clock: Clock) -> None:
    sim_line.carrier.elements = {"physical_sim": "by_hand"}
    sim_line.carrier.save(update_fields=["elements"])
    case = ask(sim_line, clock)
    for name in ("bar", "remove"):
        work(clock)
        step = case.steps.get(name=name)
        assert step.state == "by_hand", states(case)
        actions.complete_step(step=step, given={"note": "HLRで手作業"}, acting=CLERK, at=clock.now)
    work(clock)
    assert_closed_exactly_once(case)
    said = statement(Certificate.objects.get(case_id=case.pk).jws)
    assert said["terminated"]["by"] == "attested_by_hand"
    assert {one["step"] for one in said["attestations"]} == {"bar", "remove"}
    assert {one["attested_by"] for one in said["attestations"]} == {CLERK.name}


def test_every_step_is_given_all_that_its_room_reads() -> None:
    """What `reads` does not name is not there: a handler that looks for it would find nothing, and say so to nobody."""
    rooms = {"network": "network", "money": "money", "messages": "messages"}
    read = {room: set(re.findall(r'earlier(?:\(|\[|\.get\()"([a-z_]+)"', _sources(room))) for room in rooms.values()}
    named = {name for handler in HANDLERS.values() for name in handler.reads}
    for room, names in read.items():
        assert names <= named | {"request"}, room
    assert read["network"] <= set(HANDLERS["prove"].reads) | {"inspect"}


@pytest.mark.parametrize("given", [{}, {"note": "   "}])
def test_by_hand_work_without_a_note_is_no_attestation(sim_line: Line, clock: Clock, given: dict[str, str]) -> None:
    case = ask(sim_line, clock, scope="roaming", channel="portal")
    work(clock)
    with pytest.raises(Refused, match=r"step\.note_missing"):
        actions.complete_step(step=case.steps.get(name="bar"), given=given, acting=CLERK, at=clock.now)
    nobody = Acting(Role.STAFF, "7")
    with pytest.raises(Refused, match=r"step\.name_missing"):
        actions.complete_step(step=case.steps.get(name="bar"), given={"note": "x"}, acting=nobody, at=clock.now)
    assert states(case)["bar"] == "by_hand"


def test_a_subscriber_cannot_attest_for_staff(sim_line: Line, clock: Clock) -> None:
    case = ask(sim_line, clock, scope="roaming", channel="portal")
    work(clock)
    with pytest.raises(Refused, match=r"step\.not_yours"):
        actions.complete_step(step=case.steps.get(name="bar"), given={"note": "x"}, acting=PERSON, at=clock.now)


def test_steps_are_done_in_order_and_once(sim_line: Line, clock: Clock) -> None:
    case = ask(sim_line, clock, channel="portal")
    work(clock)
    for later in ("papers", "form", "return_sim"):
        with pytest.raises(Refused, match=r"step\.not_its_turn"):
            show(case, later, clock, **given_for(case.steps.get(name=later)))
    show(case, "visit", clock, **given_for(case.steps.get(name="visit")))
    with pytest.raises(Refused, match=r"step\.not_its_turn"):
        show(case, "visit", clock, **given_for(case.steps.get(name="visit")))
    assert Event.objects.filter(case_id=case.pk, data__step="visit").count() == 1


def test_a_wrong_card_is_not_a_returned_card(sim_line: Line, tanaka_line: Line, clock: Clock) -> None:
    case = ask(sim_line, clock, channel="portal")
    work(clock)
    for name in ("visit", "papers", "form"):
        show(case, name, clock, **given_for(case.steps.get(name=name)))
    with pytest.raises(Refused, match=r"counter\.other_sim"):
        show(case, "return_sim", clock, iccid=tanaka_line.iccid)
    assert states(case)["return_sim"] == "open"


def test_asking_twice_gives_the_same_case(sim_line: Line, clock: Clock) -> None:
    first = ask(sim_line, clock, channel="portal")
    clock.move(hours=5)
    second = ask(sim_line, clock, effective="month-end", channel="portal")
    assert second.pk == first.pk
    assert second.requested_at == START
    assert second.effective == "now" or second.effective == first.effective


def test_the_database_itself_refuses_a_second_open_case(sim_line: Line, clock: Clock) -> None:
    case = ask(sim_line, clock)
    case.pk = None
    case.reference = "TJ-0000-0000-0000"
    with pytest.raises(IntegrityError, match="one_open_termination"), transaction.atomic():
        case.save(force_insert=True)


def test_roaming_may_end_while_the_line_runs_but_not_while_it_ends(sim_line: Line, clock: Clock) -> None:
    ask(sim_line, clock, channel="portal")
    with pytest.raises(Refused, match=r"line\.already_ending"):
        ask(sim_line, clock, scope="roaming", channel="portal")


def test_a_closed_line_is_not_closed_again(make_line: MakeLine, clock: Clock) -> None:
    line = make_line()
    ask(line, clock)
    work(clock)
    with pytest.raises(Refused, match=r"line\.already_terminated"):
        ask(line, clock)


@pytest.mark.parametrize(
    ("scope", "code"),
    [("roaming", "service.not_active"), ("voice", "service.not_ended_here"), ("nonsense", "service.not_ended_here")],
)
def test_a_service_that_cannot_end_is_refused(esim_line: Line, clock: Clock, scope: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        ask(esim_line, clock, scope=scope, channel="portal")
    assert not Termination.objects.exists()


@pytest.mark.parametrize("effective", ["now", "2026-11-21", "1bd"])
def test_a_person_gets_only_the_ends_that_the_carrier_offers(esim_line: Line, clock: Clock, effective: str) -> None:
    with pytest.raises(Refused, match=r"effective\.(not_offered|too_early)"):
        ask(esim_line, clock, effective=effective, channel="portal")


def test_nothing_is_terminated_before_it_is_proved(make_line: MakeLine, clock: Clock) -> None:
    line = make_line()
    case = ask(line, clock)
    while not case.steps.filter(name="prove", state="done").exists():
        line.refresh_from_db()
        assert line.state == "pending_terminate"
        assert not Event.objects.filter(case_id=case.pk, name="line.terminated").exists()
        due = Step.objects.filter(state="open", due_at__gt=clock.now).first()
        if due is not None and due.due_at is not None:
            clock.now = due.due_at
        for lane in LANES:
            one_step(lane, clock)
    line.refresh_from_db()
    assert line.state == "terminated"


def test_other_lines_of_the_same_person_stay_as_they_are(
    sim_line: Line, esim_line: Line, tonari_line: Line, clock: Clock
) -> None:
    def everything_else() -> list[tuple[object, ...]]:
        with connection.cursor() as cursor:
            rows: list[tuple[object, ...]] = []
            for table in ("lines_line", "lines_service", "lines_bill", "lines_contactpoint"):
                column = "id" if table == "lines_line" else "line_id"
                where = f"WHERE {column} <> {sim_line.pk}" if table != "lines_contactpoint" else ""
                cursor.execute(f"SELECT '{table}', t.* FROM {table} AS t {where} ORDER BY 2")
                rows += cursor.fetchall()
            return rows

    before = everything_else()
    case = ask(sim_line, clock)
    work(clock)
    assert_closed_exactly_once(case)
    assert everything_else() == before


def test_the_yen_offered_asked_and_billed_are_the_same(tanaka_line: Line, clock: Clock) -> None:
    offered = {end.effective: end for end in queries.offer(tanaka_line, "line", clock.now).ends}
    assert set(offered) == {"now", "month-end"}
    case = ask(tanaka_line, clock, effective="month-end", channel="file")
    assert case.quote == offered["month-end"].quote
    assert case.ends_at == offered["month-end"].ends_at
    work(clock)
    bill = FinalBill.objects.get(case_id=case.pk)
    assert (bill.lines, bill.total_yen) == (case.quote["lines"], case.quote["total_yen"])
    assert case.quote["total_yen"] == 1078 + 1078  # the month in full, and the unpaid one


def test_a_month_that_is_billed_and_paid_is_not_charged_again(tanaka_line: Line, clock: Clock) -> None:
    Bill.objects.create(
        carrier_id=tanaka_line.carrier_id,
        line=tanaka_line,
        month=date(2026, 11, 1),
        amount_yen=1078,
        due_on=date(2026, 12, 10),
        paid_on=date(2026, 11, 15),
    )
    case = ask(tanaka_line, clock, effective="month-end")
    assert case.quote["total_yen"] == 1078  # October, still unpaid
    assert queries.end_date(tanaka_line, "line", "month-end", clock.now).quote == case.quote


def test_a_wish_at_another_price_than_was_shown_is_not_taken(tanaka_line: Line, clock: Clock) -> None:
    shown = queries.end_date(tanaka_line, "line", "month-end", clock.now).quote["total_yen"]
    Bill.objects.filter(line=tanaka_line).update(paid_on=date(2026, 11, 20))
    wish = Ask(tanaka_line.pk, "line", "month-end", shown_yen=shown)
    answer = request_many([wish], carrier=tanaka_line.carrier, channel=Channel.FILE, acting=CLERK, at=clock.now)[0]
    assert answer.refused is not None
    assert answer.refused.code == "quote.changed"
    assert not Termination.objects.exists()


def test_a_price_that_changes_later_does_not_change_the_bill(tanaka_line: Line, clock: Clock) -> None:
    case = ask(tanaka_line, clock, effective="month-end")
    promised = case.quote["total_yen"]
    tanaka_line.plan.monthly_fee_yen = 9999
    tanaka_line.plan.save(update_fields=["monthly_fee_yen"])
    work(clock)
    assert FinalBill.objects.get(case_id=case.pk).total_yen == promised


def test_a_running_case_keeps_the_procedure_it_began_with(
    esim_line: Line, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = ask(esim_line, clock, effective="month-end", channel="portal")
    before = states(case)
    from tojimari.terminations import procedures

    monkeypatch.setattr(procedures, "read_text", lambda text, where: {"broken": True})
    work(clock, forward=False)
    show(case, "review", clock, approved="yes")
    assert set(states(case)) == set(before)


def test_a_carrier_cannot_ask_for_a_neighbours_line(tabi: Carrier, tonari_line: Line, clock: Clock) -> None:
    answers = request_many(
        [Ask(tonari_line.pk, "line", "now")], carrier=tabi, channel=Channel.FILE, acting=CLERK, at=clock.now
    )
    assert answers[0].termination is None
    assert answers[0].refused is not None
    assert answers[0].refused.code == "line.unknown"
    tonari_line.refresh_from_db()
    assert tonari_line.state == "active"
