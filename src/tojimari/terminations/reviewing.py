"""How do staff review a request: take it, approve it, ask back, and wait for the answer?

A review is a step of staff. Approving it is `actions.complete_step`, which asks `approval` here what the rule and the
colleagues say. To ask back gives the step to the subscriber; when they answer it is staff's again, and its `due_at`
moves by as long as it was not theirs: what staff promised counts their own time only. No date of the case moves.

A question and its answer may say anything of a person. They are sealed in the database, and the history names only
which question it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from tojimari.codes.sealed import seal, unseal
from tojimari.platform.acting import Acting, Refused, Role
from tojimari.platform.work import Evidence
from tojimari.rules.canonical import canonical
from tojimari.rules.masking import mask
from tojimari.terminations import letters
from tojimari.terminations.engine.cases import Case, Cases
from tojimari.terminations.judging import STEP, Judged, judged
from tojimari.terminations.models import OPEN_STATES, Actor, CaseState, Question, Step, StepState, Termination
from tojimari.terminations.review_words import OWN, QUESTIONS
from tojimari.terminations.staff_notes import KEY as NOTE

LOOK = timedelta(minutes=10)
"""For how long a request that somebody has taken is theirs alone."""

OWN_MOST = 500
ANSWER_MOST = 1000


# What waits ---------------------------------------------------------------------------------------------------------


def waiting(carrier_id: int) -> QuerySet[Step]:
    """Return the reviews that wait for staff, the longest waiting first. One query."""
    return _reviews(carrier_id).filter(actor=Actor.STAFF)


def with_the_subscriber(carrier_id: int) -> QuerySet[Step]:
    """Return the reviews that wait for an answer of the subscriber, the longest waiting first. One query."""
    return _reviews(carrier_id).filter(actor=Actor.SUBSCRIBER)


def _reviews(carrier_id: int) -> QuerySet[Step]:
    found = Step.objects.filter(
        carrier_id=carrier_id, name=STEP, state=StepState.OPEN, termination__state__in=OPEN_STATES
    ).exclude(actor=Actor.SYSTEM)
    related = ("termination__line__plan", "termination__subscriber", "termination__procedure", "termination__carrier")
    return found.select_related(*related).order_by("due_at", "id")


def _free(acting: Acting, at: datetime) -> Q:
    """Nobody else has taken it, or their time is over."""
    return Q(lease_until__isnull=True) | Q(lease_until__lte=at) | Q(lease_owner=str(acting))


def taken_by_another(step: Step, acting: Acting, at: datetime) -> bool:
    """Say whether a colleague is looking at it now."""
    return step.lease_until is not None and step.lease_until > at and step.lease_owner != str(acting)


def take(*, step: Step, acting: Acting, at: datetime) -> None:
    """Keep a review for oneself for ten minutes. Twice is the same as once, from the second on. Raises `Refused`."""
    mine = Step.objects.filter(_free(acting, at), pk=step.pk, name=STEP, state=StepState.OPEN, actor=Actor.STAFF)
    if mine.update(lease_owner=str(acting), lease_until=at + LOOK) != 1:
        now = Step.objects.get(pk=step.pk)
        raise Refused("review.taken" if taken_by_another(now, acting, at) else "step.not_its_turn")


def take_next(*, carrier_id: int, acting: Acting, at: datetime) -> Step | None:
    """Take the review that waits longest and that this person can decide; None when there is none.

    What they approved already, and two people must, is left to a colleague. Two who ask at once get two different ones.
    """
    with transaction.atomic(durable=True):
        free = waiting(carrier_id).filter(_free(acting, at))
        free = free.exclude(evidence__contains={"approvals": [{"by": str(acting)}]})
        step = free.select_for_update(skip_locked=True, of=("self",)).first()
        if step is not None:
            step.lease_owner, step.lease_until = str(acting), at + LOOK
            step.save(update_fields=("lease_owner", "lease_until"))
    return step


def answered_steps(step_ids: Sequence[int]) -> set[int]:
    """Return those of the steps about which the subscriber was asked and answered, or was no longer waited for."""
    asked = Question.objects.filter(step_id__in=step_ids, answered_at__isnull=False)
    return set(asked.values_list("step_id", flat=True))


# What is seen -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its answer, opened for reading. `answer` is empty while there is none, or none came."""

    question: Question
    text: str
    answer: str


@dataclass(frozen=True, slots=True)
class Look:
    """Everything that a reviewer decides by. `seen` names exactly this state; a decision sends it back."""

    judged: Judged
    asked: Sequence[Asked]
    approvals: Sequence[Mapping[str, Any]]
    seen: str


def look(step: Step) -> Look:
    """Return what there is to see of a review now. Five queries."""
    found = judged([step.termination_id])[step.termination_id]
    asked = [_opened(question, step) for question in step.questions.order_by("asked_at", "pk")]
    approvals = step.evidence.get("approvals", [])
    return Look(found, asked, approvals, _seen(found, approvals, asked))


def _seen(found: Judged, approvals: Sequence[Mapping[str, Any]], asked: Sequence[Asked]) -> str:
    state = [found.evidence, list(approvals), [[one.question.pk, one.answer] for one in asked]]
    return sha256(canonical(state)).hexdigest()[:24]


def _about(step: Step, what: str) -> str:
    return f"{what} of step {step.pk}"


def _opened(question: Question, step: Step) -> Asked:
    answer = unseal(bytes(question.answer), about=_about(step, "answer")) if question.answer else ""
    return Asked(question, text_of(question, step), answer or "")


def text_of(question: Question, step: Step) -> str:
    """Return what is asked: a question of the list in the language of now, staff's own words as they wrote them."""
    if question.code != OWN:
        return str(QUESTIONS.get(question.code, question.code))
    return unseal(bytes(question.text), about=_about(step, "question")) or gettext("This text was wiped.")


def open_question(case: Termination) -> Question | None:
    """Return the question that a case waits for its subscriber to answer. One query."""
    if not case.is_open or case.state == CaseState.HELD:
        return None
    asked = Question.objects.filter(step__termination=case, step__state=StepState.OPEN, answered_at__isnull=True)
    return asked.select_related("step").first()


# Approving ----------------------------------------------------------------------------------------------------------


def approval(step: Step, shown: Evidence, given: Mapping[str, str], acting: Acting, at: datetime) -> Evidence:
    """Return the evidence of a review that this person approves now, in the transaction that holds its case.

    Raises `Refused`: `step.not_yours`, `step.not_its_turn` while the subscriber is asked, `review.taken`,
    `review.changed` when the page that was decided on is stale, `review.second_person`.
    """
    if acting.role != Role.STAFF:
        raise Refused("step.not_yours")
    if step.actor != Actor.STAFF:
        raise Refused("step.not_its_turn")
    if taken_by_another(step, acting, at):
        raise Refused("review.taken")
    now = look(step)
    two_people = bool(now.judged.judgement.two_people)
    if two_people and any(one["by"] == str(acting) for one in now.approvals):
        raise Refused("review.second_person")
    if given.get("seen", now.seen) != now.seen:
        raise Refused("review.changed")
    mine = {"by": str(acting), "name": acting.name, "at": at.isoformat(), NOTE: str(shown.get(NOTE, ""))}
    return {**now.judged.evidence, **shown, "approvals": [*now.approvals, mine], "questions": len(now.asked)}


def is_decided(evidence: Evidence) -> bool:
    """Say whether nobody else has to approve: two people must where one of the findings asks for it."""
    findings = {finding["code"] for finding in evidence["findings"]}
    return len(evidence["approvals"]) > 1 or not findings & set(evidence["rule"]["four_eyes"])


def await_second(cases: Cases, case: Case, step: Step, evidence: Evidence, acting: Acting, at: datetime) -> None:
    """Keep a first approval, and let the step go to a colleague."""
    kept = {key: fact for key, fact in evidence.items() if key not in ("approved", "by", NOTE)}
    Step.objects.filter(pk=step.pk).update(evidence=kept, lease_owner="", lease_until=None)
    cases.note(case, "review.first_approval", actor=acting, at=at, step=step.name)


# Asking back --------------------------------------------------------------------------------------------------------


def ask_back(*, step: Step, code: str, text: str = "", acting: Acting, at: datetime) -> Question:
    """Ask the subscriber a question of the list, or with the code "own" one in staff's words; the step is then theirs.

    They are told by mail and see it on the page of their case. Asking the same twice is the same as once. Raises
    `Refused`: `review.question_missing`, `review.taken`, `step.not_its_turn`.
    """
    own = mask(text.strip())[:OWN_MOST] if code == OWN else ""
    if code not in QUESTIONS and not own:
        raise Refused("review.question_missing", field="text" if code == OWN else "code")
    with transaction.atomic(durable=True):
        cases, case, now = _locked(step)
        if now.actor == Actor.SUBSCRIBER:
            open_now = now.questions.filter(answered_at__isnull=True, code=code, asked_by=str(acting)).first()
            if open_now is not None and (code != OWN or text_of(open_now, now) == own):
                return open_now
            raise Refused("step.not_its_turn")
        if taken_by_another(now, acting, at):
            raise Refused("review.taken")
        question = Question.objects.create(
            carrier_id=now.carrier_id,
            step=now,
            code=code,
            text=seal(own, about=_about(now, "question")) if own else b"",
            asked_at=at,
            asked_by=str(acting),
        )
        Step.objects.filter(pk=now.pk).update(actor=Actor.SUBSCRIBER, lease_owner="", lease_until=None)
        cases.note(case, "review.asked", actor=acting, at=at, step=now.name, question=code)
        letters.question(case.id, question.pk, own or QUESTIONS[code], at=at)
        cases.save()
    return question


def answer(*, question: Question, text: str, proved: bool, acting: Acting, at: datetime) -> None:
    """Take the subscriber's answer; the step is staff's again. `proved`: they have just shown a code.

    Sending the same answer twice is the same as once. Raises `Refused`: `review.answer_missing`, `review.no_question`.
    """
    said = mask(text.strip())[:ANSWER_MOST]
    if not said:
        raise Refused("review.answer_missing", field="answer")
    with transaction.atomic(durable=True):
        cases, case, step = _locked(question.step, refusal="review.no_question")
        now = step.questions.filter(pk=question.pk).get()
        if now.answered_at is not None:
            if _opened(now, step).answer == said:
                return
            raise Refused("review.no_question")
        sealed = seal(said, about=_about(step, "answer"))
        _back_to_staff(step, now, acting, at, answer=sealed, proved=proved)
        cases.note(case, "review.answered", actor=acting, at=at, step=step.name, question=now.code)
        cases.save()


def stop_waiting(*, step: Step, acting: Acting, at: datetime) -> None:
    """Go on without an answer: the subscriber told it on the phone, or does not answer. Twice is the same as once."""
    with transaction.atomic(durable=True):
        cases, case, now = _locked(step)
        question = now.questions.filter(answered_at__isnull=True).first()
        if question is None:
            return
        _back_to_staff(now, question, acting, at)
        cases.note(case, "review.not_waiting", actor=acting, at=at, step=now.name, question=question.code)
        cases.save()


def _back_to_staff(step: Step, question: Question, acting: Acting, at: datetime, **found: Any) -> None:
    """End a question; the promise of staff is moved by the time that was not theirs."""
    Question.objects.filter(pk=question.pk).update(answered_at=at, answered_by=str(acting), **found)
    due_at = step.due_at + (at - question.asked_at) if step.due_at is not None else at
    Step.objects.filter(pk=step.pk).update(actor=Actor.STAFF, due_at=due_at)


def _locked(step: Step, *, refusal: str = "step.not_its_turn") -> tuple[Cases, Case, Step]:
    """Lock the case of a review that waits for somebody, and read the step anew."""
    cases = Cases([step.termination_id])
    case, now = cases[step.termination_id], Step.objects.get(pk=step.pk)
    if case.state == CaseState.HELD:
        raise Refused("termination.held")
    if now.name != STEP or now.state != StepState.OPEN or case.finished or now.actor == Actor.SYSTEM:
        raise Refused(refusal)
    return cases, case, now
