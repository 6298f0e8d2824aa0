"""How do members of staff get their places, and how do they lose them?

By command from those who run the installation, or on the page of the carrier's administrator. Each change stands in the
carrier's history, with who, when, before and after. On the page nobody touches their own place, so that nobody raises
themselves and an administrator is always left; the command is the way out of every corner.

Who loses the last place loses the account: it is shut, its password and second factors are gone, and no open session of
it is good any more.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account import app_settings as account_settings
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.urls import reverse

from tojimari.counter.models import Shop
from tojimari.desk.models import Membership, StaffRole
from tojimari.lines.changes import history, record
from tojimari.lines.emails import normal_email
from tojimari.lines.models import Carrier
from tojimari.messages import staff_texts
from tojimari.messages.actions import Letter, put
from tojimari.messages.links import origin
from tojimari.messages.models import MessageKind
from tojimari.platform.acting import Acting, Refused, Role
from tojimari.platform.config import config
from tojimari.platform.database.scope import every_carrier

BY_COMMAND = Acting(Role.SYSTEM, "", "tojimari staff")


def place_setting(user_id: int) -> str:
    """The name under which the history keeps somebody's place: "clerk: shinjuku", "lead", or empty for none."""
    return f"staff.{user_id}"


def sign_in_setting(user_id: int) -> str:
    """The name under which the history keeps that somebody's sign-in was reset, and when."""
    return f"sign_in.{user_id}"


@dataclass(frozen=True, slots=True)
class Given:
    """What came of giving a place. `password` only for a fresh account, to be handed over once; it is kept nowhere."""

    created: bool
    password: str = ""


# By command


@transaction.atomic(durable=True)
def give_place(
    *,
    carrier: Carrier,
    email: str,
    role: str,
    at: datetime,
    names: tuple[str, str] = ("", ""),
    shops: Sequence[str] = (),
) -> Given:
    """Give somebody a place with a carrier, or change its role and shops. `names`: given name, family name.

    Raises `Refused` for a role or a shop that there is not.
    """
    _check(carrier, role, shops)
    user = _account(email.strip().lower())
    password = ""
    if user._state.adding or not user.is_active:
        password = secrets.token_urlsafe(15)
        user.set_password(password)
    _open(user, names)
    _put_place(carrier, user, role, shops, acting=BY_COMMAND, at=at)
    return Given(created=bool(password), password=password)


@transaction.atomic(durable=True)
def take_place(*, carrier: Carrier, email: str, at: datetime) -> None:
    """Take a place away. Open sessions end with it. Raises `Refused` where there is none."""
    user = User.objects.select_for_update().filter(email=email.strip().lower()).first()
    place = Membership.objects.filter(carrier=carrier, user=user).select_related("user").first() if user else None
    if place is None:
        raise Refused("staff.no_place")
    _end(carrier, place, acting=BY_COMMAND, at=at)


@transaction.atomic(durable=True)
def reset_by_command(*, carrier: Carrier, email: str, at: datetime) -> None:
    """Take all second factors away, whoever's they are, and mail a link for a new password. Open sessions end.

    Raises `Refused` with `staff.no_place`.
    """
    place = Membership.objects.filter(carrier=carrier, user__email=email.strip().lower()).select_related("user").first()
    if place is None:
        raise Refused("staff.no_place")
    _reset(carrier, place, language="ja", acting=BY_COMMAND, at=at)


# On the page of the administrator


@transaction.atomic(durable=True)
def invite(
    *,
    carrier: Carrier,
    email: str,
    role: str,
    names: tuple[str, str],
    shops: Sequence[str],
    language: str,
    acting: Acting,
    at: datetime,
) -> Membership:
    """Give somebody a place, and tell them by mail how they sign in. `names`: given name, family name.

    Raises `Refused`: `staff.email`, `staff.unknown_role`, `staff.unknown_shop`, `staff.here_already`,
    `staff.not_yours`.
    """
    _lock(carrier, acting)
    address = normal_email(email)
    if address is None:
        raise Refused("staff.email", field="email")
    _check(carrier, role, shops)
    user = _account(address.lower())
    if not user._state.adding and Membership.objects.filter(carrier=carrier, user=user).exists():
        raise Refused("staff.here_already", field="email")
    fresh = user._state.adding or not user.is_active
    if fresh:
        user.set_unusable_password()
    # Somebody who works elsewhere already keeps the name that they have there.
    _open(user, names if fresh else ("", ""))
    place = _put_place(carrier, user, role, shops, acting=acting, at=at)
    _tell(carrier, user, language, "invited" if fresh else "added", at)
    return place


@transaction.atomic(durable=True)
def change_place(
    *, carrier: Carrier, place_id: int, role: str, shops: Sequence[str], looked_at: int, acting: Acting, at: datetime
) -> bool:
    """Change somebody's role and shops; return whether that was a change. With another role, open sessions end.

    `looked_at` is the id of the newest change of this place that the administrator had before them. Raises `Refused`:
    `staff.unknown_role`, `staff.unknown_shop`, `staff.yourself`, `staff.no_place`, `staff.not_yours`,
    `settings.changed`.
    """
    _lock(carrier, acting)
    place = _of_another(carrier, place_id, acting)
    _check(carrier, role, shops)
    if (place.role, sorted(place.shops)) == (role, sorted(shops)):
        return False
    if seen(carrier, place_setting(place.user_id)) != looked_at:
        raise Refused("settings.changed")
    _put_place(carrier, place.user, role, shops, acting=acting, at=at)
    return True


@transaction.atomic(durable=True)
def end_place(*, carrier: Carrier, place_id: int, acting: Acting, at: datetime) -> None:
    """Take somebody's place away. Open sessions end at once. Raises `Refused` as `change_place` does."""
    _lock(carrier, acting)
    _end(carrier, _of_another(carrier, place_id, acting), acting=acting, at=at)


@transaction.atomic(durable=True)
def reset_sign_in(*, carrier: Carrier, place_id: int, language: str, acting: Acting, at: datetime) -> None:
    """Take somebody's password, second factors and bond to the carrier's provider away, and mail them a way back in.

    Open sessions end at once. Raises `Refused`: `staff.elsewhere` for who works for another carrier too, whose doors
    this administrator must not open; otherwise as `change_place` does.
    """
    _lock(carrier, acting)
    place = _of_another(carrier, place_id, acting)
    if _elsewhere(place):
        raise Refused("staff.elsewhere")
    _reset(carrier, place, language=language, acting=acting, at=at)


# What both ways share


def _lock(carrier: Carrier, acting: Acting) -> None:
    """One change of places at a time; who acts must still be the administrator when it is their turn."""
    Carrier.objects.select_for_update(no_key=True).get(pk=carrier.pk)
    mine = Membership.objects.filter(carrier=carrier, user_id=acting.key, user__is_active=True).first()
    if mine is None or mine.role != StaffRole.ADMIN:
        raise Refused("staff.not_yours")


def _of_another(carrier: Carrier, place_id: int, acting: Acting) -> Membership:
    place = Membership.objects.filter(carrier=carrier, pk=place_id).select_related("user").first()
    if place is None:
        raise Refused("staff.no_place")
    if str(place.user_id) == acting.key:
        raise Refused("staff.yourself")
    User.objects.select_for_update().get(pk=place.user_id)
    return place


def _check(carrier: Carrier, role: str, shops: Sequence[str]) -> None:
    if role not in StaffRole.values:
        raise Refused("staff.unknown_role", role=role, field="role")
    known = set(Shop.objects.filter(carrier=carrier, code__in=shops).values_list("code", flat=True))
    for shop in shops:
        if shop not in known:
            raise Refused("staff.unknown_shop", shop=shop, field="shops")


def _account(email: str) -> User:
    """The account that holds an address, locked; a new one that is not saved yet where there is none."""
    user = User.objects.select_for_update().filter(email=email).first()
    if user is None:
        held = EmailAddress.objects.filter(email__iexact=email, verified=True).values_list("user_id", flat=True).first()
        user = User.objects.select_for_update().filter(pk=held).first() if held is not None else None
    return user or User(username=email, email=email)


def _open(user: User, names: tuple[str, str]) -> None:
    user.is_active = True
    if any(names):
        user.first_name, user.last_name = names
    user.save()
    if not EmailAddress.objects.filter(user=user, verified=True).exists():
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)


def in_words(role: str, shops: Sequence[str]) -> str:
    """A place as the history keeps it."""
    return f"{role}: {', '.join(sorted(shops))}" if shops else role


def seen(carrier: Carrier, setting: str) -> int:
    """Return the id of the newest change of a setting, 0 for none: what a page says that it has seen. One query."""
    last = history(carrier.pk, setting).first()
    return last.pk if last is not None else 0


def _put_place(
    carrier: Carrier, user: User, role: str, shops: Sequence[str], *, acting: Acting, at: datetime
) -> Membership:
    before = Membership.objects.filter(carrier=carrier, user=user).first()
    place, _ = Membership.objects.update_or_create(
        carrier=carrier, user=user, defaults={"role": role, "shops": list(shops)}
    )
    was = in_words(before.role, before.shops) if before is not None else ""
    _record(carrier, user, was, in_words(role, shops), acting, at)
    return place


def _record(carrier: Carrier, user: User, before: str, after: str, acting: Acting, at: datetime) -> None:
    setting = place_setting(user.pk)
    known = seen(carrier, setting)
    record(carrier=carrier, setting=setting, before=before, after=after, seen=known, acting=acting, at=at)


def _elsewhere(place: Membership) -> bool:
    with every_carrier():
        return Membership.objects.filter(user=place.user_id).exclude(pk=place.pk).exists()


def _end(carrier: Carrier, place: Membership, *, acting: Acting, at: datetime) -> None:
    user, elsewhere = place.user, _elsewhere(place)
    _record(carrier, user, in_words(place.role, place.shops), "", acting, at)
    place.delete()
    SocialAccount.objects.filter(user=user, provider=carrier.slug).delete()
    if not elsewhere:
        user.is_active = False
        user.set_unusable_password()
        user.save(update_fields=("is_active", "password"))
        Authenticator.objects.filter(user=user).delete()


def _reset(carrier: Carrier, place: Membership, *, language: str, acting: Acting, at: datetime) -> None:
    user = place.user
    had = sorted(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    Authenticator.objects.filter(user=user).delete()
    SocialAccount.objects.filter(user=user, provider=carrier.slug).delete()
    # The hash of the password is part of every session: with a new one none of them is good any more.
    user.set_unusable_password()
    user.save(update_fields=("password",))
    setting = sign_in_setting(user.pk)
    record(
        carrier=carrier,
        setting=setting,
        before=", ".join(had),
        after=f"reset {at.isoformat()}",  # with its time, so that each one is a change
        seen=seen(carrier, setting),
        acting=acting,
        at=at,
    )
    _tell(carrier, user, language, "reset", at)


def _tell(carrier: Carrier, user: User, language: str, what: str, at: datetime) -> None:
    """Put the mail down. Its link is good once and for a day; the text is wiped with it."""
    by_company = carrier.slug in config().oidc
    path, wipe_at = reverse("account_login"), None
    if what != "added" and not by_company:
        key = account_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
        path = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), key])
        wipe_at = at + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    written = staff_texts.TEXTS[what](
        language,
        carrier=carrier.name(language),
        hotline=carrier.hotline,
        link=f"{origin(carrier)}{path}",
        by_company=by_company,
    )
    letter = Letter(carrier_id=carrier.pk, kind=MessageKind.EMAIL, to=user.email, written=written, wipe_at=wipe_at)
    put(letter, at=at)
