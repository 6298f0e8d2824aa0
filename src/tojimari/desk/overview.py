"""How does it go, today and in a month? Figures only: no person and no line stands on these pages."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from tojimari.desk import pictures, words
from tojimari.desk.access import Right, Staff, staff_page
from tojimari.platform.work import verb_of
from tojimari.rules.calendar import jst_date, month_end
from tojimari.terminations import statistics
from tojimari.terminations.reasons import reason_text
from tojimari.terminations.statistics import Month, Promise, Row, Standing, Times
from tojimari.terminations.words import CASE_KINDS, STEPS

MONTHS = 36
"""How many months may be chosen."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A promise, how often it was kept, and what exactly was promised."""

    name: words.Text
    explanation: words.Text
    promise: Promise


def chosen_month(wanted: str, at: datetime) -> date:
    """Return the first day of the month that an address names as "2026-11"; that of `at` for anything else."""
    present = jst_date(at).replace(day=1)
    try:
        month = date.fromisoformat(f"{wanted}-01")
    except ValueError:
        return present
    return month if date(2000, 1, 1) <= month <= present else present


def months_to_choose(first: date, present: date) -> list[date]:
    """Return the months from the first one known until the present one, the newest first."""
    found: list[date] = []
    month = present
    while month >= first and len(found) < MONTHS:
        found.append(month)
        month = date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)
    return found or [present]


@staff_page(Right.SEE, personal=False)
@require_safe
def overview(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Today, and one month: what came, what ended, what waits, and which promises were kept."""
    now = timezone.now()
    today, first = jst_date(now), chosen_month(request.GET.get("month", ""), now)
    month = statistics.month(staff.carrier.pk, first)
    standing = statistics.standing(staff.carrier.pk)
    by_day = month.by_day(today)
    facts = {
        "staff": staff,
        "now": now,
        "first": first,
        "months": months_to_choose(statistics.first_month(staff.carrier.pk, now), today.replace(day=1)),
        "today": named(month.on(today)) if first == today.replace(day=1) else None,
        "total": month.all(),
        "by_kind": named(month.by_kind()),
        "by_day": by_day,
        "days": pictures.days(by_day),
        "standing": standing,
        "turns": turns(standing),
        "waiting_picture": pictures.shares(turns(standing), title=gettext("Open cases, by whose turn it is")),
        "steps": [
            (words.STEPS.get(one.step) or STEPS.get(verb_of(one.step), one.step), one) for one in standing.waiting
        ],
        "promises": promises(month),
        "times": times(month),
        "shops": [(one.shop.name(get_language() or "ja"), one) for one in month.shops],
        "reasons": [(reason_text(code)[0], number) for code, number in month.reasons()],
        "channels": [(words.CHANNELS.get(channel, channel), number) for channel, number in month.channels()],
    }
    return render(request, "desk/overview.html", facts)


def named(rows: Mapping[str, Row]) -> list[tuple[words.Text, Row]]:
    """Return the rows of each kind of case with what the kind is called."""
    return [(CASE_KINDS[kind], row) for kind, row in rows.items()]


def turns(standing: Standing) -> list[tuple[str, int]]:
    """Return whose turn it is in how many cases."""
    return [
        (str(words.ACTORS["subscriber"]), standing.subscriber),
        (str(words.ACTORS["staff"]), standing.staff),
        (gettext("System: at work, or waiting for the last day"), standing.system),
        (gettext("On hold"), standing.held),
    ]


def promises(month: Month) -> list[Kept]:
    """Return each promise with how often it was kept."""
    found = {"review": month.review_promise(), "visit": month.visit_promise, "day": month.day_promise()}
    return [Kept(*words.PROMISES[code], promise) for code, promise in found.items()]


def times(month: Month) -> list[tuple[words.Text, Times]]:
    """Return the times from request to end of all cases, and of each kind that was closed."""
    rows: list[tuple[words.Text, Times]] = [(gettext("All"), month.times())]
    rows += [(name, month.times(kind)) for kind, name in CASE_KINDS.items()]
    return [row for row in rows if row[1].cases]


@staff_page(Right.SEE, personal=False)
@require_safe
def overview_csv(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Every figure of a month as a file for a spreadsheet: one row for each day, kind, fact and detail."""
    first = chosen_month(request.GET.get("month", ""), timezone.now())
    answer = HttpResponse(_table(statistics.month(staff.carrier.pk, first)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="overview-{first:%Y-%m}.csv"'
    return answer


def _table(month: Month) -> str:
    out = StringIO()
    out.write("\ufeff")  # without it Excel takes UTF-8 for something else
    writer = csv.writer(out)
    writer.writerow(["day", "kind", "fact", "detail", "number"])
    writer.writerows(_rows(month))
    return out.getvalue()


def _rows(month: Month) -> Iterator[Sequence[Any]]:
    """Codes and not words: they are the same in every language. Shops count for the month as a whole."""
    for entry in month.entries:
        if entry.times:
            yield entry.day.isoformat(), entry.kind, entry.fact, entry.detail, entry.times
    last = month_end(month.first).isoformat()
    for one in month.shops:
        for fact, number in (("booked", one.booked), ("came", one.came), ("no_show", one.no_show)):
            yield last, "", f"visits_{fact}", one.shop.code, number
