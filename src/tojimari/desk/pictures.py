"""How are figures drawn for staff, without a script and without a picture to load?

As SVG inside the page, with a title and a description for who cannot see it; the page shows the same figures as a
table. Colours come from the style sheet by class, so forced colours and printing work.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from tojimari.terminations.statistics import Row

WIDTH, HEIGHT = 328, 152
_LEFT, _TOP, _BOTTOM = 46, 12, 128
_LABELS = (1, 5, 10, 15, 20, 25, 30)


def days(rows: Sequence[tuple[date, Row]]) -> SafeString | str:
    """Draw how many were asked for and closed on each day, side by side; an empty text where there is nothing."""
    top = _round_up(max((max(row.asked, row.closed) for _, row in rows), default=0))
    if not top:
        return ""
    asked, closed = sum(row.asked for _, row in rows), sum(row.closed for _, row in rows)
    return format_html(
        '<svg class="picture" role="img" aria-labelledby="days-title days-desc" viewBox="0 0 {} {}">'
        '<title id="days-title">{}</title><desc id="days-desc">{}</desc>{}{}</svg>',
        WIDTH,
        HEIGHT,
        gettext("Asked for and closed on each day"),
        gettext("Asked for: %(asked)s. Closed: %(closed)s.") % {"asked": f"{asked:,}", "closed": f"{closed:,}"},
        format_html_join("", "{}", ((line,) for line in _scale(top))),
        format_html_join("", "{}", ((mark,) for day, row in rows for mark in _day(day, row, top))),
    )


def shares(parts: Sequence[tuple[str, int]], *, title: str) -> SafeString | str:
    """Draw parts of a whole as bars below each other, with name and number; an empty text for an empty whole."""
    most = max((number for _, number in parts), default=0)
    if not most:
        return ""
    return format_html(
        '<svg class="picture" role="img" aria-labelledby="shares-title shares-desc" viewBox="0 0 {} {}">'
        '<title id="shares-title">{}</title><desc id="shares-desc">{}</desc>{}</svg>',
        WIDTH,
        len(parts) * 34,
        title,
        "; ".join(f"{name}: {number:,}" for name, number in parts),
        format_html_join("", "{}", ((mark,) for at, part in enumerate(parts) for mark in _share(at, *part, most))),
    )


def _share(at: int, name: str, number: int, most: int) -> Iterator[SafeString]:
    y = at * 34
    yield format_html('<text x="0" y="{}">{}</text>', y + 12, name)
    yield format_html('<text class="end" x="{}" y="{}">{}</text>', WIDTH, y + 12, f"{number:,}")
    if number:
        width = max(round(WIDTH * number / most, 1), 1)
        yield format_html('<rect class="fixed" x="0" y="{}" width="{}" height="10"/>', y + 17, width)


def _round_up(number: int) -> int:
    """The next even number with two leading digits at most, so that the scale reads easily."""
    if number <= 0:
        return 0
    unit = int(10 ** max(len(str(number)) - 2, 0)) * 2
    return -(-number // unit) * unit


def _y(number: int, top: int) -> float:
    return round(_BOTTOM - (_BOTTOM - _TOP) * number / top, 1)


def _scale(top: int) -> Iterator[SafeString]:
    """Three lines with their numbers."""
    for number in (0, top // 2, top):
        y = _y(number, top)
        yield format_html('<line class="scale" x1="{}" y1="{}" x2="{}" y2="{}"/>', _LEFT, y, WIDTH, y)
        yield format_html('<text class="end" x="{}" y="{}">{}</text>', _LEFT - 5, y + 4, f"{number:,}")


def _day(day: date, row: Row, top: int) -> Iterator[SafeString]:
    """One day: its two bars, and its number below on some days. Each day has its place, also in a month half over."""
    step = (WIDTH - _LEFT) / 31
    left = _LEFT + (day.day - 1) * step
    for place, kind, number in ((0.5, "beside", row.asked), (4.5, "fixed", row.closed)):
        if number:
            y = _y(number, top)
            height = round(_BOTTOM - y, 1)
            rect = '<rect class="{}" x="{}" y="{}" width="4" height="{}"/>'
            yield format_html(rect, kind, round(left + place, 1), y, height)
    if day.day in _LABELS:
        yield format_html(
            '<text class="middle" x="{}" y="{}">{}</text>', round(left + step / 2, 1), HEIGHT - 8, day.day
        )
