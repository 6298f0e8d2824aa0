"""How does a finished case get its certificate?"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from tojimari.platform.work import Batch, Outcome
from tojimari.proofs.actions import Certified, certify
from tojimari.proofs.certificates import NotEstablished, payload


def certificate(batch: Batch, lane: str) -> Sequence[Outcome]:
    """Certify each case of the batch; the evidence names the key and the SHA-256 of the JWS.

    Safe to run twice: the first certificate of a case stays the only one. A case in which nothing shows the end is
    `proof.not_established`: no certificate is better than one that claims too much.
    """
    items: list[Certified] = []
    for work in batch.works:
        try:
            said = payload(work, at=batch.at)
        except NotEstablished:
            continue
        items.append(Certified(work.target.carrier_id, work.case_id, work.case, said, batch.at))
    issued = certify(items)
    outcomes: list[Outcome] = []
    for work in batch.works:
        found = issued.get(work.case_id)
        if found is None:
            outcomes.append(Outcome.stuck("proof.not_established"))
        else:
            outcomes.append(Outcome.done(kid=found.kid, digest=hashlib.sha256(found.jws.encode()).hexdigest()))
    return outcomes
