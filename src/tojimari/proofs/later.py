"""How is something added to a certificate that was issued before it was told? See `addendum` for what that is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from hashlib import sha256

from tojimari.platform.version import version
from tojimari.proofs.addendum import told
from tojimari.proofs.content import in_japan
from tojimari.proofs.formats import ADDENDUM_FORMAT, ADDENDUM_TYPE, FORMAT_1
from tojimari.proofs.keys import signer
from tojimari.proofs.models import Addendum, Certificate, Event
from tojimari.proofs.queries import statement
from tojimari.proofs.signing import signed


def add_to_certificate(
    case_id: int, *, tells: Collection[str], notices: Mapping[str, bytes], at: datetime
) -> Addendum | None:
    """Sign what the history tells of a case since its certificate; None where there is nothing to add.

    `tells` names the kinds of entries that count, `notices` gives by SHA-256 what third parties have signed. Safe to
    repeat: for the same last entry there is one addendum. Nothing to add is there without a certificate, too: what came
    before stands in the history that it signs. Raises whatever keeps the signer from signing.
    """
    certificate = Certificate.objects.filter(case_id=case_id).first()
    if certificate is None:
        return None
    said = statement(certificate.jws)
    events = [one.entry for one in Event.objects.filter(case_id=case_id, number__gt=said["chain"]["events"])]
    later = [one for one in sorted(events, key=lambda one: one.number) if one.name in tells]
    if not later or said["format"] == FORMAT_1:
        return None
    last = later[-1]
    before = Addendum.objects.filter(case_id=case_id, events=last.number).first()
    if before is not None:
        return before
    named = [str(one.data.get("sha256")) for one in reversed(later)]
    digest = next((one for one in named if one in notices), "")
    mine = signer()
    body = {
        "format": ADDENDUM_FORMAT,
        "software": f"tojimari {version()}",
        "reference": certificate.reference,
        "issued_at": in_japan(at),
        "certificate": sha256(certificate.jws.encode()).hexdigest(),
        "later": [told(one) for one in later],
        "notice": digest,
        "chain": {"head": last.hash.hex(), "events": last.number},
    }
    [jws] = signed([body], mine, kind=ADDENDUM_TYPE)
    return Addendum.objects.get_or_create(
        case_id=case_id,
        events=last.number,
        defaults={
            "carrier_id": certificate.carrier_id,
            "reference": certificate.reference,
            "kid": mine.kid,
            "jws": jws,
            "notice": notices.get(digest, b""),
            "issued_at": at,
        },
    )[0]
