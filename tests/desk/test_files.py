"""Does the second person see what they confirm, and is it truly a second one?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User

from tests.desk.conftest import TONARI, AsStaff
from tojimari.desk.files import asking
from tojimari.lines.models import Carrier
from tojimari.platform.acting import Acting, Role
from tojimari.platform.database.scope import every_carrier
from tojimari.terminations.file_wishes import Wanted, ask
from tojimari.terminations.models import FileWish

BAR = {"port": "ctrl", "sent": "GET subscriber.by-imsi-…0007.info", "note": ""}
REMOVE = {"port": "", "sent": "", "note": "by_hand.remove"}
SORT = {
    "kind": "esim",
    "lanes": ["osmohlr"],
    "lines": 1150,
    "steps": [
        {"step": "bar", "lane": "osmohlr", "orders": [BAR], "no_return": False},
        {"step": "remove", "lane": "by_hand", "orders": [REMOVE], "no_return": True},
        {"step": "prove", "lane": "other", "orders": None, "no_return": False},
    ],
}
COUNTS = {"rows": 1200, "cases": 1150, "known": 30, "refused": 20, "yen": 632500}
PLAN = {**COUNTS, "for_staff": {"network.other_subscriber": 7}, "sorts": [SORT]}


def wish_of(carrier: Carrier, acting: Acting) -> FileWish:
    wanted = Wanted(carrier, "ab" * 32, "leaving.csv", "line", "month-end", "the plan ends")
    with every_carrier():
        return ask(wanted, plan=PLAN, acting=acting, at=datetime.now(UTC))


@pytest.fixture
def wish(tabi: Carrier) -> FileWish:
    return wish_of(tabi, Acting(Role.STAFF, "4711", "somebody else"))


def decided(wish: FileWish) -> bool | None:
    with every_carrier():
        wish.refresh_from_db()
    return wish.confirmed


@pytest.mark.parametrize(("do", "outcome"), [("confirm", True), ("refuse", False)])
def test_a_second_person_sees_the_whole_wish_and_decides(
    as_staff: AsStaff, wish: FileWish, do: str, outcome: bool
) -> None:
    lead = as_staff("lead")
    page = lead.get("/desk/files/").content.decode()
    assert all(text in page for text in (wish.digest, "leaving.csv", "the plan ends", "1150", "632,500", "<dd>7 · "))
    assert lead.post(f"/desk/files/{wish.reference}/", {"do": do}).status_code == 302
    assert decided(wish) is outcome
    assert wish.decided_by == f"staff:{User.objects.get().pk}"
    assert lead.post(f"/desk/files/{wish.reference}/", {"do": "confirm"}).status_code == 409


def test_the_second_person_sees_each_command_and_the_point_of_no_return(as_staff: AsStaff, wish: FileWish) -> None:
    page = as_staff("lead").get("/desk/files/").content.decode()
    told = [
        "ctrl &gt; GET subscriber.by-imsi-…0007.info",
        "From here on there is no way back",
        "A member of staff removes it and attests it.",
        "This element does not say beforehand what it sends.",
    ]
    places = [page.index(one) for one in told]
    assert places == sorted(places)


def test_who_asked_takes_it_back_but_does_not_confirm_it(as_staff: AsStaff, tabi: Carrier) -> None:
    lead = as_staff("lead")
    acting = asking(tabi, " Lead@tabi.example ")
    assert acting is not None
    wish = wish_of(tabi, acting)
    assert 'value="confirm"' not in lead.get("/desk/files/").content.decode()
    answer = lead.post(f"/desk/files/{wish.reference}/", {"do": "confirm"})
    assert answer.status_code == 409
    assert "You asked for this file yourself." in answer.content.decode()
    assert decided(wish) is None
    lead.post(f"/desk/files/{wish.reference}/", {"do": "refuse"})
    assert decided(wish) is False


def test_only_who_holds_the_right_asks(as_staff: AsStaff, tabi: Carrier, tonari: Carrier) -> None:
    as_staff("lead")
    as_staff("agent")
    assert asking(tabi, "agent@tabi.example") is None
    assert asking(tonari, "lead@tabi.example") is None
    User.objects.update(is_active=False)
    assert asking(tabi, "lead@tabi.example") is None


def test_the_neighbour_finds_nothing(as_staff: AsStaff, tonari: Carrier, wish: FileWish) -> None:
    neighbour = as_staff("admin", carrier=tonari, host=TONARI)
    assert wish.reference not in neighbour.get("/desk/files/").content.decode()
    assert neighbour.post(f"/desk/files/{wish.reference}/", {"do": "confirm"}).status_code == 404
    assert decided(wish) is None
