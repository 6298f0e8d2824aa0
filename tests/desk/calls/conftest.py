"""When do the calls of the tests take place, and who takes them?"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from tests.desk.calls.play import NOON
from tests.desk.conftest import AsStaff


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as moved:
        yield moved


@pytest.fixture
def agent(as_staff: AsStaff) -> Client:
    return as_staff("agent")
