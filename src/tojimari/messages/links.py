"""How does a mail carry a link to its case, without the outbox holding a key to it?

A text holds only the mark `CASE`. When the message goes out, the mark becomes the link, made from the installation's
key and the reference: 160 bits that nobody can guess, and that no copy of the database holds.
"""

from __future__ import annotations

import hmac

from tojimari.lines.models import Carrier
from tojimari.platform.config import config
from tojimari.platform.keyed import keyed
from tojimari.platform.spelled import as_written, in_letters

CASE = "{{case}}"
"""Stands in a body for the address of the case that the message is about."""
GUIDED = "{{guided}}"
"""Stands in a body for the address of a case at another carrier, which belongs to no carrier here."""
GENUINE = "{{genuine}}"
"""Stands in a body for the address of the page that says whether a link is the carrier's own."""

FIND = "{{find}}"
"""Stands in a body for the address of the page where a case is found by its reference. It holds no secret."""
CHECK = "{{check}}"
"""Stands in a body for the address of the page that says whether a message is ours."""


def token_of(carrier_id: int, reference: str) -> str:
    """Return the secret part of a case's link: 32 letters. The same for every mail about the case."""
    return in_letters(keyed("case-link", f"{carrier_id}|{reference}")[:20]).lower()


def opens(carrier_id: int, reference: str, token: str) -> bool:
    """Say whether `token` is the secret part of this case's link."""
    right = as_written(token_of(carrier_id, reference)).encode()
    return hmac.compare_digest(right, as_written(token).encode())


def guided_token(reference: str) -> str:
    """Return the secret part of the link to a case at another carrier: 32 letters."""
    return in_letters(keyed("guided-link", reference)[:20]).lower()


def opens_guided(reference: str, token: str) -> bool:
    """Say whether `token` is the secret part of that link."""
    return hmac.compare_digest(as_written(guided_token(reference)).encode(), as_written(token).encode())


def filled(body: str, carrier: Carrier, reference: str) -> str:
    """Return the body as it is sent, or shown in a demonstration."""
    if GENUINE in body:
        body = body.replace(GENUINE, f"{origin(carrier)}/is-it-real/")
    if FIND in body:
        body = body.replace(FIND, f"{origin(carrier)}/case/")
    if CHECK in body:
        body = body.replace(CHECK, f"{origin(carrier)}/message/")
    if GUIDED in body:
        body = body.replace(GUIDED, f"{origin(carrier)}/guide/cases/{reference}/open/{guided_token(reference)}/")
    if CASE not in body:
        return body
    return body.replace(CASE, f"{origin(carrier)}/case/{reference}/open/{token_of(carrier.pk, reference)}/")


def origin(carrier: Carrier) -> str:
    """Return where the carrier's pages stand: a host name that was entered, never one that a request claims."""
    host = (carrier.hosts or config().hosts)[0]
    return f"https://{host}" if config().https else f"http://{host}:{config().port}"
