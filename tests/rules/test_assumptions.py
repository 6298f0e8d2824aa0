"""Is what a look ahead assumes dated, and does it say what it rests on?"""

from __future__ import annotations

from datetime import date

import pytest

from tojimari.rules.assumptions import assumed, assumptions
from tojimari.rules.figures import FigureNotKnown

TODAY = date(2026, 11, 22)


def test_every_assumption_says_what_it_rests_on() -> None:
    assert all(row.source and row.unit and row.basis in ("assumption", "law") for row in assumptions())
    assert len({row.name for row in assumptions()}) == len(assumptions())


def test_what_is_not_known_on_a_day_is_refused() -> None:
    assert assumed("months_ahead", TODAY) == 12
    for name, on in (("months_ahead", date(2019, 12, 31)), ("no such thing", TODAY)):
        with pytest.raises(FigureNotKnown):
            assumed(name, on)
