"""What do our mails and SMS say?

Each text is written in the reader's own language, and every time in it is Japan's and says so. Until the network has
answered a text speaks of a request; only `closed` says closed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from babel.core import Locale
from babel.dates import format_skeleton
from django.utils.translation import gettext as _
from django.utils.translation import override

from tojimari.messages.costs import costs
from tojimari.messages.links import CASE, GENUINE
from tojimari.platform.work import Target
from tojimari.rules.calendar import JST
from tojimari.rules.masking import last4

LOCALES = {"ja": "ja", "en": "en", "zh-hans": "zh_Hans", "zh-hant": "zh_Hant"}
SPELLINGS = {"zh": "zh-hans", "zh-cn": "zh-hans", "zh-sg": "zh-hans", "zh-tw": "zh-hant", "zh-hk": "zh-hant"}


@dataclass(frozen=True, slots=True)
class Parts:
    """What a text is made of, for a carrier that says it in words of its own."""

    name: str  # which text it is: "receipt", "closed_roaming"
    facts: Mapping[str, str]  # what is filled in, in the reader's language already
    head: str = ""  # said before the carrier's own words, whatever they are
    foot: str = ""  # the same, after them


@dataclass(frozen=True, slots=True)
class Written:
    """A text that is ready to be sent."""

    language: str
    subject: str
    body: str
    parts: Parts | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class About:
    """What a text is about. Numbers are masked before they come here: mail is read by more eyes than one hopes."""

    reference: str
    carrier: str  # the carrier's name in the reader's language
    scope: str  # "line", or the service that ends
    number: str  # "…5678"; empty for a line without a number
    iccid: str  # "…0010"
    simulated: bool = False

    @classmethod
    def of(cls, target: Target, *, reference: str, carrier: str, scope: str, simulated: bool = False) -> About:
        number = last4(target.msisdn) if target.msisdn else ""
        return cls(reference, carrier, scope, number, last4(target.iccid), simulated)


def tag(language: str) -> str:
    """Return the house's tag for a language as anybody writes it; English for a language that we do not speak."""
    known = language.lower().replace("_", "-")
    known = SPELLINGS.get(known, known)
    return known if known in LOCALES else "en"


def code(language: str, *, carrier: str, digits: str, until: datetime) -> Written:
    """A one-time code. It stands in the body alone, so that wiping the body wipes it."""
    with override(tag(language)):
        time, nobody = moment(until, language), _("Tell it to nobody. Our staff never asks for it.")
        return written(
            language,
            Parts("code", {"carrier": carrier, "code": digits, "time": time, "tell_nobody": nobody}),
            # Translators: subject of a mail with a one-time code. The code itself must not stand here.
            _("Your code for %(carrier)s") % {"carrier": carrier},
            _("Your code: %(code)s") % {"code": digits},
            _("It is valid until %(time)s, once, and only on the page on which you asked for it.") % {"time": time},
            nobody,
            _("If you did not ask for a code, you need not do anything: without it nothing happens to your line."),
            carrier,
        )


def code_by_sms(language: str, *, carrier: str, digits: str, until: datetime) -> Written:
    """The same by SMS: as short as it can be, and without a subject."""
    with override(tag(language)):
        facts = {"carrier": carrier, "code": digits, "time": moment(until, language)}
        # Translators: an SMS. Keep it as short as you can.
        text = _("%(carrier)s: your code is %(code)s, valid until %(time)s. Tell it to nobody, not even to us.")
        return Written(tag(language), "", text % facts, Parts("code_by_sms", facts))


def receipt(
    language: str, about: About, *, requested_at: datetime, ends_at: datetime, quote: Mapping[str, Any]
) -> Written:
    """The request has been taken. Says when the contract ends and what it costs, and that nothing is closed yet."""
    with override(tag(language)):
        whole = about.scope == "line"
        asked = (
            _("We have received your request to close %(line)s.")
            if whole
            else _("We have received your request to turn off roaming on %(line)s.")
        )
        ends = _("Your contract ends: %(time)s") if whole else _("Roaming is to end: %(time)s")
        not_yet = (
            _("It is not closed yet. We write again as soon as the network has confirmed that it is.")
            if whole
            else _("Roaming is not off yet. We write again as soon as that is confirmed.")
        )
        received, end = moment(requested_at, language), end_moment(ends_at, language)
        facts = _with_costs({"received": received, "ends": end, "not_yet": not_yet}, about, quote)
        return written(
            language,
            parts("receipt", about, **facts),
            _("Your request has been received (%(reference)s)") % {"reference": about.reference},
            asked % {"line": _line(about)},
            _("Reference: %(reference)s") % {"reference": about.reference}
            + "\n"
            + _("Received: %(time)s") % {"time": received}
            + "\n"
            + ends % {"time": end},
            costs(quote),
            not_yet,
            _("On the status page you see each step, and you can take the request back there while that is possible."),
            way_in(),
            about.carrier,
        )


def end_changed(language: str, about: About, *, ends_at: datetime, quote: Mapping[str, Any]) -> Written:
    """The contract ends on another day than was asked for first; the request itself stays."""
    with override(tag(language)):
        end = end_moment(ends_at, language)
        return written(
            language,
            parts("end_changed", about, ends=end, costs=costs(quote)),
            _("Your contract ends on another day (%(reference)s)") % {"reference": about.reference},
            _("You have changed the last day of %(line)s.") % {"line": _line(about)},
            _("Your contract ends: %(time)s") % {"time": end},
            costs(quote),
            _("Your request keeps the time at which we received it."),
            _("If it was not you who changed it, please ask us at once."),
            way_in(),
            about.carrier,
        )


def withdrawn(language: str, about: About) -> Written:
    """The request was taken back; everything is as before."""
    with override(tag(language)):
        kept = (
            _("Your request to close %(line)s was taken back. The line goes on as before, and so does the contract.")
            if about.scope == "line"
            else _("Your request to turn off roaming on %(line)s was taken back. Roaming goes on as before.")
        )
        return written(
            language,
            parts("withdrawn", about),
            _("Your request was taken back (%(reference)s)") % {"reference": about.reference},
            kept % {"line": _line(about)},
            _("If it was not you who took it back, please ask us at once."),
            way_in(),
            about.carrier,
        )


def closed(
    language: str,
    about: About,
    *,
    ends_at: datetime,
    quote: Mapping[str, Any],
    paid: Mapping[str, int] | None = None,
    bill: Mapping[str, Any] | None = None,
    card: str = "",
) -> Written:
    """It is over. Only ever put down after the step that proves it.

    `paid`: bills paid at the counter, yen by month. `bill`: how it stands with the final bill, as its step recorded it.
    `card`: what to do with a SIM card that stays, in the reader's language already; said beside a carrier's own words.
    """
    with override(tag(language)):
        whole = about.scope == "line"
        over = _("We have closed %(line)s.") if whole else _("Roaming on %(line)s is off. The line itself goes on.")
        ended = _("Your contract ended: %(time)s") if whole else _("Roaming ended: %(time)s")
        certificate = (
            _("A signed certificate is ready on the status page shortly. Keep the file; it can be checked without us.")
            if whole
            else _(
                "A signed certificate that it ended is ready on the status page shortly. Keep the file; it can be "
                "checked without us."
            )
        )
        end = end_moment(ends_at, language)
        return written(
            language,
            replace(parts("closed", about, **_with_costs({"ended": end}, about, quote, paid, bill or {})), foot=card),
            (_("Your line is closed (%(reference)s)") if whole else _("Roaming is off (%(reference)s)"))
            % {"reference": about.reference},
            over % {"line": _line(about)},
            _("Reference: %(reference)s") % {"reference": about.reference} + "\n" + ended % {"time": end},
            costs(quote, paid, bill or {}),
            certificate,
            way_in(),
            _("The number may later be given to somebody else. Nothing more is sent to it.")
            if whole and about.number
            else "",
            card,
            about.carrier,
        )


def rejected(language: str, about: About, *, reason: str, way_on: str = "") -> Written:
    """The request was not accepted. `reason` and `way_on` are in the reader's language already."""
    with override(tag(language)):
        # 188 is the consumer hotline of Japan's consumer centres.
        disagree = _("If you do not agree, ask us, or call the consumer hotline 188 in Japan.")
        return written(
            language,
            parts("rejected", about, reason=reason, way_on=way_on, if_you_disagree=disagree),
            _("Your request was not accepted (%(reference)s)") % {"reference": about.reference},
            _("We could not accept your request for %(line)s. Nothing was changed.") % {"line": _line(about)},
            reason,
            way_on,
            disagree,
            way_in(),
            about.carrier,
        )


def ends_soon(language: str, about: About, *, ends_at: datetime, esim: bool) -> Written:
    """The last call before the end: what cannot be done afterwards."""
    with override(tag(language)):
        end = end_moment(ends_at, language)
        keep = _("Do not delete the eSIM yet. We write as soon as the line is closed.") if esim else ""
        return written(
            language,
            parts("ends_soon", about, ends=end, keep_esim=keep),
            _("Your line ends soon (%(reference)s)") % {"reference": about.reference},
            _("Your contract for %(line)s ends: %(time)s") % {"line": _line(about), "time": end},
            _("Please do this before then:")
            + "\n- "
            + _("Move logins that send codes to this number: bank, LINE, WeChat, Apple, Google.")
            + "\n- "
            + _("Save contacts, photos and messages."),
            keep,
            _("If this comes too soon: on the page of your case you can change the last day or take the request back."),
            way_in(),
            about.carrier,
        )


def visit_soon(language: str, about: About, *, starts_at: datetime, where: str) -> Written:
    """The visit is tomorrow, or today. `where` is shop and address in the reader's language."""
    with override(tag(language)):
        time = moment(starts_at, language)
        return written(
            language,
            parts("visit_soon", about, time=time, shop=where),
            _("Your visit is soon (%(reference)s)") % {"reference": about.reference},
            _("We expect you: %(time)s") % {"time": time},
            where,
            _("Bring your passport or residence card and the SIM card. On the page of your case you see all you need."),
            way_in(),
            about.carrier,
        )


def visit_missing(language: str, about: About, *, ends_at: datetime) -> Written:
    """Nobody has come yet. It costs nothing, but the network goes on knowing the line."""
    with override(tag(language)):
        end = end_moment(ends_at, language)
        return written(
            language,
            parts("visit_missing", about, ends=end),
            _("We are waiting for your visit (%(reference)s)") % {"reference": about.reference},
            _("To close %(line)s we still need you at a shop, with your papers and the SIM card.")
            % {"line": _line(about)},
            _("Until then the line stays on in the network."),
            _("The end of your contract does not move: %(time)s") % {"time": end},
            way_in(),
            about.carrier,
        )


def delete_profile(language: str, about: About) -> Written:
    """The eSIM's line is closed, so the profile may go. Only put down after the end was proved."""
    with override(tag(language)):
        return written(
            language,
            parts("delete_profile", about),
            _("You can delete the eSIM now (%(reference)s)") % {"reference": about.reference},
            _("We have closed %(line)s. If the eSIM is still on your phone, you can delete it there now.")
            % {"line": _line(about)},
            _("iPhone: Settings, Mobile Service, this line, Delete eSIM."),
            _("Android: Settings, Network and internet, SIMs, this line, Delete."),
            way_in(),
            about.carrier,
        )


def moment(at: datetime, language: str) -> str:
    """Return day and time in Japan, in the reader's language, and labelled: "Nov 30, 2026 12:00 (Japan time)"."""
    local = at.astimezone(JST)
    day = format_skeleton("yMMMd", local, locale=Locale.parse(LOCALES[tag(language)]))
    # Translators: a day and a time of day, for example "Nov 30, 2026 12:00 (Japan time)"
    return _("%(day)s %(time)s (Japan time)") % {"day": day, "time": f"{local:%H:%M}"}


def end_moment(at: datetime, language: str) -> str:
    """The same for an end: midnight is 24:00 of the day that was the last, as contracts in Japan write it."""
    local = at.astimezone(JST)
    if (local.hour, local.minute, local.second, local.microsecond) != (0, 0, 0, 0):
        return moment(at, language)
    eve = local - timedelta(days=1)
    day = format_skeleton("yMMMd", eve, locale=Locale.parse(LOCALES[tag(language)]))
    return _("%(day)s %(time)s (Japan time)") % {"day": day, "time": "24:00"}


def _line(about: About) -> str:
    if about.number:
        # Translators: stands inside a sentence; the number is only its last four digits, "…5678"
        return _("the line %(number)s") % {"number": about.number}
    # Translators: stands inside a sentence; a line without a phone number, named by its ICCID
    return _("the line with the ICCID %(number)s") % {"number": about.iccid}


def way_in() -> str:
    """The link to the case; whoever reads it may look at the case, so the reader is told."""
    return _("Your case, without signing in:") + f"\n{CASE}\n" + _("Keep this link to yourself: it shows your case.")


def parts(name: str, about: About, **facts: str) -> Parts:
    """What a text about a case is made of; one about a service has another name: "receipt_roaming"."""
    both = {"receipt", "withdrawn", "closed"}
    full = f"{name}_roaming" if name in both and about.scope != "line" else name
    known = {"carrier": about.carrier, "reference": about.reference, "line": _line(about), "link": way_in(), **facts}
    return Parts(full, known, _("The network is simulated here: no real line was touched.") if about.simulated else "")


def written(language: str, made_of: Parts, subject: str, *paragraphs: str) -> Written:
    """Put a mail together; its last line says how to check that it is real."""
    # A name from a carrier's own data must not break a header into two.
    body = "\n\n".join(filter(None, (made_of.head, *paragraphs, how_to_check()))) + "\n"
    foot = "\n\n".join(filter(None, (made_of.foot, how_to_check())))
    return Written(tag(language), " ".join(subject.split()), body, replace(made_of, foot=foot))


def how_to_check() -> str:
    """Return the last line of every mail, in the language of now."""
    return _("Is this mail really from us? See for yourself: %(link)s") % {"link": GENUINE}


def _with_costs(
    facts: dict[str, str],
    about: About,
    quote: Mapping[str, Any],
    paid: Mapping[str, int] | None = None,
    bill: Mapping[str, Any] | None = None,
) -> dict[str, str]:
    """Whatever ends a line names its costs; a service that ends has none of its own."""
    return {**facts, "costs": costs(quote, paid, bill)} if about.scope == "line" else facts
