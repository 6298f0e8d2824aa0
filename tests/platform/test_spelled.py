"""Does a name come back the same, however it was copied, and does the log leave it alone?"""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from tojimari.platform import spelled
from tojimari.platform.logging import mask
from tojimari.terminations.references import normalised, reference_from


def test_a_drawn_name_says_its_kind_and_is_no_other() -> None:
    drawn = {spelled.drawn("TR") for _ in range(1000)}
    assert len(drawn) == 1000
    assert all(re.fullmatch("TR-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", one) for one in drawn)


def test_letters_are_crockfords_and_every_one_is_used() -> None:
    assert spelled.in_letters(b"\x00\x44\x32\x14\xc7\x42\x54\xb6\x35\xcf") == "0123456789ABCDEF"
    assert spelled.in_letters(b"\x84\x65\x3a\x56\xd7\xc6\x75\xbe\x77\xdf") == "GHJKMNPQRSTVWXYZ"
    assert spelled.in_letters(b"\xff\xff") == "ZZZ", "a last bit that fills no letter is dropped"
    assert spelled.of_number(33, 3) == "011"
    assert spelled.in_groups("7K3M9QXA4C") == "7K3M-9QXA-4C"
    assert spelled.as_written("oil-7k") == "011-7K"


def test_a_name_of_digits_alone_is_not_taken_for_a_telephone_number() -> None:
    name = f"RC-{spelled.in_groups('12345678')}"
    assert mask(f"compared: {name}") == f"compared: {name}"


@given(st.binary(min_size=8, max_size=8))
def test_a_reference_is_known_with_and_without_its_first_letters(data: bytes) -> None:
    reference = reference_from(data)
    bare = reference.removeprefix("TJ-").replace("-", "")
    for typed in (
        reference,
        reference.lower().replace("-", " "),
        bare,
        bare.replace("0", "o").replace("1", "l"),
        f"TJ{bare}",
    ):
        assert normalised(typed) == reference


def test_a_reference_that_begins_with_its_own_kind_is_known_without_it() -> None:
    assert normalised("TJ9Q-XA4C-2T7K") == "TJ-TJ9Q-XA4C-2T7K"
    assert normalised("TJ-TJ9Q-XA4C-2T7K") == "TJ-TJ9Q-XA4C-2T7K"
