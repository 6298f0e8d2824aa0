"""Is an end that a person fills in read alike, whether it is one that was offered or a day of their own?"""

from __future__ import annotations

import pytest
from django.utils.translation import override

from tojimari.terminations.end_form import EndForm


@pytest.mark.parametrize(
    ("typed", "effective"),
    [
        ({"end": "month-end"}, "month-end"),
        ({"end": "month-end", "date": "2026-12-31"}, "month-end"),
        ({"end": "date", "date": "2026-12-31"}, "2026-12-31"),
    ],
)
def test_it_says_what_the_engine_takes(typed: dict[str, str], effective: str) -> None:
    form = EndForm(typed)
    assert form.is_valid()
    assert form.cleaned_data["effective"] == effective


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({}, "end", "Choose when it shall end."),
        ({"end": "x" * 17}, "end", "Choose when it shall end."),
        ({"end": "date"}, "date", "Choose the day."),
        ({"end": "date", "date": "31.12."}, "date", "This is not a day of the calendar. Write it as 2026-12-31."),
    ],
)
def test_what_is_missing_or_no_day_is_said_once_at_its_field(typed: dict[str, str], field: str, said: str) -> None:
    with override("en"):
        assert EndForm(typed).errors == {field: [said]}
