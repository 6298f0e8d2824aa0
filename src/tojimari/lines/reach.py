"""Under which numbers is a carrier reached, and which domains are its own? Entered by its administrator, with history.

The names under which the portal answers are not among them: whoever enters such a name takes its visitors over, so they
are for who runs the installation. The domains here are what the page "Is this link real?" and our own texts call ours.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tojimari.lines.changes import append, newest
from tojimari.lines.models import Carrier, Change
from tojimari.platform.acting import Acting, Refused
from tojimari.rules.links import belongs_to, domain
from tojimari.rules.text import plain

HOTLINE = "hotline"
DOMAINS = "domains"
"""The names of these settings in the history."""

MOST = 20
"""How many domains, and how many hotlines, a carrier may enter."""

LANGUAGES = ("ja", "en", "zh-hans", "zh-hant", "ko", "vi", "es", "pt")
"""Languages in which somebody may answer."""

FROM = ("anywhere", "japan", "abroad")
"""From where a number can be called."""

_INTERNATIONAL = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Hotline:
    """One number at which a person answers, in international form."""

    number: str
    called_from: str = "anywhere"
    hours: str = ""  # in the carrier's own words, such as "9:00-18:00, Mon-Fri"
    languages: tuple[str, ...] = ()

    @property
    def kept(self) -> str:
        """One line of the history. A number about which nothing more is known stands alone."""
        more = (
            self.called_from if self.called_from != "anywhere" or self.hours or self.languages else "",
            self.hours if self.hours or self.languages else "",
            ", ".join(self.languages),
        )
        return "; ".join([self.number, *more]).rstrip("; ")

    @classmethod
    def of(cls, line: str) -> Hotline:
        number, called_from, hours, languages, *_ = [part.strip() for part in line.split(";")] + ["", "", ""]
        return cls(number, called_from or "anywhere", hours, tuple(filter(None, languages.split(", "))))


def hotlines(carrier: Carrier) -> list[Hotline]:
    """Return a carrier's hotlines, the main one first; none where it has none. One query.

    What who runs the installation entered afterwards counts: the list is that of the desk only while its first number
    is still the carrier's.
    """
    listed = [Hotline.of(line) for line in newest(carrier.pk, HOTLINE).splitlines()]
    if listed and listed[0].number == plain(carrier.hotline):
        return listed
    return [Hotline(carrier.hotline)] if carrier.hotline else []


def set_hotlines(
    *, carrier: Carrier, wanted: Sequence[Hotline], seen: int, acting: Acting, at: datetime
) -> Change | None:
    """Change where people reach a person; none at all says that there is no hotline. The first is the main one.

    Raises `Refused`: as `check_hotlines`, and `settings.changed` when a colleague was first.
    """
    found = check_hotlines(wanted)
    after = kept_hotlines(found)
    with transaction.atomic(durable=True):
        now = Carrier.objects.select_for_update(no_key=True).get(pk=carrier.pk)
        before = kept_hotlines(hotlines(now))
        if before == after:
            return None
        Carrier.objects.filter(pk=carrier.pk).update(hotline=found[0].number if found else "")
        return append(carrier=now, setting=HOTLINE, before=before, after=after, seen=seen, acting=acting, at=at)


def check_hotlines(wanted: Sequence[Hotline]) -> list[Hotline]:
    """Return hotlines as they are kept. Raises `Refused`; `row` in its facts counts from 0.

    `settings.hotline`: no number in international form. `settings.hotline_twice`, `settings.too_many`,
    `settings.hotline_words`: the hours are too long, or hold a line break or semicolon.
    """
    if len(wanted) > MOST:
        raise Refused("settings.too_many", most=MOST)
    found: list[Hotline] = []
    for row, one in enumerate(wanted):
        number, hours = plain(one.number), " ".join(one.hours.split())
        if not _INTERNATIONAL.fullmatch(number):
            raise Refused("settings.hotline", row=row, field="number")
        if any(other.number == number for other in found):
            raise Refused("settings.hotline_twice", row=row, field="number")
        if len(hours) > 100 or ";" in hours or not hours.isprintable():
            raise Refused("settings.hotline_words", row=row, field="hours")
        languages = tuple(language for language in LANGUAGES if language in one.languages)
        found.append(Hotline(number, one.called_from if one.called_from in FROM else "anywhere", hours, languages))
    return found


def kept_hotlines(found: Sequence[Hotline]) -> str:
    """Return hotlines as the history keeps them."""
    return "\n".join(one.kept for one in found)


def domains(carrier_id: int) -> list[str]:
    """Return the domains that a carrier's administrator has entered besides the portal's names. One query."""
    return newest(carrier_id, DOMAINS).splitlines()


def official_hosts(carrier: Carrier) -> list[str]:
    """Return every name that is the carrier's own: those of the portal first, then its other domains. One query."""
    return list(dict.fromkeys([*carrier.hosts, *domains(carrier.pk)]))


def set_domains(*, carrier: Carrier, typed: str, seen: int, acting: Acting, at: datetime) -> Change | None:
    """Change the carrier's other domains, one on each line. Raises `Refused` as `check_domains`; `settings.changed`."""
    after = "\n".join(check_domains(carrier, typed))
    with transaction.atomic(durable=True):
        Carrier.objects.select_for_update(no_key=True).get(pk=carrier.pk)
        before = "\n".join(domains(carrier.pk))
        if before == after:
            return None
        return append(carrier=carrier, setting=DOMAINS, before=before, after=after, seen=seen, acting=acting, at=at)


def check_domains(carrier: Carrier, typed: str) -> list[str]:
    """Return domains as they are kept, from text with one on each line.

    Raises `Refused` with `domain` in its facts: as `rules.links.domain`, `settings.domain_taken` for one that is, or
    holds, a name under which another carrier's portal answers, and `settings.too_many`.
    """
    found = list(dict.fromkeys(domain(line) for line in typed.splitlines() if line.strip()))
    if len(found) > MOST:
        raise Refused("settings.too_many", most=MOST)
    others = Carrier.objects.exclude(pk=carrier.pk).values_list("hosts", flat=True)
    taken = [host for hosts in others for host in hosts]
    for name in found:
        if belongs_to(name, taken) or any(belongs_to(host, [name]) for host in taken):
            raise Refused("settings.domain_taken", domain=name)
    return [name for name in found if name not in carrier.hosts]
