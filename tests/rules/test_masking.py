"""Does nothing but the last four digits get out?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tojimari.rules.masking import last4, mask


@pytest.mark.parametrize(
    ("value", "expected"), [("819012345678", "…5678"), ("12345678", "…5678"), ("1234567", "…"), ("", "…")]
)
def test_shows_the_last_four_of_a_long_value_only(value: str, expected: str) -> None:
    assert last4(value) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("line 819012345678 barred", "line …5678 barred"),
        ("call 090-1234-5678 or +81 90 1234 5678", "call …5678 or …5678"),
        ("ICCID8981100000000000010F", "ICCID…0010F"),
        ("IMSI:440101234567890,EID:89049032123451234512345678901235", "IMSI:…7890,EID:…1235"),
        ("０９０１２３４５６７８", "…５６７８"),
        ("L898902C36UTO7408122F1204159ZE184226B<<<<<10", "…"),
        ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "…"),
        ("A89049032123451234512345678901235", "A…1235"),
        ("2026-11-22T10:00:00.123456+09:00 step 1234567", "2026-11-22T10:00:00.123456+09:00 step 1234567"),
        ("¥1,100 on 2026-11-30", "¥1,100 on 2026-11-30"),
    ],
)
def test_free_text_keeps_its_sense_and_loses_identifiers(text: str, expected: str) -> None:
    assert mask(text) == expected


@given(st.text("0123456789AZ< -+a", max_size=80))
def test_no_run_of_eight_digits_is_left(text: str) -> None:
    run = longest = 0
    for char in mask(text):
        run = run + 1 if char.isdigit() else 0
        longest = max(longest, run)
    assert longest < 8
