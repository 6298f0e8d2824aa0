"""How is something told to a person? By a row in the caller's own transaction; workers send it afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Q

from tojimari.lines.models import Line, LineState
from tojimari.messages.models import Message, MessageKind, MessageState, new_token
from tojimari.messages.own_texts import in_own_words
from tojimari.messages.texts import Written
from tojimari.platform.database.bulk import insert_new

NUMBER_OFF = "message.number_off"
TOO_LATE = "message.too_late"


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to be put down. `key` names what it is for its case ("closed"); the same thing is told only once."""

    carrier_id: int
    kind: MessageKind
    to: str  # e-mail address, or MSISDN as E.164 digits without "+"
    written: Written
    case_id: int | None = None
    reference: str = ""
    key: str = ""
    wipe_at: datetime | None = None  # when a secret in the body must be gone


def put(letter: Letter, *, at: datetime) -> Message:
    """Put one message down in the caller's transaction, and return its row, or the one that told the same before.

    The carrier's own words count, where it has any.
    """
    letter = _worded([letter])[0]
    row = _row(letter, _off([letter]), at)
    if insert_new(Message, [row], returning="token"):
        return Message.objects.get(carrier_id=letter.carrier_id, created_at=at, token=row["token"])
    return Message.objects.get(case_id=letter.case_id, key=letter.key)


def put_many(letters: Sequence[Letter], *, at: datetime) -> int:
    """Put messages down in the caller's transaction, and return how many are new.

    What a case was told already under the same key stays as it was. An SMS to a number that is off is put down as
    refused, so that one can see it was held back, and is never sent.
    """
    letters, off = _worded(letters), _off(letters)
    return len(insert_new(Message, [_row(letter, off, at) for letter in letters], returning="token"))


def _worded(letters: Sequence[Letter]) -> list[Letter]:
    texts = in_own_words([(letter.carrier_id, letter.written) for letter in letters])
    return [replace(letter, written=text) for letter, text in zip(letters, texts, strict=True)]


def _off(letters: Sequence[Letter]) -> set[str]:
    return numbers_off(letter.to for letter in letters if letter.kind == MessageKind.SMS)


def numbers_off(numbers: Iterable[str]) -> set[str]:
    """Return which of these MSISDNs are off: a line that held one ended, and no line holds it now. One query at most.

    The next holder of a number that went off is somebody else; a message to the one before must never reach them.
    """
    wanted = {number for number in numbers if number}
    if not wanted:
        return set()
    rows = Line.objects.filter(msisdn__in=wanted).filter(
        Q(number_off_at__isnull=False) | ~Q(state__in=(LineState.TERMINATED, LineState.PORTED_OUT))
    )
    off: set[str] = set()
    held: set[str] = set()
    for number, off_at in rows.values_list("msisdn", "number_off_at"):
        (held if off_at is None else off).add(number)
    return off - held


def wipe_secrets(*, at: datetime) -> int:
    """Empty each body whose secret is over, give up what was not sent in time; return how many bodies were wiped."""
    over = Message.objects.filter(wipe_at__lte=at)
    over.filter(state=MessageState.QUEUED).update(state=MessageState.FAILED, code=TOO_LATE)
    return over.update(body="", wipe_at=None)


def _row(letter: Letter, off: set[str], at: datetime) -> dict[str, Any]:
    refused = letter.kind == MessageKind.SMS and letter.to in off
    return {
        "carrier_id": letter.carrier_id,
        "case_id": letter.case_id,
        "reference": letter.reference,
        "key": letter.key,
        "kind": letter.kind,
        "to": letter.to,
        "subject": letter.written.subject,
        # What must not be sent need not be kept either.
        "body": "" if refused else letter.written.body,
        "language": letter.written.language,
        "state": MessageState.REFUSED if refused else MessageState.QUEUED,
        "code": NUMBER_OFF if refused else "",
        "channel": "",
        "token": new_token(),
        "attempts": 0,
        "created_at": at,
        "due_at": at,
        "lease_owner": "",
        "wipe_at": letter.wipe_at,
    }
