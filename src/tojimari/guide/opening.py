"""In which form does the directory hold the hours of shops, hotlines and pages?

`{ always = true }`: day and night. `{ varies = true }`: each shop has its own, and only the shop knows. Otherwise
`week`, with clocks of Japan. What the source does not say is left out: days, holidays, New Year.
"""

from __future__ import annotations

from itertools import combinations
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from tojimari.rules.hours import ALWAYS, Hours, Opens, clock_minutes, new_year_days, weekday_numbers


def _is_clock(text: str) -> str:
    clock_minutes(text)
    return text


def _is_new_year(text: str) -> str:
    if text != "open":
        new_year_days(text)
    return text


_CLOCK = "^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$"
_NEW_YEAR = "^open$|^(12|01)-[0-3][0-9]/(12|01)-[0-3][0-9]$"
Clock = Annotated[str, Field(pattern=_CLOCK, description="Japan time"), AfterValidator(_is_clock)]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Span(_Strict):
    """Open from `since` until `until`, the first minute that is closed. Over midnight: two spans, to and from 24:00."""

    days: tuple[Weekday, ...] | None = Field(default=None, min_length=1)
    """None: the source does not say on which days."""
    since: Clock
    until: Clock

    @model_validator(mode="after")
    def _in_order(self) -> Span:
        if clock_minutes(self.since) >= clock_minutes(self.until):
            raise ValueError(f"it opens at {self.since} and closes at {self.until}: a span ends after it begins")
        if self.days and len(set(self.days)) < len(self.days):
            raise ValueError("a day stands twice in it")
        return self


class Open(_Strict):
    """When somebody is there, or a page takes requests. Exactly one of `always`, `varies` and `week`."""

    always: Literal[True] | None = None
    varies: Literal[True] | None = None
    """Each shop has hours of its own. They are asked, never guessed."""
    week: tuple[Span, ...] | None = Field(default=None, min_length=1)
    holidays: Literal["open", "closed"] | None = None
    """National holidays of Japan. None: the source does not say."""
    new_year: Annotated[str, Field(pattern=_NEW_YEAR), AfterValidator(_is_new_year)] | None = None
    """"open", or the first and the last closed day, "12-29/01-03". None: the source does not say."""

    @model_validator(mode="after")
    def _one_of_three(self) -> Open:
        if sum(each is not None for each in (self.always, self.varies, self.week)) != 1:
            raise ValueError("give exactly one of always, varies and week")
        if self.week is None and (self.holidays or self.new_year):
            raise ValueError("holidays and new_year belong to a week")
        for one, other in combinations(self.week or (), 2):
            if _overlap(one, other):
                raise ValueError(f"{one.since}-{one.until} and {other.since}-{other.until} overlap")
        return self

    @property
    def hours(self) -> Hours | None:
        """The hours as they are reckoned with; None where each shop has its own."""
        if self.always:
            return ALWAYS
        if self.week is None:
            return None
        return Hours(
            tuple(map(_opens, self.week)),
            holidays_open=None if self.holidays is None else self.holidays == "open",
            new_year_closed=new_year_days(self.new_year) if self.new_year and self.new_year != "open" else None,
            new_year_open=self.new_year == "open",
        )


def _opens(span: Span) -> Opens:
    days = weekday_numbers(span.days) if span.days else None
    return Opens(clock_minutes(span.since), clock_minutes(span.until), days)


def _overlap(one: Span, other: Span) -> bool:
    same_day = one.days is None or other.days is None or bool(set(one.days) & set(other.days))
    first, second = sorted((clock_minutes(each.since), clock_minutes(each.until)) for each in (one, other))
    return same_day and second[0] < first[1]
