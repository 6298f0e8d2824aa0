"""How are SMS handed to the gateway, and how are its receipts taken?

Several go out at the same time, as many as the gateway's window allows. Each is marked in its row before it leaves, so
that one whose answer is lost is known as such even if this process dies meanwhile.
"""

from __future__ import annotations

import contextlib
import os
import queue
import re
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, wait
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from tojimari.messages.begun import News, begin, told_together
from tojimari.messages.channels import ANSWER_LOST, Fate, Sent
from tojimari.messages.channels.smpp import pdu
from tojimari.messages.channels.smpp.client import BUSY, Client, Said
from tojimari.messages.channels.smpp.pdu import Receipt, Status
from tojimari.messages.channels.smpp.session import Delivered
from tojimari.messages.channels.smpp.settings import Settings
from tojimari.messages.models import Delivery, Message
from tojimari.platform.config import config

log = structlog.get_logger(__name__)

NAME = "smpp"

AWAY = "message.gateway_away"
REFUSED = "message.gateway_refuses"
TOO_BUSY = "message.gateway_busy"
NUMBER_WRONG = "message.number_wrong"
NOT_TAKEN = "message.sms_not_taken"

SIGN_IN_WITHIN = 5.0
TOGETHER = 0.25
"""So many seconds an answer may wait for others to be written down with it."""
LAST_CHUNK = 60.0
"""No more are handed over after so many seconds, and an answer is waited for so long: the lease is longer."""

OURS = frozenset(
    {Status.ESME_RINVSRCADR, Status.ESME_RINVSRCTON, Status.ESME_RINVSRCNPI, Status.ESME_RINVSYSTYP}
    | {Status.ESME_RINVSERTYP, Status.ESME_RINVBNDSTS}
)
"""The gateway minds what is the same for every message: the settings are wrong, and mending them will help."""
NO_SUCH_NUMBER = frozenset({Status.ESME_RINVDSTADR, Status.ESME_RINVDSTTON, Status.ESME_RINVDSTNPI})
PASSES = frozenset(
    {Status.ESME_RSYSERR, Status.ESME_RSUBMITFAIL, Status.ESME_RX_T_APPN, Status.ESME_RUNKNOWNERR}
    | {Status.ESME_RDELIVERYFAILURE}
)
"""Trouble of the gateway's own. So is every status that the standard does not know (SMPP 3.4 5.1.3)."""

STATES = {
    "DELIVRD": Delivery.DELIVERED,
    "EXPIRED": Delivery.EXPIRED,
    "UNDELIV": Delivery.UNDELIVERED,
    "REJECTD": Delivery.UNDELIVERED,
    "DELETED": Delivery.UNDELIVERED,
    "ENROUTE": Delivery.ACCEPTED,
    "ACCEPTD": Delivery.ACCEPTED,
}
"""SMPP 3.4 5.2.28 and appendix B. "Unknown" is none of them: nothing can be said then."""

_lock = threading.Lock()
_clients: dict[tuple[int, Settings], Client] = {}


def gateway() -> Client:
    """Return this process's connection to the gateway, made when it is first asked for. A fork makes its own."""
    settings = Settings.of(config())
    with _lock:
        mine = (os.getpid(), settings)
        if mine not in _clients:
            _clients[mine] = Client(settings)
        return _clients[mine]


def hang_up() -> None:
    """End every connection of this process."""
    with _lock:
        for pid, settings in list(_clients):
            client = _clients.pop((pid, settings))
            if pid == os.getpid():
                client.close()


def send(messages: Sequence[Message]) -> Iterator[Sequence[Sent]]:
    """Hand the messages over and yield what the gateway said to each.

    When there is no connection, or it has too much to do, this ends: the others are not a try, and stay as they are.
    """
    client, until = gateway(), time.monotonic() + LAST_CHUNK
    if not client.is_bound(SIGN_IN_WITHIN):
        code = REFUSED if client.refused is not None else AWAY
        yield [Sent(messages[0], Fate.AGAIN, code, detail=_hex(client.refused))]
        return
    window = config().smpp_window
    for start in range(0, len(messages), window):
        pause = False
        for known in _handed_over(client, messages[start : start + window]):
            pause = pause or any(sent.fate == Fate.AGAIN for sent in known)
            yield known
        if pause or time.monotonic() > until:
            return


def _handed_over(client: Client, messages: Sequence[Message]) -> Iterator[list[Sent]]:
    """Hand a window over, and yield what is known of it: all at once, or every `TOGETHER` while some are waited for."""
    now = datetime.now(UTC)
    written = [(message, _parts(message, now)) for message in messages]
    begin((message for message, parts in written if parts), at=now)
    waiting = {client.submit(parts): (message, len(parts)) for message, parts in written if parts}
    wrong = [Sent(message, Fate.FAILED, NUMBER_WRONG) for message, parts in written if not parts]
    if wrong:
        yield wrong
    until = time.monotonic() + LAST_CHUNK
    while waiting:
        over = time.monotonic() >= until
        known = set(waiting) if over else wait(waiting, TOGETHER).done
        if known:
            yield [_judged(*waiting.pop(future), _said(future, until)) for future in list(waiting) if future in known]


def _parts(message: Message, now: datetime) -> list[Any]:
    """What is submitted for a message; nothing for a number that cannot be one."""
    if not re.fullmatch(r"[1-9][0-9]{6,14}", message.to, re.ASCII):
        return []
    settings = Settings.of(config())
    # A code that is over must not arrive any more.
    valid = None if message.wipe_at is None else max(message.wipe_at - now, timedelta(seconds=1))
    return pdu.submits(
        message.body,
        to=message.to,
        source=settings.source,
        reference=message.pk,
        payload=settings.payload,
        valid=valid,
    )


def _said(future: Future[Said], until: float) -> Said:
    try:
        return future.result(max(until - time.monotonic(), 0.0))
    except TimeoutError:
        future.cancel()
        return Said(None)


def _judged(message: Message, parts: int, said: Said) -> Sent:
    """Say whether trying again may help, and whether it may have gone out although nobody says so."""
    status = said.status
    if status == Status.ESME_ROK:
        return Sent(message, Fate.SENT, gateway_ids=tuple(filter(None, said.gateway_ids)), parts=parts)
    if status is None:
        if said.handed_over:
            return Sent(message, Fate.UNSURE, ANSWER_LOST)
        return Sent(message, Fate.AGAIN, AWAY)
    log.warning("sms.not_taken", message=message.pk, status=_hex(status))
    if status in BUSY:
        return Sent(message, Fate.AGAIN, TOO_BUSY, detail=_hex(status))
    if status in OURS:
        return Sent(message, Fate.AGAIN, REFUSED, detail=_hex(status))
    if status in PASSES or status not in set(Status):
        return Sent(message, Fate.AGAIN, AWAY, detail=_hex(status))
    return Sent(message, Fate.FAILED, NUMBER_WRONG if status in NO_SUCH_NUMBER else NOT_TAKEN, detail=_hex(status))


def _hex(status: int | None) -> str:
    return "" if status is None else f"{status:#010x}"


MOST_AT_ONCE = 200


def take_receipts(within: float) -> int:
    """Wait for receipts, at most `within` seconds, write them down, and answer them. Return how many there were.

    A receipt is answered when it is kept; when the database is away the gateway is told to bring it again.
    """
    client, taken, patience = gateway(), 0, within
    while delivered := _waiting(client, patience):
        kept = False
        try:
            _take([one.receipt for one in delivered])
            kept = True
        finally:
            for one in delivered:
                client.acknowledge(one, kept=kept)
        taken, patience = taken + len(delivered), 0.0
    return taken


def _waiting(client: Client, within: float) -> list[Delivered]:
    """Receipts that are there, `MOST_AT_ONCE` at most; the first is waited for."""
    found: list[Delivered] = []
    with contextlib.suppress(queue.Empty):
        while len(found) < MOST_AT_ONCE:
            found.append(client.receipts.get(timeout=0.0 if found else within))
    return found


def _take(receipts: Sequence[Receipt]) -> None:
    news, now = [], datetime.now(UTC)
    for receipt in receipts:
        fate = STATES.get(receipt.state)
        if fate is None or not receipt.gateway_id:
            log.info("sms.receipt_tells_nothing", state=receipt.state)
            continue
        code = "" if fate == Delivery.DELIVERED else f"{receipt.state} {receipt.error}".strip()
        news.append(News(receipt.gateway_id, receipt.number.removeprefix("+"), receipt.reference, fate, now, code))
    told_together(news, channel=NAME, now=now)
