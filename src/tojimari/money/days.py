"""Until when is a bill to be paid, and until when does money go back?

A time to pay is counted from the bill, in days by the carrier's terms, and ends on a day on which banks are open. No
day is guessed: where the holidays of that year are not official yet, none is said. That keeps no line from being
closed, and a bill without a day is never late. Once the holidays are official the bill gets its day (`named_later`).
"""

from __future__ import annotations

from datetime import date, timedelta

import structlog

from tojimari.lines.paying import SHORTEST_TERM, WaysToPay, percent
from tojimari.rules.calendar import YearNotKnown, payable_until
from tojimari.rules.figures import value

log = structlog.get_logger(__name__)


def days_to_pay(carrier_days: int | None, on: date) -> int:
    """Return how many days a bill leaves to pay it: by the carrier's terms, else the figure in force on `on`."""
    return carrier_days or value("payment_days", on)


def due_day(billed_on: date, days: int) -> date | None:
    """Return the last day, in Japan, to pay a bill of `billed_on`; None where nobody can say which it is yet."""
    try:
        return payable_until(billed_on + timedelta(days=days))
    except YearNotKnown as unknown:
        log.warning("payment.day_not_known", billed_on=billed_on.isoformat(), year=unknown.facts["year"])
        return None


def named_later(billed_on: date, days: int, on: date) -> date | None:
    """Return the last day to pay a bill of `billed_on` of which it can be said only `on` a later day; None: still not.

    It is the day that the bill would have named. Nobody is late before being told, though: from `on` there are at
    least as many days as the shortest term that a carrier may set.
    """
    try:
        return payable_until(max(billed_on + timedelta(days=days), on + timedelta(days=SHORTEST_TERM)))
    except YearNotKnown:
        return None


def refund_day(made_on: date) -> date:
    """Return the last day, in Japan, for money to go back. It is our own duty, so no closed bank puts it off."""
    return made_on + timedelta(days=value("refund_days", made_on))


def terms_of_paying(
    total_yen: int, last_day: date, paying: WaysToPay, *, on: date, early: bool = False
) -> dict[str, int | str | None]:
    """Return what a quote says of paying: how long after the final bill, and until when at the least.

    The bill is made after the last day, when the network has let the line go. So `pay_not_before`, reckoned from the
    last day, is the earliest that its time to pay can end; it is None where nobody can say it yet. Nothing is said of
    paying where nothing is asked for; below nothing, `refund_days` says how soon after the bill it goes back.
    `late_percent` is the interest a year on what is paid late, where the terms of the day `on` ask for any; whoever
    leaves `early`, in the first days, owes at most what the law itself says (電気通信事業法 26-3(3), 民法 404).
    """
    if total_yen < 0:
        return {"refund_days": value("refund_days", last_day)}
    if total_yen == 0:
        return {}
    days = days_to_pay(paying.days, on)
    earliest = due_day(last_day, days)
    said: dict[str, int | str | None] = {
        "pay_days": days,
        "pay_not_before": earliest.isoformat() if earliest else None,
    }
    if paying.late_per_mille is None:
        return said
    most = value("statutory_interest_per_mille", on) if early else paying.late_per_mille
    return said | {"late_percent": percent(min(paying.late_per_mille, most))}
