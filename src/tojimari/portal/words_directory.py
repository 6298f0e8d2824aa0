"""How does the directory of carriers name what its facts hold in machine form?"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from tojimari.guide.corrections import Why
from tojimari.guide.facts import EarlyFee
from tojimari.rules.cutoffs import (
    BeforeDeparture,
    BeforeMonthEnd,
    BeforeRenewal,
    BusinessDayOfMonth,
    Cutoff,
    Daily,
    DayOfMonth,
)

Text = str | Promise

CARRIER_KINDS: dict[str, Text] = {
    "mno": _("Network operator"),
    "mno_brand": _("Second brand of a network operator"),
    "mvno": _("MVNO (uses another network)"),
    "mvno_foreigner": _("Seller to people from abroad"),
    "prepaid": _("Prepaid"),
    "visitor_prepaid": _("Prepaid for visitors"),
    "rental": _("Rental"),
    "travel_esim": _("Travel eSIM"),
    "home_carrier": _("Carrier at home (roaming)"),
}
COUNTRIES: dict[str, Text] = {
    "JP": _("Japan"),
    "CN": _("Mainland China"),
    "HK": _("Hong Kong"),
    "TW": _("Taiwan"),
    "KR": _("South Korea"),
    "US": _("United States"),
    "SG": _("Singapore"),
    "FR": _("France"),
    "ES": _("Spain"),
    "LT": _("Lithuania"),
}
LINE_KINDS: dict[str, Text] = {
    "physical_sim": _("Physical SIM"),
    "esim": _("eSIM"),
    "roaming": _("Roaming"),
    "rental_wifi": _("Rented Wi-Fi"),
}
CHANNELS: dict[str, Text] = {
    "web": _("on the web"),
    "app": _("in the app"),
    "shop": _("in a shop"),
    "phone": _("by phone"),
    "mail": _("by post or e-mail"),
    "chat": _("in the chat"),
    "form": _("by a form on the web"),
    "sms": _("by SMS"),
    "contact": _("by asking to be contacted"),
    "return_item": _("by giving the item back"),
    "auto_expiry": _("ends by itself"),
    "none_needed": _("nothing to do"),
}
OCCASIONS: dict[str, Text] = {
    "early_exit": _("First days after the contract"),
    "someone_else": _("Somebody acts for you"),
    "refund": _("Money back"),
}
EFFECTIVE: dict[str, Text] = {
    "immediate": _("At once"),
    "same_or_next_day": _("On the same or the next day"),
    "end_of_month": _("At the end of the month"),
    "chosen_date": _("On the day that you choose"),
    "on_expiry": _("When the plan expires"),
    "end_of_cycle": _("At the end of the billing period"),
    "on_return": _("When the item is back"),
}
MONTH_CHARGES: dict[str, Text] = {
    "full": _("The whole month"),
    "prorated": _("By the day"),
    "usage_band": _("By the data used"),
}
APPOINTMENTS: dict[str, Text] = {"required": _("Needed"), "recommended": _("Better with one")}
RETURNS: dict[str, Text] = {
    "required": _("It must go back"),
    "not_required": _("It need not go back"),
    "conflicting": _("Sources contradict each other"),
}
NOW: dict[tuple[str, bool], Text] = {
    ("open", True): _("Open now, until:"),
    ("open", False): _("Open now"),
    ("closed", True): _("Closed now. It opens:"),
    ("closed", False): _("Closed now"),
    ("not_said", False): _("Perhaps open now: the sources do not say on which days."),
}
"""Whether somebody is there at this moment; the flag: the moment follows at which that changes."""
TOPICS: dict[str, Text] = {
    "papers": _("Bring"),
    "identity": _("To prove it is you"),
    "hours": _("Hours and deadlines"),
    "tap": _("Step by step"),
    "fee": _("Fee"),
    "refund": _("Money back"),
    "return_to": _("Give back"),
    "porting": _("Keep the number"),
    "lives_on": _("Does not end with it"),
    "blocked_by": _("Settle first"),
    "conflict": _("Sources disagree"),
    "warning": _("Mind"),
    "note": _("Good to know"),
}
FIELDS: dict[str, Text] = {
    "channels": _("How"),
    "page": _("Page of the carrier"),
    "appointment": _("Booking"),
    "cutoff": _("Ask until"),
    "effective": _("It ends"),
    "month_charge": _("Last month"),
    "fee_jpy": _("Fee"),
    "early_fee": _("If closed early"),
    "sim_return": _("SIM or device"),
    "return_days": _("Back within"),
    "number": _("Telephone"),
    "hours": _("Hours"),
    "text": _("Text"),
}
DAYS: dict[str, Text] = {
    "every_day": _("Every day, also on holidays"),
    "weekdays": _("Monday to Friday, not on holidays"),
    "not_said": _("The page does not say on which days"),
    "always": _("Day and night"),
}
FROM: dict[str, Text] = {
    "own_phone": _("from a phone with this line"),
    "home": _("from other telephones in its country"),
    "japan": _("from Japan"),
    "abroad": _("from abroad"),
}
LANGUAGES: dict[str, Text] = {
    "ja": _("Japanese"),
    "en": _("English"),
    "zh": _("Chinese"),
    "ko": _("Korean"),
    "pt": _("Portuguese"),
    "tl": _("Tagalog"),
    "vi": _("Vietnamese"),
}
CONFIDENCE: dict[str, Text] = {
    "high": _("the carrier's own page"),
    "medium": _("fairly sure"),
    "low": _("weak: one page says so"),
}
GONE: dict[str, Text] = {
    "merged": _("It was merged into another carrier."),
    "closed": _("It has ended its service."),
    "renamed": _("It has another name now."),
    "duplicate": _("It is listed under another name."),
}
CUTOFF_KINDS: dict[str, Text] = {
    "daily": _("Every day"),
    "day_of_month": _("Until a day of the month"),
    "before_month_end": _("Days before the last day of the month"),
    "business_day_of_month": _("Until a business day of the month"),
    "before_renewal": _("Days before the renewal"),
    "before_departure": _("Days before leaving Japan"),
}
NOT_TAKEN: dict[Why, Text] = {
    Why.NO_FACT: _("There is no such fact any more. Choose it again."),
    Why.SAME: _("That is what the directory says already."),
    Why.SOURCE: _("Give the whole address of the page, beginning with https://."),
    Why.FUTURE: _("This day has not come yet."),
    Why.PUBLISHED: _("The carrier publishes this itself. Only a page of the carrier can correct it."),
    Why.VALUE: _("This value does not pass the rules of the directory:"),
}


def cutoff(value: Cutoff) -> str:
    """Until when one must ask, Japan time."""
    clock = f"{value.time:%H:%M}" if value.time else "24:00"
    match value:
        case Daily():
            return gettext("every day until %(time)s (Japan time)") % {"time": clock}
        case DayOfMonth(day=day):
            return gettext("until day %(day)s of the month, %(time)s (Japan time)") % {"day": day, "time": clock}
        case BeforeMonthEnd(days=0):
            return gettext("until the last day of the month, %(time)s (Japan time)") % {"time": clock}
        case BeforeMonthEnd(days=days):
            text = ngettext(
                "until %(days)s day before the last day of the month, %(time)s (Japan time)",
                "until %(days)s days before the last day of the month, %(time)s (Japan time)",
                days,
            )
            return text % {"days": days, "time": clock}
        case BusinessDayOfMonth(n=n):
            if n < 0:
                text = gettext("until business day %(n)s from the end of the month, %(time)s (Japan time)")
            else:
                text = gettext("until business day %(n)s of the month, %(time)s (Japan time)")
            return text % {"n": abs(n), "time": clock}
        case BeforeRenewal(days=days):
            text = ngettext("%(days)s day before the renewal", "%(days)s days before the renewal", days)
            return text % {"days": days}
        case BeforeDeparture(days=days):
            text = ngettext("%(days)s day before you leave Japan", "%(days)s days before you leave Japan", days)
            return text % {"days": days}


def early_fee(fee: EarlyFee, day: str) -> str:
    """What closing early costs. `day`: from which day of contract on, written for the reader; empty: not said."""
    facts = {"months": fee.months, "yen": f"{fee.yen:,}" if fee.yen is not None else "", "day": day}
    if fee.yen is None:
        text = gettext("a fee within %(months)s months; how much is not said")
    elif fee.up_to:
        text = gettext("up to %(yen)s yen within %(months)s months")
    else:
        text = gettext("%(yen)s yen within %(months)s months")
    if day:
        # Translators: %(fee)s is, for example, "1,100 yen within 12 months".
        return gettext("%(fee)s (contracts from %(day)s)") % {"fee": text % facts, "day": day}
    return text % facts


def within(days: int) -> str:
    """How many days the way back may take."""
    if days == 0:
        return gettext("on the last day itself")
    return ngettext("%(days)s day after the end", "%(days)s days after the end", days) % {"days": days}
