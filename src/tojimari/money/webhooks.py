"""Is this message of a payment provider genuine, fresh, and about what?

Signed as Standard Webhooks says (standardwebhooks.com, 1.0): HMAC-SHA256 over `id.timestamp.body` under a secret of the
carrier, in base64 after `v1,`. Several signatures, with spaces between them, and several secrets let a key be changed
without a gap.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tojimari.platform.acting import Refused
from tojimari.rules.calendar import jst_date
from tojimari.rules.figures import value

PREFIX = "whsec_"
LEAST_BYTES, MOST_BYTES = 24, 64
"""Of a secret, as the standard has it."""
LARGEST = 16 * 1024
"""Bytes of the largest message that is read."""
MOST_YEN = 2_000_000_000

_ID = re.compile(r"[A-Za-z0-9_.-]{1,128}", re.ASCII)
_TIME = re.compile(r"[0-9]{1,12}", re.ASCII)
_NUMBER = re.compile(r"[A-Za-z0-9_.:-]{1,64}", re.ASCII)
SUCCEEDED = "payment.succeeded"


@dataclass(frozen=True, slots=True)
class Told:
    """What a provider told: so many yen came for the final bill that `reference` names."""

    reference: str
    amount_yen: int
    number: str
    """The provider's own number of the payment."""
    received_on: date


def key_of(secret: str) -> bytes:
    """Return the key that a secret stands for. Raises ValueError."""
    try:
        key = b64decode(secret.removeprefix(PREFIX), validate=True)
    except NotBase64:
        raise ValueError("is no base64 after whsec_") from None
    if not LEAST_BYTES <= len(key) <= MOST_BYTES:
        raise ValueError(f"is not {LEAST_BYTES} to {MOST_BYTES} bytes long")
    return key


def sign(message_id: str, timestamp: int, body: bytes, secret: str) -> str:
    """Return the signature of a message, as a provider sends it."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + b64encode(hmac.new(key_of(secret), signed, hashlib.sha256).digest()).decode()


def check(headers: Mapping[str, str], body: bytes, secrets: Sequence[str], *, at: datetime) -> str:
    """Return the id of a genuine message. Raises `Refused` with `webhook.not_genuine` or `webhook.not_fresh`.

    The signature is judged first: nobody without the secret learns whether a clock is wrong.
    """
    message_id, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not _ID.fullmatch(message_id) or not _TIME.fullmatch(stamp):
        raise Refused("webhook.not_genuine")
    given = [one for one in headers.get("webhook-signature", "").split(" ") if one.startswith("v1,")][:10]
    expected = [sign(message_id, int(stamp), body, secret) for secret in secrets]
    pairs = [hmac.compare_digest(one.encode(), other.encode()) for one in given for other in expected]
    if not any(pairs):
        raise Refused("webhook.not_genuine")
    if abs(at.timestamp() - int(stamp)) > value("webhook_tolerance_seconds", jst_date(at)):
        raise Refused("webhook.not_fresh")
    return message_id


def read(body: bytes, *, at: datetime) -> Told | None:
    """Return what a genuine message tells; None for one of a sort that is not for us.

    Raises `Refused` with `webhook.form`: a message that could be read in two ways is not read.
    """
    try:
        told = json.loads(body, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise Refused("webhook.form", member="body") from None
    if not isinstance(told, dict) or not isinstance(told.get("type"), str):
        raise Refused("webhook.form", member="type")
    if told["type"] != SUCCEEDED:
        return None
    data = told.get("data")
    if not isinstance(data, dict):
        raise Refused("webhook.form", member="data")
    return Told(
        reference=_text(data, "reference"),
        amount_yen=_yen(data),
        number=_text(data, "payment_id"),
        received_on=_day(data, at),
    )


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member twice")
    return members


def _text(data: Mapping[str, Any], name: str) -> str:
    text = data.get(name)
    if not isinstance(text, str) or not _NUMBER.fullmatch(text):
        raise Refused("webhook.form", member=name)
    return text


def _yen(data: Mapping[str, Any]) -> int:
    yen = data.get("amount_yen")
    if data.get("currency") != "JPY":
        raise Refused("webhook.form", member="currency")
    if type(yen) is not int or not 0 < yen <= MOST_YEN:
        raise Refused("webhook.form", member="amount_yen")
    return yen


def _day(data: Mapping[str, Any], at: datetime) -> date:
    try:
        paid_at = datetime.fromisoformat(data["paid_at"])
        # Two clocks are never quite the same: one that is a little ahead may not cost a payment.
        ahead = timedelta(seconds=value("webhook_tolerance_seconds", jst_date(at)))
        if paid_at.tzinfo is None or paid_at.astimezone(UTC) > at + ahead:
            raise Refused("webhook.form", member="paid_at")
        return min(jst_date(paid_at), jst_date(at))
    except (KeyError, TypeError, ValueError, OverflowError):
        raise Refused("webhook.form", member="paid_at") from None
