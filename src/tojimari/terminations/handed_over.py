"""What is kept of what a person hands over at the counter: a returned card, a signature, the name of who acts for them?

It is written in the transaction that completes the step, whichever page completed it. Evidence goes into the history
and the certificate, which are for ever; a name or a signature has its time, so it lies in a row beside.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from tojimari.codes.sealed import seal, unseal
from tojimari.counter import bags
from tojimari.counter.models import Shop, SignedForm
from tojimari.counter.queries import shop_that_was_visited, shops_of_carrier
from tojimari.platform.acting import Acting
from tojimari.platform.work import Evidence
from tojimari.terminations.closing_form import digest_of
from tojimari.terminations.models import StandIn, Step, Termination

FORM, RETURN_SIM = "form", "return_sim"


def words_signed(step: Step) -> Evidence:
    """Return the digest of the words that are signed with a step; nothing for any other step."""
    return {"form": digest_of(step.termination)} if step.name == FORM else {}


def without_name(step: Step, evidence: Evidence, at: datetime) -> Evidence:
    """Keep the name of who acts for the subscriber apart, and return the evidence with its salted SHA-256 instead.

    The salt goes when the name goes: what is left then names nobody, and no guess at it can be tried.
    """
    acted = evidence.get("acted_for_by")
    if not acted:
        return evidence
    case, salt, name = step.termination, secrets.token_bytes(32), str(acted["name"])
    digest = sha256(salt + b":" + name.encode()).hexdigest()
    kept = {
        "carrier_id": step.carrier_id,
        "authority": acted["authority"],
        "name": seal(name, about=_stand_in(case.pk)),
        "salt": salt,
        "digest": digest,
        "seen_at": at,
    }
    StandIn.objects.update_or_create(case_id=case.pk, defaults=kept)
    return {**evidence, "acted_for_by": {"authority": acted["authority"], "name_sha256": digest}}


def stand_in_of(case: Termination) -> StandIn | None:
    """Return who acted for the subscriber of a case, if anybody did. One query."""
    return StandIn.objects.filter(case_id=case.pk).first()


def name_of(stand_in: StandIn) -> str:
    """Return the name of who acted for a subscriber; empty once it is erased."""
    return unseal(bytes(stand_in.name), about=_stand_in(stand_in.case_id)) or "" if stand_in.name else ""


def keep(step: Step, evidence: Evidence, given: Mapping[str, str], acting: Acting, at: datetime) -> None:
    """Keep what was handed over with a step; `given["shop"]` is the code of the shop, where the face knows it."""
    case = step.termination
    if step.name == RETURN_SIM and evidence.get("condition") in ("returned", "damaged"):
        taken = bags.Taken(
            step.carrier_id, case.pk, case.reference, str(evidence.get("iccid", "")), str(evidence["condition"])
        )
        bags.take(taken, shop=_shop(case, given.get("shop", "")), acting=acting, at=at)
    if step.name == FORM:
        strokes = given.get("strokes", "").strip()
        SignedForm.objects.create(
            carrier_id=step.carrier_id,
            case_id=case.pk,
            language=case.language,
            digest=str(evidence["form"]),
            how="screen" if strokes else "paper",
            strokes=seal(strokes, about=_about(case.pk)) if strokes else b"",
            signed_at=at,
            taken_by=str(acting),
        )


def signature_of(form: SignedForm) -> str:
    """Return a signature as an SVG path; empty when it was given on paper, or cannot be opened any more."""
    return unseal(bytes(form.strokes), about=_about(form.case_id)) or "" if form.strokes else ""


def _about(case_id: int) -> str:
    return f"signature of case {case_id}"


def _stand_in(case_id: int) -> str:
    return f"stand-in of case {case_id}"


def _shop(case: Termination, code: str) -> Shop | None:
    """The shop where the card is: as the face says, else the only one, else where the person came to."""
    shops = shops_of_carrier(case.carrier_id)
    named = next((shop for shop in shops if shop.code == code), None)
    return named or (shops[0] if len(shops) == 1 else shop_that_was_visited(case.pk))
