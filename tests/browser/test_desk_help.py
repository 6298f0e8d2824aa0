"""Can staff open a case for somebody whom no code reaches on a narrow screen, and are these pages fit for everybody?"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.browser.conftest import ONE, Open
from tests.browser.test_desk_reviews import staff_at
from tests.browser.test_pages import problems
from tojimari.codes.help import Written, ask_for_help
from tojimari.lines.models import Line
from tojimari.messages.models import Message
from tojimari.platform.database.scope import every_carrier
from tojimari.terminations.models import LateState, LateWish, Termination

pytestmark = pytest.mark.browser

NEW = "wang@abroad.example"
REFERENCE = "TJ-7K3M-9QXA-4C2T"


@pytest.mark.parametrize("language", ONE)
def test_from_a_plea_and_from_an_outage_to_a_case(visit: Open, people: list[Line], language: str) -> None:
    sim, esim, asked_at = people[0], people[1], datetime.now(UTC) - timedelta(hours=2)
    with every_carrier():
        written = Written("王小明", "WeChat wang", ("abroad",), "")
        plea = ask_for_help(
            carrier_id=sim.carrier_id, language="zh-hans", written=written, address="192.0.2.1", at=asked_at
        )
        LateWish.objects.create(
            carrier=sim.carrier,
            reference=REFERENCE,
            asked_at=asked_at,
            taken_in_at=asked_at,
            effective="month-end",
            email="stranger@mail.example",
            typed="空港のカード",
            state=LateState.REVIEW,
        )
    window = visit(language, width=320)
    page, wrong = window.page, {}

    def look(name: str) -> None:
        if found := problems(window, language):
            wrong[name] = found

    staff_at(window, sim.carrier, "admin", "鈴木", "花子")
    window.go(f"/desk/help/{plea.reference}/open/")
    page.fill("#id_wanted", sim.iccid)
    page.select_option("#id_end", "month-end")
    page.fill("#id_email", NEW)
    page.click("button[value=prepare]")
    look("papers are missing")
    page.select_option("#id_passport_or_residence_card", "passport")
    page.select_option("#id_receipt_or_contract", "receipt")
    page.check("#id_not_expired")
    page.click("button[value=prepare]")
    look("code")
    with every_carrier():
        found = re.search("[0-9]{6,8}", Message.objects.get(to=NEW).body)
    assert found is not None
    page.fill("#code", found[0])
    page.click("button[value=code]")
    look("read out")
    page.click("button[value=open]")
    page.wait_for_url("**/desk/cases/**")
    window.go("/desk/help/")
    look("what became of it")

    window.go("/desk/late/")
    look("late ones")
    window.go(f"/desk/late/{REFERENCE}/")
    page.fill("#id_wanted", esim.iccid)
    page.select_option("#id_method", "call_check")
    page.click("button[value=look]")
    look("late one")
    page.click("button[value=take]")
    page.wait_for_url("**/desk/cases/**")
    assert wrong == {}
    with every_carrier():
        assert set(Termination.objects.values_list("requested_at", flat=True)) == {asked_at}
