"""Is what a person shows at the counter enough for the step, and what may we keep of it?

A clerk looks at papers; we keep that they were seen, and nothing that is written in them. No copy, no number, no name,
no line of an MRZ: closing a line needs no new identity record (携帯電話不正利用防止法 asks for one at contract and
transfer).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from tojimari.platform.acting import Refused
from tojimari.platform.work import Evidence, Target
from tojimari.rules import mrz
from tojimari.rules.calendar import jst_date
from tojimari.rules.identifiers import iccid
from tojimari.rules.masking import last4, mask

Given = Mapping[str, str]

KINDS: dict[str, tuple[str, ...]] = {
    "passport_or_residence_card": ("passport", "residence_card"),
    "receipt_or_contract": ("receipt", "contract"),
    "card": ("card",),
    "authority": ("authority",),
}
"""Each paper that a procedure can ask for, and what may be shown for it. The field of the form has the paper's name."""

WITH_MRZ = "passport_or_residence_card"

METHODS = ("code_email", "code_sms", "call_check", "at_counter")
"""How somebody may have proved to be the subscriber."""

NOTE_MOST = 2000


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
        return (*papers, "mrz", "not_expired", "note") if WITH_MRZ in papers else (*papers, "note")
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
        seen.append(facts | _document(given, today) if paper == WITH_MRZ else facts)
    return _noted(given, papers=seen)


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
    """The paper form is signed."""
    _must_be_ticked(given, "signed", "counter.not_signed")
    return _noted(given, signed=True)


def _return_sim(target: Target, given: Given) -> Evidence:
    """The card is back: its ICCID was scanned or typed. Without a readable card a note must say what became of it."""
    condition = given.get("condition", "returned").strip() or "returned"
    if condition in ("lost", "damaged"):
        if not given.get("note", "").strip():
            raise Refused("counter.note_missing", field="note")
        return _noted(given, condition=condition)
    if condition != "returned":
        raise Refused("counter.condition_unknown", field="condition")
    verdict = iccid.check(given.get("iccid", ""))
    if not verdict.valid:
        raise Refused("counter.iccid_wrong", field="iccid", reason=verdict.code)
    if verdict.value != target.iccid:
        raise Refused("counter.other_sim", field="iccid", shown=last4(verdict.value))
    return _noted(given, condition=condition, iccid=last4(verdict.value))


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
