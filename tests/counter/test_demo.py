"""Are the demo's shops there, once each, and can one come to them?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tojimari.counter.demo import load_shops
from tojimari.counter.models import Shop
from tojimari.counter.queries import Wish, shops_near
from tojimari.lines.models import Carrier
from tojimari.platform.database.scope import every_carrier

pytestmark = pytest.mark.django_db


def test_loading_twice_makes_four_shops(tabi: Carrier) -> None:
    load_shops(tabi)
    load_shops(tabi)
    with every_carrier():
        assert sorted(Shop.objects.values_list("code", flat=True)) == ["fukuoka", "haneda", "osaka", "shinjuku"]


@pytest.mark.parametrize(
    ("typed", "first"), [("新宿駅", "shinjuku"), ("羽田机场", "haneda"), ("Umeda", "osaka"), ("812-0011", "fukuoka")]
)
def test_each_is_found_by_its_place_and_has_free_times(tabi: Carrier, typed: str, first: str) -> None:
    load_shops(tabi)
    with every_carrier():
        found = shops_near(tabi.pk, Wish(text=typed), at=datetime(2026, 11, 27, 3, 0, tzinfo=UTC))
    assert found.shops[0].shop.code == first
    assert all(near.next_free for near in found.shops)
