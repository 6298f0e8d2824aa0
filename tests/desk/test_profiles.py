"""Does the case tell staff what became of the eSIM's profile, by whose word and when?"""

from __future__ import annotations

from datetime import UTC, datetime

from tests.desk.conftest import AsStaff
from tests.terminations.play import Clock, ask, work
from tojimari.lines.models import Carrier, Line
from tojimari.network.elements.es2plus.notices import Notice
from tojimari.network.elements.es2plus.settings import ProfileState
from tojimari.platform.database.scope import every_carrier
from tojimari.terminations.profiles import take_notice

AT = datetime(2026, 12, 5, 1, 0, tzinfo=UTC)


def heard(line: Line, state: ProfileState, point: int) -> None:
    said = Notice("smdp", line.iccid, "", point, state, "Executed-Success", "N-1", AT, f"{state}", b"")
    with every_carrier():
        assert take_notice(said, carrier=line.carrier, at=AT)


def test_the_case_shows_the_profile_and_its_history_names_the_notice(
    as_staff: AsStaff, tabi: Carrier, esim_line: Line
) -> None:
    with every_carrier():
        clock = Clock()
        case = ask(esim_line, clock)
        work(clock)
    desk, path = as_staff("lead"), f"/desk/cases/{case.reference}/"
    assert "eSIM profile" not in desk.get(path).content.decode()
    heard(esim_line, ProfileState.INSTALLED, 4)
    assert "The chip has not confirmed yet" in desk.get(path).content.decode()
    heard(esim_line, ProfileState.DELETED, 5)
    page = desk.get(path).content.decode()
    assert "The profile server has confirmed that the eSIM was deleted:" in page
    assert "The profile server reported that the eSIM was deleted" in page, "in the history"
    assert esim_line.iccid not in page
