"""What is a caller asked, and is the answer right?

The system compares; whoever asks never sees what would be right, nor which of the answers was. Only what the books hold
can be asked. The carrier chooses the questions and how many right answers are enough, within limits: never fewer than
two, and one of them must be of what neither the card nor a list of names tells (a thief holds the card).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tojimari.lines.access import order_key
from tojimari.lines.changes import newest, record
from tojimari.lines.emails import normal_email
from tojimari.lines.models import Carrier, Change, ContactKind, ContactPoint, Line
from tojimari.platform.acting import Acting, Refused
from tojimari.rules.text import is_digits, plain

SETTING = "call.questions"
FEWEST = 2
_ENDING = 4


@dataclass(frozen=True, slots=True)
class Facts:
    """What the books hold about a caller."""

    line: Line
    emails: frozenset[str]

    @property
    def names(self) -> list[str]:
        owner = self.line.subscriber
        return [name for name in (owner.name_latin, owner.name_kana, owner.name_kanji) if name]


@dataclass(frozen=True, slots=True)
class Question:
    """One question: whether the books can judge an answer, and whether it is right."""

    held: Callable[[Facts], bool]
    fits: Callable[[Facts, str], bool]
    secret: bool
    """Whether neither the SIM card nor a list of names tells the answer."""


def _words(name: str) -> list[str]:
    """The parts of a name without accents, in one case; hiragana as katakana."""
    latin = "".join(
        char for char in unicodedata.normalize("NFKD", name) if not "\u0300" <= char <= "\u036f"
    )  # a dakuten makes another letter and stays
    folded = unicodedata.normalize("NFKC", latin).casefold()
    kana = "".join(chr(ord(char) + 0x60) if "\u3041" <= char <= "\u3096" else char for char in folded)
    return re.findall(r"\w+", kana)


def _same_name(facts: Facts, typed: str) -> bool:
    """In any of the spellings on record; the parts in any order that turns them round, joined or apart."""
    given = "".join(_words(typed))
    for name in facts.names:
        words = _words(name)
        if given in {"".join(words[turn:] + words[:turn]) for turn in range(len(words))}:
            return True
    return False


def _same_month(facts: Facts, typed: str) -> bool:
    """A month however it is written: 2026-04, 4/2026, 2026年4月, 202604."""
    numbers = re.findall(r"\d+", unicodedata.normalize("NFKC", typed))
    if len(numbers) == 1 and len(numbers[0]) == 6:
        numbers = [numbers[0][:4], numbers[0][4:]]
    began = facts.line.contract_on
    years = [int(number) for number in numbers if len(number) == 4]
    months = [int(number) for number in numbers if len(number) <= 2]
    return len(numbers) == 2 and years == [began.year] and months == [began.month]


def _same_ending(typed: str, whole: str) -> bool:
    digits = plain(typed)
    return is_digits(digits) and len(digits) >= _ENDING and whole.endswith(digits[-_ENDING:])


QUESTIONS: dict[str, Question] = {
    "name": Question(lambda facts: bool(facts.names), _same_name, secret=False),
    "order_number": Question(
        lambda facts: bool(facts.line.order_key),
        lambda facts, typed: order_key(typed) == facts.line.order_key,
        secret=True,
    ),
    "customer_number": Question(
        lambda facts: bool(facts.line.subscriber.number),
        lambda facts, typed: plain(typed).upper() == plain(facts.line.subscriber.number).upper(),
        secret=True,
    ),
    "email": Question(
        lambda facts: bool(facts.emails),
        lambda facts, typed: (normal_email(typed) or "").casefold() in facts.emails,
        secret=True,
    ),
    "contract_month": Question(lambda facts: True, _same_month, secret=True),
    "iccid_end": Question(
        lambda facts: bool(facts.line.iccid),
        lambda facts, typed: _same_ending(typed, facts.line.iccid),
        secret=False,
    ),
    "eid_end": Question(
        lambda facts: bool(facts.line.eid), lambda facts, typed: _same_ending(typed, facts.line.eid), secret=False
    ),
}
"""Every question there is, in the order in which they are asked. Their words stand in `calls_words.QUESTIONS`."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What a carrier asks, and how many right answers are enough."""

    needed: int
    keys: tuple[str, ...]

    def __str__(self) -> str:
        """As it is kept with each change: "2 of name, order_number"."""
        return f"{self.needed} of {', '.join(self.keys)}"

    def enough(self, right: Iterable[str]) -> bool:
        """Whether these right answers show who calls."""
        keys = set(right)
        return len(keys) >= self.needed and any(QUESTIONS[key].secret for key in keys)


STANDARD = Policy(2, ("name", "order_number", "email", "iccid_end"))


def policy_of(carrier_id: int) -> Policy:
    """Return what counts at a carrier now. One query."""
    return read(newest(carrier_id, SETTING)) or STANDARD


def read(text: str) -> Policy | None:
    """Return the policy that a change keeps as text; None for what is none."""
    needed, _, keys = text.partition(" of ")
    return Policy(int(needed), tuple(keys.split(", "))) if is_digits(needed) and keys else None


def checked(policy: Policy) -> Policy:
    """Return the policy in the order of the questions. Raises `Refused` with `call.questions_wrong`."""
    keys = tuple(key for key in QUESTIONS if key in policy.keys)
    if not FEWEST <= policy.needed <= len(keys) or not Policy(policy.needed, keys).enough(keys):
        raise Refused("call.questions_wrong", field="questions")
    return Policy(policy.needed, keys)


def keep(*, carrier: Carrier, policy: Policy, seen: int, acting: Acting, at: datetime) -> Change | None:
    """Let a policy count from now on; None when it does so already. Raises `Refused`, as `record` and `checked` do."""
    wanted = checked(policy)
    with transaction.atomic(durable=True):
        before = str(policy_of(carrier.pk))
        return record(
            carrier=carrier, setting=SETTING, before=before, after=str(wanted), seen=seen, acting=acting, at=at
        )


def facts_of(line: Line) -> Facts:
    """Gather what the books hold. One query, and one where the subscriber was not read with the line."""
    contacts = ContactPoint.objects.filter(subscriber_id=line.subscriber_id, kind=ContactKind.EMAIL)
    return Facts(line, frozenset(value.casefold() for value in contacts.values_list("value", flat=True)))


def asked(policy: Policy, facts: Facts) -> list[str]:
    """Return the questions that can be asked about this caller; none when their answers could not be enough."""
    keys = [key for key in policy.keys if QUESTIONS[key].held(facts)]
    return keys if policy.enough(keys) else []


def right_ones(keys: Iterable[str], facts: Facts, given: Mapping[str, str]) -> list[str]:
    """Return those questions whose answers are right. An empty answer is none."""
    return [key for key in keys if given.get(key, "").strip() and QUESTIONS[key].fits(facts, given[key].strip()[:200])]
