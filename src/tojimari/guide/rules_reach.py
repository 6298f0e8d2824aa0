"""Which rules hold for what a carrier is reached by: names of hosts, pages, telephone numbers?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date

import idna
import phonenumbers
from tldextract import TLDExtract

from tojimari.guide.facts import CarrierFacts, Hotline
from tojimari.guide.links import outward_problem
from tojimari.rules.links import belongs_to

Found = Iterator[tuple[str, str]]

# The list that comes with the library. Nothing is fetched, and nothing is written to a cache.
_split = TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True)

_SHORT = re.compile(r"[0-9]{3,6}", re.ASCII)
_CARRIER_ACCESS = re.compile(r"0077-?[0-9-]{3,6}", re.ASCII)
"""Free numbers of KDDI's own network in Japan, which no register of numbering plans holds whole."""

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z]{4})?", re.ASCII)


def domain_form(facts: CarrierFacts, _: date) -> Found:
    """A domain is a registrable name or a host below one, in the letters in which it is looked up."""
    for name in facts.domains.names if facts.domains else ():
        try:
            plain = name == name.lower() and idna.encode(name, std3_rules=True).decode() == name
        except idna.IDNAError:
            plain = False
        if not plain:
            yield f"domains.{name}", "It is no name of a host. Write it in small letters, other scripts as xn--…."
        elif not _split(name).top_domain_under_public_suffix:
            yield f"domains.{name}", "Everybody may register below it. Give the carrier's own name."


def domain_once(facts: CarrierFacts, _: date) -> Found:
    """A name below another one is already covered by it."""
    names = facts.domains.names if facts.domains else ()
    for place, name in enumerate(names):
        if belongs_to(name, names[:place] + names[place + 1 :]):
            yield f"domains.{name}", "It stands below another name of this carrier, or twice. Remove it."


def outward_pages(facts: CarrierFacts, _: date) -> Found:
    """We send people to the carrier's own domains only, so that no contribution can lead them into a trap."""
    for closing in facts.closing:
        if closing.page and (problem := outward_problem(closing.page, facts)):
            yield f"closing.{closing.id}.page", problem


def numbers(facts: CarrierFacts, _: date) -> Found:
    """A number can be dialled: a short one from one's own phone, otherwise one that has an international form."""
    for line in facts.hotline:
        if not _can_be_dialled(line, facts.country):
            yield (
                f"hotline.{line.number}",
                "It is no number that can be dialled. Abroad it begins with + and the country.",
            )


def _can_be_dialled(line: Hotline, country: str) -> bool:
    if line.reached_from == "own_phone" and _SHORT.fullmatch(line.number):
        return True
    region = {"abroad": None, "japan": "JP"}.get(line.reached_from, country)
    try:
        parsed = phonenumbers.parse(line.number, region)
    except phonenumbers.NumberParseException:
        return False
    in_japan = line.reached_from == "japan" and _CARRIER_ACCESS.fullmatch(line.number) is not None
    return phonenumbers.is_valid_number(parsed) or in_japan


def numbers_once(facts: CarrierFacts, _: date) -> Found:
    """Each number stands once; its languages stand in one list."""
    times = Counter("".join(filter(str.isdigit, line.number)) for line in facts.hotline)
    for line in facts.hotline:
        if times["".join(filter(str.isdigit, line.number))] > 1:
            yield f"hotline.{line.number}", "The number stands twice. Put both entries together."


def languages(facts: CarrierFacts, _: date) -> Found:
    """Languages are tags such as ja, zh, zh-hant."""
    for line in facts.hotline:
        for language in line.languages:
            if not _LANGUAGE.fullmatch(language):
                yield f"hotline.{line.number}.languages", f"{language!r} is no language tag. Write ja, en, zh-hant."


REACH_RULES: Mapping[str, Callable[[CarrierFacts, date], Found]] = {
    "domain.form": domain_form,
    "domain.once": domain_once,
    "page.own": outward_pages,
    "hotline.number": numbers,
    "hotline.once": numbers_once,
    "hotline.language": languages,
}
