"""Does the page of what does not get on say when the system tries again, and since when something else waits?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.desk.conftest import AsStaff
from tests.terminations.play import Clock, ask
from tojimari.lines.models import Line
from tojimari.platform.database.scope import every_carrier
from tojimari.terminations.models import Step


@pytest.mark.parametrize(("due", "said"), [(timedelta(minutes=5), "next try:"), (timedelta(minutes=-5), "since:")])
def test_a_time_to_come_is_the_next_try_and_one_that_is_over_the_begin_of_the_wait(
    as_staff: AsStaff, sim_line: Line, due: timedelta, said: str
) -> None:
    with every_carrier():
        case = ask(sim_line, Clock())
        failing = {"state": "open", "attempts": 3, "code": "network.refused", "due_at": timezone.now() + due}
        assert Step.objects.filter(termination=case, name="bar").update(**failing) == 1
    page = as_staff("lead").get("/desk/stuck/").content.decode()
    assert [word for word in ("next try:", "since:") if word in page] == [said]
