"""How does a finished case get its certificate?"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any

from tojimari.lines.actions import rest_numbers
from tojimari.platform.work import Batch, Outcome, Work
from tojimari.proofs.actions import Certified, certify
from tojimari.proofs.certificates import NotEstablished, payload


def certificate(batch: Batch, lane: str) -> Sequence[Outcome]:
    """Certify each case of the batch; the evidence names the key and the SHA-256 of the JWS.

    Safe to run twice: the first certificate of a case stays the only one. A case in which nothing shows the end is
    `proof.not_established`: no certificate is better than one that claims too much. A number that rests by what is
    certified does so for the next import too.
    """
    certified: list[tuple[Work, dict[str, Any]]] = []
    for work in batch.works:
        try:
            said = payload(work, at=batch.at)
        except NotEstablished:
            continue
        certified.append((work, said))
    items = [Certified(work.target.carrier_id, work.case_id, work.case, said, batch.at) for work, said in certified]
    issued = certify(items)
    rest_numbers(
        {
            (work.target.carrier_id, work.target.msisdn): date.fromisoformat(said["number"]["free_from"])
            for work, said in certified
            if "free_from" in said["number"]
        }
    )
    outcomes: list[Outcome] = []
    for work in batch.works:
        found = issued.get(work.case_id)
        if found is None:
            outcomes.append(Outcome.stuck("proof.not_established"))
        else:
            outcomes.append(Outcome.done(kid=found.kid, digest=hashlib.sha256(found.jws.encode()).hexdigest()))
    return outcomes
