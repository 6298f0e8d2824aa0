"""Do equal values give equal bytes, and is everything ambiguous refused?"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum, StrEnum
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tojimari.rules.canonical import NotCanonical, canonical

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


class Colour(StrEnum):
    RED = "red"


class OwnText(str):
    """A text of a kind of its own: it is written by the standard library, which is slow and knows more kinds."""


@dataclass
class Holder:
    name: str


class Plain(Enum):
    ONE = 1


def of_own_kind(value: Any) -> Any:
    """Return the same value with texts of a kind of their own."""
    if isinstance(value, dict):
        return {key: of_own_kind(item) for key, item in value.items()}
    if isinstance(value, list):
        return [of_own_kind(item) for item in value]
    return OwnText(value) if isinstance(value, str) else value


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
        (r"\u0000", rb'"\\u0000"'),
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
        (["a\0b"], r"0: a text with U\+0000"),
        ({"\0": [OwnText("名")]}, r"'\\x00': a text with U\+0000"),
        ({1: "x"}, "1: a key must be a text, not int"),
        ({"a": b"x"}, "'a': bytes"),
        ({"a": {1, 2}}, "'a': set"),
        # What orjson would write without being asked:
        ({"a": [{"b": 0.0}]}, "'a'/0/'b': float"),
        ([datetime(2026, 1, 1, tzinfo=UTC)], "0: datetime"),
        ([date(2026, 1, 1)], "0: date"),
        ([UUID(int=0)], "0: UUID"),
        ([Holder("x")], "0: Holder"),
        ([Plain.ONE], "0: Plain"),
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


@given(VALUES | st.text(st.characters(min_codepoint=1, max_codepoint=0x7F)))
def test_the_quick_and_the_slow_way_write_the_same(value: Any) -> None:
    assert canonical(of_own_kind(value)) == canonical(value)


def test_is_as_deep_as_it_says_and_no_deeper_whichever_way() -> None:
    def nested(depth: int, inmost: Any) -> Any:
        for _ in range(depth):
            inmost = [inmost]
        return inmost

    assert (
        canonical(nested(64, 1))
        == canonical(nested(64, OwnText("1"))).replace(b'"', b"")
        == b"[" * 64 + b"1" + b"]" * 64
    )
    for inmost in (1, OwnText("1")):
        with pytest.raises(NotCanonical, match="deeper than 64"):
            canonical(nested(65, inmost))


@given(st.dictionaries(TEXTS, VALUES, max_size=6), st.randoms())
def test_the_order_of_keys_makes_no_difference(value: dict[str, Any], random: Any) -> None:
    pairs = list(value.items())
    random.shuffle(pairs)
    assert canonical(dict(pairs)) == canonical(value)


@given(st.dictionaries(TEXTS, st.none()))
def test_keys_stand_in_utf16_order(value: dict[str, None]) -> None:
    keys = list(json.loads(canonical(value)))
    assert keys == sorted(value, key=lambda key: key.encode("utf-16-be"))
