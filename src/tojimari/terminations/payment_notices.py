"""What does a genuine message of a payment provider do? It notes money for a final bill, once, and keeps its answer."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Any

import structlog
from django.db import IntegrityError, transaction

from tojimari.money import webhooks
from tojimari.money.models import Notice, Way
from tojimari.money.queries import balance
from tojimari.platform.acting import Acting, Refused, Role
from tojimari.terminations import final_bills

log = structlog.get_logger(__name__)

PROVIDER = Acting(Role.CARRIER, "payment-provider")


def take_notice(*, carrier_id: int, message_id: str, body: bytes, at: datetime) -> tuple[int, dict[str, Any]]:
    """Return the HTTP status and answer for a message whose signature is good.

    The same id with the same body gets the answer it had, whatever has become of the bill since. Money that came is
    noted even where it is not what the bill asks for: the answer says `partial` or `over`, and staff see it. What was
    not taken is looked at anew each time it is sent: the final bill may be there by then. Raises `Refused` with
    `webhook.other_body` for a known id with another body.
    """
    digest = sha256(body).hexdigest()
    known = _known(carrier_id, message_id, digest)
    if known is not None:
        return known
    try:
        status, answer = 200, _taken(carrier_id, body, at)
    except Refused as refused:
        log.warning("payment.not_taken", code=refused.code, carrier_id=carrier_id, message=message_id)
        return 422, {"error": refused.code}
    try:
        with transaction.atomic():
            Notice.objects.create(
                carrier_id=carrier_id,
                message_id=message_id,
                digest=digest,
                status=status,
                answer=answer,
                received_at=at,
            )
    except IntegrityError:  # the same message came twice at once; the money was noted once, under its own number
        return _known(carrier_id, message_id, digest) or (status, answer)
    return status, answer


def _known(carrier_id: int, message_id: str, digest: str) -> tuple[int, dict[str, Any]] | None:
    notice = Notice.objects.filter(carrier_id=carrier_id, message_id=message_id).first()
    if notice is None:
        return None
    if notice.digest != digest:
        raise Refused("webhook.other_body")
    return notice.status, notice.answer


def _taken(carrier_id: int, body: bytes, at: datetime) -> dict[str, Any]:
    told = webhooks.read(body, at=at)
    if told is None:
        return {"result": "ignored"}
    bill = final_bills.bill_named(carrier_id, told.reference)
    incoming = final_bills.take_in(
        bill=bill,
        amount_yen=told.amount_yen,
        received_on=told.received_on,
        way=Way.PROVIDER,
        number=told.number,
        acting=PROVIDER,
        at=at,
    )
    stands = balance(bill)
    over = any(refund.cause == f"incoming:{incoming.pk}" for refund in stands.refunds)
    result = "over" if over else "partial" if stands.left_yen else "paid"
    return {"result": result, "reference": bill.reference, "left_yen": stands.left_yen}
