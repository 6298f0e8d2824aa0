"""How does a case get the paper of its certificate, and how many are drawn at the same moment?

Drawing takes some hundredths of a second of a whole core, so a process draws one at a time and lets a few wait. Who
comes beyond that is told to come again in a moment, before the site grows slow for everybody else.
"""

from __future__ import annotations

from threading import BoundedSemaphore

import structlog

from tojimari.lines.models import Carrier
from tojimari.messages.links import origin
from tojimari.money.words import CHARGES
from tojimari.platform.acting import Refused
from tojimari.platform.typesetting import NotDrawn
from tojimari.privacy.words import ITEMS
from tojimari.proofs.keys import signer
from tojimari.proofs.paper import LANGUAGES, digest_of, paper
from tojimari.proofs.paper_facts import Names
from tojimari.proofs.paper_seal import SealTrouble
from tojimari.proofs.queries import bundle
from tojimari.terminations.models import Termination

log = structlog.get_logger(__name__)

AT_ONCE = 6
"""How many papers one process draws or lets wait."""

_places = BoundedSemaphore(AT_ONCE)


def paper_of(case: Termination, *, language: str) -> bytes:
    """Return the PDF of a case's certificate, for a reader of `language`; of one we do not speak, in Japanese alone.

    Raises `Certificate.DoesNotExist` while there is none, and `Refused`: `paper.busy` while too many are drawn,
    `paper.not_drawn` where this machine lacks a font or its seal cannot be used. Two queries.
    """
    file = bundle(case.reference)
    tag = language.lower() if language.lower() in LANGUAGES else "ja"
    address = checked_at(case.carrier, case.reference, digest_of(file["certificate"]))
    if not _places.acquire(blocking=False):
        raise Refused("paper.busy")
    try:
        return paper(file, language=tag, names=Names(CHARGES, ITEMS), address=address, signer=signer())
    except (NotDrawn, SealTrouble) as trouble:
        log.error("paper.not_drawn", case=case.reference, error=repr(trouble))
        raise Refused("paper.not_drawn") from None
    finally:
        _places.release()


def checked_at(carrier: Carrier, reference: str, digest: str) -> str:
    """Return the page on which a certificate is checked, under a host name that was entered for the carrier."""
    return f"{origin(carrier)}/verify/{reference}/{digest}/"
