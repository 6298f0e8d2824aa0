"""Who gets no code at all: how do they reach a person, and what becomes of what they wrote?

A request for help needs no proof of anything, so it opens nothing either: it is a note to staff, with a time by which
somebody answers. Its time is kept, because a case that comes of it may count from then. What was written is sealed, and
wiped thirty days after the answer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from tojimari.codes.actions import take
from tojimari.codes.models import HelpOutcome, HelpRequest, HelpState
from tojimari.codes.sealed import seal, unseal
from tojimari.platform.acting import Acting, Refused
from tojimari.platform.spelled import drawn
from tojimari.rules.calendar import add_business_days, day_end, jst_date
from tojimari.rules.figures import value

ASKED_FROM_ADDRESS = 5
"""How many requests one internet address may send at once; as many again come back within an hour."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a person wrote who asks for help. `reasons` are keys of `words.HELP_REASONS`."""

    name: str
    reach: str
    reasons: Sequence[str] = ()
    text: str = ""


def ask_for_help(*, carrier_id: int, language: str, written: Written, address: str, at: datetime) -> HelpRequest:
    """Put a request for help down, promised by the end of the next business day in Japan.

    `address` is the internet address that asks. Raises `Refused` with `help.asked_too_often`; the wait is in `minutes`.
    """
    take(f"help:{address}", ASKED_FROM_ADDRESS, at, refusal="help.asked_too_often")
    reference = drawn("HR")
    today = jst_date(at)
    return HelpRequest.objects.create(
        carrier_id=carrier_id,
        reference=reference,
        asked_at=at,
        promised_by=day_end(add_business_days(today, value("help_business_days", today))),
        language=language,
        sealed=seal(json.dumps(asdict(written), ensure_ascii=False), about=reference),
    )


def open_requests(carrier_id: int) -> list[HelpRequest]:
    """Return the requests that nobody has answered yet, the most pressing first."""
    return list(HelpRequest.objects.filter(carrier_id=carrier_id, state=HelpState.OPEN).order_by("promised_by", "pk"))


def written_in(request: HelpRequest) -> Written | None:
    """Return what the person wrote; None where it has been wiped or cannot be opened."""
    text = unseal(bytes(request.sealed), about=request.reference)
    return Written(**json.loads(text)) if text is not None else None


def note_in(request: HelpRequest) -> str:
    """Return what staff noted; empty where there is nothing, or nothing any more."""
    return unseal(bytes(request.note), about=request.reference) or ""


def answer(*, request_id: int, carrier_id: int, note: str, acting: Acting, at: datetime) -> None:
    """Note that a member of staff has taken care of a request, and what they did.

    Raises `Refused` with `help.note_missing` or `help.answered_already`, and `HelpRequest.DoesNotExist`.
    """
    if not note.strip():
        raise Refused("help.note_missing")
    with transaction.atomic(durable=True):
        request = HelpRequest.objects.select_for_update().get(pk=request_id, carrier_id=carrier_id)
        if request.state != HelpState.OPEN:
            raise Refused("help.answered_already")
        request.note = seal(note.strip(), about=request.reference)
        request.state, request.handled_by, request.answered_at = HelpState.ANSWERED, str(acting), at
        request.outcome = HelpOutcome.NOTED
        request.save(update_fields=["note", "state", "handled_by", "answered_at", "outcome"])


def prepare(*, request_id: int, carrier_id: int, prepared: Mapping[str, Any], acting: Acting, at: datetime) -> None:
    """Keep, sealed, whom staff identified and what they want to open for them; it replaces what was kept before.

    Raises `Refused` with `help.answered_already`.
    """
    with transaction.atomic(durable=True):
        request = HelpRequest.objects.select_for_update().get(pk=request_id, carrier_id=carrier_id)
        if request.state != HelpState.OPEN:
            raise Refused("help.answered_already")
        request.prepared = seal(json.dumps(prepared, ensure_ascii=False), about=f"opening by {request.reference}")
        request.prepared_by, request.prepared_at = str(acting), at
        request.save(update_fields=["prepared", "prepared_by", "prepared_at"])


def prepared_in(request: HelpRequest) -> dict[str, Any] | None:
    """Return what staff prepared for a request; None where there is nothing, or nothing any more."""
    text = unseal(bytes(request.prepared), about=f"opening by {request.reference}")
    found: dict[str, Any] | None = json.loads(text) if text is not None else None
    return found


def close_by_case(*, request_id: int, case: str, acting: Acting, at: datetime) -> HelpRequest:
    """Close a request because staff opened a case for the person, in the transaction that writes the case.

    Raises `Refused` with `help.answered_already` for the second of two who do so.
    """
    request = HelpRequest.objects.select_for_update().get(pk=request_id)
    if request.state != HelpState.OPEN:
        raise Refused("help.answered_already")
    request.state, request.outcome, request.case = HelpState.ANSWERED, HelpOutcome.CASE, case
    request.handled_by, request.answered_at = str(acting), at
    request.save(update_fields=["state", "outcome", "case", "handled_by", "answered_at"])
    return request


def closed_requests(carrier_id: int) -> QuerySet[HelpRequest]:
    """Return the requests that are closed, the newest first, for who looks at what became of them. One query."""
    return HelpRequest.objects.filter(carrier_id=carrier_id, state=HelpState.ANSWERED).order_by("-answered_at", "-pk")


def wipe(*, at: datetime) -> int:
    """Wipe what was written in requests that were answered long enough ago; return how many."""
    over = at - timedelta(days=value("help_kept_days", jst_date(at)))
    answered = HelpRequest.objects.filter(state=HelpState.ANSWERED, answered_at__lte=over).exclude(sealed=b"")
    return answered.update(sealed=b"", note=b"", prepared=b"")
