"""Are the ways to pay kept as they were entered, with their history, and is nonsense refused?"""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tojimari.lines.models import Carrier, Change
from tojimari.lines.paying import PAYING, WaysToPay, check_ways, percent, set_ways_to_pay, ways_to_pay
from tojimari.platform.acting import SYSTEM, Refused

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)

pytestmark = pytest.mark.usefixtures("as_worker")


def test_ways_come_back_as_they_were_entered(tabi: Carrier) -> None:
    assert not ways_to_pay(tabi.pk)
    wanted = WaysToPay(shop=True, bank="  みほん銀行   新宿支店\r\n\n普通 1234567 ")
    first = set_ways_to_pay(carrier=tabi, wanted=wanted, seen=0, acting=SYSTEM, at=NOW)
    assert first is not None
    assert ways_to_pay(tabi.pk) == WaysToPay(shop=True, bank="みほん銀行 新宿支店\n普通 1234567")
    assert set_ways_to_pay(carrier=tabi, wanted=wanted, seen=first.pk, acting=SYSTEM, at=NOW) is None
    set_ways_to_pay(carrier=tabi, wanted=WaysToPay(slip=True), seen=first.pk, acting=SYSTEM, at=NOW)
    kept = Change.objects.filter(setting=PAYING).order_by("pk").values_list("before", "after")
    assert list(kept) == [("", first.after), (first.after, "slip: yes")]


def test_who_comes_second_is_told_and_overwrites_nothing(tabi: Carrier) -> None:
    set_ways_to_pay(carrier=tabi, wanted=WaysToPay(shop=True), seen=0, acting=SYSTEM, at=NOW)
    with pytest.raises(Refused, match=r"settings\.changed"):
        set_ways_to_pay(carrier=tabi, wanted=WaysToPay(slip=True), seen=0, acting=SYSTEM, at=NOW)
    assert ways_to_pay(tabi.pk) == WaysToPay(shop=True)


@pytest.mark.parametrize("bank", ["our bank", "1" * 301, "1\n" * 9, "1234567\x07"])
def test_what_is_no_account_is_refused(bank: str) -> None:
    with pytest.raises(Refused, match=r"settings\.bank"):
        check_ways(WaysToPay(bank=bank), TODAY)


@pytest.mark.parametrize("days", [0, 6, 91])
def test_a_day_to_pay_is_neither_too_near_nor_too_far(tabi: Carrier, days: int) -> None:
    with pytest.raises(Refused, match=r"settings\.days"):
        check_ways(WaysToPay(days=days), TODAY)
    set_ways_to_pay(carrier=tabi, wanted=WaysToPay(days=14), seen=0, acting=SYSTEM, at=NOW)
    assert ways_to_pay(tabi.pk) == WaysToPay(days=14)


@pytest.mark.parametrize("per_mille", [0, -1, 147])
def test_more_interest_than_the_law_lets_a_consumer_be_asked_for_is_refused(per_mille: int) -> None:
    with pytest.raises(Refused, match=r"settings\.late_interest"):
        check_ways(WaysToPay(late_per_mille=per_mille), TODAY)


def test_interest_up_to_the_cap_is_kept_beside_everything_else(tabi: Carrier) -> None:
    wanted = WaysToPay(shop=True, bank="みほん銀行\n普通 1234567", days=14, late_per_mille=146)
    set_ways_to_pay(carrier=tabi, wanted=wanted, seen=0, acting=SYSTEM, at=NOW)
    assert ways_to_pay(tabi.pk) == wanted
    assert [percent(one) for one in (146, 30, 5, 100)] == ["14.6", "3", "0.5", "10"]
