"""Is what a person shows at the counter enough for the step, and what may we keep of it?

A clerk looks at papers; we keep that they were seen, and nothing that is written in them. No copy, no number, no name,
no line of an MRZ: closing a line needs no new identity record (携帯電話不正利用防止法 asks for one at contract and
transfer). Two exceptions: the last four digits of the card that was paid with, where a carrier asks to see it, and the
name of somebody who acts for the customer, because their deed must be theirs afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256

from tojimari.platform.acting import Refused
from tojimari.platform.work import Evidence, Target
from tojimari.rules import mrz
from tojimari.rules.calendar import jst_date
from tojimari.rules.identifiers import iccid
from tojimari.rules.masking import last4, mask
from tojimari.rules.text import plain

Given = Mapping[str, str]

KINDS: dict[str, tuple[str, ...]] = {
    "passport_or_residence_card": ("passport", "residence_card"),
    "receipt_or_contract": ("receipt", "contract"),
    "card": ("card",),
    "authority": ("authority",),
}
"""Each paper that a procedure can ask for, and what may be shown for it. The field of the form has the paper's name."""

AUTHORITIES = ("letter", "guardian", "family", "company")
"""By what somebody may act for the customer: a signed letter, guardianship, a family register, a company's paper."""

WITH_MRZ = "passport_or_residence_card"

METHODS = ("code_email", "code_sms", "call_check", "at_counter")
"""How somebody may have proved to be the subscriber."""

NOTE_MOST = 2000
STROKES_MOST = 12000
_STROKES = re.compile(r"(M[0-9]{1,3} [0-9]{1,3}(L[0-9]{1,3} [0-9]{1,3})+){1,200}")
"""A signature: lines of the pen on a field of 600 by 200, as an SVG path in whole numbers."""


def check_evidence(step_name: str, target: Target, given: Given, at: datetime, papers: Sequence[str] = ()) -> Evidence:
    """Check what was entered for a person's step, and return what is kept of it.

    `given` has the fields of the step's form (see `fields`), as typed; `papers` is what the carrier's procedure asks
    for at this step. Raises `Refused` with the reason code; `field` in its facts names the field that is meant.
    """
    if step_name == "papers":
        return _papers(given, papers, jst_date(at))
    return _CHECKS[step_name](target, given)


def fields(step_name: str, papers: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the names of the fields that a step's form has."""
    if step_name == "papers":
        document = ("mrz", "not_expired") if WITH_MRZ in papers else ()
        card = ("card_ending",) if "card" in papers else ()
        return (*papers, *document, *card, "note")
    return _FIELDS[step_name]


def _visit(target: Target, given: Given) -> Evidence:
    """The person came. Where is worth keeping when a carrier has more than one shop."""
    _must_be_ticked(given, "came", "counter.not_there")
    return _noted(given, came=True, place=given.get("place", "").strip()[:200])


def _papers(given: Given, papers: Sequence[str], today: date) -> Evidence:
    """Each paper was seen. With an MRZ the check digits and the expiry are computed; without, the clerk has looked."""
    seen: list[dict[str, object]] = []
    for paper in papers:
        kind = given.get(paper, "").strip()
        if kind not in KINDS[paper]:
            raise Refused("counter.paper_missing", field=paper)
        facts: dict[str, object] = {"paper": paper, "kind": kind}
        match paper:
            case "passport_or_residence_card":
                facts |= _document(given, today)
            case "card":
                facts |= _card(given)
        seen.append(facts)
    return _noted(given, papers=seen, **_acting_for(given), **_name(given))


def _card(given: Given) -> dict[str, object]:
    """The card that was paid with: its last four digits where they were typed, never more of it."""
    typed = plain(given.get("card_ending", ""))
    if not typed:
        return {}
    if not re.fullmatch("[0-9]{4}", typed):
        raise Refused("counter.card_digits", field="card_ending")
    return {"ending": typed}


def _acting_for(given: Given) -> dict[str, object]:
    """Somebody acts for the customer: by which paper, and who they are."""
    kind, name = given.get("authority_kind", "").strip(), mask(given.get("authority_name", "").strip())[:200]
    if not kind and not name:
        return {}
    if kind not in AUTHORITIES:
        raise Refused("counter.authority_kind", field="authority_kind")
    if not name:
        raise Refused("counter.authority_name", field="authority_name")
    return {"acted_for_by": {"name": name, "authority": kind}}


def _name(given: Given) -> dict[str, object]:
    """The document's name read otherwise than the one on record, and the clerk has looked. Neither name is kept."""
    return {"name_differs": True} if given.get("name_seen", "").strip() else {}


def _document(given: Given, today: date) -> dict[str, object]:
    """Judge an identity document. The MRZ itself is dropped here and goes no further."""
    lines = given.get("mrz", "").strip()
    if not lines:
        _must_be_ticked(given, "not_expired", "counter.expiry_not_checked")
        return {"not_expired": True, "read_by": "clerk"}
    verdict = mrz.check(lines, today)
    if not verdict.valid:
        raise Refused("counter.mrz_wrong", field="mrz", reason=verdict.code)
    if verdict.facts.get("expired"):
        raise Refused("counter.document_expired", field="mrz")
    return {"not_expired": True, "check_digits": True, "read_by": "mrz"}


def _form(target: Target, given: Given) -> Evidence:
    """The form is signed, on the screen or on paper. Of a signature the evidence keeps the digest."""
    strokes = given.get("strokes", "").strip()
    if not strokes:
        _must_be_ticked(given, "signed", "counter.not_signed")
        return _noted(given, signed=True)
    if len(strokes) > STROKES_MOST or not _STROKES.fullmatch(strokes):
        raise Refused("counter.signature_wrong", field="signed")
    return _noted(given, signed=True, how="screen", signature=sha256(strokes.encode()).hexdigest())


def _return_sim(target: Target, given: Given) -> Evidence:
    """The card is back: its ICCID was scanned or typed. Without a readable card a note must say what became of it."""
    condition = given.get("condition", "returned").strip() or "returned"
    if condition in ("lost", "damaged"):
        if not given.get("note", "").strip():
            raise Refused("counter.note_missing", field="note")
        return _noted(given, condition=condition, **_last_digits(condition, given, target))
    if condition != "returned":
        raise Refused("counter.condition_unknown", field="condition")
    verdict = iccid.check(given.get("iccid", ""))
    if not verdict.valid:
        raise Refused("counter.iccid_wrong", field="iccid", reason=verdict.code)
    if verdict.value != target.iccid:
        raise Refused("counter.other_sim", field="iccid", shown=last4(verdict.value))
    return _noted(given, condition=condition, iccid=last4(verdict.value))


def _last_digits(condition: str, given: Given, target: Target) -> dict[str, object]:
    """The digits that can still be read on a damaged card; they must be of this line's card."""
    typed = re.sub("[^0-9]", "", plain(given.get("iccid", "")))
    if condition == "lost" or not typed:
        return {}
    if len(typed) < 4 or not target.iccid.endswith(typed):
        raise Refused("counter.other_sim", field="iccid", shown=f"…{typed[-4:]}")
    return {"iccid": last4(target.iccid)}


def _review(target: Target, given: Given) -> Evidence:
    """A reviewer looked and agrees. Not agreeing is a rejection of the case, with its own reason code."""
    _must_be_ticked(given, "approved", "counter.not_approved")
    return _noted(given, approved=True)


def _verify(target: Target, given: Given) -> Evidence:
    """Somebody made sure who asks."""
    method = given.get("method", "").strip()
    if method not in METHODS:
        raise Refused("counter.method_missing", field="method")
    return _noted(given, method=method)


def _settle(target: Target, given: Given) -> Evidence:
    """Staff has looked at what is unpaid."""
    how = given.get("unpaid", "").strip()
    if how not in ("none", "paid", "on_final_bill"):
        raise Refused("counter.unpaid_missing", field="unpaid")
    return _noted(given, unpaid=how)


_CHECKS: dict[str, Callable[[Target, Given], Evidence]] = {
    "visit": _visit,
    "form": _form,
    "return_sim": _return_sim,
    "review": _review,
    "verify": _verify,
    "settle": _settle,
}
_FIELDS: dict[str, tuple[str, ...]] = {
    "visit": ("came", "place", "note"),
    "form": ("signed", "note"),
    "return_sim": ("condition", "iccid", "note"),
    "review": ("approved", "note"),
    "verify": ("method", "note"),
    "settle": ("unpaid", "note"),
}


def _must_be_ticked(given: Given, field: str, code: str) -> None:
    if given.get(field, "").strip().lower() not in ("yes", "on", "true", "1"):
        raise Refused(code, field=field)


def _noted(given: Given, **facts: object) -> Evidence:
    """Add the clerk's note. Numbers and passport lines that were typed into it are masked."""
    note = mask(given.get("note", "").strip())[:NOTE_MOST]
    return {**facts, "note": note} if note else facts
