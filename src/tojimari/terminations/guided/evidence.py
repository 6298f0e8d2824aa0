"""What does a person keep to show that they did a step?

A receipt number, a picture, the mail that came back, a note, and what was charged after the end. Each is kept sealed,
for its place alone, with the time at which we got it and a digest that the record of steps names. All of it goes with
the case, and each piece can be removed at any time.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from django.db import transaction

from tojimari.codes.sealed import seal_bytes, unseal_bytes
from tojimari.platform.acting import Refused
from tojimari.terminations.guided.fence import about
from tojimari.terminations.guided.models import EvidenceKind, GuidedCase, GuidedEvidence, GuidedStep
from tojimari.terminations.guided.pictures import MEDIA_TYPE, redrawn

MOST = 40
"""Pieces in one case."""
LONGEST = {
    EvidenceKind.RECEIPT_NUMBER: 100,
    EvidenceKind.MAIL: 20_000,
    EvidenceKind.NOTE: 2000,
    EvidenceKind.CHARGE: 2000,
}
"""Letters."""
HIGHEST_YEN = 10_000_000


@dataclass(frozen=True, slots=True)
class Charge:
    """What a carrier took, as the person says."""

    on: date
    yen: int
    what: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of evidence as it is shown. `text` is empty for a picture, `charge` set for a charge alone."""

    pk: int
    step: int | None
    kind: str
    kept_at: datetime
    size: int
    sha256: str
    text: str = ""
    charge: Charge | None = None


def add_picture(case: GuidedCase, number: int | None, data: bytes, *, at: datetime) -> GuidedEvidence:
    """Keep what one sees in a photo or screenshot. Raises `Refused`: see `pictures.redrawn`, and `guided.too_much`."""
    picture = redrawn(data)
    return _add(case, number, EvidenceKind.PICTURE, picture.data, MEDIA_TYPE, at)


def add_text(case: GuidedCase, number: int | None, kind: EvidenceKind, text: str, *, at: datetime) -> GuidedEvidence:
    """Keep a receipt number, a pasted mail or a note. Raises `Refused` with `guided.text_too_long` or `.too_much`."""
    words = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if len(words) > LONGEST[kind]:
        raise Refused("guided.text_too_long", most=LONGEST[kind])
    return _add(case, number, kind, words.encode(), "text/plain", at)


def add_charge(case: GuidedCase, charge: Charge, *, at: datetime) -> GuidedEvidence:
    """Keep what the carrier took after the end. Raises `Refused` with `guided.charge_amount` or `guided.too_much`."""
    if not 0 < charge.yen <= HIGHEST_YEN:
        raise Refused("guided.charge_amount", most=HIGHEST_YEN)
    said = {"on": charge.on.isoformat(), "yen": charge.yen, "what": charge.what[:200]}
    return _add(case, None, EvidenceKind.CHARGE, json.dumps(said, ensure_ascii=False).encode(), "application/json", at)


def remove(case: GuidedCase, pk: int) -> bool:
    """Remove one piece for good; return whether it was there."""
    with transaction.atomic(durable=True):
        gone, _ = GuidedEvidence.objects.filter(case=case, pk=pk).delete()
    return gone > 0


def pieces(case: GuidedCase) -> list[Piece]:
    """Return everything that is kept, oldest first. Pictures are not opened. One query."""
    rows = GuidedEvidence.objects.filter(case=case).select_related("step").order_by("pk")
    return [_piece(case, row) for row in rows.defer("step__titles", "step__why_blocked")]


def picture(case: GuidedCase, pk: int) -> bytes | None:
    """Return a picture that is kept, as JPEG; None where there is none."""
    row = GuidedEvidence.objects.filter(case=case, pk=pk, kind=EvidenceKind.PICTURE).first()
    return None if row is None else _opened(case, row)


def _add(
    case: GuidedCase, number: int | None, kind: EvidenceKind, data: bytes, media_type: str, at: datetime
) -> GuidedEvidence:
    with transaction.atomic(durable=True):
        found = GuidedCase.objects.select_for_update().filter(pk=case.pk).first()
        if found is None:
            raise Refused("guided.gone")
        if GuidedEvidence.objects.filter(case=case).count() >= MOST:
            raise Refused("guided.too_much", most=MOST)
        step = None
        if number is not None:
            step = GuidedStep.objects.filter(case=case, number=number).first()
            if step is None:
                raise Refused("guided.no_such_step")
        digest = sha256(data).hexdigest()
        same = GuidedEvidence.objects.filter(case=case, step=step, kind=kind, sha256=digest).first()
        if same is not None:  # sent twice
            return same
        GuidedCase.objects.filter(pk=case.pk).update(touched_at=at)
        return GuidedEvidence.objects.create(
            case=case,
            fence=case.fence,
            step=step,
            kind=kind,
            kept_at=at,
            sealed=seal_bytes(data, about=_place(case, kind, digest)),
            media_type=media_type,
            size=len(data),
            sha256=digest,
        )


def _piece(case: GuidedCase, row: GuidedEvidence) -> Piece:
    said = "" if row.kind == EvidenceKind.PICTURE else (_opened(case, row) or b"").decode()
    charge = None
    if row.kind == EvidenceKind.CHARGE and said:
        kept = json.loads(said)
        charge, said = Charge(date.fromisoformat(kept["on"]), kept["yen"], kept["what"]), ""
    number = row.step.number if row.step is not None else None
    return Piece(row.pk, number, row.kind, row.kept_at, row.size, row.sha256, said, charge)


def _opened(case: GuidedCase, row: GuidedEvidence) -> bytes | None:
    return unseal_bytes(bytes(row.sealed), about=_place(case, row.kind, row.sha256))


def _place(case: GuidedCase, kind: str, digest: str) -> str:
    return about(case.reference, f"{kind} {digest}")
