"""What does a person get at the end, or at any time, to show what they did? A record of their steps, signed.

It names the steps, when the person says they did them and when they told us, and the digest of each piece of evidence,
so that a picture kept elsewhere can be shown to be the same. It is no certificate (see `proofs.records`): we saw
nothing of what the carrier did.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tojimari.proofs.content import in_japan
from tojimari.proofs.keys import signer
from tojimari.proofs.records import signed_record
from tojimari.terminations.guided.evidence import Charge, Piece
from tojimari.terminations.guided.models import EvidenceKind
from tojimari.terminations.guided.queries import CaseView, StepView


def record_of(view: CaseView, *, at: datetime) -> dict[str, Any]:
    """Return the signed file."""
    return signed_record(facts_of_record(view), signer(), at=at)


def facts_of_record(view: CaseView) -> Mapping[str, Any]:
    """Return what the record says."""
    case = view.case
    name = view.facts.name if view.facts is not None else None
    return {
        "reference": case.reference,
        "kept_at": in_japan(case.kept_at),
        "carrier": {
            "id": case.carrier_key,
            "name_ja": name.ja if name else case.carrier_key,
            "name_en": name.en if name else case.carrier_key,
            "closing": case.closing_key,
            "facts_sha256": case.facts_digest,
        },
        "kind": case.kind,
        "steps": [_step(step) for step in view.steps],
        "charges_after_the_end": [_charge(piece, piece.charge) for piece in view.charges if piece.charge],
    }


def _step(step: StepView) -> dict[str, Any]:
    row = step.row
    moments = {"due_at": row.due_at, "extended_to": row.extended_to, "done_at": row.done_at, "noted_at": row.noted_at}
    return {
        "number": row.number,
        "name": row.name,
        "title_ja": step.title("ja"),
        "title_en": step.title("en"),
        "actor": row.actor,
        "stand": step.stand.value,
        "not_needed": row.not_needed,
        **{name: in_japan(moment) for name, moment in moments.items() if moment is not None},
        "evidence": [_piece(piece) for piece in step.pieces],
    }


def _piece(piece: Piece) -> dict[str, Any]:
    said = {"receipt_number": piece.text} if piece.kind == EvidenceKind.RECEIPT_NUMBER else {}
    return {
        "kind": piece.kind,
        "kept_at": in_japan(piece.kept_at),
        "size": piece.size,
        "sha256": piece.sha256,
        **said,
    }


def _charge(piece: Piece, charge: Charge) -> dict[str, Any]:
    return {"on": charge.on.isoformat(), "yen": charge.yen, "what": charge.what, "sha256": piece.sha256}
