"""Is a payment number what ISO 11649 says, and is a mistyped one told from a right one?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tojimari.rules.identifiers import payment


def test_the_example_of_the_standard_is_read() -> None:
    assert payment.read("RF18 5390 0754 7034") == 539007547034


@given(st.integers(1, 10**18 - 1))
def test_a_number_comes_back_from_its_reference_in_any_spelling(number: int) -> None:
    reference = payment.reference(number)
    assert payment.read(reference) == number
    full_width = reference.translate({ord(mark): ord(mark) + 0xFEE0 for mark in "RF0123456789"})
    for spelling in (reference.lower(), reference.replace(" ", "-"), full_width):
        assert payment.read(spelling) == number


@given(st.integers(1, 10**8 - 1), st.integers(0, 9), st.integers(2, 11))
def test_one_wrong_digit_is_seen(number: int, digit: int, place: int) -> None:
    right = payment.reference(number).replace(" ", "")
    wrong = f"{right[:place]}{digit}{right[place + 1 :]}"
    assert (payment.read(wrong) is None) == (wrong != right)


@pytest.mark.parametrize("text", ["", "RF", "RF18", "TJ18 5390 0754 7034", "RF18 5390 0754 7O34", "539007547034"])
def test_something_else_is_no_payment_number(text: str) -> None:
    assert payment.read(text) is None
