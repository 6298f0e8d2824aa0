"""Are the lines of passports and cards read as ICAO Doc 9303 says, and slips found?"""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tojimari.rules import mrz
from tojimari.rules.reasons import TEXTS

TODAY = date(2026, 11, 22)
TD3_NAMES = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
TD3_DATA = "L898902C36UTO7408122F1204159ZE184226B<<<<<10"
TD3 = f"{TD3_NAMES}\n{TD3_DATA}"
TD1 = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
TD2 = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6"
LONG_TD1 = "I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<2\nSTEVENSON<<PETER<JOHN<<<<<<<<<"
PROTECTED_TD3 = [*range(0, 10), *range(13, 20), *range(21, 44)]
"""Places of the passport's second line that a check digit covers, the digits themselves among them."""


def code(value: str, on: date = TODAY) -> str:
    return mrz.check(value, on).code


@pytest.mark.parametrize("value", [TD3, TD1, TD2, LONG_TD1])
def test_reads_the_samples_of_the_standard(value: str) -> None:
    verdict = mrz.check(value, TODAY)
    assert (verdict.valid, verdict.value, verdict.facts["complete"]) == (True, value, True)


def test_tells_every_field_of_a_passport() -> None:
    assert mrz.check(TD3, TODAY).facts == {
        "format": "TD3",
        "complete": True,
        "document_code": "P",
        "issuer": "UTO",
        "number": "L898902C3",
        "nationality": "UTO",
        "birth_date": "1974-08-12",
        "sex": "F",
        "expiry_date": "2012-04-15",
        "expired": True,
        "surname": "ERIKSSON",
        "given_names": "ANNA MARIA",
        "names_cut": False,
        "optional": "ZE184226B",
    }


def test_one_piece_and_any_spelling_read_like_the_lines() -> None:
    plain = mrz.check(TD3, TODAY)
    for typed in (
        TD3.replace("\n", ""),
        TD3.replace("\n", "\r\n") + "\r\n\r\n",
        TD3.replace("\n", "\\n"),
        TD3.lower(),
        TD3.translate(str.maketrans("0123456789<", "０１２３４５６７８９＜")),
        TD3.replace("<<", "«"),
        "  " + TD3.replace("C36", " C3 6 "),
    ):
        assert mrz.check(typed, TODAY) == plain


@pytest.mark.parametrize("value", [TD3_DATA, TD2.split("\n")[1], "\n".join(TD1.split("\n")[:2])])
def test_the_lines_without_names_are_enough_but_said_to_be_incomplete(value: str) -> None:
    verdict = mrz.check(value, TODAY)
    assert verdict.valid
    assert verdict.facts["complete"] is False
    assert verdict.facts["surname"] == ""


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (TD3_DATA[:-1] + "1", "mrz.composite_digit"),
        (TD1.replace("<6\n", "<7\n"), "mrz.composite_digit"),
        (TD2[:-1] + "5", "mrz.composite_digit"),
        (TD3.replace("C36", "C37"), "mrz.number_digit"),
        (TD3.replace("7408122", "7408123"), "mrz.birth_digit"),
        (TD3.replace("1204159", "1204158"), "mrz.expiry_digit"),
        (TD3[:-2] + "20", "mrz.optional_digit"),
        ("V" + TD3[1:], "mrz.document_kind"),
        ("P" + TD1[1:], "mrz.document_kind"),
        (TD3.replace("2F1", "2Q1"), "mrz.sex"),
        (TD3[:-1], "mrz.length"),
        (TD3[:44] + "<" + TD3[44:-1], "mrz.length"),
        (TD1[:30], "mrz.length"),
        (TD3.replace("L898", "L89*"), "mrz.characters"),
        (" \n ", "mrz.empty"),
    ],
)
def test_refuses_with_the_reason(value: str, expected: str) -> None:
    assert code(value) == expected


def test_names_every_fault_and_puts_the_most_telling_first() -> None:
    verdict = mrz.check(TD3.replace("C36", "C37").replace("1204159", "1204158"), TODAY)
    assert verdict.facts["faults"] == ("mrz.number_digit", "mrz.expiry_digit", "mrz.composite_digit")


def test_a_long_card_number_goes_on_in_the_optional_data() -> None:
    facts = mrz.check(LONG_TD1, TODAY).facts
    assert (facts["number"], facts["optional"]) == ("D23145890734", "")
    assert code(LONG_TD1.replace("7349", "7359")) == "mrz.number_digit"


def test_the_last_digit_of_a_card_covers_both_fields_of_optional_data() -> None:
    first, second = "I<UTOD231458907ABC12<<<<<<<<<<", "7408122F1204159UTOXY<<<<<<<<7"
    covered = first[5:] + second[:7] + second[8:15] + second[18:]
    verdict = mrz.check(first + second + mrz.check_digit(covered), TODAY)
    assert (verdict.code, verdict.facts["optional"]) == ("", "ABC12 XY 7")
    assert code(first + second.replace("<7", "<8") + mrz.check_digit(covered)) == "mrz.composite_digit"


def test_letters_ten_apart_and_names_are_not_protected() -> None:
    assert [mrz.check_digit(number) for number in ("L898902C3", "B898902C3", "V898902C3")] == ["6", "6", "6"]
    assert mrz.check(TD3.replace("ERIKSSON", "ERIKSEN<"), TODAY).valid


def test_expiry_is_judged_on_the_given_day_in_full() -> None:
    assert mrz.check(TD3, date(2012, 4, 15)).facts["expired"] is False
    assert mrz.check(TD3, date(2012, 4, 16)).facts["expired"] is True


def build(birth: str, expiry: str) -> str:
    number, optional = "L898902C36", "<<<<<<<<<<<<<<<"
    dated = birth + mrz.check_digit(birth), expiry + mrz.check_digit(expiry)
    return f"{number}UTO{dated[0]}F{dated[1]}{optional}{mrz.check_digit(number + dated[0] + dated[1] + optional)}"


@pytest.mark.parametrize(
    ("birth", "expiry", "born", "expires"),
    [
        ("261122", "310101", "2026-11-22", "2031-01-01"),
        ("261123", "310101", "1926-11-23", "2031-01-01"),
        ("000229", "750630", "2000-02-29", "2075-06-30"),
        ("740812", "991231", "1974-08-12", "1999-12-31"),
        ("74<<<<", "310101", "1974", "2031-01-01"),
        ("7408<<", "310101", "1974-08", "2031-01-01"),
        ("<<<<<<", "<<<<<<", "", ""),
    ],
)
def test_two_digit_years_open_dates_and_centuries(birth: str, expiry: str, born: str, expires: str) -> None:
    verdict = mrz.check(build(birth, expiry), TODAY)
    assert (verdict.code, verdict.facts["birth_date"], verdict.facts["expiry_date"]) == ("", born, expires)


@pytest.mark.parametrize(
    ("birth", "expiry", "expected"),
    [
        ("740230", "310101", "mrz.birth_date"),
        ("741301", "310101", "mrz.birth_date"),
        ("74<<01", "310101", "mrz.birth_date"),
        ("740812", "310231", "mrz.expiry_date"),
    ],
)
def test_a_date_that_is_no_day_is_refused_though_its_digit_fits(birth: str, expiry: str, expected: str) -> None:
    assert code(build(birth, expiry)) == expected


def test_a_name_that_fills_its_field_may_be_cut() -> None:
    full = TD3_NAMES.replace("<<<<<<<<<<<<<<<<<<<", "<ABCDEFGHIJKLMNOPQR")
    facts = mrz.check(f"{full}\n{TD3_DATA}", TODAY).facts
    assert facts["names_cut"] is True
    assert facts["given_names"] == "ANNA MARIA ABCDEFGHIJKLMNOPQR"


@given(st.sampled_from(PROTECTED_TD3), st.integers(1, 9))
def test_one_changed_digit_in_a_protected_place_is_found(place: int, shift: int) -> None:
    before = TD3_DATA[place]
    if before.isdigit():
        changed = TD3_DATA[:place] + str((int(before) + shift) % 10) + TD3_DATA[place + 1 :]
        assert not mrz.check(changed, TODAY).valid


@given(st.text())
def test_no_text_breaks_the_reading_and_every_refusal_has_words(text: str) -> None:
    verdict = mrz.check(text, TODAY)
    assert not verdict.valid
    assert verdict.code in TEXTS


@given(st.sampled_from([36, 44, 60, 72, 88, 90]).flatmap(lambda n: st.text("AP<0123456789", min_size=n, max_size=n)))
def test_any_text_of_the_right_length_is_judged(text: str) -> None:
    verdict = mrz.check(text, TODAY)
    assert verdict.valid == (verdict.code == "")
    assert verdict.value.replace("\n", "") == text
