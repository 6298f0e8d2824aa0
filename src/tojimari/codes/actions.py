"""How is a one-time code made, checked, and made useless?

Codes are decimal digits from the system's random source (NIST SP 800-63B-4 3.1.3.2, OWASP ASVS 6.5.3), valid for
minutes, once, and only where they were asked for. Wrong guesses are counted for the account, so a new code brings no
new tries. An account that does not exist goes through the very same steps as one that does: same rows, same work, same
answers (ASVS 6.3.8).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from tojimari.codes.models import Bucket, Code, Guard
from tojimari.platform.acting import Acting, Refused
from tojimari.rules.calendar import jst_date
from tojimari.rules.figures import value

HOUR = timedelta(hours=1)
WRONG_PER_HOUR = 10
WRONG_IN_A_ROW = 50
"""After so many wrong guesses in a row only staff can open the account again (800-63B-4 3.2.2 allows 100)."""

SENT_TO_ACCOUNT = 5
SENT_TO_ADDRESS = 30
"""How many codes may be asked for at once; as many again come back, one by one, within an hour."""

# One statement, so that two requests at the same moment cannot both take the last one. A row comes back when it was
# taken.
TAKE = """
INSERT INTO codes_bucket AS bucket (key, full_at) VALUES (%(key)s, %(at)s + make_interval(secs => %(each)s))
ON CONFLICT (key) DO UPDATE SET full_at = greatest(bucket.full_at, %(at)s) + make_interval(secs => %(each)s)
    WHERE greatest(bucket.full_at, %(at)s) + make_interval(secs => %(each)s)
        <= %(at)s + make_interval(secs => %(whole)s)
RETURNING full_at
"""


def issue(
    *,
    carrier_id: int,
    subject: str,
    purpose: str,
    binding: str,
    at: datetime,
    address: str = "",
    limited_as: str = "",
) -> tuple[Code, str]:
    """Make a code and return it with its digits, which are stored nowhere; the caller sends them.

    `binding` is the browser session (or request) that asks: the code works only there. `address` is the internet
    address that asks, empty for staff. An earlier code for the same thing in the same session stops working. Raises
    `Refused` with `code.sent_too_often`; the wait is in `minutes`. For an account that does not exist pass
    `unknown_subject(...)`. `limited_as` names whose allowance is used where that is not the subject's own.
    """
    take(f"subject:{carrier_id}:{limited_as or subject}", SENT_TO_ACCOUNT, at)
    if address:
        take(f"address:{address}", SENT_TO_ADDRESS, at)
    digits = f"{secrets.randbelow(10 ** (length := value('otp_digits', jst_date(at)))):0{length}d}"
    nonce = secrets.token_bytes(16)
    place = _hmac("binding", binding).hex()
    with transaction.atomic():
        same = Code.objects.filter(carrier_id=carrier_id, subject=subject, purpose=purpose, binding=place)
        same.delete()
        code = Code.objects.create(
            carrier_id=carrier_id,
            subject=subject,
            purpose=purpose,
            binding=place,
            digest=_digest(carrier_id, subject, purpose, place, nonce, digits),
            nonce=nonce,
            issued_at=at,
            expires_at=at + timedelta(seconds=value("otp_ttl_seconds", jst_date(at))),
        )
    return code, digits


def check(*, carrier_id: int, subject: str, purpose: str, binding: str, given: str, at: datetime) -> bool:
    """Say whether these are the digits; if they are, the code is used up.

    False for a wrong guess, which is counted at once, whatever the caller does next. Raises `Refused` where no guess is
    taken any more: `code.expired` (over, used, or not asked for here), `code.used_up` (too many tries at this code),
    `code.slow_down` (too many wrong guesses this hour; the wait is in `minutes`), `code.locked` (staff must open it).
    """
    with transaction.atomic(durable=True):
        guard = locked_guard(carrier_id, subject, at)
        place = _hmac("binding", binding).hex()
        found = Code.objects.filter(
            carrier_id=carrier_id, subject=subject, purpose=purpose, binding=place, used_at=None, expires_at__gt=at
        )
        code = found.order_by("-issued_at").first()
        nonce, kept = (bytes(code.nonce), bytes(code.digest)) if code else (bytes(16), bytes(32))
        right = hmac.compare_digest(kept, _digest(carrier_id, subject, purpose, place, nonce, given.strip()))
        _refuse_if_guarded(guard, at)
        if code is None:
            raise Refused("code.expired")
        if code.tries >= value("otp_tries", jst_date(at)):
            raise Refused("code.used_up")
        if right:
            Code.objects.filter(pk=code.pk).update(used_at=at)
            Guard.objects.filter(pk=guard.pk).update(in_a_row=0)
        else:
            Code.objects.filter(pk=code.pk).update(tries=F("tries") + 1)
            Guard.objects.filter(pk=guard.pk).update(in_a_row=F("in_a_row") + 1, in_hour=F("in_hour") + 1)
    return right


def unknown_subject(carrier_id: int, typed: str) -> str:
    """Return the name of an account that does not exist, the same each time the same thing is typed.

    Codes for it are made, counted and limited like any others; only that nobody ever gets them.
    """
    return "unknown:" + _hmac("unknown", f"{carrier_id}:{typed}").hex()[:32]


def unlock(*, carrier_id: int, subject: str, acting: Acting) -> bool:
    """Let an account be tried again, after staff has made sure who asks. Return whether anything was locked."""
    guards = Guard.objects.filter(carrier_id=carrier_id, subject=subject, in_a_row__gt=0)
    return guards.update(in_a_row=0, in_hour=0) > 0


def forget(subjects: Collection[str]) -> None:
    """Delete the codes of accounts that are gone, and what was counted against them, a lock among it.

    For accounts alone whose name never comes back: elsewhere it would give an attacker new guesses.
    """
    Code.objects.filter(subject__in=subjects).delete()
    Guard.objects.filter(subject__in=subjects).delete()


def purge(*, at: datetime) -> int:
    """Delete codes that are over, and counters that hold nothing back any more; return how many rows went."""
    gone, _ = Code.objects.filter(expires_at__lte=at).delete()
    calm, _ = Guard.objects.filter(in_a_row=0, hour_began__lte=at - HOUR).delete()
    full, _ = Bucket.objects.filter(full_at__lte=at).delete()
    return gone + calm + full


def locked_guard(carrier_id: int, subject: str, at: datetime) -> Guard:
    """Return the account's counter under a row lock: guesses at the same moment are counted one after another."""
    Guard.objects.bulk_create([Guard(carrier_id=carrier_id, subject=subject, hour_began=at)], ignore_conflicts=True)
    guard = Guard.objects.select_for_update().get(carrier_id=carrier_id, subject=subject)
    if at - guard.hour_began >= HOUR:
        guard.hour_began, guard.in_hour = at, 0
        guard.save(update_fields=["hour_began", "in_hour"])
    return guard


def _refuse_if_guarded(guard: Guard, at: datetime) -> None:
    if guard.in_a_row >= WRONG_IN_A_ROW:
        raise Refused("code.locked")
    if guard.in_hour >= WRONG_PER_HOUR:
        raise Refused("code.slow_down", minutes=_minutes(guard.hour_began + HOUR - at))


def take(what: str, most: int, at: datetime, *, refusal: str = "code.sent_too_often") -> None:
    """Take one from a bucket that holds `most` and fills up within an hour.

    Raises `Refused` with the code `refusal` when it is empty; the wait is in `minutes`.
    """
    key = _hmac("bucket", what).hex()
    with connection.cursor() as cursor:
        whole = HOUR.total_seconds()
        cursor.execute(TAKE, {"key": key, "at": at, "each": whole / most, "whole": whole})
        if cursor.fetchone() is None:
            cursor.execute("SELECT full_at FROM codes_bucket WHERE key = %s", [key])
            row = cursor.fetchone()
            next_at = (row[0] if row else at) - HOUR + HOUR / most
            raise Refused(refusal, minutes=_minutes(next_at - at))


def _minutes(wait: timedelta) -> int:
    return max(1, -(-int(wait.total_seconds()) // 60))


def _digest(carrier_id: int, subject: str, purpose: str, place: str, nonce: bytes, digits: str) -> bytes:
    return _hmac("code", "|".join((str(carrier_id), subject, purpose, place, nonce.hex(), digits)))


def _hmac(use: str, text: str) -> bytes:
    """Return HMAC-SHA256 under a key made for one use only from the installation's own."""
    key = hashlib.sha256(f"tojimari.codes.{use}:{settings.SECRET_KEY}".encode()).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
