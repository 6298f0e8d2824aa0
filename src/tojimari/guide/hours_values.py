"""What do hours look like that somebody filled in: as a text in every language, and in machine form?

Made together, so that the two say the same (`rules_hours`). What cannot be said this way, such as other hours on
Saturdays, is written into the file by hand.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from tojimari.guide.facts import Text
from tojimari.guide.opening import Open
from tojimari.rules.opening import WEEKDAYS


class Days(StrEnum):
    """On which days the hours count, as a source says it."""

    EVERY_DAY = "every_day"
    WEEKDAYS = "weekdays"
    """平日: Monday to Friday, and no national holiday."""
    NOT_SAID = "not_said"
    ALWAYS = "always"
    """Day and night."""


_TEXTS = {
    Days.EVERY_DAY: ("毎日 {ja}", "{en} every day", "每天 {zh}", "每天 {zh}"),
    Days.WEEKDAYS: ("平日 {ja}", "{en} on weekdays", "工作日 {zh}", "平日 {zh}"),
    Days.NOT_SAID: ("{ja}", "{en}", "{zh}", "{zh}"),
    Days.ALWAYS: ("24時間", "Day and night", "全天 24 小时", "全天 24 小時"),
}
_FORMS: dict[Days, dict[str, Any]] = {
    Days.EVERY_DAY: {"days": WEEKDAYS, "holidays": "open", "new_year": "open"},
    Days.WEEKDAYS: {"days": WEEKDAYS[:5], "holidays": "closed"},
    Days.NOT_SAID: {},
}


def hours_value(days: Days, since: str = "", until: str = "") -> dict[str, Any]:
    """Return hours in the form of the file: the fields `hours` and `open` of a hotline. Clocks of Japan, "9:30".

    Raises `ValueError` for clocks that are none, or in the wrong order.
    """
    spans = {"ja": f"{since}〜{until}", "en": f"{since}–{until}", "zh": f"{since}～{until}"}
    tags = ("ja", "en", "zh-hans", "zh-hant")
    text = {tag: said.format(**spans) for tag, said in zip(tags, _TEXTS[days], strict=True)}
    form: dict[str, Any] = {"always": True}
    if days is not Days.ALWAYS:
        form = {**_FORMS[days]}
        span = {"since": since.zfill(5), "until": until.zfill(5), "days": form.pop("days", None)}
        form["week"] = [span]
    return {
        "hours": Text.model_validate(text).model_dump(mode="json", by_alias=True),
        "open": Open.model_validate(form).model_dump(mode="json", by_alias=True),
    }
