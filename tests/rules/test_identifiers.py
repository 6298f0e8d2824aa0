"""Are identifiers judged as their standards say, however they are typed?"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tojimari.rules.identifiers import eid, iccid, imei, imsi, msisdn
from tojimari.rules.identifiers.verdict import Verdict
from tojimari.rules.reasons import TEXTS

Check = Callable[[str], Verdict]
CHECKS: dict[str, Check] = {
    "iccid": iccid.check,
    "eid": eid.check,
    "imsi": imsi.check,
    "msisdn": msisdn.check,
    "imei": imei.check,
}
DIGITS = "0123456789"


def digits(length: int) -> st.SearchStrategy[str]:
    return st.text(DIGITS, min_size=length, max_size=length)


@pytest.mark.parametrize(
    ("check", "value"),
    [
        (iccid.check, "8981100000000000010"),
        (iccid.check, "8981201234567890129"),
        (iccid.check, "8981300000123456782"),
        (iccid.check, "8981090000000000426"),
        (iccid.check, "89811000001234567891"),
        (iccid.check, "898110000000000004"),
        (eid.check, "89049032123451234512345678901235"),
        (eid.check, "89086030202200000022000023022943"),
        (eid.check, "89044045116727494800000004479366"),
        (eid.check, "89049032000000000000000000001909"),
        (imsi.check, "440101234567890"),
        (imsi.check, "441501234567890"),
        (imei.check, "490154203237518"),
    ],
)
def test_accepts_the_known_good_ones_unchanged(check: Check, value: str) -> None:
    verdict = check(value)
    assert (verdict.valid, verdict.value, verdict.code) == (True, value, "")


@pytest.mark.parametrize(
    ("check", "value", "code"),
    [
        (iccid.check, "", "iccid.empty"),
        (iccid.check, "8981100000000000011", "iccid.luhn"),
        (iccid.check, "89811000000000000", "iccid.length"),
        (iccid.check, "898110000000000001000", "iccid.length"),
        (iccid.check, "7981100000000000010", "iccid.prefix"),
        (iccid.check, "8981X00000000000010", "iccid.characters"),
        (eid.check, " - ", "eid.empty"),
        (eid.check, "89049032123451234512345678901234", "eid.check_digits"),
        (eid.check, "8904903212345123451234567890123", "eid.length"),
        (eid.check, "8904903212345123451234567890123O", "eid.characters"),
        (imsi.check, "", "imsi.empty"),
        (imsi.check, "44010123456789", "imsi.length"),
        (imsi.check, "450101234567890", "imsi.country"),
        (imsi.check, "44010123456789a", "imsi.characters"),
        (imei.check, "490154203237519", "imei.luhn"),
        (imei.check, "49015420323751", "imei.length"),
        (imei.check, "", "imei.empty"),
        (imei.check, "IMEI", "imei.characters"),
    ],
)
def test_refuses_with_the_reason(check: Check, value: str, code: str) -> None:
    verdict = check(value)
    assert (verdict.valid, verdict.code) == (False, code)


def test_an_iccid_names_its_issuer_and_warns_when_it_is_not_from_japan() -> None:
    assert iccid.check("8981100000000000010").facts == {
        "japan": True,
        "issuer_number": "898110",
        "issuer": "NTT DOCOMO",
    }
    assert iccid.check(iccid.with_check_digit("898199000000000001")).facts == {"japan": True}
    abroad = iccid.check(iccid.with_check_digit("898520000000000001"))
    assert abroad.valid
    assert abroad.facts == {"japan": False, "warning": "iccid.not_japan"}


@pytest.mark.parametrize("padding", "Ff")
def test_the_padding_of_an_iccid_in_twenty_places_is_dropped(padding: str) -> None:
    assert iccid.check("8981100000000000010" + padding).value == "8981100000000000010"
    assert iccid.check("89811000000000000" + padding).code == "iccid.characters"


@pytest.mark.parametrize(
    ("typed", "value", "kind"),
    [
        ("09012345678", "+819012345678", "voice"),
        ("06012345678", "+816012345678", "voice"),
        ("02012345678", "+812012345678", "data"),
        ("02001234567890", "+812001234567890", "data"),
        ("+819012345678", "+819012345678", "voice"),
        ("819012345678", "+819012345678", "voice"),
        ("0081 90 1234 5678", "+819012345678", "voice"),
        ("010-81-90-1234-5678", "+819012345678", "voice"),
        ("+81 (0)90-1234-5678", "+819012345678", "voice"),
        ("(090)1234ー5678", "+819012345678", "voice"),
        ("０９０－１２３４－５６７８", "+819012345678", "voice"),
        ("\u202a+81 90‑1234‑5678\u202c", "+819012345678", "voice"),
        ("＋８１　２００　１２３４５６７８９０", "+812001234567890", "data"),
    ],
)
def test_a_number_becomes_e164_however_it_is_written(typed: str, value: str, kind: str) -> None:
    assert msisdn.check(typed) == Verdict(True, value, "", {"kind": kind})


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "msisdn.empty"),
        ("+", "msisdn.characters"),
        ("090-1234-567x", "msisdn.characters"),
        ("090+12345678", "msisdn.characters"),
        ("07001234567", "msisdn.unassigned"),
        ("06001234567", "msisdn.unassigned"),
        ("+816001234567", "msisdn.unassigned"),
        ("0901234567", "msisdn.length"),
        ("090123456789", "msisdn.length"),
        ("02001234567", "msisdn.length"),
        ("020012345678901", "msisdn.length"),
        ("02041234567", "msisdn.paging"),
        ("9012345678", "msisdn.leading_zero"),
        ("8112345678", "msisdn.not_mobile"),
        ("0312345678", "msisdn.not_mobile"),
        ("05012345678", "msisdn.not_mobile"),
        ("0120123456", "msisdn.not_mobile"),
        ("+14155550100", "msisdn.country"),
        ("0044 20 7946 0000", "msisdn.country"),
    ],
)
def test_refuses_what_is_no_mobile_number_of_japan(typed: str, code: str) -> None:
    verdict = msisdn.check(typed)
    assert (verdict.valid, verdict.code) == (False, code)


@given(digits(18), st.integers(0, 18), st.integers(1, 9))
def test_one_wrong_digit_of_an_iccid_is_found(body: str, place: int, shift: int) -> None:
    good = iccid.with_check_digit("89" + body[2:])
    bad = good[:place] + str((int(good[place]) + shift) % 10) + good[place + 1 :]
    assert iccid.check(good).valid
    assert not iccid.check(bad).valid


@given(digits(30), st.integers(0, 31), st.integers(1, 9))
def test_one_wrong_digit_of_an_eid_is_found(body: str, place: int, shift: int) -> None:
    good = eid.with_check_digits(body)
    bad = good[:place] + str((int(good[place]) + shift) % 10) + good[place + 1 :]
    assert eid.check(good).valid
    assert eid.check(bad).code == "eid.check_digits"


@given(digits(30), st.integers(0, 30))
def test_two_swapped_neighbours_of_an_eid_are_found(body: str, place: int) -> None:
    good = eid.with_check_digits(body)
    swapped = good[:place] + good[place + 1] + good[place] + good[place + 2 :]
    assert eid.check(swapped).valid == (swapped == good)


@given(st.sampled_from(sorted(CHECKS)), st.text())
def test_no_text_breaks_a_check_and_every_refusal_has_words(kind: str, text: str) -> None:
    verdict = CHECKS[kind](text)
    assert verdict.valid == (verdict.code == "")
    assert verdict.valid or verdict.code in TEXTS


@given(
    st.sampled_from(sorted(CHECKS)),
    st.one_of(digits(11), digits(14), digits(15), digits(19), digits(32)),
    st.sampled_from(["-", "ー", " ", "\u3000", "−"]),
    st.integers(0, 32),
)
def test_a_full_width_spelling_with_dashes_gets_the_same_verdict(kind: str, value: str, dash: str, place: int) -> None:
    wide = value.translate(str.maketrans(DIGITS, "０１２３４５６７８９"))
    assert CHECKS[kind](wide[:place] + dash + wide[place:]) == CHECKS[kind](value)


@given(st.sampled_from(sorted(CHECKS)), st.text(DIGITS + "+-F", max_size=32))
def test_a_normalised_value_is_valid_again_and_stays_the_same(kind: str, typed: str) -> None:
    verdict = CHECKS[kind](typed)
    if verdict.valid:
        assert CHECKS[kind](verdict.value) == verdict
