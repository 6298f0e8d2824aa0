"""Is every legal figure dated, sourced and found by its day?"""

from __future__ import annotations

from datetime import date
from itertools import combinations

import pytest

from tojimari.rules.figures import FigureNotKnown, figure, figures, value

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ic_days", 8),
        ("penalty_cap_designated_ex_tax", 1000),
        ("penalty_cap_general_months", 1),
        ("mnp_fee_web", 0),
        ("mnp_fee_other_ex_tax_max", 1000),
        ("mnp_reservation_days", 15),
        ("kyc_record_years", 3),
        ("tax_years", 7),
        ("tax_years_loss", 10),
        ("evidence_years", 5),
        ("leak_prelim_days_warn", 3),
        ("leak_prelim_days_late", 5),
        ("leak_final_days", 30),
        ("leak_final_days_attack", 60),
        ("quarantine_days", 180),
        ("quarantine_days_min", 45),
        ("otp_digits", 6),
        ("otp_ttl_seconds", 600),
        ("otp_tries", 5),
        ("screens_max", 2),
        ("receipt_seconds_max", 5),
        ("reversal_hours", 24),
        ("late_usage_days", 45),
    ],
)
def test_today_s_figures(name: str, expected: int) -> None:
    assert value(name, TODAY) == expected


def test_a_figure_changes_on_its_day() -> None:
    assert value("consumption_tax_percent", date(1997, 3, 31)) == 3
    assert value("consumption_tax_percent", date(2014, 3, 31)) == 5
    assert value("consumption_tax_percent", date(2019, 9, 30)) == 8
    assert value("consumption_tax_percent", date(2019, 10, 1)) == 10


@pytest.mark.parametrize(("name", "on"), [("ic_days", date(2016, 5, 20)), ("no_such_figure", TODAY)])
def test_a_missing_figure_is_an_error_and_no_guess(name: str, on: date) -> None:
    with pytest.raises(FigureNotKnown) as caught:
        figure(name, on)
    assert caught.value.code == "figure.unknown"


def test_every_row_has_a_source_and_a_known_basis() -> None:
    assert all(row.source and row.unit for row in figures())
    assert {row.basis for row in figures()} == {"law", "guideline", "notice", "product"}


def test_no_two_rows_of_a_name_hold_on_the_same_day() -> None:
    for one, other in combinations(figures(), 2):
        if one.name == other.name:
            first, second = sorted((one, other), key=lambda row: row.valid_from)
            assert first.valid_to is not None
            assert first.valid_to < second.valid_from
