"""Do equal values give equal bytes, and is everything ambiguous refused?"""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tojimari.rules.canonical import NotCanonical, canonical

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


class Colour(StrEnum):
    RED = "red"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, b"null"),
        ([True, False, 0, -1, ""], b'[true,false,0,-1,""]'),
        ({"b": 1, "a": [{}]}, b'{"a":[{}],"b":1}'),
        (("x", 1), b'["x",1]'),
        ({"colour": Colour.RED}, b'{"colour":"red"}'),
        ('€$\x0f\nA\'B"\\\\"/', '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'.encode()),
        ("\x7f\u2028戸締まり", '"\x7f\u2028戸締まり"'.encode()),
        (2**53 - 1, b"9007199254740991"),
    ],
)
def test_writes_the_one_form(value: Any, expected: bytes) -> None:
    assert canonical(value) == expected


def test_sorts_keys_as_the_sample_of_the_rfc() -> None:
    sample = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
    }
    written = json.loads(canonical({"outer": [sample]}))["outer"][0]
    assert list(written.values()) == [
        "Carriage Return",
        "One",
        "Control",
        "Latin Small Letter O With Diaeresis",
        "Euro Sign",
        "Emoji: Grinning Face",
        "Hebrew Letter Dalet With Dagesh",
    ]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (1.5, "the value: float has no canonical form"),
        ({"a": [0, float("nan")]}, "'a'/1: float"),
        ({"a": 2**53}, "'a': a whole number beyond"),
        ([-(2**53)], "0: a whole number beyond"),
        ("\ud800", "the value: a text with a lone surrogate"),
        ({"名": {"\udc00": 1}}, r"'\\u540d'/'\\udc00': a text with a lone surrogate"),
        ({"名": 1.0}, r"'\\u540d': float"),
        ({1: "x"}, "1: a key must be a text, not int"),
        ({"a": b"x"}, "'a': bytes"),
        ({"a": {1, 2}}, "'a': set"),
    ],
)
def test_refuses_what_could_be_read_differently_and_says_where(value: Any, message: str) -> None:
    with pytest.raises(NotCanonical, match=message):
        canonical(value)


def test_refuses_a_value_that_holds_itself() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(NotCanonical, match="deeper than 64"):
        canonical(endless)


@given(VALUES)
def test_reads_back_as_the_same_value(value: Any) -> None:
    written = canonical(value)
    assert json.loads(written) == value
    assert canonical(json.loads(written)) == written


@given(st.dictionaries(TEXTS, VALUES, max_size=6), st.randoms())
def test_the_order_of_keys_makes_no_difference(value: dict[str, Any], random: Any) -> None:
    pairs = list(value.items())
    random.shuffle(pairs)
    assert canonical(dict(pairs)) == canonical(value)


@given(st.dictionaries(TEXTS, st.none()))
def test_keys_stand_in_utf16_order(value: dict[str, None]) -> None:
    keys = list(json.loads(canonical(value)))
    assert keys == sorted(value, key=lambda key: key.encode("utf-16-be"))
