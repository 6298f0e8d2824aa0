"""Which rules hold for ids, texts and the ways of ending a line?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date

from tojimari.guide.facts import CarrierFacts, Channel, Effective, Text
from tojimari.rules.cutoffs import MONTHLY, BeforeRenewal, Daily

Found = Iterator[tuple[str, str]]

_KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
_KANA_OR_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_KANA = re.compile(r"[\u3040-\u30fa]")
_STRAY = re.compile(r"^\s|\s$|\s\s|[\t\r\n\u200b\ufeff]")
_MOST_YEN = 200_000
_MOST_DAYS = 366
_MOST_LETTERS = 400


def ids(facts: CarrierFacts, _: date) -> Found:
    """Ids are permanent, stand in addresses and are read aloud: small letters, digits, single hyphens."""
    for place, name in [("id", facts.id), *((f"closing.{closing.id}", closing.id) for closing in facts.closing)]:
        if not _KEBAB.fullmatch(name) or len(name) > 40:
            yield place, f"{name!r} is no id. Use small letters, digits and single hyphens, at most 40."


def ids_once(facts: CarrierFacts, _: date) -> Found:
    """Saved cases name an entry by its id."""
    for name, times in Counter(closing.id for closing in facts.closing).items():
        if times > 1:
            yield f"closing.{name}", "The id stands twice in this file. Give the newer entry another one."


def kinds(facts: CarrierFacts, _: date) -> Found:
    """An entry is about a kind of line, and names each kind and channel once."""
    for closing in facts.closing:
        for field in ("line_kinds", "channels"):
            values = getattr(closing, field)
            if len(set(values)) < len(values):
                yield f"closing.{closing.id}.{field}", "Something stands in it twice. Keep it once."
        if not closing.line_kinds:
            yield f"closing.{closing.id}.line_kinds", "Say for which kinds of line this is."


def texts(facts: CarrierFacts) -> Iterator[tuple[str, Text]]:
    """Return every text of a file for people, except names, with its place."""
    for line in facts.hotline:
        for field in ("hours", "about"):
            if (text := getattr(line, field)) is not None:
                yield f"hotline.{line.number}.{field}", text
    for closing in facts.closing:
        yield from ((f"closing.{closing.id}.said.{place}", said.text) for place, said in enumerate(closing.said))
    yield from ((f"said.{place}", said.text) for place, said in enumerate(facts.said))


def four_languages(facts: CarrierFacts, _: date) -> Found:
    """Every text is there in four languages."""
    for place, text in [("name", facts.name), *texts(facts)]:
        for language, said in by_language(text):
            if not said.strip():
                yield f"{place}.{language}", "The text is empty. Write it in this language, too."


def by_language(text: Text) -> list[tuple[str, str]]:
    """Return a text's languages with what it says in each."""
    return [("ja", text.ja), ("en", text.en), ("zh-hans", text.zh_hans), ("zh-hant", text.zh_hant)]


def spaces(facts: CarrierFacts, _: date) -> Found:
    """No stray spaces, tabs, line ends or marks that nobody sees."""
    for place, text in [("name", facts.name), *texts(facts)]:
        for language, said in by_language(text):
            if _STRAY.search(said):
                yield f"{place}.{language}", "There is a space too many, a tab, or a line end. Remove it."


def translated(facts: CarrierFacts, _: date) -> Found:
    """Nobody left one language standing in for another."""
    for place, text in texts(facts):
        if text.ja == text.en and re.search(r"[A-Za-z]", text.en):
            yield place, "The texts in Japanese and English are the same. Translate it."
        for language, said in by_language(text):
            if language != "en" and re.search(r"[A-Za-z]{3}", said) and not _KANA_OR_HAN.search(said):
                yield f"{place}.{language}", "There is no word of this language in it. Translate it."
        if _KANA.search(text.zh_hans) and _KANA.search(text.zh_hant) and not _KANA.search(text.en):
            yield place, "There is Japanese in the Chinese texts. Translate it."


def lengths(facts: CarrierFacts, _: date) -> Found:
    """A text is read on a phone, standing."""
    for place, text in texts(facts):
        for language, said in by_language(text):
            if len(said) > _MOST_LETTERS:
                yield f"{place}.{language}", f"It is longer than {_MOST_LETTERS} letters. Say less, or make it two."


def said_once(facts: CarrierFacts, _: date) -> Found:
    """Nothing is said twice in one list."""
    for place, rows in [("said", facts.said), *((f"closing.{each.id}.said", each.said) for each in facts.closing)]:
        for text, times in Counter((said.topic, said.text.en) for said in rows).items():
            if times > 1:
                yield place, f"{text[1]!r} stands twice. Remove one."


def amounts(facts: CarrierFacts, _: date) -> Found:
    """Yen and months are such as a mobile line has."""
    for closing in facts.closing:
        early = closing.early_fee
        for name, yen in [("fee_jpy", closing.fee_jpy), ("early_fee", early.yen if early else None)]:
            if yen is not None and not 0 <= yen <= _MOST_YEN:
                yield f"closing.{closing.id}.{name}", f"{yen} yen is no fee for closing a line. Correct it."
        if early is not None and not 1 <= early.months <= 36:
            yield f"closing.{closing.id}.early_fee", f"{early.months} months is no such time. Correct it."


def returns(facts: CarrierFacts, _: date) -> Found:
    """Days for the way back are given only where something must go back."""
    for closing in facts.closing:
        if closing.return_days is None:
            continue
        if closing.sim_return != "required":
            yield f"closing.{closing.id}.return_days", 'It is only given with sim_return = "required".'
        elif not 0 <= closing.return_days <= _MOST_DAYS:
            yield f"closing.{closing.id}.return_days", f"{closing.return_days} days is no such time. Correct it."


def ends(facts: CarrierFacts, _: date) -> Found:
    """A way that needs nothing ends on expiry, and a cut-off fits the end that it leads to."""
    for closing in facts.closing:
        place = f"closing.{closing.id}"
        if (Channel.AUTO_EXPIRY in closing.channels) != (closing.effective is Effective.ON_EXPIRY):
            yield f"{place}.effective", 'The channel "auto_expiry" and the end "on_expiry" belong together.'
        if isinstance(closing.cutoff, Daily) and closing.effective is Effective.END_OF_MONTH:
            yield f"{place}.cutoff", "A daily cut-off does not lead to an end of month. Correct one of them."
        at_once = (Effective.IMMEDIATE, Effective.SAME_OR_NEXT_DAY)
        if isinstance(closing.cutoff, MONTHLY) and closing.effective in at_once:
            yield f"{place}.cutoff", "A monthly cut-off does not lead to an end at once. Correct one of them."
        if isinstance(closing.cutoff, BeforeRenewal) and closing.effective not in (Effective.END_OF_CYCLE, None):
            yield f"{place}.cutoff", 'A cut-off before renewal leads to the end "end_of_cycle". Correct one of them.'


ENTRY_RULES: Mapping[str, Callable[[CarrierFacts, date], Found]] = {
    "id.form": ids,
    "closing.once": ids_once,
    "closing.kinds": kinds,
    "text.four": four_languages,
    "text.space": spaces,
    "text.translated": translated,
    "text.length": lengths,
    "text.once": said_once,
    "closing.amount": amounts,
    "closing.return": returns,
    "closing.end": ends,
}
