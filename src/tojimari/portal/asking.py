"""How is a code asked for, to where does it go, and how is it checked?

What is done and answered is the same whether there is anybody to get the code or not (OWASP ASVS 6.3.8): a line that
nobody knows gets codes too, only that they are never sent. Where a code goes is never shown, for the same reason: the
person chooses between e-mail and SMS, and we take the address that we know.

E-mail is the usual way. SMS is one where the person typed the order number: the SIM, or a phone found in a taxi, must
not be enough to close its line (NIST SP 800-63B-4 3.1.3.3 calls SMS restricted), and the order number is printed on
neither. It goes to another number of theirs if there is one. A number that is off gets nothing, whoever asks.

A code works in the browser that asked for it and nowhere else. What was asked for stays in the session on the server.
"""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import get_language

from tojimari.codes import actions as codes
from tojimari.lines.models import Carrier, Line
from tojimari.lines.queries import email_of, number_for_code
from tojimari.messages import refund_texts, texts
from tojimari.messages.actions import Letter, put
from tojimari.messages.channels import channel_name
from tojimari.messages.models import MessageKind
from tojimari.platform.keyed import keyed
from tojimari.portal.tenancy import carrier_of
from tojimari.rules.identifiers.anything import read

EMAIL, SMS, PAPERS = "email", "sms", "papers"
"""Ways of a code: to the usual e-mail address, by SMS, or to the address that the person named with their papers."""

SIGN_IN, REFUND = "sign-in", "refund-account"
"""What a code may be for. One for the one is none for the other."""

_KEY = "code_asked_for"
_WRITERS = {
    SIGN_IN: {MessageKind.EMAIL: texts.code, MessageKind.SMS: texts.code_by_sms},
    REFUND: {MessageKind.EMAIL: refund_texts.code, MessageKind.SMS: refund_texts.code_by_sms},
}
_NOBODY = {MessageKind.EMAIL: "nobody@mail.invalid", MessageKind.SMS: "0"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One wish for a code, as it stands in the session."""

    typed: str
    by: str
    subscriber: int | None
    """None where what was typed belongs to nobody."""
    to: str
    subject: str
    limited_as: str = ""
    """Whose allowance of codes is used, where that is not the subject's own."""
    kind: str = ""
    """What the typed text was read as, by its look alone."""
    warning: str = ""
    next: str = ""
    binding: str = ""
    purpose: str = SIGN_IN

    def proof(self, given: str) -> str:
        """What these digits prove of this wish, to be kept with what they proved; it tells nobody the digits."""
        return keyed("portal.proof", f"{self.binding} {given}").hex()


def sms_is_offered() -> bool:
    """Whether this installation can send SMS at all."""
    return bool(channel_name(MessageKind.SMS))


def for_line(carrier: Carrier, line: Line | None, *, typed: str, by: str, after: str) -> Asked:
    """A wish for a code for whatever line was named; `line` is None if it is nobody's. Sends nothing yet."""
    owner = line.subscriber_id if line is not None else 0
    own_number = line.msisdn if line is not None else ""
    reading = read(typed)
    return Asked(
        typed=typed,
        by=by,
        subscriber=owner or None,
        to=number_for_code(owner, besides=own_number) if by == SMS else email_of(owner),
        # One spelling for everything that means the same: limits must not differ between known and unknown numbers.
        subject=f"subscriber:{owner}" if owner else codes.unknown_subject(carrier.pk, reading.value),
        kind=reading.kind or "",
        warning=str(reading.facts.get("warning", "")),
        next=after,
    )


def for_papers(carrier: Carrier, known: tuple[Line, str] | None, *, order: str, after: str) -> Asked:
    """A wish for a code to the address named with an order and the end of its card; `known` is what they belong to.

    The allowance is that of the order as it was typed: one that is used up tells nothing of whose it is.
    """
    nobody = codes.unknown_subject(carrier.pk, f"papers {read(order).value}")
    owner = known[0].subscriber_id if known is not None else None
    return Asked(
        typed=order,
        by=PAPERS,
        subscriber=owner,
        to=known[1] if known is not None else "",
        subject=f"subscriber:{owner}" if owner else nobody,
        limited_as=nobody,
        next=after,
    )


def to_known(wish: Asked, to: str) -> Asked:
    """The same wish, to the address that they named before and that proved to be theirs, if there was one."""
    return replace(wish, to=to or wish.to)


def asked(request: HttpRequest, purpose: str = SIGN_IN) -> Asked | None:
    """What this browser last asked a code of this purpose for."""
    kept = request.session.get(_key(purpose))
    return Asked(**kept) if kept is not None else None


def _key(purpose: str) -> str:
    return _KEY if purpose == SIGN_IN else f"{_KEY} {purpose}"


def forget(request: HttpRequest) -> None:
    """The code for signing in has done what it was for."""
    request.session.pop(_KEY, None)


def ask(request: HttpRequest, wish: Asked, *, at: datetime) -> None:
    """Make a code for this browser and send it, if there is anybody to send it to. Raises `Refused`."""
    carrier = carrier_of(request)
    wish = replace(wish, binding=secrets.token_urlsafe(24))
    # Kept before the code is made: when the limit is reached, the page for the code still knows what was typed.
    request.session[_key(wish.purpose)] = asdict(wish)
    code, digits = codes.issue(
        carrier_id=carrier.pk,
        subject=wish.subject,
        purpose=wish.purpose,
        binding=wish.binding,
        at=at,
        address=request.META.get("REMOTE_ADDR", ""),
        limited_as=wish.limited_as,
    )
    _send(carrier, wish, digits, until=code.expires_at, at=at)


def _send(carrier: Carrier, wish: Asked, digits: str, *, until: datetime, at: datetime) -> None:
    """Put the code's message down. Where nobody is to get it, the same work is done and taken back at once.

    Otherwise the time that an answer takes would tell which numbers exist.
    """
    kind = MessageKind.SMS if wish.by == SMS else MessageKind.EMAIL
    language = get_language() or "ja"
    name = carrier.name(texts.tag(language))
    written = _WRITERS[wish.purpose][kind](language, carrier=name, digits=digits, until=until)
    with transaction.atomic():
        put(Letter(carrier.pk, kind, wish.to or _NOBODY[kind], written, wipe_at=until), at=at)
        if not wish.to:
            transaction.set_rollback(True)


def is_right(request: HttpRequest, wish: Asked, given: str, *, at: datetime) -> bool:
    """Whether these are the digits of the code, and there is somebody whose it is. Raises `Refused`."""
    right = codes.check(
        carrier_id=carrier_of(request).pk,
        subject=wish.subject,
        purpose=wish.purpose,
        binding=wish.binding,
        given=given,
        at=at,
    )
    return right and wish.subscriber is not None
