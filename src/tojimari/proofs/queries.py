"""What do people take home as proof?"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from typing import Any

from tojimari.proofs.chain import utc_text
from tojimari.proofs.models import Certificate, Event


def bundle(reference: str) -> dict[str, Any]:
    """Return the file for one case: its certificate and exactly the entries of its history that the certificate signs.

    Entries that came later (that it was issued, that the case is complete) are not in it: nothing would vouch for them.
    Raises `Certificate.DoesNotExist` while there is none. Two queries.
    """
    certificate = Certificate.objects.get(reference=reference)
    signed = statement(certificate.jws)
    events = Event.objects.filter(case_id=certificate.case_id, number__lte=signed["chain"]["events"]).order_by("number")
    return {
        "format": signed["format"],
        "certificate": certificate.jws,
        "events": [
            {
                "reference": event.reference,
                "number": event.number,
                "at": utc_text(event.at),
                "name": event.name,
                "actor": event.actor,
                "data": event.data,
                "prev": bytes(event.prev).hex(),
                "hash": bytes(event.hash).hex(),
            }
            for event in events
        ],
    }


def statement(jws: str) -> dict[str, Any]:
    """Return what one of our own stored certificates says. A file from outside is for `verification`, which checks."""
    body = jws.split(".")[1]
    said: dict[str, Any] = json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return said
