"""Where stands what a member of staff noted at a step?

Evidence goes into the history and the certificate, which are for ever, and people write names into notes. So the note
lies sealed in a row of its own until its time is over, and the evidence has its salted SHA-256. What somebody attests
is another thing: that goes into the certificate with their name, and the page says so.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from hashlib import sha256

from tojimari.codes.sealed import seal, unseal
from tojimari.platform.work import Evidence
from tojimari.terminations.models import StaffNote, Step

KEY = "note_sha256"
"""Stands in evidence where a note was written."""


def without_note(step: Step, evidence: Evidence, at: datetime) -> Evidence:
    """Keep the note apart, in the caller's transaction, and return the evidence with its salted SHA-256 instead.

    The salt goes when the note goes: what is left then says nothing, and no guess at it can be tried.
    """
    if not evidence.get("note"):
        return evidence
    salt, note = secrets.token_bytes(32), str(evidence["note"])
    digest = sha256(salt + b":" + note.encode()).hexdigest()
    sealed = seal(note, about=_about(step.pk))
    StaffNote.objects.create(carrier_id=step.carrier_id, step=step, note=sealed, salt=salt, digest=digest, noted_at=at)
    return {**{name: fact for name, fact in evidence.items() if name != "note"}, KEY: digest}


def notes_of(case_id: int) -> dict[str, str]:
    """Return what staff noted at the steps of a case, by the digest in the evidence. What is erased is left out.

    One query.
    """
    notes = StaffNote.objects.filter(step__termination_id=case_id).exclude(note=b"")
    return {one.digest: unseal(bytes(one.note), about=_about(one.step_id)) or "" for one in notes}


def _about(step_id: int) -> str:
    return f"note at step {step_id}"
