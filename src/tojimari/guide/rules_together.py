"""Which rules hold between the carriers of the directory?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from tojimari.guide.facts import CarrierFacts
from tojimari.rules.links import belongs_to

Found = Iterator[tuple[str, str, str]]
"""Id of the carrier, place, and what is wrong and what to do."""

Directory = Mapping[str, CarrierFacts]


def domains_apart(carriers: Directory) -> Found:
    """A name belongs to one house: otherwise one carrier's link would be called another's."""
    for one in carriers.values():
        for other in carriers.values():
            if one.domains is None or other.domains is None or one.id == other.id:
                continue
            if other.id in one.domains.shared_with and one.id in other.domains.shared_with:
                continue
            for name in one.domains.names:
                if belongs_to(name, other.domains.names):
                    yield one.id, f"domains.{name}", f"It is {other.id}'s, too. Of one house: name both in shared_with."


def houses(carriers: Directory) -> Found:
    """Whom a carrier shares its names with is there."""
    for one in carriers.values():
        for other in one.domains.shared_with if one.domains else ():
            if other not in carriers or other == one.id:
                yield one.id, "domains.shared_with", f"There is no other carrier {other!r}. Remove it."


def names_apart(carriers: Directory) -> Found:
    """Two carriers of the same name could not be told apart in a list."""
    seen: dict[str, str] = {}
    for one in carriers.values():
        first = seen.setdefault(one.name.en.casefold(), one.id)
        if first != one.id:
            yield one.id, "name", f"{first} has the same name. Make them different, or mark one as a duplicate."


def successors(carriers: Directory) -> Found:
    """Who looks for a carrier that is gone is led on to one that is there."""
    for one in carriers.values():
        if one.obsolete is None:
            continue
        then = one.obsolete.successor
        if not then and one.obsolete.reason != "closed":
            yield one.id, "obsolete.successor", f"Say who took over: it is {one.obsolete.reason}."
        elif then and (then not in carriers or then == one.id):
            yield one.id, "obsolete.successor", f"There is no other carrier {then!r}. Correct it."
        elif then and carriers[then].obsolete is not None:
            yield one.id, "obsolete.successor", f"{then} is gone, too. Name the one that is there now."


TOGETHER_RULES: Mapping[str, Callable[[Directory], Found]] = {
    "domain.apart": domains_apart,
    "domain.house": houses,
    "name.apart": names_apart,
    "obsolete.successor": successors,
}
