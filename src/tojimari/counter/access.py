"""How does a shop's name in an address of a page become a shop? Only here; another carrier's looks like none."""

from __future__ import annotations

from django.http import Http404

from tojimari.counter.models import Shop


def shop_of_carrier(carrier_id: int, code: str) -> Shop:
    """Return a shop of the carrier that takes visits. Raises `Http404`."""
    shop = Shop.objects.filter(carrier_id=carrier_id, code=code, active=True).first()
    if shop is None:
        raise Http404
    return shop
