"""How does a person see that a message is really ours, without trusting anything in it?

Each message bears its number (the reference of its case, or a number of its own) and a check code. Whoever types both
on the carrier's own page hears whether we sent such a message, when, and to whom. The code is made from the message and
the installation's key, so nobody can make one, and no copy of the database holds it. A genuine message may be copied
into a forged one: therefore the page also says to whom it went, and what it was called.
"""

from __future__ import annotations

import hmac

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from tojimari.lines.models import Carrier
from tojimari.messages.links import CHECK, filled
from tojimari.messages.models import Message, MessageKind, MessageState
from tojimari.messages.texts import tag
from tojimari.platform.keyed import keyed
from tojimari.platform.spelled import ALPHABET, as_written, in_groups, in_letters, of_number

LETTERS = 8
"""Of a check code: 40 bits, guessed against a page that takes some dozens of tries an hour."""
LOOKED_AT = 100
"""As many codes are compared for every question: how long it takes tells nobody whether a reference exists."""
OWN = "MS"
"""Begins the number of a message that is about no case."""


def code_of(message: Message) -> str:
    """Return a message's check code, "7K3M-9QXA"."""
    return in_groups(in_letters(keyed("message-check", f"{message.pk}|{message.token}"))[:LETTERS])


def number_of(message: Message) -> str:
    """Return what a message is asked for by: the reference of its case, or a number of its own."""
    if message.reference:
        return message.reference
    return f"{OWN}-{in_groups(of_number(message.pk, LETTERS))}"


def ready(message: Message) -> str:
    """Return the body as it goes out: links filled in, and how to check that it is ours.

    An SMS about no case has no such line: it is a code that was asked for a minute ago, and every letter costs.
    """
    body = filled(message.body, message.carrier, message.reference)
    facts = {"number": number_of(message), "code": code_of(message), "page": filled(CHECK, message.carrier, "")}
    if message.kind == MessageKind.SMS:
        return body if not message.reference else f"{body}\n{facts['number']} {facts['code']} {facts['page']}"
    with override(tag(message.language)):
        line = _("This mail has the number %(number)s and the check code %(code)s. Enter both here: %(page)s") % facts
    return f"{body.rstrip()}\n{line}\n"


def with_check(body: str, carrier: Carrier, reference: str) -> str:
    """Return an SMS about a case as it goes out, with a check code that stands for any: for a preview."""
    return f"{body}\n{reference} {'0' * 4}-{'0' * 4} {filled(CHECK, carrier, '')}"


def find(carrier_id: int, number: str, code: str) -> Message | None:
    """Return the message of this number and check code, however both were typed; None when we sent none such."""
    name = as_kept(number)
    sent = Message.objects.filter(carrier_id=carrier_id).filter(Q(state=MessageState.SENT) | Q(unsure=True))
    own = sent.filter(pk=_pk(name), reference="") if name.startswith(OWN + "-") else sent.filter(reference=name)
    there: list[Message] = list(own.order_by("-pk")[:LOOKED_AT])
    given, found = _letters(code), None
    for message in [*there, *([Message(pk=0, token="")] * (LOOKED_AT - len(there)))]:
        same = hmac.compare_digest(code_of(message).replace("-", "").encode(), given.encode())
        found = message if same and message.pk else found
    return found


def as_kept(number: str) -> str:
    """A number as it is stored, however it was typed: two letters, then groups of four."""
    letters = "".join(letter for letter in number.upper() if letter.isalnum())
    return "-".join(part for part in (letters[:2], in_groups(as_written(letters[2:]))) if part)


def _letters(typed: str) -> str:
    return as_written("".join(letter for letter in typed if letter.isalnum()))


def _pk(name: str) -> int:
    number = 0
    for letter in name.removeprefix(OWN).replace("-", ""):
        if letter not in ALPHABET:
            return 0
        number = number << 5 | ALPHABET.index(letter)
    return number if number < 1 << 63 else 0
