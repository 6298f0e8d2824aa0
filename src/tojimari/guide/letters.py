"""Which letters can a person send to a carrier, and what is in each?

Four: leaving a new contract in its first days, closing a line, stopping charges after the end (`complaint`), and the
facts for those who advise when a carrier does not help. A letter is data: pages, mails and the PDF (`documents`) are
views of it. Nothing here is stored. Meanings are in the language that is active when the letter is made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from django.utils.translation import get_language

from tojimari.guide.words import clauses as say
from tojimari.guide.words.clauses import Clause
from tojimari.rules.early_exit import Scheme

ANSWER_DAYS = 14
"""Within how many days a complaint asks for an answer. No law sets it: it is long enough for a company's post."""

_LOCALES = {"ja": "ja", "en": "en", "zh-hans": "zh_Hans", "zh-hant": "zh_Hant"}


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a letter, and what it means to its sender."""

    ja: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a numbered list of what is asked for."""

    parts: tuple[Part, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One fact below the letter. The value stands as it was given."""

    label: Part
    value: Part


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes. Empty: left out; without an address a line to fill in by hand is left."""

    name: str
    address: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Contract:
    """Which contract it is about. Empty or None: not known, and left out."""

    carrier: str
    carrier_address: str = ""
    plan: str = ""
    number: str = ""
    customer: str = ""
    made_on: date | None = None


@dataclass(frozen=True, slots=True)
class Charge:
    """One thing that was charged after the end."""

    on: date
    yen: int
    what: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that the person can show, with its SHA-256 where it is a file."""

    what: str
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class ComplaintFacts:
    """What a complaint rests on. All of it is what the person says and was told: nothing here has been checked."""

    sender: Sender
    contract: Contract
    dated: date
    asked_on: date | None = None
    """The day on which closing was asked for, in Japan."""
    ended_on: date | None = None
    """The end that the carrier named."""
    receipt: str = ""
    charges: Sequence[Charge] = ()
    evidence: Sequence[Evidence] = ()
    story: str = ""
    """In the person's own words. Stands only in what goes to those who advise."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter, ready to be shown, printed or drawn."""

    title: Part
    dated: date
    to: tuple[str, ...]
    sender: Sender
    body: tuple[Block, ...]
    rows: tuple[Row, ...]
    farewell: str = ""
    signed: bool = True
    """False: a sheet to read from, which nobody signs."""

    @property
    def dated_ja(self) -> str:
        return japanese_day(self.dated)

    @property
    def from_lines(self) -> tuple[tuple[str, str], ...]:
        """Label and value of each line of the sender, in the order of the sheet."""
        values = {
            "address": self.sender.address,
            "name": self.sender.name,
            "phone": self.sender.phone,
            "email": self.sender.email,
        }
        return tuple((say.SENDER[key], value) for key, value in values.items() if value)

    def text(self) -> str:
        """Return the Japanese letter as plain text, for a mail or a form on the carrier's page."""
        lines = [self.title.ja, "", *self.to, ""]
        for block in self.body:
            marks = [f"{number}. " if block.numbered else "" for number in range(1, len(block.parts) + 1)]
            lines += [f"{mark}{part.ja}" for mark, part in zip(marks, block.parts, strict=True)]
            lines.append("")
        lines += [self.farewell, ""] if self.farewell else []
        lines += [say.BELOW, *(f"{row.label.ja}：{row.value.ja}" for row in self.rows), say.END, ""]
        lines += [self.dated_ja, *(f"{label}：{value}" for label, value in self.from_lines)]
        return "\n".join(lines)


def japanese_day(day: date) -> str:
    """Write a day as it stands in a Japanese letter."""
    return f"{day.year}年{day.month}月{day.day}日"


def _reader_day(day: date) -> str:
    return format_date(day, format="long", locale=_LOCALES.get(get_language() or "ja", "en"))


def _said(clause: Clause, *, day: date | None = None, days: int | None = None) -> Part:
    if day is not None:
        return Part(clause.ja.format(day=japanese_day(day)), str(clause.meaning) % {"day": _reader_day(day)})
    if days is not None:
        return Part(clause.ja.format(days=days), str(clause.meaning) % {"days": days})
    return Part(clause.ja, str(clause.meaning))


def _paragraph(*parts: Part) -> Block:
    return Block(parts)


def _asks(clauses: Sequence[Clause]) -> Block:
    return Block(tuple(_said(clause) for clause in clauses), numbered=True)


def _row(label: str, value: str | date | Clause | None) -> tuple[Row, ...]:
    """One row, or none where there is no value."""
    match value:
        case None | "":
            return ()
        case date():
            part = Part(japanese_day(value), _reader_day(value))
        case Clause():
            part = _said(value)
        case str():
            part = Part(value, value)
    return (Row(_said(say.LABELS[label]), part),)


def _contract_rows(contract: Contract) -> tuple[Row, ...]:
    return (
        *_row("plan", contract.plan),
        *_row("number", contract.number),
        *_row("customer", contract.customer),
        *_row("made", contract.made_on),
    )


def _to(contract: Contract, window: str) -> tuple[str, ...]:
    """The addressee: the address first, if known, then the company."""
    address = tuple(line.strip() for line in contract.carrier_address.splitlines() if line.strip())
    return (*address, f"{contract.carrier}　{window}")


def early_exit(
    sender: Sender,
    contract: Contract,
    *,
    dated: date,
    scheme: Scheme | None,
    received: date | None = None,
    started: date | None = None,
    reasons: Sequence[str] = (),
) -> Letter:
    """Return the notice that leaves a new contract (電気通信事業法 26-3).

    `scheme`: what the contract document says; None where the person does not know, and the letter then covers both.
    `reasons`: keys of `clauses.REASONS`, for confirmation measures only: those need a ground. `received`: None is
    written as "not received", which matters: the days have then not begun.
    """
    if scheme is Scheme.CONFIRMATION_MEASURE:
        title, clauses = say.CONFIRMATION_TITLE, list(say.CONFIRMATION)
    else:
        title, clauses = say.EARLY_EXIT_TITLE, list(say.EARLY_EXIT)
        clauses += [say.IF_MEASURES] if scheme is not Scheme.INITIAL_CANCELLATION else []
    document = _row("received", received) if received else _row("not_received", say.NOT_RECEIVED)
    grounds = reasons if scheme is Scheme.CONFIRMATION_MEASURE else ()
    return Letter(
        title=_said(title),
        dated=dated,
        to=_to(contract, say.TO_CARRIER),
        sender=sender,
        body=tuple(_paragraph(_said(clause)) for clause in clauses),
        rows=(
            *_contract_rows(contract),
            *document,
            *_row("started", started),
            *(row for key in grounds for row in _row("reason", say.REASONS[key])),
        ),
    )


def closing(
    sender: Sender, contract: Contract, *, dated: date, end: date | None = None, leaving: date | None = None
) -> Letter:
    """Return the request to close a line. `end`: the day wished for; None: as soon as possible."""
    wish = _said(say.END_ON, day=end) if end else _said(say.END_SOON)
    away = (_said(say.LEAVING, day=leaving),) if leaving else ()
    return Letter(
        title=_said(say.CLOSING_TITLE),
        dated=dated,
        to=_to(contract, say.TO_WINDOW),
        sender=sender,
        body=(
            _paragraph(_said(say.GREETING)),
            _paragraph(_said(say.CLOSING), wish),
            _paragraph(_said(say.PLEASE_ANSWER)),
            _asks(say.CLOSING_ASKS),
            _paragraph(_said(say.OTHER_PAPERS), *away),
        ),
        rows=_contract_rows(contract),
        farewell=say.FAREWELL,
    )


def complaint(facts: ComplaintFacts) -> Letter:
    """Return the letter that asks a carrier to stop and refund what it charges after the end."""
    if facts.ended_on:
        began = _said(say.TOLD_END, day=facts.ended_on)
    elif facts.asked_on:
        began = _said(say.ASKED_ON, day=facts.asked_on)
    else:
        began = _said(say.ASKED)
    enclosed = (_said(say.ENCLOSED),) if facts.evidence else ()
    return Letter(
        title=_said(say.COMPLAINT_TITLE),
        dated=facts.dated,
        to=_to(facts.contract, say.TO_WINDOW),
        sender=facts.sender,
        body=(
            _paragraph(_said(say.GREETING)),
            _paragraph(began, _said(say.STILL_CHARGED)),
            _paragraph(_said(say.COMPLAINT_PLEASE)),
            _asks(say.COMPLAINT_ASKS),
            _paragraph(_said(say.WITHIN, days=ANSWER_DAYS), _said(say.OTHERWISE), *enclosed),
        ),
        rows=_complaint_rows(facts),
        farewell=say.FAREWELL,
    )


def advice(facts: ComplaintFacts, *, ministry: bool, wrote: bool, little_japanese: bool) -> Letter:
    """Return the facts for those who advise: the consumer centre (188), or the ministry's telecom consumer centre.

    Both are asked by phone: this is the sheet to read from, or to hand over at a counter. `wrote`: the carrier was
    already asked in writing.
    """
    more = (*((say.WROTE,) if wrote else ()), *((say.LITTLE_JAPANESE,) if little_japanese else ()))
    return Letter(
        title=_said(say.ADVICE_TITLE),
        dated=facts.dated,
        to=(say.TO_MINISTRY if ministry else say.TO_CENTRE,),
        sender=facts.sender,
        body=tuple(_paragraph(_said(clause)) for clause in (*say.ADVICE, *more)),
        rows=(*_row("carrier", facts.contract.carrier), *_complaint_rows(facts), *_row("story", facts.story)),
        signed=False,
    )


def _complaint_rows(facts: ComplaintFacts) -> tuple[Row, ...]:
    charges = [
        f"{japanese_day(charge.on)}　{charge.yen:,}円{f'　{charge.what}' if charge.what else ''}"
        for charge in facts.charges
    ]
    total = f"{sum(charge.yen for charge in facts.charges):,}円" if len(facts.charges) > 1 else ""
    return (
        *_contract_rows(facts.contract),
        *_row("asked", facts.asked_on),
        *_row("receipt", facts.receipt),
        *_row("ended", facts.ended_on),
        *(row for charge in charges for row in _row("charge", charge)),
        *_row("total", total),
        *(row for item in facts.evidence for row in _row("evidence", _evidence(item))),
    )


def _evidence(item: Evidence) -> str:
    """What it is, and its hash in groups that a person can compare."""
    groups = " ".join(item.sha256[start : start + 8] for start in range(0, len(item.sha256), 8))
    return f"{item.what}（SHA-256: {groups}）" if groups else item.what
