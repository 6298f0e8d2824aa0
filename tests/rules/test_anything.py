"""Is what a person typed read as what they meant, whether or not such a line exists?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tojimari.rules.identifiers import iccid
from tojimari.rules.identifiers.anything import Kind, read
from tojimari.rules.reasons import TEXTS

ICCID, EID = "8981100000000000010", "89049032123451234512345678901235"


@pytest.mark.parametrize(
    ("typed", "kind", "value"),
    [
        ("09012345678", Kind.MSISDN, "+819012345678"),
        ("０９０ー１２３４ー５６７８", Kind.MSISDN, "+819012345678"),
        ("+81 (0)90-1234-5678", Kind.MSISDN, "+819012345678"),
        ("9012345678", Kind.MSISDN, "+819012345678"),
        ("TEL: 090-1234-5678", Kind.MSISDN, "+819012345678"),
        (ICCID, Kind.ICCID, ICCID),
        (f"ICCID: {ICCID}", Kind.ICCID, ICCID),
        ("8981 1000 0000 0000 010F", Kind.ICCID, ICCID),
        (EID, Kind.EID, EID),
        (f"EID：{EID[:16]} {EID[16:]}", Kind.EID, EID),
        ("T-Ab12-9", Kind.ORDER, "TAB129"),
        ("2026112212345678901", Kind.ORDER, "2026112212345678901"),
        ("no-1234", Kind.ORDER, "NO1234"),
        ("0312345678", Kind.ORDER, "0312345678"),
        ("EIDOLON-7", Kind.ORDER, "EIDOLON7"),
    ],
)
def test_reads_each_kind_in_any_spelling(typed: str, kind: Kind, value: str) -> None:
    found = read(typed)
    assert (found.kind, found.value, found.code) == (kind, value, "")


@pytest.mark.parametrize(
    ("typed", "kind", "code"),
    [
        ("", None, "typed.empty"),
        (" - ", None, "typed.empty"),
        ("12", None, "typed.short"),
        ("a#1", None, "typed.short"),
        ("wang@mail.example", None, "typed.email"),
        ("我的号码", None, "typed.unreadable"),
        ("わたしのばんごう", None, "typed.unreadable"),
        ("'; DROP", None, "typed.unreadable"),
        ("\x00\x00\x00\x00\x00", None, "typed.unreadable"),
        ("0901234567", Kind.MSISDN, "msisdn.length"),
        ("090123456789", Kind.MSISDN, "msisdn.length"),
        ("07001234567", Kind.MSISDN, "msisdn.unassigned"),
        ("+86 138 0013 8000", Kind.MSISDN, "msisdn.country"),
        ("898110000000000001", Kind.ICCID, "iccid.luhn"),
        ("8981100000000000011", Kind.ICCID, "iccid.luhn"),
        ("8981100000000000", Kind.ICCID, "iccid.length"),
        ("898110000000000001012", Kind.ICCID, "iccid.length"),
        (EID[:-1], Kind.EID, "eid.length"),
        (EID + "1", Kind.EID, "eid.length"),
        ("89049032123451234512345678901234", Kind.EID, "eid.check_digits"),
    ],
)
def test_says_what_is_wrong(typed: str, kind: Kind | None, code: str) -> None:
    found = read(typed)
    assert (found.kind, found.code) == (kind, code)
    assert code in TEXTS


def test_an_iccid_from_abroad_is_taken_with_a_warning() -> None:
    found = read(iccid.with_check_digit("894411006812345678"))
    assert (found.kind, found.code) == (Kind.ICCID, "")
    assert found.facts["warning"] == "iccid.not_japan"


@given(st.text(max_size=80))
def test_nothing_that_can_be_typed_breaks_it(typed: str) -> None:
    found = read(typed)
    assert found.code == "" or found.code in TEXTS
    assert (found.kind is None) <= bool(found.code)
