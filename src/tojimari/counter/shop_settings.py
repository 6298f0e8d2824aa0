"""How does the carrier's administrator change a shop: what is kept of it, what is checked, and who loses a visit by it?

A shop is kept in the history as text that people can compare. What is typed is checked whole, so that everything that
is wrong is said at once. Visits that are booked stay, but for those at times when the shop would be closed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from tojimari.counter.actions import put_shop
from tojimari.counter.models import Shop, Visit, VisitState
from tojimari.counter.words import LANGUAGES
from tojimari.lines.changes import record
from tojimari.lines.models import Carrier, Change
from tojimari.platform.acting import Acting, Refused
from tojimari.rules.calendar import jst_date
from tojimari.rules.opening import WEEKDAYS, Opening, check_closed_days, check_hours
from tojimari.rules.places import position, postcode
from tojimari.rules.text import plain

STATION_LANGUAGES = ("ja", "en", "zh-hans", "zh-hant")
MOST_SEATS = 100
MOST_DAYS = 100

_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)
_PHONE = re.compile(r"\+[1-9][0-9 -]{6,22}", re.ASCII)
_NAMES = ("name_ja", "name_en", "name_zh_hans", "name_zh_hant", "address_ja", "address_en")


@dataclass(frozen=True, slots=True)
class Typed:
    """A shop as it stands in the fields of a form; every one of them is text. Ticks are "yes" or empty."""

    name_ja: str = ""
    name_en: str = ""
    name_zh_hans: str = ""
    name_zh_hant: str = ""
    address_ja: str = ""
    address_en: str = ""
    postcode: str = ""
    latitude: str = ""
    longitude: str = ""
    stations: str = ""  # one on each line, in four languages: 新宿 / Shinjuku / 新宿 / 新宿
    languages: str = ""  # "ja, en"
    phone: str = ""
    capacity: str = "1"
    slot_minutes: str = "20"
    mon: str = ""  # 10:00-13:00, 14:00-19:00
    tue: str = ""
    wed: str = ""
    thu: str = ""
    fri: str = ""
    sat: str = ""
    sun: str = ""
    closed_days: str = ""  # one on each line, as rules.opening reads them
    closed_on_holidays: str = ""
    opens_on: str = ""  # an ISO date; empty: open already
    closes_on: str = ""  # an ISO date: the first day on which it is closed for good
    active: str = "yes"

    @property
    def kept(self) -> str:
        """As it stands in the history: one line for each field that says something."""
        said = ((one.name, getattr(self, one.name)) for one in fields(self))
        return "".join(f"{name}: {value.replace(chr(10), ' | ')}\n" for name, value in said if value)


FIELDS = tuple(one.name for one in fields(Typed))


def of_shop(shop: Shop) -> Typed:
    """Return a shop as a form shows it."""
    days = [day for day in shop.closed_days if not _is_open_end(day)]
    opens = next((day.partition("/")[2] for day in shop.closed_days if day.startswith("../")), "")
    closes = next((day.partition("/")[0] for day in shop.closed_days if day.endswith("/..")), "")
    stations = [" / ".join(station.get(tag, "") for tag in STATION_LANGUAGES) for station in shop.stations]
    hours = {day: ", ".join("-".join(span) for span in shop.hours.get(day, [])) for day in WEEKDAYS}
    return Typed(
        **{name: getattr(shop, name) for name in _NAMES},
        postcode=f"{shop.postcode[:3]}-{shop.postcode[3:]}",
        latitude=str(shop.latitude),
        longitude=str(shop.longitude),
        stations="\n".join(stations),
        languages=", ".join(shop.languages),
        phone=shop.phone,
        capacity=str(shop.capacity),
        slot_minutes=str(shop.slot_minutes),
        **hours,
        closed_days="\n".join(days),
        closed_on_holidays="yes" if shop.closed_on_holidays else "",
        opens_on=(date.fromisoformat(opens) + timedelta(days=1)).isoformat() if opens else "",
        closes_on=closes,
        active="yes" if shop.active else "",
    )


def _is_open_end(day: str) -> bool:
    return day.startswith("../") or day.endswith("/..")


def normal(given: Mapping[str, str]) -> Typed:
    """Return what was typed with one sort of line end and no spaces around; what is no field of a shop is left out."""
    return Typed(**{name: _lines(given.get(name, "")) for name in FIELDS})


def _lines(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.replace("\r", "\n").split("\n"))
    return "\n".join(line for line in lines if line)


def read(typed: Typed) -> tuple[dict[str, Any], dict[str, str]]:
    """Return a shop's facts as `put_shop` takes them, and what is wrong: reason codes by field."""
    wrong: dict[str, str] = {}
    facts: dict[str, Any] = {name: getattr(typed, name) for name in _NAMES}
    wrong |= {name: "shop.empty" for name in _NAMES if not facts[name] or len(facts[name]) > 200}
    facts["postcode"] = typed.postcode
    if len(postcode(typed.postcode)) != 7:
        wrong["postcode"] = "shop.postcode_wrong"
    place = position(plain(typed.latitude), plain(typed.longitude))
    facts["latitude"], facts["longitude"] = place or (0.0, 0.0)
    if place is None:
        wrong["latitude"] = "shop.position_wrong"
    facts["stations"] = _stations(typed, wrong)
    facts["languages"] = [one for one in LANGUAGES if one in typed.languages.split(", ")]
    if not facts["languages"]:
        wrong["languages"] = "shop.languages_missing"
    facts["phone"] = typed.phone
    if not _PHONE.fullmatch(typed.phone):
        wrong["phone"] = "shop.phone_wrong"
    facts["capacity"] = _whole(typed, "capacity", 1, MOST_SEATS, wrong)
    facts["slot_minutes"] = _whole(typed, "slot_minutes", 5, 240, wrong)
    facts["hours"] = _hours(typed, wrong)
    facts["closed_days"] = _closed_days(typed, wrong)
    facts["closed_on_holidays"] = typed.closed_on_holidays == "yes"
    facts["active"] = typed.active == "yes"
    return facts, wrong


def _stations(typed: Typed, wrong: dict[str, str]) -> list[dict[str, str]]:
    found = []
    for line in typed.stations.splitlines():
        names = [name.strip() for name in line.split("/")]
        if len(names) > len(STATION_LANGUAGES) or not all(names):
            wrong["stations"] = "shop.stations_wrong"
            continue
        names += [names[0]] * (len(STATION_LANGUAGES) - len(names))
        found.append(dict(zip(STATION_LANGUAGES, names, strict=True)))
    return found


def _whole(typed: Typed, name: str, least: int, most: int, wrong: dict[str, str]) -> int:
    text = plain(getattr(typed, name))
    number = int(text) if re.fullmatch(r"[0-9]{1,4}", text, re.ASCII) else 0
    if not least <= number <= most:
        wrong[name] = f"shop.{name}_wrong"
    return number


def _hours(typed: Typed, wrong: dict[str, str]) -> dict[str, list[list[str]]]:
    hours = {}
    for day in WEEKDAYS:
        spans = [re.split(r"[-–〜~]", span.strip()) for span in re.split(r"[,、]", getattr(typed, day)) if span.strip()]
        padded = [[clock.strip().rjust(5, "0") for clock in span] for span in spans]
        try:
            check_hours({day: padded})
        except Refused:
            wrong[day] = "shop.span_wrong"
        if padded:
            hours[day] = padded
    return hours


def _closed_days(typed: Typed, wrong: dict[str, str]) -> list[str]:
    days = typed.closed_days.splitlines()
    try:
        check_closed_days(days)
        if len(days) > MOST_DAYS or any(map(_is_open_end, days)):
            raise Refused("shop.closed_days_wrong")
    except Refused as refused:
        wrong["closed_days"] = refused.code
    for name in ("opens_on", "closes_on"):
        text = getattr(typed, name)
        try:
            check_closed_days([text] if text else [])
        except Refused:
            wrong[name] = "shop.date_wrong"
        if "/" in text:
            wrong[name] = "shop.date_wrong"
    both = typed.opens_on and typed.closes_on and not {"opens_on", "closes_on"} & set(wrong)
    if both and typed.closes_on <= typed.opens_on:
        wrong["closes_on"] = "shop.closes_first"
    if typed.opens_on and "opens_on" not in wrong:
        days = [f"../{date.fromisoformat(typed.opens_on) - timedelta(days=1)}", *days]
    return [*days, f"{typed.closes_on}/.."] if typed.closes_on and "closes_on" not in wrong else days


def unsaved(carrier: Carrier, code: str, facts: Mapping[str, Any]) -> Shop:
    """Return the shop as it would be, not written: for its preview."""
    return Shop(carrier=carrier, code=code, **{**facts, "postcode": postcode(facts["postcode"])})


def lost_visits(shop: Shop, facts: Mapping[str, Any], *, at: datetime) -> list[Visit]:
    """Return the booked visits to come at which a shop with these facts would be closed, in order. One query."""
    opening = Opening(facts["hours"], frozenset(facts["closed_days"]), facts["closed_on_holidays"])
    booked = Visit.objects.filter(shop_id=shop.pk, state=VisitState.BOOKED, starts_at__gt=at).select_related("shop")
    return [
        visit
        for visit in booked.order_by("starts_at")
        if not facts["active"] or not opening.covers(visit.starts_at, visit.ends_at)
    ]


@dataclass(frozen=True, slots=True)
class DayOfTimes:
    """The times that a shop gives on one day, as instants."""

    day: date
    times: Sequence[datetime]


def next_week(shop: Shop, *, at: datetime) -> list[DayOfTimes]:
    """Return the times that a shop gives on each of the seven days after today, whether or not they are taken."""
    days = [jst_date(at) + timedelta(days=number) for number in range(1, 8)]
    return [DayOfTimes(day, shop.opening.times(day, shop.slot_minutes) if shop.active else []) for day in days]


def setting(code: str) -> str:
    """Return the name under which the history keeps a shop."""
    return f"shop.{code}"


def code_problem(carrier: Carrier, code: str) -> str:
    """Return what is wrong with the short name of a new shop: a reason code, or an empty text."""
    if not _CODE.fullmatch(code):
        return "shop.code_wrong"
    return "shop.code_taken" if Shop.objects.filter(carrier=carrier, code=code).exists() else ""


def keep(
    *, carrier: Carrier, code: str, typed: Typed, new: bool, seen: int, acting: Acting, at: datetime
) -> Change | None:
    """Let a shop be so from now on. None: it is so already.

    Raises `Refused`: `shop.wrong` when something is wrong with it, `shop.code_taken`, and `settings.changed` when a
    colleague was first. Nothing is written then.
    """
    facts, wrong = read(typed)
    if wrong or (new and code_problem(carrier, code) == "shop.code_wrong"):
        raise Refused("shop.wrong")
    after = of_shop(unsaved(carrier, code, facts)).kept
    with transaction.atomic(durable=True):
        Carrier.objects.select_for_update(no_key=True).get(pk=carrier.pk)
        known = Shop.objects.select_for_update(no_key=True).filter(carrier=carrier, code=code).first()
        if known is not None and new:
            raise Refused("shop.code_taken")
        before = of_shop(known).kept if known is not None else ""
        change = record(
            carrier=carrier, setting=setting(code), before=before, after=after, seen=seen, acting=acting, at=at
        )
        if change is not None or before != after:
            put_shop(carrier, {"code": code, **facts})
    return change
