"""At which shop does a member of staff work today? Chosen once, kept in the session, asked of the database anew."""

from __future__ import annotations

from django.http import HttpRequest

from tojimari.counter.models import Shop
from tojimari.counter.queries import shops_of_carrier
from tojimari.desk.access import Staff

_SHOP = "desk_shop"


def shops_of(staff: Staff) -> list[Shop]:
    """Return the shops that this person may work at. One query."""
    return [shop for shop in shops_of_carrier(staff.carrier.pk) if not staff.shops or shop.code in staff.shops]


def shop_of(request: HttpRequest, staff: Staff) -> Shop | None:
    """Return the shop that was chosen, or the only one there is; None while nobody has said. One query."""
    shops = shops_of(staff)
    chosen = request.session.get(_SHOP)
    return next((shop for shop in shops if shop.code == chosen), shops[0] if len(shops) == 1 else None)


def choose(request: HttpRequest, staff: Staff, code: str) -> Shop | None:
    """Remember the shop for this session; None when it is not one of this person's."""
    shop = next((shop for shop in shops_of(staff) if shop.code == code), None)
    if shop is not None:
        request.session[_SHOP] = shop.code
    return shop
