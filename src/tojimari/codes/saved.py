"""What opens a case when the phone line is gone and no mail arrives? A code that the person wrote down.

A saved code has 80 random-looking bits (NIST SP 800-63B-4 4.2.1 asks for 64), so it needs no second step and no end
after minutes. It stands nowhere: it is made anew from a nonce and the installation's key whenever it is compared, so a
copy of the database opens nothing. It is shown for an hour after it was made and then never again, because a lost
connection must not swallow the only sight of it; a new one makes the one before useless.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta

from tojimari.codes.actions import take
from tojimari.codes.models import SavedCode
from tojimari.platform.keyed import keyed
from tojimari.platform.spelled import as_written, in_groups, in_letters
from tojimari.rules.text import plain

SHOWN_FOR = timedelta(hours=1)
TRIES_FOR_ONE = 10
TRIES_FROM_ADDRESS = 30
"""How often an hour one reference may be tried, and one address may try. No lock: 80 bits need none, and a lock would
let a stranger who knows a reference shut its owner out for good."""


def keep(*, carrier_id: int, subject: str, at: datetime) -> None:
    """Make a saved code for `subject`, such as "case:12"; the one that there is stays."""
    SavedCode.objects.bulk_create(
        [SavedCode(carrier_id=carrier_id, subject=subject, nonce=secrets.token_bytes(16), made_at=at)],
        ignore_conflicts=True,
    )


def renew(*, carrier_id: int, subject: str, at: datetime) -> None:
    """Make a new saved code; the one before opens nothing any more."""
    SavedCode.objects.update_or_create(
        carrier_id=carrier_id, subject=subject, defaults={"nonce": secrets.token_bytes(16), "made_at": at}
    )


def shown(*, carrier_id: int, subject: str, at: datetime) -> str:
    """Return the saved code in groups, "7K3M-9QXA-4C2T-0VWX", or an empty text once its hour is over. One query."""
    row = SavedCode.objects.filter(carrier_id=carrier_id, subject=subject, made_at__gt=at - SHOWN_FOR).first()
    if row is None:
        return ""
    return in_groups(_letters(carrier_id, subject, bytes(row.nonce)))


def opens(*, carrier_id: int, subject: str, given: str) -> bool:
    """Say whether `given` is the saved code of `subject`. The same work is done for a subject that has none."""
    row = SavedCode.objects.filter(carrier_id=carrier_id, subject=subject).first()
    right = _letters(carrier_id, subject, bytes(row.nonce) if row else bytes(16))
    same = hmac.compare_digest(right.encode(), as_written(plain(given)).encode())
    return same and row is not None


def take_try(*, carrier_id: int, reference: str, address: str, at: datetime) -> None:
    """Count one try. Raises `Refused` with `code.tried_too_often` (`minutes`); a reference need not exist."""
    take(f"saved:{carrier_id}:{reference}", TRIES_FOR_ONE, at, refusal="code.tried_too_often")
    take(f"saved from:{address}", TRIES_FROM_ADDRESS, at, refusal="code.tried_too_often")


def _letters(carrier_id: int, subject: str, nonce: bytes) -> str:
    return in_letters(keyed("saved-code", f"{carrier_id}|{subject}|{nonce.hex()}")[:10])
