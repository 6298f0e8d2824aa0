"""Is this link a carrier's own, and if not, which address is the right one?

The carriers of the directory, and the carrier whose site this is, bring their lists of names; `rules.links` decides.
What is pasted is read and answered, never opened and never kept. No answer says that a link is safe: the list can be
incomplete, and a carrier can start a campaign under a new name tomorrow.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tojimari.guide.facts import CarrierFacts, Source
from tojimari.rules.links import Finding, Known, Why, check
from tojimari.rules.lookalikes import without_port
from tojimari.rules.packaged import table

OWN = ""
"""The id of the carrier whose site this is: it need not be in the directory."""

MOST_NAMED = 3

_ADDRESS = re.compile(r"(?<![!-~])[!-~]*\.[a-z]{2,}[!-~]*")
"""What a text says in words counts, not what the addresses in it bear: those are answered one by one."""


@dataclass(frozen=True, slots=True)
class Whom:
    """A carrier with its right addresses, and who says so. The site's own carrier says so itself: no source."""

    id: str
    name: str
    addresses: tuple[str, ...]
    source: Source | None = None

    @property
    def said_on(self) -> str:
        """Return the date that the source bears, otherwise when it was read; as exact as it is known."""
        return (self.source.stated_on or self.source.read_on) if self.source else ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said of one address. `whom`: whose it is, or whom it imitates."""

    host: str
    finding: Finding
    why: Why
    whom: tuple[Whom, ...]
    beside: tuple[Whom, ...]
    """Whom it imitates, otherwise whom the text names, with their right addresses; nobody where it is official."""

    @property
    def headline(self) -> Finding:
        """Return which headline fits: nothing can be said to look like nobody."""
        return self.finding if self.whom or self.finding is not Finding.LOOKS_LIKE else Finding.NOT_LISTED

    @property
    def name(self) -> str:
        """Return the names of the carriers, for a sentence."""
        return " / ".join(whom.name for whom in self.whom)


def judge(
    text: str,
    directory: Mapping[str, CarrierFacts],
    *,
    language: str,
    own_name: str = "",
    own_hosts: Iterable[str] = (),
) -> list[Answer]:
    """Return an answer for each address in a text, at most `rules.links.MOST_ADDRESSES`; none where it has none.

    `language`: a tag of the house, for the names of carriers. The facts of carriers that are no longer there do not
    count: somebody else may have taken their names over.
    """
    own = Whom(OWN, own_name, tuple(dict.fromkeys(map(without_port, own_hosts))))
    alive = {facts.id: facts for facts in directory.values() if facts.obsolete is None}
    lists: dict[str, Sequence[str]] = {OWN: own.addresses} if own.addresses else {}
    lists |= {id: facts.domains.names for id, facts in alive.items() if facts.domains}
    answers: list[Answer] = []
    about: list[Whom] | None = None
    for verdict in check(text, Known.of(lists)):
        whom = tuple(own if id == OWN else _whom(alive[id], language) for id in verdict.whom)
        beside: tuple[Whom, ...] = ()
        if verdict.finding is not Finding.OFFICIAL:
            about = _about(text, alive, language, own) if about is None else about
            beside = whom or tuple(about[:MOST_NAMED])
        answers.append(Answer(verdict.host, verdict.finding, verdict.why, whom, beside))
    return answers


def _about(text: str, directory: Mapping[str, CarrierFacts], language: str, own: Whom) -> list[Whom]:
    """Return the carriers that a text names, the site's own first."""
    here = [own] if own.name and own.addresses and _plain(own.name) in _plain(text) else []
    return here + [_whom(directory[id], language) for id in named(text, directory)]


def _whom(facts: CarrierFacts, language: str) -> Whom:
    name = facts.name.into(language)
    if facts.domains is None:
        return Whom(facts.id, name, ())
    return Whom(facts.id, name, facts.domains.names, facts.sources[facts.domains.source])


def named(text: str, directory: Mapping[str, CarrierFacts]) -> list[str]:
    """Return the ids of the carriers that a text names, in any language, the longest names first."""
    plain = _ADDRESS.sub(" ", _plain(text))
    found: dict[str, str] = {}
    for facts in directory.values():
        for call in sorted(_calls(facts), key=len, reverse=True):
            if _is_called(plain, call):
                found[facts.id] = call
                break
    # "softbank" is also said by who says "softbank prepaid": then only the longer name counts.
    whole = [id for id, call in found.items() if not any(call != more and call in more for more in found.values())]
    return sorted(whole, key=lambda id: (-len(found[id]), id))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _calls(facts: CarrierFacts) -> set[str]:
    """How people call a carrier: its names without what stands in brackets, their parts, the words of its domains."""
    names = [_plain(name) for name in (facts.name.ja, facts.name.en, facts.name.zh_hans, facts.name.zh_hant)]
    calls = {call.strip() for name in names for call in re.split(r"\(.*?\)|/", name)}
    # "ドコモ" of "NTTドコモ". A name of several such words is only said as a whole.
    calls |= {run for name in names for run in re.findall(r"^[^ァ-ヶ]*([ァ-ヶー]{3,})[^ァ-ヶ]*$", name)}
    if facts.domains:
        calls |= {word for word in Known.of({facts.id: facts.domains.names}).words if not word.isdigit()}
    return {call for call in calls if len(call) > 1 and call not in table("links")["common_words"]}


def _is_called(plain: str, call: str) -> bool:
    """Whether a name stands in a text; one in Latin letters as a word of its own, as spaces do not part Chinese."""
    if not call.isascii():
        return call in plain
    return re.search(rf"(?<![a-z0-9]){re.escape(call)}(?![a-z0-9])", plain) is not None


def outward_problem(url: str, facts: CarrierFacts) -> str:
    """Say why a page must not be linked to as this carrier's own; empty where it may.

    The page must be one whole https address, official by the same rule that people are answered with.
    """
    if not re.fullmatch(r"https://[!-~]+", url) or "\\" in url:
        return f"{url!r} is no whole https address."
    names = facts.domains.names if facts.domains else ()
    verdicts = check(url, Known.of({facts.id: names}))
    if not verdicts or verdicts[0].finding is not Finding.OFFICIAL:
        host = verdicts[0].host if verdicts else url
        return f"{host} is not among the carrier's domains. Add the domain with its source, or remove it."
    return ""
