"""What does the paper of a certificate say, in one language? Its sections, row by row, from what was signed.

Nothing is computed anew: each figure and each day stands in the signed statement. A certificate of an older format says
less, and its paper too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from babel.core import Locale
from babel.dates import format_skeleton
from django.utils.translation import get_language, gettext

from tojimari.platform.work import verb_of
from tojimari.proofs import paper_words as say
from tojimari.proofs.content import MOMENTS, was_idle
from tojimari.proofs.words import shown_by
from tojimari.rules.calendar import JST
from tojimari.rules.stops import Stop

LOCALES = {"ja": "ja", "en": "en", "zh-hans": "zh_Hans", "zh-hant": "zh_Hant"}
NAMES = {"ja": "name_ja", "en": "name_en", "zh-hans": "name_zh_hans", "zh-hant": "name_zh_hant"}
TIMES = ("requested_at", "authenticated_at", "effective_at", "barred_at", "executed_at", "proved_at")

STEP_OF = {moment: step for step, moment in MOMENTS.items()}
"""Moment -> the step of which it tells."""


@dataclass(frozen=True, slots=True)
class Names:
    """How other rooms call what a certificate names by its code."""

    charges: Mapping[str, say.Text]
    records: Mapping[str, say.Text]


Row = tuple[str, str]
Sections = list[tuple[str, list[Row]]]


def sections(
    said: Mapping[str, Any], proof: Mapping[str, str], names: Names, addendum: Mapping[str, Any] | None = None
) -> Sections:
    """Return each section's title and its rows of label and value, in the active language; empty ones are left out.

    `addendum` is what was signed of what came after the certificate.
    """
    found = {
        "what": _what(said),
        "when": _when(said),
        "how": _how(said),
        "money": _money(said, names),
        "told": _told(said),
        "number": _number(said),
        "beside": _beside(said),
        "kept": _kept(said, names),
        "later": _later(addendum or {}),
        "proof": [(_label(name), value) for name, value in proof.items()],
    }
    return [(str(say.SECTIONS[name]), rows) for name, rows in found.items() if rows]


def verdict(said: Mapping[str, Any]) -> str:
    """Return how it is known that it has ended, in the active language."""
    how, alone = shown_by(said), part(said, "case").get("scope", "line") != "line"
    return str(say.VERDICTS.get(f"{how}.service" if alone else how) or say.VERDICTS.get(how, ""))


def part(said: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return one part of what was signed; an empty one where it has none."""
    found = said.get(name)
    return found if isinstance(found, dict) else {}


def _label(name: str) -> str:
    return str(say.LABELS[name])


def _what(said: Mapping[str, Any]) -> list[Row]:
    carrier, case, line = part(said, "carrier"), part(said, "case"), part(said, "line")
    name = carrier.get(NAMES.get(get_language() or "ja", ""), "") or carrier.get("name_en", "")
    what = say.WHAT.get(str(case.get("scope")), "") or say.WHAT.get(str(line.get("kind")), "")
    rows = [
        (_label("reference"), str(said.get("reference", ""))),
        (_label("carrier"), str(name)),
        *((_label(one), str(carrier[one])) for one in ("legal_name", "registration") if carrier.get(one)),
        (_label("ended"), str(what)),
    ]
    for label, key in (("number", "msisdn"), ("card", "iccid"), ("eid", "eid")):
        if key in line:
            rows.append((_label(label), str(line[key]["shown"])))
    return rows


def _when(said: Mapping[str, Any]) -> list[Row]:
    case = part(said, "case")
    before = {"requested_at": case.get("requested_at"), "effective_at": case.get("ends_at")}
    times = {**before, **part(said, "times"), "issued_at": said.get("issued_at")}
    steps = part(said, "steps")
    known = [name for name in (*TIMES, "issued_at") if times.get(name) and not was_idle(steps, STEP_OF.get(name, ""))]
    rows = [(_moment_label(said, name), _moment(times[name], name)) for name in known]
    return [*rows, *(_stopped(Stop.of(one)) for one in said.get("stopped", ()))]


def _moment_label(said: Mapping[str, Any], name: str) -> str:
    """Name a moment by what was done then: a line that was only read again, or attested, was not tried."""
    attested = [verb_of(str(one.get("step"))) for one in said.get("attestations", ())]
    if name == "proved_at":
        how = shown_by(said)
    elif STEP_OF.get(name) in attested:
        how = "attested"
    else:
        how = "line" if part(said, "case").get("scope", "line") == "line" else "service"
    return str(say.MOMENTS.get(name, {}).get(how) or say.LABELS[name])


def _stopped(stop: Stop) -> Row:
    """A stretch in which the line was off before its contract ended."""
    said = say.OFF_BETWEEN if stop.on_again else say.OFF_UNTIL_THE_END
    days = {"day": day(stop.last_day_of_use), "again": day(stop.on_again) if stop.on_again else ""}
    return _label("stopped"), str(said) % days


def _moment(text: Any, name: str) -> str:
    """Write a moment in Japan time. The end of a contract at midnight is 24:00 of its last day, as Japan reads it."""
    at = datetime.fromisoformat(text).astimezone(JST)
    if name == "effective_at" and at.time() == time():
        written = f"{day(at.date() - timedelta(days=1))} 24:00"
    else:
        written = f"{day(at.date())} {at:%H:%M:%S}"
    return str(say.JAPAN_TIME) % {"time": written}


def day(value: date) -> str:
    """Write a day as the active language does: "Mon, Nov 30, 2026"."""
    return format_skeleton("yMMMEd", datetime.combine(value, time(12), JST), locale=_locale())


def _locale() -> Locale:
    return Locale.parse(LOCALES.get(get_language() or "ja", "en"))


def _how(said: Mapping[str, Any]) -> list[Row]:
    how = part(said, "terminated")
    ways = dict.fromkeys(_shown_by(one) for one in part(said, "asked").get("proved", ()))  # each way once
    rows = [(_label("asked"), way) for way in ways]
    rows += _screen(part(said, "shown"))
    if how.get("element"):
        rows.append((_label("element"), str(how["element"])))
    if how.get("name"):
        rows.append((_label("attested"), str(how["name"])))
    return rows + _profile(part(said, "profile"))


def _profile(found: Mapping[str, Any]) -> list[Row]:
    """Where the profile of an eSIM stood when the certificate was issued."""
    stands = str(found.get("stands", ""))
    text = say.PROFILES.get(f"{stands}.{found.get('told_by', '')}") or say.PROFILES.get(stands)
    return [(_label("profile"), str(text))] if text else []


def _later(addendum: Mapping[str, Any]) -> list[Row]:
    """What was told after the certificate, when it came, and when it was signed."""
    told = [(say.LATER.get(str(one.get("name"))), one) for one in addendum.get("later", ())]
    rows = [(str(text), _moment(one["at"], "later")) for text, one in told if text]
    return [*rows, (_label("added_at"), _moment(addendum["issued_at"], "later"))] if rows else []


def _screen(shown: Mapping[str, Any]) -> list[Row]:
    """What the person had before them when they confirmed, or that there was no screen."""
    if shown.get("sha256"):
        return [(_label("shown"), f"SHA-256: {shown['sha256']}")]  # same in each language: over both columns
    text = str(say.NOT_SHOWN.get(str(shown.get("none")), ""))
    return [(_label("shown"), text)] if text else []


def _shown_by(proved: Mapping[str, Any]) -> str:
    method = str(proved.get("method", ""))
    for key in (f"{method}.{proved.get('sent_by', '')}", method if method != "at_counter" else proved.get("step", "")):
        if key in say.METHODS:
            return str(say.METHODS[key])
    return str(say.BY_STAFF)


def _money(said: Mapping[str, Any], names: Names) -> list[Row]:
    quote = part(said, "quote")
    rows = [(_charge(one, names), _yen(one.get("amount_yen", 0))) for one in quote.get("lines", ())]
    return [*rows, (_label("total"), _to_pay(quote.get("total_yen", 0)))] if rows else []


def _charge(one: Mapping[str, Any], names: Names) -> str:
    name = str(names.charges.get(str(one.get("text_code", "")), one.get("code", "")))
    if not one.get("month"):
        return name
    month = format_skeleton("yMMM", date.fromisoformat(f"{one['month']}-01"), locale=_locale())
    return gettext("%(charge)s, %(month)s") % {"charge": name, "month": month}


def _to_pay(amount: int) -> str:
    """What it comes to; where more goes back than is asked for, in words and not by a sign alone."""
    return _yen(amount) if amount >= 0 else gettext("%(amount)s back to you") % {"amount": _yen(-amount)}


def _yen(amount: int) -> str:
    return str(say.YEN) % {"amount": f"{amount:,}"}


def _told(said: Mapping[str, Any]) -> list[Row]:
    """Each message about the case: what it was about, when, how, and how far it had come."""
    rows = said.get("messages")
    return [_message(one) for one in (rows if isinstance(rows, list) else ())]


def _message(one: Mapping[str, Any]) -> Row:
    about = say.TOLD.get(str(one.get("about", "")).partition(" ")[0], say.TOLD_MORE)
    state = say.FAR.get(str(one.get("delivery"))) or say.FAR.get(str(one.get("state")), "")
    facts = {"time": _moment(one["at"], "message"), "state": str(state)}
    return str(about), str(say.BY.get(str(one.get("by")), say.BY["email"])) % facts


def _number(said: Mapping[str, Any]) -> list[Row]:
    found = part(said, "number")
    text = str(say.FATES.get(str(found.get("fate")), ""))
    if not text:
        return []
    free = found.get("free_from")
    return [(_label("fate"), text % {"day": day(date.fromisoformat(free))} if free else text)]


def _beside(said: Mapping[str, Any]) -> list[Row]:
    untouched = part(said, "untouched")
    if not untouched:
        return []
    return [(_label("untouched"), str(say.UNTOUCHED if untouched.get("same") is True else say.CHANGED))]


def _kept(said: Mapping[str, Any], names: Names) -> list[Row]:
    """What is kept until the same day stands together, the shortest first."""
    rows = said.get("kept")
    by_day: dict[str, list[str]] = {}
    for one in rows if isinstance(rows, list) else ():
        name = str(names.records.get(str(one.get("item")), one.get("item", "")))
        by_day.setdefault(str(one["until"]), []).append(name)
    between = str(say.BETWEEN)
    return [
        (str(say.UNTIL) % {"day": day(date.fromisoformat(until))}, between.join(by_day[until]))
        for until in sorted(by_day)
    ]
