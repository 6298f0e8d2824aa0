"""Is a number for invoices told from a mistyped one, by the rule for corporate numbers?"""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tojimari.rules.identifiers import invoice

TAX_AGENCY = "7000012050002"
"""The corporate number of the National Tax Agency itself, as it publishes it."""


def test_a_published_number_is_right_in_any_spelling() -> None:
    for typed in (
        f"T{TAX_AGENCY}",
        f"t{TAX_AGENCY}",
        TAX_AGENCY,
        "T7-0000-1205-0002",
        "Ｔ７０００ ０１２０ ５０００２",
    ):
        assert invoice.check(typed)[:3] == (True, f"T{TAX_AGENCY}", "")


@pytest.mark.parametrize("typed", ["", "T", "T700001205000", f"T{TAX_AGENCY}2", f"TT{TAX_AGENCY}", "T700001205000O"])
def test_what_is_no_such_number_is_said(typed: str) -> None:
    assert invoice.check(typed).code == "invoice_number.form"


@given(st.text("0123456789", min_size=12, max_size=12), st.integers(0, 12), st.sampled_from("0123456789"))
def test_one_wrong_digit_is_seen_but_for_a_nine_and_a_nought(twelve: str, place: int, other: str) -> None:
    right = f"{invoice.check_digit(twelve)}{twelve}"
    assume(right[place] != other and {right[place], other} != {"0", "9"})
    assert invoice.is_of_company(invoice.check(right).value)
    assert not invoice.is_of_company(invoice.check(right[:place] + other + right[place + 1 :]).value)
