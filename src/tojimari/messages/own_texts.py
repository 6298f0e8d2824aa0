"""How does a carrier say our messages in words of its own, without leaving out what must be said?

An own text has the same facts as the standard one, as placeholders in braces: `{reference}`. It is checked before it is
kept: nothing that the standard text tells may be missing, and no address may stand in it that is not the carrier's own.
The line that says how to check a mail is added to whatever is written. An own text that cannot be used any more stops
no message: the standard one goes out, and the log says so.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog
from django.db import transaction

from tojimari.lines.changes import newest_of, record
from tojimari.lines.models import Carrier, Change
from tojimari.lines.reach import official_hosts
from tojimari.messages.examples import EXAMPLES, REFERENCE, example
from tojimari.messages.foreign import foreign_links
from tojimari.messages.links import filled
from tojimari.messages.texts import LOCALES, Parts, Written
from tojimari.platform.acting import Acting, Refused

log = structlog.get_logger(__name__)

LANGUAGES = tuple(LOCALES)
SUBJECT_MOST = 150
BODY_MOST = 4000
SMS_MOST = 160
"""How many characters a subject, the body of a mail and an SMS may have, with their placeholders."""

NOT_NEEDED = frozenset({"carrier", "label"})
"""Facts that an own text may leave out; all others must be told."""
_CODES = ("code", "call_code", "refund_code", "help_address_code", "help_saved_code")
SECRETS = {name: frozenset({"code"}) for name in _CODES}
"""Facts of a text that must not stand in its subject: only the body is wiped."""
BY_SMS = frozenset(
    {
        "code_by_sms",
        "call_code_by_sms",
        "call_taken_by_sms",
        "visit_soon_by_sms",
        "refund_code_by_sms",
        "refund_account_by_sms",
    }
)
"""Texts that go by SMS: as short as they can be, and without a subject."""

_HOLE = re.compile(r"\{([a-z_]+)\}")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""Control characters besides the end of a line, and marks that turn the direction of writing."""


class BrokenText(Exception):
    """An own text cannot be filled in: it does not fit the facts that there are."""


@dataclass(frozen=True, slots=True)
class Own:
    """Words of a carrier for one text in one language. Both empty: the standard text."""

    subject: str
    body: str

    @property
    def kept(self) -> str:
        """As it stands in the history: the subject, an empty line, the body."""
        return f"{self.subject}\n\n{self.body}" if self.body else ""

    @classmethod
    def of(cls, kept: str) -> Own:
        subject, _, body = kept.partition("\n\n")
        return cls(subject, body)

    @classmethod
    def typed(cls, subject: str, body: str) -> Own:
        """From two fields of a form: browsers send other line ends."""
        lines = body.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        return cls(subject.strip(), "\n".join(line.rstrip() for line in lines).strip("\n"))


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with an own text. `field` is "subject" or "body"; `row` counts from 1, 0 for the whole field."""

    field: str
    row: int
    code: str
    fact: str = ""


def setting(name: str, language: str) -> str:
    """Return the name under which the history keeps an own text."""
    return f"text.{name}.{language}"


def standard(name: str, language: str) -> Own:
    """Return the standard text with a placeholder for each fact, as an administrator begins with it."""
    text = example(name, language, "\ue000")  # a name that stands in no sentence by chance
    made_of = _parts(text)
    body = text.body.removesuffix("\n").removesuffix(made_of.foot).rstrip("\n")
    holes = sorted(made_of.facts.items(), key=lambda item: len(item[1]), reverse=True)
    return Own(_with_holes(text.subject, holes), _with_holes(body, holes))


def _with_holes(text: str, holes: Sequence[tuple[str, str]]) -> str:
    values = {value: name for name, value in holes if value}
    pattern = "|".join(re.escape(value) for value in values)  # the longest first: one value may hold another
    return re.sub(pattern, lambda match: "{" + values[match[0]] + "}", text)


def facts_of(name: str, language: str, carrier: Carrier) -> dict[str, str]:
    """Return the placeholders of a text, each with an example of what is filled in."""
    facts = _parts(example(name, language, carrier.name(language))).facts
    return {hole: filled(value, carrier, REFERENCE) for hole, value in facts.items()}


def needed(name: str) -> frozenset[str]:
    """Return the placeholders that an own text must have: whatever the standard text tells."""
    text = standard(name, "en")
    return frozenset(_HOLE.findall(f"{text.subject}\n{text.body}")) - NOT_NEEDED


def check(name: str, own: Own, hosts: Collection[str] | None) -> list[Problem]:
    """Return everything that is wrong with an own text. `hosts` are the carrier's own; None looks at no address."""
    problems = [*_length_problems(name, own)]
    known = frozenset(_parts(example(name, "en", "")).facts)
    for field, text in (("subject", own.subject), ("body", own.body)):
        for row, line in enumerate(text.split("\n"), 1):
            problems += [Problem(field, row, *found) for found in _line_problems(field, line, known, name)]
            foreign = [] if hosts is None else foreign_links(_HOLE.sub(" ", line), hosts)
            problems += [Problem(field, row, "address", host) for host in foreign]
    there = set(_HOLE.findall(own.subject)) | set(_HOLE.findall(own.body))
    return [*problems, *(Problem("body", 0, "missing", hole) for hole in sorted(needed(name) - there))]


def _length_problems(name: str, own: Own) -> Iterable[Problem]:
    sms = name in BY_SMS
    if not own.body.strip():
        yield Problem("body", 0, "empty")
    if len(own.body) > (most := SMS_MOST if sms else BODY_MOST):
        yield Problem("body", 0, "long", str(most))
    if sms and own.subject:
        yield Problem("subject", 0, "no_subject")
    if not sms and not own.subject:
        yield Problem("subject", 0, "empty")
    if len(own.subject) > SUBJECT_MOST:
        yield Problem("subject", 0, "long", str(SUBJECT_MOST))


def _line_problems(field: str, line: str, known: frozenset[str], name: str) -> Iterable[tuple[str, str]]:
    holes = _HOLE.findall(line)
    yield from (("unknown", hole) for hole in holes if hole not in known)
    if field == "subject":
        yield from (("secret", hole) for hole in holes if hole in SECRETS.get(name, ()))
    rest = _HOLE.sub("", line)
    if "{" in rest or "}" in rest:
        yield ("brace", "")
    if _CONTROL.search(line):
        yield ("control", "")


def said(written: Written, own: Own) -> Written:
    """Return a text in the carrier's own words. Raises `BrokenText`."""
    made_of = _parts(written)
    if check(made_of.name, own, None):
        raise BrokenText(made_of.name)
    subject = " ".join(_filled(own.subject, made_of).split())
    # A fact may be empty, as the costs of what costs nothing; no hole is left where it would have stood.
    body = re.sub(r"\n{3,}", "\n\n", _filled(own.body, made_of)).strip()
    whole = body if made_of.name in BY_SMS else "\n\n".join(filter(None, (made_of.head, body, made_of.foot))) + "\n"
    return replace(written, subject=subject, body=whole)


def _filled(text: str, made_of: Parts) -> str:
    """Fill in one pass: what is filled in is never looked at for placeholders itself."""
    try:
        return _HOLE.sub(lambda match: made_of.facts[match[1]], text)
    except KeyError as error:
        raise BrokenText(made_of.name) from error


def in_own_words(letters: Sequence[tuple[int, Written]]) -> list[Written]:
    """Return texts as their carriers (by id) say them, in the same order. One query, none where nothing can differ."""
    wanted = {(carrier, setting(text.parts.name, text.language)) for carrier, text in letters if text.parts}
    kept = newest_of(wanted)
    return [_as_kept(carrier, text, kept) for carrier, text in letters]


def _as_kept(carrier_id: int, text: Written, kept: dict[tuple[int, str], str]) -> Written:
    own = kept.get((carrier_id, setting(text.parts.name, text.language)), "") if text.parts else ""
    if not own:
        return text
    try:
        return said(text, Own.of(own))
    except BrokenText as error:
        log.error("message.own_text_broken", carrier_id=carrier_id, text=str(error), language=text.language)
        return text


def keep(
    *, carrier: Carrier, name: str, language: str, own: Own | None, seen: int, acting: Acting, at: datetime
) -> Change | None:
    """Let an own text count from now on, or the standard one again (None). None is returned when it counts already.

    Raises `Refused`: `message.text_wrong` when something is wrong with it, `settings.changed` when a colleague was
    first. Nothing is written then.
    """
    if own is not None and check(name, own, official_hosts(carrier)):
        raise Refused("message.text_wrong")
    before = newest_of([(carrier.pk, setting(name, language))])
    now = next(iter(before.values()), "")
    if own is None and not now:
        return None
    with transaction.atomic(durable=True):
        return record(
            carrier=carrier,
            setting=setting(name, language),
            before=now or standard(name, language).kept,
            after=own.kept if own is not None else "",
            seen=seen,
            acting=acting,
            at=at,
        )


def now_said(carrier_id: int) -> dict[tuple[str, str], Own]:
    """Return a carrier's own texts by name and language. One query."""
    wanted = {setting(name, language): (name, language) for name in EXAMPLES for language in LANGUAGES}
    kept = newest_of([(carrier_id, one) for one in wanted])
    return {wanted[one]: Own.of(text) for (_, one), text in kept.items() if text}


def shown(carrier: Carrier, name: str, language: str, own: Own) -> Written:
    """Return an own text with example facts, as it would arrive. Raises `BrokenText`."""
    text = said(example(name, language, carrier.name(language)), own)
    return replace(text, body=filled(text.body, carrier, REFERENCE))


def _parts(text: Written) -> Parts:
    if text.parts is None:
        raise BrokenText("a text without parts")
    return text.parts
