"""Does a person find the shop that is nearest, whatever they know of the place where they are?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.counter.conftest import a_shop
from tojimari.counter.models import Shop
from tojimari.counter.queries import FIRST, Found, Wish, shops_near
from tojimari.lines.models import Carrier
from tojimari.platform.database.scope import carrier_scope

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _as_tabi(tabi: Carrier, shinjuku: Shop, haneda: Shop) -> Iterator[None]:
    with carrier_scope(tabi.pk):
        yield


@pytest.fixture
def osaka(tabi: Carrier) -> Shop:
    umeda = {"ja": "梅田", "en": "Umeda", "zh-hans": "梅田", "zh-hant": "梅田"}
    return a_shop(tabi, "osaka", postcode="530-0001", latitude=34.70, longitude=135.50, stations=[umeda])


def codes(found: Found) -> list[str]:
    return [near.shop.code for near in found.shops]


def near(carrier: Carrier, **wish: object) -> Found:
    return shops_near(carrier.pk, Wish(**wish), at=NOW)  # type: ignore[arg-type]  # the tests name its two fields


def test_by_position_the_nearest_comes_first_with_its_distance(tabi: Carrier, osaka: Shop) -> None:
    found = near(tabi, position=(34.69, 135.49))
    assert codes(found) == ["osaka", "shinjuku", "haneda"]
    assert found.shops[0].kilometres == pytest.approx(1.44, abs=0.05)


@pytest.mark.parametrize("text", ["羽田空港駅", "haneda airport", "羽田机场站", "羽田機場", "HANEDA"])
def test_by_station_the_shop_at_it_comes_first_in_every_language(tabi: Carrier, osaka: Shop, text: str) -> None:
    found = near(tabi, text=text)
    assert codes(found) == ["haneda", "shinjuku", "osaka"]
    assert found.matched


@pytest.mark.parametrize(
    ("text", "first"), [("144-0041", "haneda"), ("〒１６０−００００", "shinjuku"), ("530", "osaka")]
)
def test_by_postcode_the_most_alike_comes_first(tabi: Carrier, osaka: Shop, text: str, first: str) -> None:
    assert codes(near(tabi, text=text))[0] == first


def test_a_place_that_no_shop_knows_shows_all_of_them_and_says_so(tabi: Carrier) -> None:
    for text in ("稚内", "970-0000"):
        found = near(tabi, text=text)
        assert not found.matched
        assert codes(found) == ["haneda", "shinjuku"]


def test_a_shop_that_takes_no_visits_and_one_of_the_neighbour_are_not_shown(tabi: Carrier, next_door: Shop) -> None:
    a_shop(tabi, "gone", active=False)
    assert codes(near(tabi)) == ["haneda", "shinjuku"]


def test_the_list_costs_two_queries_however_many_shops_there_are(tabi: Carrier) -> None:
    for number in range(FIRST + 2):
        a_shop(tabi, f"more-{number}")
    with CaptureQueriesContext(connection) as queries:
        found = near(tabi)
    assert len([query for query in queries if "SELECT" in query["sql"]]) == 2
    assert (len(found.shops), found.more) == (FIRST, 4)
    assert len(shops_near(tabi.pk, Wish(), at=NOW, everything=True).shops) == FIRST + 4


def test_each_shop_says_when_it_is_open_today_and_when_it_is_free(tabi: Carrier) -> None:
    first = near(tabi).shops[0]
    assert [f"{span.since:%H:%M}-{span.until:%H:%M}" for span in first.open_today] == ["01:00-10:00"]
    assert first.next_free == datetime(2026, 11, 27, 4, 0, tzinfo=UTC)
