"""Which rules hold for hours in machine form?

Deadlines are reckoned from them, people read the text beside: the two may never say different things.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date

from tojimari.guide.facts import CarrierFacts, Text, Topic
from tojimari.guide.opening import Open
from tojimari.rules.opening import WEEKDAYS

Found = Iterator[tuple[str, str]]

_CLOCK = re.compile(r"(?<![0-9])([0-2]?[0-9]):([0-5][0-9])(?![0-9])", re.ASCII)
_DAYS = {"毎日": frozenset(WEEKDAYS), "平日": frozenset(WEEKDAYS[:5])}
"""Words of the Japanese text that say on which days."""
_HOLIDAYS = {"holidays": ("毎日", "平日", "祝"), "new_year": ("毎日", "年末年始", "年中無休")}
"""Words that say something of holidays."""


def text_and_form(facts: CarrierFacts, _: date) -> Found:
    """Whoever writes hours as a text writes them in machine form, too, and the other way round."""
    for line in facts.hotline:
        if (line.hours is None) != (line.open is None):
            yield f"hotline.{line.number}.open", "Hours stand in a text and in machine form, or in neither."
    for closing in facts.closing:
        if closing.open and not any(said.topic is Topic.HOURS for said in closing.said):
            yield f"closing.{closing.id}.open", 'Say the hours in a text of the topic "hours", too.'


def same_clocks(facts: CarrierFacts, _: date) -> Found:
    """The clocks of the machine form stand in the text, in every language; those of a hotline's text in the form."""
    for place, hours, texts, alone in _entries(facts):
        wanted = {clock for span in hours.week or () for clock in (span.since, span.until)}
        for language, written in _clocks(texts):
            if missing := sorted(wanted - written):
                yield place, f"{missing[0]} does not stand in the text ({language}). Correct the text or the hours."
            elif alone and (more := sorted(written - wanted)):
                yield place, f"{more[0]} stands in the text ({language}) only. Correct the text or the hours."
        if hours.always and not any("24時間" in text.ja for text in texts):
            yield place, "The text does not say that it is day and night (24時間). Correct the text or the hours."


def same_days(facts: CarrierFacts, _: date) -> Found:
    """A text that says "every day" or "on weekdays" says the days; without such a word they are not guessed."""
    for place, hours, texts, _alone in _entries(facts):
        said = {days for word, days in _DAYS.items() for text in texts if word in text.ja}
        for span in hours.week or ():
            days = frozenset(span.days) if span.days else None
            if said and days not in said:
                yield place, "The text says other days (毎日, 平日). Correct the text or the days."
            elif days in _DAYS.values() and not said:
                yield place, "The text does not say on which days (毎日, 平日). Leave the days out, or say them."


def holidays_said(facts: CarrierFacts, _: date) -> Found:
    """What is given of holidays and New Year stands in the text, too."""
    for place, hours, texts, _alone in _entries(facts):
        for field, words in _HOLIDAYS.items():
            if getattr(hours, field) and not any(word in text.ja for text in texts for word in words):
                yield place, f"The text says nothing of {field} ({', '.join(words)}). Leave it out, or say it."


def channels(facts: CarrierFacts, _: date) -> Found:
    """Hours are given for channels that the way has."""
    for closing in facts.closing:
        for channel in closing.open or ():
            if channel not in closing.channels:
                yield f"closing.{closing.id}.open.{channel}", "The way has no such channel. Correct one of them."


def whose_clock(facts: CarrierFacts, _: date) -> Found:
    """The clocks are those of Japan: a carrier elsewhere means its own."""
    for place, hours, _texts, _alone in _entries(facts):
        if facts.country != "JP" and hours.week is not None:
            yield place, "Clocks here are those of Japan. For a carrier elsewhere leave them to the text."


def _entries(facts: CarrierFacts) -> Iterator[tuple[str, Open, tuple[Text, ...], bool]]:
    """Each hours with place and texts. The flag: the text is about nothing but these hours."""
    for line in facts.hotline:
        if line.open is not None:
            yield f"hotline.{line.number}.open", line.open, (line.hours,) if line.hours else (), True
    for closing in facts.closing:
        texts = tuple(said.text for said in closing.said if said.topic is Topic.HOURS)
        for channel, hours in (closing.open or {}).items():
            yield f"closing.{closing.id}.open.{channel}", hours, texts, False


def _clocks(texts: Iterable[Text]) -> Iterator[tuple[str, set[str]]]:
    """The clocks that stand in texts, language by language, as 09:00."""
    every = list(texts)
    for language in ("ja", "en", "zh-hans", "zh-hant"):
        found = (match for text in every for match in _CLOCK.finditer(text.into(language)))
        yield language, {f"{int(match[1]):02}:{match[2]}" for match in found}


HOURS_RULES: Mapping[str, Callable[[CarrierFacts, date], Found]] = {
    "hours.both": text_and_form,
    "hours.clock": same_clocks,
    "hours.day": same_days,
    "hours.holiday": holidays_said,
    "hours.channel": channels,
    "hours.zone": whose_clock,
}
