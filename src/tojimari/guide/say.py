"""How does a plan speak to the person?

In two voices that are never mixed. `Say` is ours: a code with facts, whose words stand in `plan_words`. `Quoted` is a
source's: a text of the directory with the key of its source beside. Both are written in the reader's language when they
are shown (`str`), so a plan can be kept and read again in another one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from babel.core import Locale
from babel.dates import format_skeleton
from django.utils import translation

from tojimari.guide.facts import Text
from tojimari.guide.plan_words import TEXTS

Fact = str | int | date | Text
_LOCALES = {"ja": "ja", "en": "en", "zh-hans": "zh_Hans", "zh-hant": "zh_Hant"}


@dataclass(frozen=True, slots=True)
class Say:
    """One sentence of ours. `facts` are what it names: amounts, days of Japan's calendar, names."""

    code: str
    facts: Mapping[str, Fact] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return str(TEXTS[self.code]) % {name: _shown(fact) for name, fact in self.facts.items()}

    def into(self, language: str) -> str:
        """Return it in a language tag of the house, for example Japanese for a card to be shown at a counter."""
        with translation.override(language):
            return str(self)


@dataclass(frozen=True, slots=True)
class Quoted:
    """What a source says. `source` is a key of `CarrierFacts.sources`; `published`: the carrier itself says it."""

    text: Text
    source: str
    published: bool

    def __str__(self) -> str:
        return self.text.into(_language())


@dataclass(frozen=True, slots=True)
class Unknown:
    """What no source says. `ask` is the question for the carrier; None where only the person can know it."""

    what: Say
    ask: Say | None = None

    def __str__(self) -> str:
        return str(self.what)

    @property
    def code(self) -> str:
        return self.what.code


Line = Say | Quoted


def _language() -> str:
    return (translation.get_language() or "ja").lower()


def _shown(fact: Fact) -> str:
    if isinstance(fact, Text):
        return fact.into(_language())
    if isinstance(fact, date):
        noon = datetime.combine(fact, time(12))
        return format_skeleton("yMMMEd", noon, locale=Locale.parse(_LOCALES.get(_language(), "en")))
    return f"{fact:,}" if isinstance(fact, int) else fact
