"""What can people do with a case? The verbs of the trade; nothing else writes one, but the engine.

Each verb is one durable transaction: it locks the case, checks that its turn has come, writes step, books and history
together, and rings for the workers. `at` is an aware instant; `acting` is who does it. `Refused` says why not.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from tojimari.counter.papers import check_evidence
from tojimari.lines.models import Line
from tojimari.platform.acting import Acting, Refused, Role
from tojimari.platform.work import Evidence, verb_of
from tojimari.rules.masking import mask
from tojimari.terminations import ends, handed_over, letters, reviewing
from tojimari.terminations.bell import ring
from tojimari.terminations.engine import books, early, putting_back
from tojimari.terminations.engine.cases import Case, Cases
from tojimari.terminations.engine.putting_back import RESTORE
from tojimari.terminations.engine.record import advance, digest, open_next
from tojimari.terminations.intake import Ask, request_many
from tojimari.terminations.judging import STEP as REVIEW
from tojimari.terminations.models import Actor, CaseState, Channel, Step, StepState, Termination
from tojimari.terminations.procedures import spec
from tojimari.terminations.review_words import TAKEN_BACK
from tojimari.terminations.screens import Screen
from tojimari.terminations.staff_notes import without_note
from tojimari.terminations.words import REJECTIONS

PEOPLE_STATES = (StepState.OPEN, StepState.BY_HAND, StepState.STUCK)
PRESENT_STATES = (*PEOPLE_STATES, StepState.CLAIMED, StepState.PAUSED)


def request(
    *,
    line: Line,
    scope: str,
    effective: str,
    channel: Channel,
    acting: Acting,
    at: datetime,
    reason: str = "",
    language: str = "",
    proof: Evidence | None = None,
    shown_yen: int | None = None,
    shown: Screen | None = None,
) -> Termination:
    """Open the case that ends `scope` on a line, or return the one that is open already. Raises `Refused`."""
    ask = Ask(line.pk, scope, effective, reason, language, proof or {}, shown_yen, shown=shown)
    answer = request_many([ask], carrier=line.carrier, channel=channel, acting=acting, at=at)[0]
    if answer.termination is None:
        raise answer.refused or Refused("line.unknown")
    return answer.termination


def complete_step(*, step: Step, given: Mapping[str, str], acting: Acting, at: datetime) -> None:
    """Complete a person's step, or attest by name what was done by hand where the system could not.

    Doing it twice is refused with `step.not_its_turn` the second time, and changes nothing. A review that two people
    must approve stays open after the first one.
    """
    with transaction.atomic(durable=True):
        cases = Cases([step.termination_id])
        case, now = cases[step.termination_id], Step.objects.get(pk=step.pk)
        if case.state in (CaseState.HELD, CaseState.WITHDRAWING) and verb_of(now.name) != RESTORE:
            raise Refused("termination.held" if case.state == CaseState.HELD else "termination.withdrawing")
        by_hand = now.actor == Actor.SYSTEM
        allowed = (StepState.BY_HAND, StepState.STUCK) if by_hand else (StepState.OPEN,)
        if now.state not in allowed:
            raise Refused("step.not_its_turn")
        if acting.role != Role.STAFF and (by_hand or now.actor != acting.role):
            raise Refused("step.not_yours")
        evidence = _attested(now, given, acting, at) if by_hand else _shown(now, given, acting, at)
        if not by_hand:
            evidence = without_note(now, evidence, at)
        if now.name == REVIEW and not by_hand:
            evidence = reviewing.approval(now, evidence, given, acting, at)
            if not reviewing.is_decided(evidence):
                reviewing.await_second(cases, case, now, evidence, acting, at)
                cases.save()
                return
        if not by_hand:
            evidence = handed_over.without_name(now, evidence, at)
            handed_over.keep(now, evidence, given, acting, at)
        _finish(cases, case, now, evidence, acting, at)
        cases.save()
        ring()


def _shown(step: Step, given: Mapping[str, str], acting: Acting, at: datetime) -> Evidence:
    """Check what a person shows for their step: papers, the returned SIM, a review."""
    target = step.termination.line.target
    papers = spec(step.termination.procedure).step(step.name).papers
    evidence = {**check_evidence(step.name, target, given, at, papers), "by": acting.name or str(acting)}
    return {**evidence, **handed_over.words_signed(step)}


def _attested(step: Step, given: Mapping[str, str], acting: Acting, at: datetime) -> Evidence:
    """Take a named person's word for a deed that no element can confirm. Without a note there is no attestation."""
    note = given.get("note", "").strip()
    if not note:
        raise Refused("step.note_missing")
    if not acting.name:
        raise Refused("step.name_missing")
    attested = {
        "attested_by": acting.name,
        "attested_at": at.isoformat(),
        "note": mask(note)[:2000],
        "reference": mask(given.get("reference", "").strip())[:200],
    }
    return {**step.evidence, **attested}


def _finish(cases: Cases, case: Case, step: Step, evidence: Evidence, acting: Acting, at: datetime) -> None:
    """Mark a step done that is still in the state it was read in, and move the case on."""
    updated = Step.objects.filter(pk=step.pk, state=step.state).update(
        state=StepState.DONE,
        evidence=dict(evidence),
        code="",
        done_at=at,
        done_by=str(acting),
        lease_owner="",
        lease_until=None,
    )
    if updated != 1:  # a worker was first: the case is locked, but a claim locks steps alone
        raise Refused("step.not_its_turn")
    name = "step.attested" if "attested_by" in evidence else "step.done"
    cases.note(case, name, actor=acting, at=at, step=step.name, digest=digest(evidence))
    books.after(step.name, cases, [case], at=at)
    advance(cases, putting_back.going_on([case]) if verb_of(step.name) == RESTORE else [case], at=at)


def withdraw(*, termination: Termination, acting: Acting, at: datetime, reason: str = "") -> None:
    """Take a case back, until the point of no return. What the network was told already is put right again.

    Withdrawing twice is the same as once. A person needs no reason; staff, who do it in the person's place, give one of
    `TAKEN_BACK`. Raises `Refused` when the line is already being removed, or the case is over.
    """
    if acting.role == Role.STAFF and reason not in TAKEN_BACK:
        raise Refused("termination.unknown_reason", field="reason")
    with transaction.atomic(durable=True):
        cases = Cases([termination.pk])
        case = cases[termination.pk]
        if case.state in (CaseState.CANCELLED, CaseState.WITHDRAWING):
            return
        touched = putting_back.bars_told(termination.pk)
        _give_back(case)
        cases.note(
            case, "termination.withdrawal_requested", actor=acting, at=at, **({"code": reason} if reason else {})
        )
        if touched:
            _restore_later(case, at)
        else:
            books.given_back(cases, case, at=at)
        cases.save()
        ring()


def reject(*, termination: Termination, code: str, acting: Acting, at: datetime) -> None:
    """End a case that must not go on, with a reason code that has a way on; only before the network was touched."""
    if code not in REJECTIONS:
        raise Refused("termination.unknown_reason", reason=code)
    with transaction.atomic(durable=True):
        cases = Cases([termination.pk])
        case = cases[termination.pk]
        if putting_back.bars_told(termination.pk):
            raise Refused("termination.already_begun")
        _give_back(case)
        case.code = code
        cases.note(case, "termination.rejected", actor=acting, at=at, code=code)
        books.given_back(cases, case, at=at, state=CaseState.REJECTED)
        cases.save()


def hold(*, termination: Termination, code: str, acting: Acting, at: datetime) -> None:
    """Stop a case where it stands, for a reason. Neither `requested_at` nor the end of the contract moves.

    Raises `Refused` while elements put the line back: no line is left on at one of them and off at another.
    """
    with transaction.atomic(durable=True):
        cases = Cases([termination.pk])
        case = cases[termination.pk]
        if case.state not in (CaseState.ACKNOWLEDGED, CaseState.IN_PROGRESS):
            raise Refused("termination.not_running")
        if putting_back.under_way(case):
            raise Refused("termination.just_now")
        Step.objects.filter(termination_id=case.id, state__in=PEOPLE_STATES).update(state=StepState.PAUSED)
        case.state, case.code = CaseState.HELD, code
        cases.note(case, "termination.held", actor=acting, at=at, code=code)
        cases.save()


def resume(*, termination: Termination, acting: Acting, at: datetime) -> None:
    """Let a held case go on from the step where it stood. What was stuck is tried again."""
    with transaction.atomic(durable=True):
        cases = Cases([termination.pk])
        case = cases[termination.pk]
        if case.state != CaseState.HELD:
            raise Refused("termination.not_held")
        paused = Step.objects.filter(termination_id=case.id, state=StepState.PAUSED)
        anew = any([putting_back.begin_again(step) for step in paused.exclude(putting_back.OF_RESTORE)])
        # The date stands: a step that waits for the end of the contract goes on waiting for it.
        paused.update(state=StepState.OPEN)
        case.state, case.code = CaseState.IN_PROGRESS, ""
        cases.note(case, "termination.resumed", actor=acting, at=at)
        cases.save()
        if anew:
            open_next([case], at=at)
        ring()


def retry(*, step: Step, acting: Acting, at: datetime) -> None:
    """Let the system try a stuck step again, now."""
    with transaction.atomic(durable=True):
        cases = Cases([step.termination_id])
        case = cases[step.termination_id]
        stuck = Step.objects.filter(pk=step.pk, state=StepState.STUCK)
        if not stuck.exists():
            raise Refused("step.not_stuck")
        if case.state == CaseState.HELD:
            raise Refused("termination.held")
        if verb_of(step.name) != RESTORE and putting_back.under_way(case):
            raise Refused("termination.just_now")
        if putting_back.begin_again(stuck.get()):
            open_next([case], at=at)
        else:
            stuck.update(state=StepState.OPEN, due_at=at)
        cases.note(case, "step.retried", actor=acting, at=at, step=step.name)
        cases.save()
        ring()


def change_end(
    *, termination: Termination, effective: str, acting: Acting, at: datetime, shown_yen: int | None = None
) -> Termination:
    """Let a case end on another day that the carrier offers, while the network has not been touched; return the case.

    `requested_at` stays. `effective` is judged at `at` by the procedure the case began with, and the yen are reckoned
    anew: `shown_yen` is what the person saw, and when it is not what the new end costs, nothing is changed. Asking
    twice is the same as once. Raises `Refused`: `quote.changed`, `termination.end_over`, `termination.end_fixed`, or
    why that end cannot be had.
    """
    with transaction.atomic(durable=True):
        cases = Cases([termination.pk])
        case = cases[termination.pk]
        fresh = Termination.objects.select_related("line__plan", "procedure", "carrier").get(pk=case.id)
        _check_running(case)
        end = ends.end_for(fresh, effective, at)
        if end.is_end_of(fresh):
            return fresh
        ends.check_movable(case, at)
        if shown_yen is not None and shown_yen != end.quote.get("total_yen", 0):
            raise Refused("quote.changed", shown_yen=shown_yen, total_yen=end.quote.get("total_yen", 0))
        ends.move(case, end)
        note = {"effective": end.effective, "ends_at": end.ends_at.isoformat(), "instead_of": fresh.ends_at.isoformat()}
        cases.note(case, "termination.end_changed", actor=acting, at=at, **note, quote=digest(end.quote))
        cases.save()
        fresh.refresh_from_db(fields=("effective", "ends_at", "quote", "state"))
        letters.end_changed(fresh, at=at)
        ring()
    return fresh


def stop_early(*, termination: Termination, acting: Acting, at: datetime) -> None:
    """Switch the line off as soon as its turn comes, and let the contract end on its day all the same.

    The steps of people come first, as always. Neither `requested_at` nor the end nor a yen moves. Asking twice is the
    same as once. Raises `Refused` where the element cannot do it, or the end has come.
    """
    with transaction.atomic(durable=True):
        cases = Cases([termination.pk])
        case, found = cases[termination.pk], early.early_of(termination.pk)
        _check_running(case)
        if found.being_restored:
            raise Refused("termination.just_now")
        if found.asked:
            return
        if case.scope != books.LINE or at >= case.ends_at or not found.possible:
            raise Refused("termination.not_stoppable")
        early.stop(found, at=at)
        cases.note(case, "termination.stop_asked", actor=acting, at=at)
        cases.save()
        ring()


def start_again(*, termination: Termination, acting: Acting, at: datetime) -> None:
    """Undo `stop_early`: the line is on again until its contract ends, on the day that it had.

    What the network was told is put right by the element. Asking twice is the same as once. Raises `Refused` when
    nothing was stopped, the end has come, or a worker is switching the line off at this very moment.
    """
    with transaction.atomic(durable=True):
        cases = Cases([termination.pk])
        case, found = cases[termination.pk], early.early_of(termination.pk)
        _check_running(case)
        if found.being_restored:
            return
        if not found.asked:
            raise Refused("termination.not_stopped")
        if at >= case.ends_at:
            raise Refused("termination.end_has_come")
        if putting_back.bars_told(termination.pk):
            _restore_before_the_end(case, found, at)
        elif early.undo(found):
            open_next([case], at=at)
        cases.note(case, "termination.start_asked", actor=acting, at=at)
        cases.save()
        ring()


def _check_running(case: Case) -> None:
    if case.state == CaseState.HELD:
        raise Refused("termination.held")
    if case.state not in (CaseState.ACKNOWLEDGED, CaseState.IN_PROGRESS):
        raise Refused("termination.withdrawing" if case.withdrawing else "termination.over")


def _restore_before_the_end(case: Case, found: early.Early, at: datetime) -> None:
    """Let the element put the line back now; a worker that is just barring it cannot be overtaken."""
    bars = [bar.pk for bar in found.bars]
    if Step.objects.filter(pk__in=bars, state=StepState.CLAIMED).exists():
        raise Refused("termination.just_now")
    told = putting_back.bars_told(case.id)
    if not early.make_way(found):
        raise Refused("termination.end_has_come")
    putting_back.add(case, told, open_at=at)


def _give_back(case: Case) -> None:
    """Cancel every step but a "bar" that a worker holds. Raises `Refused` past the point of no return.

    A worker that is just claiming a step is waited for. What it holds before "bar" leaves no trace outside: its answer
    is dropped when it comes.
    """
    if case.finished or case.withdrawing:
        raise Refused("termination.over")
    steps = Step.objects.filter(termination_id=case.id)
    present = steps.filter(state__in=(StepState.WAITING, *PRESENT_STATES)).exclude(no_return=True, attempts__gt=0)
    present.exclude(putting_back.OF_BAR, state=StepState.CLAIMED).update(state=StepState.CANCELLED, lease_owner="")
    if steps.filter(no_return=True, attempts__gt=0).exists():
        raise Refused("termination.no_return")


def _restore_later(case: Case, at: datetime) -> None:
    """Add the steps that put the network right; they wait for a worker that is just barring the line."""
    bars = putting_back.bars_told(case.id)
    putting_back.add(case, bars)
    case.state = CaseState.WITHDRAWING
    if not any(bar.state == StepState.CLAIMED for bar in bars):
        open_next([case], at=at)
