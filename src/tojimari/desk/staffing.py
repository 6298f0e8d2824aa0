"""How do members of staff get their places, and how do they lose them?

Accounts are given by those who run the installation. Who loses the last place loses the account: it is shut, its
password and second factors are gone, and no open session of it is good any more.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.db import transaction

from tojimari.counter.models import Shop
from tojimari.desk.models import Membership, StaffRole
from tojimari.lines.models import Carrier
from tojimari.platform.acting import Refused
from tojimari.platform.database.scope import every_carrier


@dataclass(frozen=True, slots=True)
class Given:
    """What came of giving a place. `password` only for a fresh account, to be handed over once; it is kept nowhere."""

    created: bool
    password: str = ""


@transaction.atomic(durable=True)
def give_place(
    *, carrier: Carrier, email: str, role: str, names: tuple[str, str] = ("", ""), shops: Sequence[str] = ()
) -> Given:
    """Give somebody a place with a carrier, or change its role and shops. `names`: given name, family name.

    Raises `Refused` for a role or a shop that there is not.
    """
    if role not in StaffRole.values:
        raise Refused("staff.unknown_role", role=role)
    known = set(Shop.objects.filter(carrier=carrier, code__in=shops).values_list("code", flat=True))
    for shop in shops:
        if shop not in known:
            raise Refused("staff.unknown_shop", shop=shop)
    email = email.strip().lower()
    user = User.objects.select_for_update().filter(email=email).first()
    password = ""
    if user is None or not user.is_active:
        user = user or User(username=email, email=email)
        password = secrets.token_urlsafe(15)
        user.set_password(password)
        user.is_active = True
    if any(names):
        user.first_name, user.last_name = names
    user.save()
    EmailAddress.objects.get_or_create(user=user, email=email, defaults={"verified": True, "primary": True})
    Membership.objects.update_or_create(carrier=carrier, user=user, defaults={"role": role, "shops": list(shops)})
    return Given(created=bool(password), password=password)


@transaction.atomic(durable=True)
def take_place(*, carrier: Carrier, email: str) -> None:
    """Take a place away. Open sessions end with it. Raises `Refused` where there is none."""
    user = User.objects.select_for_update().filter(email=email.strip().lower()).first()
    taken, _ = Membership.objects.filter(carrier=carrier, user=user).delete() if user is not None else (0, {})
    if user is None or not taken:
        raise Refused("staff.no_place")
    with every_carrier():
        elsewhere = Membership.objects.filter(user=user).exists()
    if not elsewhere:
        user.is_active = False
        user.set_unusable_password()
        user.save(update_fields=("is_active", "password"))
        Authenticator.objects.filter(user=user).delete()
