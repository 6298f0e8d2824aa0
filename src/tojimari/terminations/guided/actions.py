"""What can a person do with their case at another carrier?

Keep a plan, note what they did, say what stands in the way, have it planned anew, give it up, delete it. The only
writes of a guided case. Each runs in the scope of its case (`fence.inside`); nobody's name is needed for any.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.translation import override

from tojimari.codes import actions as codes
from tojimari.guide.answers import Answers
from tojimari.guide.facts import CarrierFacts, LineKind
from tojimari.guide.losses import Yen
from tojimari.guide.plan import Plan, PlannedStep, plan
from tojimari.messages.models import Message
from tojimari.platform.acting import Refused
from tojimari.platform.database.scope import carrier_scope
from tojimari.rules.canonical import canonical
from tojimari.terminations.guided.fence import fence_of, inside, seal_for, subject_of
from tojimari.terminations.guided.models import GuidedCase, GuidedEnd, GuidedStep
from tojimari.terminations.references import new_reference

CODE_SHOWN_FOR = timedelta(hours=1)
LONGEST_WORDS = 1000
LANGUAGES = ("ja", "en", "zh-hans", "zh-hant")
_LATEST = timedelta(days=366 * 2)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person wants to keep: the plan for one kind of line at one carrier."""

    facts: CarrierFacts
    kind: LineKind
    answers: Answers
    language: str
    zone: str = ""
    host_id: int | None = None


def as_kept(facts: CarrierFacts) -> tuple[dict[str, Any], str]:
    """Return facts as a case keeps them, and the digest by which a correction is noticed."""
    body = facts.model_dump(mode="json", by_alias=True, exclude_none=True)
    return body, sha256(canonical(body)).hexdigest()


def keep(wish: Wish, *, at: datetime) -> GuidedCase:
    """Keep the plan as a case, and return it. It has a fresh reference and a saved code."""
    reference = new_reference()
    fence = fence_of(reference)
    made = plan(wish.facts, wish.kind, wish.answers, at)
    body, digest = as_kept(wish.facts)
    with inside(reference), transaction.atomic(durable=True):
        case = GuidedCase.objects.create(
            fence=fence,
            reference=reference,
            nonce=secrets.token_bytes(16),
            code_shown_until=at + CODE_SHOWN_FOR,
            host_id=wish.host_id,
            carrier_key=wish.facts.id,
            closing_key=made.closing_ids[0] if made.closing_ids else "",
            kind=wish.kind,
            facts=body,
            facts_digest=digest,
            answers=seal_for(reference, "answers", json.dumps(wish.answers.to_json())),
            planned_at=at,
            language=wish.language,
            zone=wish.zone,
            kept_at=at,
            touched_at=at,
        )
        GuidedStep.objects.bulk_create(
            GuidedStep(case=case, fence=fence, number=number, name=step.id, **_of_plan(step))
            for number, step in enumerate(made.steps, 1)
        )
    return case


def plan_anew(case: GuidedCase, *, facts: CarrierFacts, answers: Answers, at: datetime) -> Plan:
    """Plan what is left from today and from these facts. What was done, and every piece of evidence, stays."""
    made = plan(facts, LineKind(case.kind), answers, at)
    body, digest = as_kept(facts)
    with transaction.atomic(durable=True):
        case = _locked(case)
        had = {step.name: step for step in case.steps.all()}
        for place, step in enumerate(had.values()):  # out of the way: places are taken anew
            GuidedStep.objects.filter(pk=step.pk).update(number=10_000 + place)
        for number, planned in enumerate(made.steps, 1):
            _place(case, had.pop(planned.id, None), planned, number)
        for step in had.values():
            if step.done_at is None and not step.evidence.exists():
                step.delete()
        rest = GuidedStep.objects.filter(case=case, number__gte=10_000).order_by("number")
        for number, left in enumerate(rest, len(made.steps) + 1):
            GuidedStep.objects.filter(pk=left.pk).update(number=number, due_at=None, not_needed=left.done_at is None)
        case.facts, case.facts_digest, case.planned_at = body, digest, at
        case.answers = seal_for(case.reference, "answers", json.dumps(answers.to_json()))
        case.closing_key = made.closing_ids[0] if made.closing_ids else ""
        case.save(update_fields=["facts", "facts_digest", "planned_at", "answers", "closing_key"])
        _touched(case, at)
    return made


def _place(case: GuidedCase, had: GuidedStep | None, planned: PlannedStep, number: int) -> None:
    told = _of_plan(planned)
    if had is None:
        GuidedStep.objects.create(case=case, fence=case.fence, number=number, name=planned.id, **told)
        return
    if had.is_over:
        told = {}
    else:
        told |= {"extended_to": None, "blocked_at": None, "why_blocked": b""}
    GuidedStep.objects.filter(pk=had.pk).update(number=number, **told)


def _of_plan(step: PlannedStep) -> dict[str, Any]:
    """What a row keeps of a planned step."""
    due = step.due
    return {
        "actor": step.actor,
        "titles": {language: _in(language, step) for language in LANGUAGES},
        "not_before": step.not_before,
        "due_at": due.last_moment if due is not None else None,
        "missing_yen": due.missing.amount if due is not None and isinstance(due.missing, Yen) else None,
    }


def _in(language: str, step: PlannedStep) -> str:
    with override(language):
        return str(step.title)


def mark_done(case: GuidedCase, number: int, *, done_at: datetime, at: datetime) -> None:
    """Note that a step was done at `done_at`. Raises `Refused` with `guided.in_the_future` or `guided.ended`."""
    if done_at > at + timedelta(minutes=5):
        raise Refused("guided.in_the_future")
    _change(case, number, at, done_at=done_at, noted_at=at, not_needed=False, blocked_at=None, why_blocked=b"")


def mark_not_needed(case: GuidedCase, number: int, *, at: datetime) -> None:
    """Note that this step does not apply to the person."""
    _change(case, number, at, not_needed=True, noted_at=at, blocked_at=None, why_blocked=b"")


def open_again(case: GuidedCase, number: int, *, at: datetime) -> None:
    """Take back that a step is done, not needed or blocked. Its evidence stays."""
    _change(case, number, at, done_at=None, noted_at=None, not_needed=False, blocked_at=None, why_blocked=b"")


def extend(case: GuidedCase, number: int, *, to: datetime, at: datetime) -> None:
    """Note the later moment that the carrier granted. Raises `Refused` with `guided.extended_to_the_past` or `_far`."""
    if to <= at:
        raise Refused("guided.extended_to_the_past")
    if to > at + _LATEST:
        raise Refused("guided.extended_too_far")
    _change(case, number, at, extended_to=to, blocked_at=None, why_blocked=b"")


def block(case: GuidedCase, number: int, *, why: str, at: datetime) -> None:
    """Note that the person was not let do it, in their own words."""
    step = GuidedStep.objects.filter(case=case, number=number).first()
    if step is None:
        raise Refused("guided.no_such_step")
    sealed = seal_for(case.reference, f"blocked {step.pk}", why[:LONGEST_WORDS])
    _change(case, number, at, blocked_at=at, why_blocked=sealed)


def give_up(case: GuidedCase, *, at: datetime) -> None:
    """Stop following it. Nothing is sent about it any more; it can be taken up again."""
    _end(case, GuidedEnd.GIVEN_UP, at)


def take_up_again(case: GuidedCase, *, at: datetime) -> None:
    """Go on with a case that was given up or fell silent."""
    with transaction.atomic(durable=True):
        case = _locked(case)
        case.ended, case.ended_at = "", None
        case.save(update_fields=["ended", "ended_at"])
        _touched(case, at)


def delete(case: GuidedCase) -> None:
    """Delete the case with its steps, its evidence and the mails about it. Nothing is left, and no way back."""
    with transaction.atomic(durable=True):
        _delete(case)


def _delete(case: GuidedCase) -> None:
    if case.host_id is not None:
        with carrier_scope(case.host_id):
            Message.objects.filter(carrier_id=case.host_id, reference=case.reference).delete()
            codes.forget([subject_of(case.reference)])
    case.delete()


def _end(case: GuidedCase, ended: GuidedEnd, at: datetime) -> None:
    with transaction.atomic(durable=True):
        case = _locked(case)
        case.ended, case.ended_at = ended, at
        case.save(update_fields=["ended", "ended_at"])


def _change(case: GuidedCase, number: int, at: datetime, **values: object) -> None:
    """Change one step, and see whether it was the last one. Refuses where the case was given up."""
    with transaction.atomic(durable=True):
        case = _locked(case)
        if case.ended in (GuidedEnd.GIVEN_UP, GuidedEnd.SILENT):
            raise Refused("guided.ended")
        if not GuidedStep.objects.filter(case=case, number=number).update(**values):
            raise Refused("guided.no_such_step")
        steps = list(GuidedStep.objects.filter(case=case))
        over = bool(steps) and all(step.is_over for step in steps)
        ended = GuidedEnd.DONE if over else ""
        if ended != case.ended:
            case.ended, case.ended_at = ended, at if over else None
            case.save(update_fields=["ended", "ended_at"])
        _touched(case, at)


def _locked(case: GuidedCase) -> GuidedCase:
    """Return the row under a lock; a case that was deleted meanwhile is refused like one that never was."""
    found = GuidedCase.objects.select_for_update().filter(pk=case.pk).first()
    if found is None:
        raise Refused("guided.gone")
    return found


def _touched(case: GuidedCase, at: datetime) -> None:
    GuidedCase.objects.filter(pk=case.pk).update(touched_at=at)
