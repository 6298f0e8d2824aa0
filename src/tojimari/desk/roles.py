"""Who may do what here, and who has which role?

The page is drawn from the very table that the desk asks (`access.RIGHTS`), so it cannot say anything else.
"""

from __future__ import annotations

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from tojimari.counter.models import Shop
from tojimari.desk import words
from tojimari.desk.access import RIGHTS, SECOND_FACTORS, Right, Staff, name_of, staff_page
from tojimari.desk.models import Membership, StaffRole

_MOST = 500
"""How many members of staff the page lists."""


@dataclass(frozen=True, slots=True)
class Member:
    """One place with the carrier. No shops: the person works for all of them."""

    name: str
    email: str
    role: str
    shops: list[str]
    second_factor: bool
    active: bool
    place_id: int


def members(carrier_id: int, language: str) -> list[Member]:
    """Return who works for a carrier, by role and name. Three queries, whatever their number."""
    places = list(Membership.objects.filter(carrier_id=carrier_id).select_related("user").order_by("pk")[:_MOST])
    users = [place.user_id for place in places]
    secured = set(
        Authenticator.objects.filter(user_id__in=users, type__in=SECOND_FACTORS)
        .values_list("user_id", flat=True)
        .distinct()
    )
    shops = {shop.code: shop.name(language) for shop in Shop.objects.filter(carrier_id=carrier_id)}
    order = list(StaffRole.values)
    found = [_member(place, place.user, shops, secured) for place in places]
    return sorted(found, key=lambda one: (order.index(one.role), one.name))


def _member(place: Membership, user: User, shops: dict[str, str], secured: set[int]) -> Member:
    return Member(
        name=name_of(user),
        email=user.email,
        role=place.role,
        shops=[shops.get(code, code) for code in place.shops],
        second_factor=user.pk in secured,
        active=user.is_active,
        place_id=place.pk,
    )


@staff_page(Right.AUDIT, personal=False)
@require_safe
def roles(request: HttpRequest, staff: Staff) -> HttpResponse:
    """The table of rights by role, and the members of staff."""
    facts = {
        "staff": staff,
        "roles": list(RIGHTS),
        "rows": [(words.RIGHTS[right], [right in rights for rights in RIGHTS.values()]) for right in Right],
        "members": members(staff.carrier.pk, get_language() or "ja"),
    }
    return render(request, "desk/roles.html", facts)
