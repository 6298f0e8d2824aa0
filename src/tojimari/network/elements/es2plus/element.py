"""How do the five verbs reach a profile server?

A server knows one deed for a line that ends: cancel the order of its profile. `remove` does it, `prove` asks again.
It cannot switch a line off, so there is nothing to bar or to restore; and it never proves that a line has ended: the
profile may be on a chip already, where only the person can delete it. So it stands before an HLR, never alone.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from math import inf
from urllib.parse import urlsplit

from tojimari.lines.models import Carrier
from tojimari.network.elements.es2plus import meaning, orders
from tojimari.network.elements.es2plus.client import Answer, Client, padded
from tojimari.network.elements.es2plus.line import NAME, Line
from tojimari.network.elements.es2plus.meaning import Meaning
from tojimari.network.elements.es2plus.settings import BadSettings, Provider, provider_for, providers
from tojimari.network.elements.es2plus.transcript import PORT, sent
from tojimari.network.planning import Order
from tojimari.network.queries import NOTHING_HEARD, profiles
from tojimari.platform.work import Batch, Outcome, Work

DOUBT_WITHIN = timedelta(minutes=10)
"""For so long after a lost answer a profile that goes back to stock is surely nobody else's yet."""
LOOK_WITHIN = 3.0  # seconds, for all servers together
LOST_IN_A_ROW = 2
"""After so many requests without an answer the rest of a batch is not sent: the server is away, not the lines."""
_AWAY = frozenset({"network.unreachable", "network.refused", "profile.not_trusted", "profile.files_missing"})


class Es2Plus:
    """Profile servers (SM-DP+) by ES2+. Cancels eSIM profiles; ends no line by itself."""

    name = NAME
    simulated = False

    def trouble(self) -> str:
        """Open a connection to each server, with our certificate. Three seconds at most for all of them."""
        until = time.monotonic() + LOOK_WITHIN
        try:
            found = providers()
        except BadSettings as bad:
            return f"profile.settings {bad}"
        for provider in found.values():
            if trouble := _reached(provider, max(0.1, until - time.monotonic())):
                return f"{trouble} {provider.endpoint}"
        return "" if found else "profile.no_server"

    def inspect(self, batch: Batch) -> list[Outcome]:
        """What notices have told. A server is not asked: it has no question that changes nothing."""
        lines = _lines(batch)
        for line in lines:
            line.done(known=True if line.profile.state else None, profile=line.profile.state or "unknown")
        return [line.outcome for line in lines]

    def bar(self, batch: Batch) -> list[Outcome]:
        return [_nothing_to_do(line, detach="nobody") for line in _lines(batch)]

    def restore(self, batch: Batch) -> list[Outcome]:
        return [_nothing_to_do(line) for line in _lines(batch)]

    def look(self, work: Work) -> Outcome:
        """What notices have told until now; the server has no question that changes nothing."""
        return self.inspect(Batch([work], datetime.now(UTC), inf))[0]

    def plan(self, work: Work) -> Sequence[Order]:
        """The order is cancelled, and at the proof once more, unless the profile may be somebody else's by then."""
        (line,) = _lines(Batch([work], datetime.now(UTC), inf))
        again = line.open and line.server.final_status != "Available"
        if not line.open or not (work.name == "remove" or (work.name == "prove" and again)):
            return []
        call_id = line.call_id if work.step_id else "{case}-{step}"  # before a case is opened it has no name
        return [Order(PORT, sent("cancelOrder", line.server.requester, call_id, parameters(line)))]

    def remove(self, batch: Batch) -> list[Outcome]:
        """Cancel the order, so that nobody can download the profile any more."""
        lines = _lines(batch)
        _ask(batch, [line for line in lines if line.open], _after_cancelling)
        orders.cancelled([line.work.target for line in lines if line.is_cancelled])
        return [line.outcome for line in lines]

    def prove(self, batch: Batch) -> list[Outcome]:
        """Ask again, or say what notices have told. A profile on a chip waits for its person, and holds nothing up."""
        lines = _lines(batch)
        to_ask = [line for line in lines if line.open and _needs_asking(line)]
        _ask(batch, to_ask, _after_asking_again)
        return [line.outcome for line in lines]


def from_config() -> Es2Plus:
    """The element for the servers of this installation. Raises `BadSettings`."""
    providers()
    return Es2Plus()


def _lines(batch: Batch) -> list[Line]:
    """The works of a batch with what is known of their profiles and orders. Three queries."""
    targets = [work.target for work in batch.works]
    slugs = dict(Carrier.objects.filter(pk__in={one.carrier_id for one in targets}).values_list("pk", "slug"))
    known = profiles({one.carrier_id for one in targets}, {one.iccid for one in targets})
    order = orders.known(targets)

    def line(work: Work) -> Line:
        key = orders.key_of(work.target)
        provider = provider_for(slugs.get(work.target.carrier_id, ""), work.target.iccid)
        return Line(work, provider, known.get(key, NOTHING_HEARD), order.get(key, orders.Order()))

    return [line(work) for work in batch.works]


def _nothing_to_do(line: Line, **facts: object) -> Outcome:
    line.done(nothing_to_do=True, **facts)
    return line.outcome


def _ask(batch: Batch, lines: list[Line], after: Callable[[Line, Answer], None]) -> None:
    """Send one CancelOrder for each line and settle it by the answer."""
    for line in lines:
        if line.in_doubt_too_long(batch.at, DOUBT_WITHIN):
            line.by_hand("profile.in_doubt")
    lines = [line for line in lines if line.open]
    never = []
    with ExitStack() as clients:
        for line, answer in _answers(batch, lines, clients):
            if not answer.in_doubt and answer.code and line.order.asked_at is None:
                never.append(line.work.target)
            after(line, answer)
    orders.nothing_arrived(never)


def _answers(batch: Batch, lines: list[Line], clients: ExitStack) -> Iterator[tuple[Line, Answer]]:
    """Each line with the server's answer. What a server that is away was not asked gets the same answer unsent."""
    open_: dict[str, Client] = {}
    lost: dict[str, list[Answer]] = {}
    for line in lines:
        provider = line.server
        gone = lost.setdefault(provider.name, [])
        if batch.expired:
            yield line, Answer(batch.at, code="lease.expired")
            continue
        if gone and (gone[-1].code in _AWAY or len(gone) >= LOST_IN_A_ROW):
            yield line, Answer(gone[-1].at, code=gone[-1].code)
            continue
        if provider.name not in open_:
            open_[provider.name] = clients.enter_context(Client(provider))
        orders.asking(line.work.target, batch.at)
        answer = open_[provider.name].call("cancelOrder", line.call_id, parameters(line))
        line.note("cancelOrder", parameters(line), answer)
        if answer.http or not answer.code:
            gone.clear()
        else:
            gone.append(answer)
        yield line, answer


def parameters(line: Line) -> dict[str, str]:
    """What CancelOrder is given (SGP.22 v2.5, 5.3.3). What is not known is left out."""
    return {
        "iccid": padded(line.work.target.iccid),
        "eid": line.work.target.eid,
        "matchingId": line.order.matching_id,
        "finalProfileStatusIndicator": line.server.final_status,
    }


def _after_cancelling(line: Line, answer: Answer) -> None:
    verdict = meaning.of(answer.status, answer.subject, answer.reason)
    if answer.code:
        line.again(answer.code)
    elif verdict.meaning is Meaning.CANCELLED:
        line.done(profile="cancelled", status=answer.status)
    elif verdict.meaning is Meaning.TAKEN:
        line.done(profile=_where(line))
    elif verdict.meaning is Meaning.UNKNOWN:
        _unknown(line)
    elif verdict.meaning is Meaning.AGAIN:
        line.again(verdict.code)
    else:
        line.stuck(verdict.code)


def _where(line: Line) -> str:
    """Where a profile is that cannot be had any more: on the chip, unless we may have cancelled it ourselves."""
    if line.profile.deleted:
        return "deleted"
    if line.profile.on_chip or line.order.asked_at is None:
        return "installed"
    return "unclear"  # our own request, whose answer was lost, or a download: both look the same


def _unknown(line: Line) -> None:
    if line.order.asked_at is not None:
        line.done(profile="cancelled", answered="gone")
    elif line.profile.deleted:
        line.done(profile="deleted")
    elif line.work.repair:
        # Servers forget old profiles. It must not keep what is left of the line alive in the network.
        line.done(profile="unclear", answered="unknown")
    else:
        line.stuck("profile.unknown")


def _needs_asking(line: Line) -> bool:
    """Settle what needs no question; say whether the server is to be asked once more."""
    if line.removed.get("attested_by"):
        line.done(profile="attested", attested_by=line.removed["attested_by"])
    elif not (before := line.removed.get("profile")):
        line.stuck("profile.not_cancelled")
    elif line.profile.deleted:
        line.done(profile="deleted")
    elif before != "cancelled":
        line.done(profile=str(before), waits_for="chip")
    elif line.server.final_status == "Available":
        # It may be somebody else's by now: asking again would cancel theirs.
        line.done(profile="cancelled", asked_again=False)
    else:
        return True
    return False


def _after_asking_again(line: Line, answer: Answer) -> None:
    verdict = meaning.of(answer.status, answer.subject, answer.reason)
    if answer.code or verdict.meaning is Meaning.AGAIN:
        line.again(answer.code or verdict.code)
    elif verdict.meaning is Meaning.STUCK:
        line.stuck(verdict.code)
    elif line.profile.on_chip:
        line.done(profile="installed", waits_for="chip")  # downloaded before the order was cancelled, told since
    else:
        line.done(profile="cancelled", asked_again=True)


def _reached(provider: Provider, within: float) -> str:
    """Why no connection can be made, with a certificate on each side; empty if one can."""
    parts = urlsplit(provider.endpoint)
    try:
        context = ssl.create_default_context(cafile=str(provider.ca))
        context.load_cert_chain(provider.client_certificate, provider.client_key)
        with (
            socket.create_connection((parts.hostname, parts.port or 443), within) as bare,
            context.wrap_socket(bare, server_hostname=parts.hostname),
        ):
            return ""
    except ssl.SSLError:
        return "profile.not_trusted"
    except ConnectionRefusedError:
        return "network.refused"
    except OSError:
        return "network.unreachable"
