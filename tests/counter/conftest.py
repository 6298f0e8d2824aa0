"""Which shops do the tests have? Two of tabi's, near each other, and one of the neighbour's."""

from __future__ import annotations

from typing import Any

import pytest

from tojimari.counter.actions import put_shop
from tojimari.counter.models import Shop
from tojimari.lines.models import Carrier
from tojimari.platform.database.scope import every_carrier

EVERY_DAY = {day: [["10:00", "19:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


def a_shop(carrier: Carrier, code: str, **facts: Any) -> Shop:
    """Enter a shop that is open from 10:00 to 19:00 on each day; runs for every carrier."""
    values: dict[str, Any] = {
        "code": code,
        "name_ja": f"{code}店",
        "name_en": f"{code} shop",
        "name_zh_hans": f"{code}店",
        "name_zh_hant": f"{code}店",
        "address_ja": "東京都どこか区1-2-3",
        "address_en": "1-2-3 Somewhere, Tokyo",
        "postcode": "160-0022",
        "latitude": 35.69,
        "longitude": 139.70,
        "stations": [{"ja": "新宿", "en": "Shinjuku", "zh-hans": "新宿", "zh-hant": "新宿"}],
        "languages": ["ja", "en", "zh-hans"],
        "phone": "+81 3-0000-0001",
        "capacity": 2,
        "slot_minutes": 20,
        "hours": EVERY_DAY,
        "closed_days": [],
        "closed_on_holidays": False,
        "active": True,
    }
    with every_carrier():
        return put_shop(carrier, values | facts)


@pytest.fixture
def shinjuku(tabi: Carrier) -> Shop:
    """Takes two visits at a time."""
    return a_shop(tabi, "shinjuku")


@pytest.fixture
def haneda(tabi: Carrier) -> Shop:
    """Takes one visit at a time."""
    return a_shop(
        tabi,
        "haneda",
        postcode="144-0041",
        latitude=35.549,
        longitude=139.784,
        stations=[{"ja": "羽田空港", "en": "Haneda Airport", "zh-hans": "羽田机场", "zh-hant": "羽田機場"}],
        capacity=1,
    )


@pytest.fixture
def next_door(tonari: Carrier) -> Shop:
    """The neighbour's only shop."""
    return a_shop(tonari, "next-door")
