"""Is only such JSON an answer that says one thing, and can be kept?"""

from __future__ import annotations

import pytest

from tojimari.network.one_reading import read


def test_what_says_one_thing_is_read_with_fractions_as_texts() -> None:
    raw = rb'{"a": {"a": [1, 1.50, NaN]}, "b": "\\u0000 and \ud83d\ude00", "c": null}'
    assert read(raw) == {"a": {"a": [1, "1.50", "NaN"]}, "b": "\\u0000 and \U0001f600", "c": None}


@pytest.mark.parametrize(
    "raw",
    [
        b'{"state": "active", "state": "terminated"}',
        b'[{"a": {"b": 1, "\\u0062": 1}}]',
        rb'["\u0000"]',
        rb'{"\\\u0000": 1}',
        rb'"\ud800"',
        rb'{"\udc00": 1}',
        b"9" * 5_000,
        b"\xff",
        b"",
    ],
)
def test_what_two_programs_could_read_differently_or_nobody_can_keep_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read(raw)
