"""Do requests for help reach those who answer them, and nobody else?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests.desk.conftest import TONARI, AsStaff
from tojimari.codes.help import Written, ask_for_help
from tojimari.codes.models import HelpRequest
from tojimari.lines.models import Carrier
from tojimari.platform.database.scope import every_carrier

NOON = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@pytest.fixture
def plea(tabi: Carrier) -> HelpRequest:
    written = Written("王小明", "+86 138 0013 8000", ("abroad",), "<b>Kansai</b>")
    with every_carrier():
        return ask_for_help(carrier_id=tabi.pk, language="zh-hans", written=written, address="192.0.2.1", at=NOON)


def test_stands_on_the_first_page_until_it_is_answered(as_staff: AsStaff, plea: HelpRequest) -> None:
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        agent = as_staff("agent")
        home = agent.get("/desk/").content.decode()
        assert plea.reference in home
        assert "Late" not in home
        page = agent.get(f"/desk/help/{plea.reference}/").content.decode()
        assert all(
            text in page for text in ("王小明", "138 0013 8000", "already left Japan", "&lt;b&gt;Kansai", "简体中文")
        )
        missing = agent.post(f"/desk/help/{plea.reference}/", {"note": " "})
        assert "Write what you did" in missing.content.decode()
        assert agent.post(f"/desk/help/{plea.reference}/", {"note": "Called back."}).status_code == 302
        done = agent.get(f"/desk/help/{plea.reference}/").content.decode()
        assert "Called back." in done
        assert "鈴木 花子" in done
        assert agent.post(f"/desk/help/{plea.reference}/", {"note": "Again."}).status_code == 409
        assert plea.reference not in agent.get("/desk/").content.decode()


def test_is_late_after_the_promise(as_staff: AsStaff, plea: HelpRequest) -> None:
    with time_machine.travel(plea.promised_by + timedelta(minutes=1), tick=False):
        assert "Late" in as_staff("lead").get("/desk/").content.decode()


@pytest.mark.parametrize(
    ("role", "may"),
    [("clerk", False), ("agent", True), ("reviewer", False), ("lead", True), ("auditor", False), ("admin", True)],
)
def test_only_roles_that_help_see_it(as_staff: AsStaff, plea: HelpRequest, role: str, *, may: bool) -> None:
    with time_machine.travel(NOON, tick=False):
        browser = as_staff(role)
        assert (plea.reference in browser.get("/desk/").content.decode()) is may
        assert browser.get(f"/desk/help/{plea.reference}/").status_code == (200 if may else 403)


def test_the_neighbour_finds_nothing(as_staff: AsStaff, tonari: Carrier, plea: HelpRequest) -> None:
    with time_machine.travel(NOON, tick=False):
        neighbour = as_staff("admin", carrier=tonari, host=TONARI)
        assert plea.reference not in neighbour.get("/desk/").content.decode()
        assert neighbour.get(f"/desk/help/{plea.reference}/").status_code == 404
