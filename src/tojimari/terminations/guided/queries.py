"""How does a case at another carrier look now, to the one who has opened it?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError

from tojimari.guide.answers import Answers
from tojimari.guide.directory import carriers
from tojimari.guide.facts import CarrierFacts, LineKind
from tojimari.guide.plan import Plan, PlannedStep, plan
from tojimari.terminations.guided.actions import as_kept
from tojimari.terminations.guided.evidence import Piece, pieces
from tojimari.terminations.guided.fence import saved_code, unseal_for
from tojimari.terminations.guided.models import EvidenceKind, GuidedCase, GuidedStep
from tojimari.terminations.guided.states import Stand, Standing, stand_of, standing


@dataclass(frozen=True, slots=True)
class StepView:
    """One step as it is shown. `planned` is what the plan says of it; None for a step that the plan no longer has."""

    row: GuidedStep
    planned: PlannedStep | None
    stand: Stand
    pieces: Sequence[Piece]
    why_blocked: str = ""

    def title(self, language: str) -> str:
        """Return what it is called."""
        return str(self.row.titles.get(language) or self.row.titles.get("en") or self.row.name)


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as it is shown. `facts` are those it was planned from, never newer ones."""

    case: GuidedCase
    facts: CarrierFacts | None
    plan: Plan | None
    steps: Sequence[StepView]
    standing: Standing
    charges: Sequence[Piece]
    news: str
    """What happened to the carrier's facts since: "" nothing, "corrected", "obsolete" or "gone"."""

    @property
    def may_replan(self) -> bool:
        return self.news in ("", "corrected")


def found_case(reference: str) -> GuidedCase | None:
    """Return the case of the scope that was entered; None where there is none."""
    return GuidedCase.objects.select_related("host").filter(reference=reference).first()


def answers_of(case: GuidedCase) -> Answers:
    """Return what the person answered; nothing at all where it cannot be opened any more."""
    said = unseal_for(case.reference, "answers", bytes(case.answers))
    try:
        return Answers.from_json(json.loads(said)) if said else Answers()
    except (TypeError, ValueError):
        return Answers()


def email_of(case: GuidedCase) -> str:
    """Return where reminders go, or are to go once it is confirmed; empty for nowhere."""
    return unseal_for(case.reference, "email", bytes(case.email))


def code_now(case: GuidedCase, at: datetime) -> str:
    """Return the saved code while it may still be seen, else an empty text."""
    return saved_code(case.reference, bytes(case.nonce)) if at < case.code_shown_until else ""


def news_of(case: GuidedCase) -> str:
    """Say what happened to the facts since the case was planned: nothing, "corrected", "obsolete" or "gone"."""
    now = carriers().get(case.carrier_key)
    if now is None:
        return "gone"
    if as_kept(now)[1] == case.facts_digest:
        return ""
    return "obsolete" if now.obsolete is not None and not case.facts.get("obsolete") else "corrected"


def facts_of(case: GuidedCase) -> CarrierFacts | None:
    """Return the facts as they were; None where this version of the software no longer understands them."""
    try:
        return CarrierFacts.model_validate(case.facts)
    except ValidationError:
        return None


def case_view(case: GuidedCase, at: datetime) -> CaseView:
    """Return the whole case. Three queries."""
    rows = list(GuidedStep.objects.filter(case=case).order_by("number"))
    kept = pieces(case)
    facts = facts_of(case)
    made = plan(facts, LineKind(case.kind), answers_of(case), case.planned_at) if facts is not None else None
    steps = [
        StepView(
            row,
            made.step(row.name) if made is not None else None,
            stand_of(row, at),
            [piece for piece in kept if piece.step == row.number],
            unseal_for(case.reference, f"blocked {row.pk}", bytes(row.why_blocked)),
        )
        for row in rows
    ]
    charges = [piece for piece in kept if piece.kind == EvidenceKind.CHARGE]
    return CaseView(case, facts, made, steps, standing(case, rows, at), charges, news_of(case))
