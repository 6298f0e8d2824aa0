"""Is a text cut into as many SMS as the standard says, and is nothing lost at the cuts?"""

from __future__ import annotations

import pytest
from aiosmpplib import GSM7BitCodec  # type: ignore[import-untyped]  # the library carries no types marker
from hypothesis import given
from hypothesis import strategies as st

from tojimari.messages.segments import GSM_BASIC, GSM_EXTENDED, Alphabet, segments


@pytest.mark.parametrize(
    ("text", "alphabet", "parts"),
    [
        ("", Alphabet.GSM7, 1),
        ("a" * 160, Alphabet.GSM7, 1),
        ("a" * 161, Alphabet.GSM7, 2),
        ("a" * 306, Alphabet.GSM7, 2),
        ("a" * 307, Alphabet.GSM7, 3),
        ("€" * 80, Alphabet.GSM7, 1),
        ("€" * 81, Alphabet.GSM7, 2),
        ("€" * 153, Alphabet.GSM7, 3),  # 76 in each, because none is cut in two
        ("線" * 70, Alphabet.UCS2, 1),
        ("線" * 71, Alphabet.UCS2, 2),
        ("线" * 134, Alphabet.UCS2, 2),
        ("線" * 135, Alphabet.UCS2, 3),
        ("a" * 69 + "ê", Alphabet.UCS2, 1),  # one letter that the small alphabet does not have
        ("😀" * 35, Alphabet.UCS2, 1),
        ("😀" * 36, Alphabet.UCS2, 2),
    ],
)
def test_a_text_takes_as_many_sms_as_the_standard_says(text: str, alphabet: Alphabet, parts: int) -> None:
    cut = segments(text)
    assert (cut.alphabet, len(cut.parts)) == (alphabet, parts)


@given(st.text(st.sampled_from([*"ab€[]~\n", "線", "😀"]), max_size=700))
def test_the_parts_are_the_text_and_each_fits(text: str) -> None:
    cut = segments(text)
    assert "".join(cut.parts) == text
    for part in cut.parts:
        if cut.alphabet is Alphabet.UCS2:
            octets = len(part.encode("utf-16-be"))
            assert octets <= (140 if len(cut.parts) == 1 else 134)
        else:
            septets = len(GSM7BitCodec().encode(part)[0])
            assert septets <= (160 if len(cut.parts) == 1 else 153)
    if len(cut.parts) > 1:
        assert all(cut.parts)


def test_the_alphabet_is_the_one_that_the_library_writes() -> None:
    for code in range(0x3000):
        character = chr(code)
        assert GSM7BitCodec.is_gsm_text(character) == (character in GSM_BASIC or character in GSM_EXTENDED), code
