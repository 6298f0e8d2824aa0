"""Do all the ways in which people type the same number become one?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tojimari.rules.text import DASHES, INVISIBLE, is_digits, plain

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@pytest.mark.parametrize("dash", "-‐‑‒–—―−ーｰ－")
def test_every_dash_that_the_rules_name_is_dropped(dash: str) -> None:
    assert plain(f"090{dash}1234{dash}5678") == "09012345678"


def test_spaces_of_every_width_line_breaks_and_invisible_marks_are_dropped() -> None:
    assert plain(" \u202a090\u30001234\u00a05678\u202c\u200b\ufeff\r\n\t") == "09012345678"


def test_letters_keep_their_case() -> None:
    assert plain("aＢc") == "aBc"


@given(
    digits=st.text("0123456789", max_size=20),
    noise=st.lists(st.sampled_from(DASHES + INVISIBLE + " \u3000\t\n"), max_size=20),
    wide=st.booleans(),
    data=st.data(),
)
def test_the_spelling_makes_no_difference(digits: str, noise: list[str], wide: bool, data: st.DataObject) -> None:
    typed = list(digits.translate(FULL_WIDTH) if wide else digits)
    for mark in noise:
        typed.insert(data.draw(st.integers(0, len(typed))), mark)
    assert plain("".join(typed)) == digits


@given(st.text())
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@pytest.mark.parametrize("text", ["", "12a", "１２", "٣٤", "²", "-1", "1.0"])
def test_only_the_ten_ascii_digits_are_digits(text: str) -> None:
    assert not is_digits(text)
