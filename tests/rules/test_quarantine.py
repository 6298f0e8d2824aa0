"""Does a closed number rest long enough?"""

from __future__ import annotations

from datetime import date

import pytest

from tojimari.platform.acting import Refused
from tojimari.rules.quarantine import Quarantine, own_days, quarantine

CLOSED = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("carrier_days", "free_from"),
    [
        (44, date(2027, 1, 14)),
        (45, date(2027, 1, 14)),
        (90, date(2027, 2, 28)),
        (180, date(2027, 5, 29)),
        (None, date(2027, 5, 29)),
    ],
)
def test_the_number_is_free_after_the_days_and_never_below_the_floor(carrier_days: int | None, free_from: date) -> None:
    assert quarantine(CLOSED, carrier_days=carrier_days).free_from == free_from


def test_a_carriers_own_days_stay_within_bounds() -> None:
    assert [own_days(days, on=CLOSED) for days in (45, 3650)] == [45, 3650]
    for days, code in ((44, "quarantine.too_short"), (0, "quarantine.too_short"), (3651, "quarantine.too_long")):
        with pytest.raises(Refused, match=code):
            own_days(days, on=CLOSED)


def test_a_number_that_received_codes_rests_a_year_or_longer() -> None:
    assert quarantine(CLOSED, received_codes=True).days == 365
    assert quarantine(CLOSED, carrier_days=45, received_codes=True).days == 365
    assert quarantine(CLOSED, carrier_days=400, received_codes=True).days == 400


def test_a_ported_in_number_goes_back_and_has_no_clock_here() -> None:
    assert quarantine(CLOSED, ported_in=True) == Quarantine(None, None)
