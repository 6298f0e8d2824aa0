"""How is a year of yen drawn, without a script and without a picture to load?

As an SVG inside the page. It has a title and a description for who cannot see it, and the page shows the same figures
as a table. Colours come from the style sheet by class, so forced colours and printing work.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from tojimari.money.forecast import Forecast, MonthAhead
from tojimari.portal.clocks import month

WIDTH, HEIGHT = 328, 176
_LEFT, _TOP, _BOTTOM = 46, 12, 136
_STEP = (WIDTH - _LEFT) / 12
_BAR = 15


def months_ahead(ahead: Forecast) -> SafeString | str:
    """Draw the months of a forecast as bars; an empty text where there is nothing to draw.

    The filled part of a bar is the plan's fee, above it that of options, then dashed what use may add; on top, in
    another colour, balance that lapses.
    """
    top = _round_up(ahead.highest_yen)
    if not top:
        return ""
    return format_html(
        '<svg class="picture" role="img" aria-labelledby="ahead-title ahead-desc" viewBox="0 0 {} {}">'
        '<title id="ahead-title">{}</title><desc id="ahead-desc">{}</desc>{}{}</svg>',
        WIDTH,
        HEIGHT,
        gettext("What this line costs month by month if nothing is done"),
        _in_words(ahead),
        format_html_join("", "{}", ((line,) for line in _scale(top))),
        format_html_join("", "{}", ((bar,) for at, one in enumerate(ahead.months) for bar in _bar(at, one, top))),
    )


def _in_words(ahead: Forecast) -> str:
    facts = {
        "first": month(ahead.months[0].month),
        "last": month(ahead.months[-1].month),
        "low": f"{ahead.low_yen:,}",
        "high": f"{ahead.high_yen:,}",
        "lapses": f"{ahead.lapses_yen:,}",
    }
    if ahead.prepaid and ahead.high_yen:
        return gettext("%(first)s to %(last)s: %(high)s yen for options; a balance of %(lapses)s yen lapses.") % facts
    if ahead.prepaid:
        return gettext("%(first)s to %(last)s: no charge; a balance of %(lapses)s yen lapses.") % facts
    if ahead.by_use:
        return gettext("%(first)s to %(last)s: from %(low)s to %(high)s yen in all, depending on use.") % facts
    return gettext("%(first)s to %(last)s: %(high)s yen in all.") % facts


def _round_up(yen: int) -> int:
    """The next amount with two leading digits, so that the scale reads easily; an even one, for its middle."""
    if yen <= 0:
        return 0
    unit = int(10 ** max(len(str(yen)) - 2, 0)) * 2
    return -(-yen // unit) * unit


def _y(yen: int, top: int) -> float:
    return round(_BOTTOM - (_BOTTOM - _TOP) * yen / top, 1)


def _scale(top: int) -> Iterator[SafeString]:
    """Three lines with their yen."""
    for yen in (0, top // 2, top):
        y = _y(yen, top)
        yield format_html('<line class="scale" x1="{}" y1="{}" x2="{}" y2="{}"/>', _LEFT, y, WIDTH, y)
        yield format_html('<text class="end" x="{}" y="{}">{}</text>', _LEFT - 5, y + 4, f"{yen:,}")


def _bar(at: int, one: MonthAhead, top: int) -> Iterator[SafeString]:
    """One month: its bars, its number below, and the year below the first month and each January."""
    left = round(_LEFT + at * _STEP + (_STEP - _BAR) / 2, 1)
    middle = round(left + _BAR / 2, 1)
    for kind, low, high in (
        ("fixed", 0, one.plan_yen),
        ("beside", one.plan_yen, one.low_yen),
        ("may", one.low_yen, one.high_yen),
        ("lapses", one.high_yen, one.high_yen + one.lapses_yen),
    ):
        if high > low:
            upper = _y(high, top)
            height = round(_y(low, top) - upper, 1)
            yield format_html(
                '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>', kind, left, upper, _BAR, height
            )
    yield format_html('<text class="middle" x="{}" y="{}">{}</text>', middle, _BOTTOM + 16, one.month.month)
    if at == 0 or one.month.month == 1:
        yield format_html('<text class="middle" x="{}" y="{}">{}</text>', middle, _BOTTOM + 33, one.month.year)
