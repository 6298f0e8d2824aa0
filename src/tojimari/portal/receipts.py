"""What does a person hold in hand the moment they have asked? A mail and a file that say what was asked, and when."""

from __future__ import annotations

from typing import Any

from tojimari.lines.queries import email_of
from tojimari.platform.version import version
from tojimari.portal.context import is_simulated
from tojimari.rules.calendar import JST
from tojimari.rules.masking import last4, masked_email
from tojimari.terminations.models import Termination

FORMAT = "tojimari-receipt-1"


def receipt_file(case: Termination) -> dict[str, Any]:
    """The receipt as data: times with Japan's offset, identifiers by their last four digits only."""
    return {
        "format": FORMAT,
        "software": f"tojimari {version()}",
        "reference": case.reference,
        "carrier": {"slug": case.carrier.slug, "name_ja": case.carrier.name_ja, "name_en": case.carrier.name_en},
        "scope": case.scope,
        "kind": case.kind,
        "line": {
            "kind": case.line.kind,
            "number": last4(case.line.msisdn),
            "iccid": last4(case.line.iccid),
            "plan": case.line.plan.name,
        },
        "requested_at": case.requested_at.astimezone(JST).isoformat(),
        "ends_at": case.ends_at.astimezone(JST).isoformat(),
        "effective": case.effective,
        "quote": case.quote,
        "receipt_sent_to": masked_email(email_of(case.subscriber_id)),
        "simulated_network": is_simulated(case.carrier, case.line.kind, case.scope),
    }
