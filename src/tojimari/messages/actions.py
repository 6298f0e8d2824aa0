"""How is something told to a person? By a row in the caller's own transaction; workers send it afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from tojimari.lines.models import Line, LineState
from tojimari.messages import receipts
from tojimari.messages.models import Delivery, Message, MessageKind, MessageState, Receipt, new_token
from tojimari.messages.own_texts import in_own_words
from tojimari.messages.texts import Written
from tojimari.platform.database.bulk import insert_new

NUMBER_OFF = "message.number_off"
TOO_LATE = "message.too_late"
NO_ADDRESS = "message.no_address"

RECEIPTS_KEPT = timedelta(days=14)
"""So long a receipt waits for its answer, and an answer for its receipt. Gateways try for a week at most."""


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
    instead_of: int | None = None  # the message that did not arrive and that this one stands for


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

    What a case was told already under the same key stays as it was. One without an address is put down as failed, so
    that another way is looked for, or staff see to it. An SMS to a number that is off is put down as
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


def receipt(
    *, channel: str, gateway_id: str, fate: Delivery, at: datetime, code: str = "", now: datetime | None = None
) -> Message | None:
    """Write down what a gateway told of a message that it took; return the message, or None when it is not known yet.

    `gateway_id` is the name that the gateway gave in its answer, in the spelling that the channel uses for both. `at`
    is when it happened, as the gateway told; `code` its own code for what went wrong. A receipt that is quicker than
    the answer waits until `taken` names its message. Told twice, or told late, is told once: what is final stays.
    Needs the scope of every carrier, because a gateway serves them all.
    """
    with transaction.atomic():
        found = receipts.told([receipts.Told(gateway_id, fate, at, code)], channel=channel, now=now or at)
        receipts.sum_up(found)
        return Message.objects.get(pk__in=found) if found else None


def taken(message: Message, *, channel: str, gateway_ids: Sequence[str], at: datetime) -> None:
    """Write down under which names a gateway took a message, one for each part; receipts that were quicker now count.

    A gateway that counts from 1 again after a restart gives a name a second time: it then means the new message.
    """
    names = [receipts.Name(one, message.pk, message.carrier_id) for one in dict.fromkeys(gateway_ids)]
    with transaction.atomic():
        receipts.named(names, channel=channel, at=at)
        if names:
            receipts.sum_up([message.pk])


def drop_old_receipts(*, at: datetime) -> int:
    """Forget the names that gateways gave long ago; return how many. What a message came to stands in its own row."""
    return Receipt.objects.filter(created_at__lt=at - RECEIPTS_KEPT).delete()[0]


def _row(letter: Letter, off: set[str], at: datetime) -> dict[str, Any]:
    refused = letter.kind == MessageKind.SMS and letter.to in off
    state = MessageState.REFUSED if refused else MessageState.QUEUED if letter.to else MessageState.FAILED
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
        "state": state,
        "code": NUMBER_OFF if refused else "" if letter.to else NO_ADDRESS,
        "channel": "",
        "token": new_token(),
        "attempts": 0,
        "created_at": at,
        "due_at": at,
        "lease_owner": "",
        "wipe_at": letter.wipe_at,
        "instead_of_id": letter.instead_of,
        "gateway_id": "",
        "parts": 0,
        "unsure": False,
        "delivery": Delivery.UNKNOWN,
        "delivery_code": "",
        "seen_to_by": "",
    }
