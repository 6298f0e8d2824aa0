"""What does a certificate say, and how is it signed?

A certificate is a JWS (RFC 7515) over JSON, signed with Ed25519 (RFC 8037, named as RFC 9864 asks). It binds together
who asked for what and when, what the network answered, who attested what by name, and the head of the case's history.
Identifiers stand in it masked, and as salted hashes: whoever knows the full number can show that it is the one meant.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from tojimari.platform.version import version
from tojimari.platform.work import Evidence, Target, Work, verb_of
from tojimari.proofs import content
from tojimari.proofs.content import PROFILE, PROVE, in_japan
from tojimari.proofs.formats import FORMAT, TYPE
from tojimari.proofs.signing import Signer, signed
from tojimari.rules.masking import last4

CASE_FACTS = ("kind", "scope", "channel", "requested_by", "effective")
READ_BACK = "read_back"
NOT_STEPS = ("request", "chain", "around")


class NotEstablished(Exception):
    """Nothing on record shows that what was to end has ended: no answer of an element, and nobody's attestation."""


def issue(payloads: Sequence[Mapping[str, Any]], signer: Signer) -> list[str]:
    """Sign each payload; return JWS in compact form."""
    return signed(payloads, signer, kind=TYPE)


def payload(work: Work, *, at: datetime) -> dict[str, Any]:
    """Return what the certificate of a finished case says, from everything that was recorded before.

    `work.earlier` holds the evidence of the done steps, and beside it "request" (what was asked), "chain" (the head of
    the history and the number of its entries) and "around" (see `content`; what is not known is left out of it).
    Raises NotEstablished when nothing shows that the end was reached.
    """
    request, chain = work.earlier["request"], work.earlier["chain"]
    steps = {name: found for name, found in work.earlier.items() if name not in NOT_STEPS}
    hidden = _hidden(work.target)
    # Systems mask what they record, so most evidence names no full identifier: one look at its text tells.
    text = json.dumps(steps, default=dict)
    if any(full in text for full in hidden):
        steps = _without(hidden, steps)
    quote = request.get("quote") or {}
    around = work.earlier.get("around", {})
    moments = around.get("moments", {})
    number = content.number(work.target, request, steps, moments)
    return {
        "format": FORMAT,
        "software": f"tojimari {version()}",
        "mode": "managed",
        "reference": work.case,
        "issued_at": in_japan(at),
        "carrier": content.issuer(request),
        "case": {
            **{name: request.get(name, "") for name in CASE_FACTS},
            "requested_at": in_japan(datetime.fromisoformat(request["requested_at"])),
            "ends_at": in_japan(datetime.fromisoformat(request["ends_at"])),
        },
        "asked": content.asked(request, steps),
        "times": content.times(request, steps, moments),
        **content.stopped(around.get("stopped", ())),
        "shown": content.shown(request),
        "line": line_facts(work.target),
        "quote": dict(quote),
        "terminated": established(steps),
        **content.profile(steps),
        "simulated": _simulated(steps),
        "attestations": _attestations(steps),
        "number": number,
        "kept": content.kept(around.get("kept", ()), number),
        "untouched": dict(around.get("untouched", {})),
        "messages": content.messages(around.get("messages", ())),
        "steps": steps,
        "chain": {"head": chain["head"], "events": chain["events"]},
    }


def established(steps: Mapping[str, Evidence]) -> dict[str, str]:
    """Say how it is known that it has ended: by the network's answer, by a named person, or only simulated.

    Of a line that lived at several elements each must show it, and the weakest way is the one that is said. A profile
    server shows what became of the profile (`content.profile`), never that the line is gone: it is not named here.
    """
    proofs = [found for name, found in sorted(steps.items()) if verb_of(name) == PROVE]
    if PROVE not in steps or not all(proof.get("attested_by") or "element" in proof for proof in proofs):
        raise NotEstablished
    if _simulated(steps):
        return {"by": "simulated"}
    attested = [str(proof["attested_by"]) for proof in proofs if proof.get("attested_by")]
    if attested:
        return {"by": "attested_by_hand", "name": ", ".join(dict.fromkeys(attested))}
    held = [proof for proof in proofs if PROFILE not in proof]
    found = {"by": "network_proof", "element": ", ".join(str(proof["element"]) for proof in held)}
    # Nobody tried to attach there: the element's own record was read again, and that is all that can be said.
    return {**found, "how": READ_BACK} if any(proof.get(READ_BACK) for proof in held) else found


def line_facts(target: Target) -> dict[str, Any]:
    """Return the line's identifiers, the last four digits of each, with SHA-256 over salt and full value.

    The hash is over the salt's bytes, a colon and the digits. Numbers are few enough to be tried out one by one by
    somebody who holds the certificate; the hash proves a number that is claimed, it does not keep it secret.
    """
    salt = secrets.token_bytes(16)
    facts: dict[str, Any] = {"kind": target.kind, "salt": salt.hex()}
    for name in ("msisdn", "imsi", "iccid", "eid"):
        value = getattr(target, name)
        if value:
            facts[name] = {"shown": last4(value), "sha256": hashlib.sha256(salt + b":" + value.encode()).hexdigest()}
    return facts


def _simulated(steps: Mapping[str, Evidence]) -> bool:
    return any(evidence.get("simulated") is True for evidence in steps.values())


def _attestations(steps: Mapping[str, Evidence]) -> list[dict[str, str]]:
    told = ("attested_by", "attested_at", "note", "reference")
    return [
        {"step": name, **{key: str(evidence[key]) for key in told if evidence.get(key)}}
        for name, evidence in sorted(steps.items())
        if evidence.get("attested_at")
    ]


def _hidden(target: Target) -> dict[str, str]:
    """Spellings of the line's identifiers that must not stand in a certificate, with what stands there instead."""
    values: Iterable[str] = (target.eid, target.iccid, target.imsi, target.msisdn)
    spellings = {value: last4(value) for value in values if value}
    if target.msisdn.startswith("81"):
        spellings["0" + target.msisdn[2:]] = last4(target.msisdn)
    return spellings


def _without(hidden: Mapping[str, str], value: Any) -> Any:
    """Return evidence with full identifiers masked: people write them into notes."""
    if isinstance(value, str):
        for full, shown in hidden.items():
            value = value.replace(full, shown)
        return value
    if isinstance(value, Mapping):
        return {name: _without(hidden, item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without(hidden, item) for item in value]
    return value
