"""Is a person told that the network is being maintained, until when, and that no day moves?"""

from __future__ import annotations

from datetime import datetime

import time_machine
from django.test import Client

from tests.portal.following import text
from tests.support.setup_elements import WriteElements, write_elements
from tests.terminations.play import Clock, ask, work
from tojimari.lines.models import Line
from tojimari.platform.database.scope import every_carrier
from tojimari.rules.calendar import JST

__all__ = ["write_elements"]

WAITS = "The network is being maintained until:"


def test_the_page_of_a_case_says_until_when_the_network_is_being_maintained(
    wang_here: Client, sim_line: Line, write_elements: WriteElements
) -> None:
    write_elements('[simulated]\nkind = "simulated"\nmaintenance = ["Sun 02:00-05:00"]\n')
    with time_machine.travel(datetime(2026, 11, 22, 1, 50, tzinfo=JST), tick=False), every_carrier():
        case = ask(sim_line, Clock(datetime(2026, 11, 22, 1, 50, tzinfo=JST)))
        work(Clock(datetime(2026, 11, 22, 2, 0, tzinfo=JST)), forward=False)
        page = text(wang_here, f"/cases/{case.reference}/")
    assert WAITS not in page
    with time_machine.travel(datetime(2026, 11, 22, 2, 1, tzinfo=JST), tick=False):
        page = text(wang_here, f"/cases/{case.reference}/")
    assert WAITS in page
    assert "05:00" in page
    assert "no day moves" in page
    assert "Our system works on it" not in page
    with time_machine.travel(datetime(2026, 11, 22, 5, 0, tzinfo=JST), tick=False):
        assert WAITS not in text(wang_here, f"/cases/{case.reference}/")
