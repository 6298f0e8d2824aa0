"""Which shops does the demonstration have? Four that do not exist, in the file beside."""

from __future__ import annotations

import tomllib
from importlib.resources import files

from django.db import transaction

from tojimari.counter.actions import put_shop
from tojimari.lines.models import Carrier
from tojimari.platform.database.scope import carrier_scope


@transaction.atomic
def load_shops(carrier: Carrier) -> None:
    """Enter the demo's shops, or bring them back to what the file says; visits that are booked stay."""
    text = files("tojimari.counter").joinpath("demo_shops.toml").read_text("utf-8")
    with carrier_scope(carrier.pk):
        for shop in tomllib.loads(text)["shop"]:
            put_shop(carrier, shop)
