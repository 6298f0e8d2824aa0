"""Is near really near, and is a postcode or a station understood however it is typed?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tojimari.rules.places import kilometres, position, postcode, shared_digits, station_key

TOKYO, OSAKA = (35.6812, 139.7671), (34.7025, 135.4959)
LATITUDES, LONGITUDES = st.floats(-90, 90), st.floats(-180, 180)


def test_known_distances_come_out() -> None:
    assert kilometres(*TOKYO, *OSAKA) == pytest.approx(402.8, abs=2)
    assert kilometres(0, 0, 90, 0) == pytest.approx(10007.6, abs=0.1)
    assert kilometres(0, 0, 0, 180) == pytest.approx(20015.1, abs=0.1)


def test_a_line_across_the_date_line_is_short() -> None:
    assert kilometres(0, 179.9, 0, -179.9) == pytest.approx(22.24, abs=0.01)


@given(LATITUDES, LONGITUDES, LATITUDES, LONGITUDES)
def test_there_and_back_is_the_same_and_never_longer_than_half_the_earth(
    a: float, b: float, c: float, d: float
) -> None:
    there = kilometres(a, b, c, d)
    assert 0 <= there <= 20015.2
    assert there == pytest.approx(kilometres(c, d, a, b), abs=1e-6)


@pytest.mark.parametrize("text", [("35.68", "139.76"), (" 35.68 ", "1.3976e2")])
def test_a_position_is_read(text: tuple[str, str]) -> None:
    assert position(*text) == pytest.approx((35.68, 139.76))


@pytest.mark.parametrize("text", [("", ""), ("north", "1"), ("nan", "1"), ("inf", "1"), ("91", "0"), ("0", "180.1")])
def test_what_is_no_place_on_earth_is_none(text: tuple[str, str]) -> None:
    assert position(*text) is None


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("1600022", "1600022"),
        ("160-0022", "1600022"),
        ("〒160-0022", "1600022"),
        ("１６０ー００２２", "1600022"),
        ("160", "160"),
        ("16000", ""),
        ("16000222", ""),
        ("Shinjuku", ""),
        ("", ""),
    ],
)
def test_a_postcode_is_read_however_it_is_typed(typed: str, digits: str) -> None:
    assert postcode(typed) == digits


def test_digits_are_shared_from_the_left_alone() -> None:
    assert shared_digits("1600022", "1690022") == 2
    assert shared_digits("160", "1600022") == 3
    assert shared_digits("1600022", "2600022") == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("新宿駅", "新宿"),
        ("Shinjuku Station", "shinjuku"),
        ("ＳＨＩＮＪＵＫＵ", "Shinjuku"),
        ("新宿站", " 新 宿 "),
        ("羽田機場車站", "羽田機場"),
    ],
)
def test_a_station_is_the_same_in_every_spelling(one: str, other: str) -> None:
    assert station_key(one) == station_key(other)


def test_the_word_for_station_alone_stays() -> None:
    assert station_key("駅") == "駅"
