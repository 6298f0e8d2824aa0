"""Does a cell in its usual form mean the same as by the full check?"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tojimari.lines import cells
from tojimari.rules.identifiers import iccid, imsi, msisdn
from tojimari.rules.identifiers.verdict import Verdict


@pytest.mark.parametrize(
    ("cell", "check", "shape"),
    [
        (cells.iccid, iccid.check, r"89(81|[0-9]{2})[0-9]{13,17}"),
        (cells.imsi, imsi.check, r"44[0-9]{12,14}"),
        (cells.msisdn, msisdn.check, r"0[2-9]0[01][0-9]{6,8}"),
    ],
)
@settings(max_examples=400)
@given(data=st.data())
def test_a_number_of_any_digits_is_judged_as_by_the_full_check(
    cell: Callable[[str], str | cells.Fault], check: Callable[[str], Verdict], shape: str, data: st.DataObject
) -> None:
    number = data.draw(st.from_regex(shape, fullmatch=True))
    verdict = check(number)
    expected = verdict.value.removeprefix("+") if verdict.valid else cells.Fault(verdict.code)
    assert cell(number) == expected


@given(body=st.from_regex(r"8981[0-9]{13,15}", fullmatch=True))
def test_a_valid_iccid_of_any_length_is_taken_as_it_is(body: str) -> None:
    number = iccid.with_check_digit(body)
    assert cells.iccid(number) == number == iccid.check(number).value
