"""Can the administrator of a carrier give places, change and take them, and does nobody get past the rules of that?"""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from tests.counter.conftest import a_shop
from tests.desk.conftest import TABI, AsStaff
from tests.desk.test_sessions import SECRET
from tojimari.desk import staffing
from tojimari.desk.models import Membership
from tojimari.lines.models import Carrier, Change
from tojimari.messages.models import Message
from tojimari.platform.config import config
from tojimari.platform.database.scope import every_carrier
from tojimari.platform.providers import Provider

LIST = "/desk/staff/"
PASSWORD = "a-long-password-of-ken"

pytestmark = pytest.mark.usefixtures("tabi")


@pytest.fixture
def admin(as_staff: AsStaff) -> Client:
    return as_staff("admin")


def place_of(email: str) -> Membership:
    with every_carrier():
        return Membership.objects.select_related("user").get(user__email=email)


def page_of(email: str) -> str:
    return f"{LIST}{place_of(email).pk}/"


def invite(browser: Client, email: str = "ken@tabi.example", **more: object) -> str:
    """Send the form of an invitation, and return the page that comes of it."""
    form = {"email": email, "role": "clerk", "family_name": "佐藤", "given_name": "健", **more}
    return browser.post(LIST, form, follow=True).content.decode()


def mails() -> list[Message]:
    with every_carrier():
        return list(Message.objects.order_by("pk"))


def link_of(mail: Message) -> str:
    found = re.search(r"https?://[^/\s]+(/\S+)", mail.body)
    assert found is not None, mail.body
    return found[1]


def changes() -> list[tuple[str, str, str, str]]:
    """Who changed whose place, from what to what."""
    with every_carrier():
        rows = Change.objects.order_by("pk").values_list("name", "setting", "before", "after")
        names = {str(user.pk): user.email.split("@")[0] for user in User.objects.all()}
        told = []
        for name, setting, before, after in rows:
            what, _, key = setting.rpartition(".")
            told.append((name, f"{what} {names[key]}", before, after))
        return told


def guest() -> Client:
    return Client(SERVER_NAME=TABI, HTTP_ACCEPT_LANGUAGE="en")


def choose_password(mail: Message, password: str = PASSWORD) -> int:
    """Follow the link of a mail and choose a password; return the last status."""
    browser = guest()
    answer = browser.get(link_of(mail), follow=True)
    if not answer.redirect_chain:
        return answer.status_code
    form = {"password1": password, "password2": password}
    return browser.post(answer.redirect_chain[-1][0], form).status_code


def sign_in(email: str, password: str = PASSWORD) -> Client:
    browser = guest()
    browser.post("/staff/login/", {"login": email, "password": password})
    return browser


def is_open(browser: Client) -> bool:
    return browser.get("/desk/").status_code == 200


# Inviting


def test_who_is_invited_chooses_a_password_by_the_link_and_gets_in(admin: Client, tabi: Carrier) -> None:
    a_shop(tabi, "shinjuku")
    page = invite(admin, shops=["shinjuku"])
    assert "A mail is on its way to ken@tabi.example." in page
    place = place_of("ken@tabi.example")
    assert (place.role, place.shops, place.user.last_name) == ("clerk", ["shinjuku"], "佐藤")
    (mail,) = mails()
    assert (mail.to, mail.wipe_at is not None) == ("ken@tabi.example", True)
    assert choose_password(mail) == 302
    assert is_open(sign_in("ken@tabi.example"))
    assert changes() == [("鈴木 花子", "staff ken", "", "clerk: shinjuku")]


def test_the_link_of_an_invitation_opens_once(admin: Client) -> None:
    invite(admin)
    (mail,) = mails()
    assert choose_password(mail) == 302
    page = guest().get(link_of(mail), follow=True)
    assert "password1" not in page.content.decode()
    assert not is_open(sign_in("ken@tabi.example", "another-long-password"))


def test_until_the_link_is_followed_no_password_opens_anything(admin: Client) -> None:
    invite(admin)
    assert not place_of("ken@tabi.example").user.has_usable_password()


def test_where_the_carrier_has_a_provider_the_mail_leads_there_and_to_no_password(
    admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider = Provider.model_validate({"issuer": "https://login.example", "client_id": "x", "client_secret": "y"})
    real = config().model_copy(update={"oidc": {"tabi": provider}})
    monkeypatch.setattr("tojimari.desk.staffing.config", lambda: real)
    invite(admin)
    (mail,) = mails()
    assert link_of(mail) == "/staff/login/"
    assert mail.wipe_at is None


def test_who_works_elsewhere_keeps_name_and_password_and_gets_no_link(admin: Client, tonari: Carrier) -> None:
    user = User.objects.create_user("ken", "ken@tabi.example", PASSWORD, first_name="Ken")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    with every_carrier():
        Membership.objects.create(user=user, carrier=tonari, role="admin")
    page = invite(admin)
    assert "A mail is on its way to ken@tabi.example." in page
    user.refresh_from_db()
    assert (user.first_name, user.check_password(PASSWORD)) == ("Ken", True)
    assert link_of(mails()[0]) == "/staff/login/"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"email": "no address"}, "This is no e-mail address."),
        ({"email": ""}, "Type an e-mail address."),
        ({"email": "Admin@tabi.example"}, "works here already"),
        ({"role": "owner"}, "Choose one of the list."),
        ({"shops": ["nowhere"]}, "There is no such shop any more."),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_sent(
    admin: Client, tabi: Carrier, given: dict[str, object], says: str
) -> None:
    a_shop(tabi, "shinjuku")
    page = invite(admin, **given)  # type: ignore[arg-type]  # the fields of a form
    assert says in page
    assert "佐藤" in page
    assert mails() == []
    assert User.objects.count() == 1


# Changing


def test_a_new_role_ends_the_session_and_counts_from_then_on(admin: Client, as_staff: AsStaff, tabi: Carrier) -> None:
    a_shop(tabi, "shinjuku")
    clerk = as_staff("clerk")
    assert is_open(clerk)
    path = page_of("clerk@tabi.example")
    answer = admin.post(path, {"do": "save", "role": "reviewer", "shops": ["shinjuku"], "looked_at": "0"}, follow=True)
    assert "Saved." in answer.content.decode()
    assert not is_open(clerk)
    place = place_of("clerk@tabi.example")
    assert (place.role, place.shops) == ("reviewer", ["shinjuku"])
    assert changes() == [("鈴木 花子", "staff clerk", "clerk", "reviewer: shinjuku")]
    assert "Clerk → Reviewer: shinjuku" in admin.get(path).content.decode()


def test_saving_what_is_there_already_changes_nothing(admin: Client, as_staff: AsStaff) -> None:
    clerk = as_staff("clerk")
    admin.post(page_of("clerk@tabi.example"), {"do": "save", "role": "clerk", "looked_at": "0"})
    assert is_open(clerk)
    assert changes() == []


def test_two_administrators_do_not_overwrite_each_other(admin: Client, as_staff: AsStaff) -> None:
    as_staff("clerk")
    path = page_of("clerk@tabi.example")
    admin.post(path, {"do": "save", "role": "agent", "looked_at": "0"})
    answer = admin.post(path, {"do": "save", "role": "lead", "looked_at": "0"})
    assert answer.status_code == 409
    assert "A colleague has changed this setting meanwhile" in answer.content.decode()
    assert place_of("clerk@tabi.example").role == "agent"


# Ending


def test_an_ended_place_ends_session_account_and_the_bond_to_a_provider(admin: Client, as_staff: AsStaff) -> None:
    clerk = as_staff("clerk")
    user = place_of("clerk@tabi.example").user
    SocialAccount.objects.create(user=user, provider="tabi", uid="x")
    TOTP.activate(user, SECRET)
    assert is_open(clerk)
    answer = admin.post(page_of("clerk@tabi.example"), {"do": "end"}, follow=True)
    assert "does not work here any more" in answer.content.decode()
    assert not is_open(clerk)
    user.refresh_from_db()
    assert (user.is_active, user.has_usable_password()) == (False, False)
    assert not user.authenticator_set.exists()  # type: ignore[attr-defined]  # allauth carries no types
    assert not SocialAccount.objects.exists()
    assert changes() == [("鈴木 花子", "staff clerk", "clerk", "")]


# Resetting


def test_a_reset_signs_out_takes_all_factors_and_mails_a_way_back(admin: Client, as_staff: AsStaff) -> None:
    lead = as_staff("lead")
    user = place_of("lead@tabi.example").user
    user.set_password(PASSWORD)
    user.save()
    lead.force_login(user)
    TOTP.activate(user, SECRET)
    RecoveryCodes.activate(user)
    assert is_open(lead)
    admin.post(page_of("lead@tabi.example"), {"do": "reset"})
    assert not is_open(lead)
    assert not is_open(sign_in("lead@tabi.example"))
    (mail,) = mails()
    assert "tell your administrator at once" in mail.body
    assert choose_password(mail, "another-long-password") == 302
    assert is_open(sign_in("lead@tabi.example", "another-long-password"))
    ((by, whose, before, after),) = changes()
    assert (by, whose, before) == ("鈴木 花子", "sign_in lead", "recovery_codes, totp")
    assert after.startswith("reset 20")
    admin.post(page_of("lead@tabi.example"), {"do": "reset"})
    assert len(changes()) == 2


def test_no_administrator_resets_who_works_for_another_carrier_too(
    admin: Client, as_staff: AsStaff, tonari: Carrier
) -> None:
    as_staff("lead")
    user = place_of("lead@tabi.example").user
    TOTP.activate(user, SECRET)
    path = page_of("lead@tabi.example")
    with every_carrier():
        Membership.objects.create(user=user, carrier=tonari, role="admin")
    answer = admin.post(path, {"do": "reset"})
    assert answer.status_code == 409
    assert "works for another carrier, too" in answer.content.decode()
    assert user.authenticator_set.exists()  # type: ignore[attr-defined]  # allauth carries no types
    assert mails() == []


# Who may, and what nobody may


@pytest.mark.parametrize("do", ["save", "end", "reset"])
def test_nobody_touches_their_own_place_so_an_administrator_is_always_left(admin: Client, do: str) -> None:
    path = page_of("admin@tabi.example")
    assert "<button" not in admin.get(path).content.decode().split("<h1>")[1].split("</main>")[0]
    answer = admin.post(path, {"do": do, "role": "clerk", "looked_at": "0"})
    assert answer.status_code == 409
    assert "Nobody changes their own place." in answer.content.decode()
    assert place_of("admin@tabi.example").role == "admin"
    assert changes() == []


@pytest.mark.parametrize("role", ["clerk", "agent", "reviewer", "lead", "auditor"])
def test_only_administrators_open_the_pages(as_staff: AsStaff, role: str) -> None:
    browser = as_staff(role)
    path = page_of(f"{role}@tabi.example")
    for answer in (browser.get(LIST), browser.post(LIST), browser.get(path), browser.post(path, {"do": "end"})):
        assert answer.status_code == 403


def test_the_neighbours_member_of_staff_is_not_found(admin: Client, as_staff: AsStaff, tonari: Carrier) -> None:
    as_staff("clerk", carrier=tonari)
    path = page_of("clerk@tonari.example")
    assert admin.get(path).status_code == 404
    assert admin.post(path, {"do": "end"}).status_code == 404
    assert "tonari.example" not in admin.get(LIST).content.decode()
    assert place_of("clerk@tonari.example").role == "clerk"


def test_an_administrator_who_was_just_demoted_changes_nothing_any_more(
    admin: Client, as_staff: AsStaff, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two administrators end each other at the same moment: the second one finds that it is too late."""
    as_staff("clerk")
    path = page_of("clerk@tabi.example")
    end = staffing.end_place

    def meanwhile(**given: object) -> None:
        Membership.objects.filter(user__email="admin@tabi.example").update(role="clerk")
        end(**given)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(staffing, "end_place", meanwhile)
    answer = admin.post(path, {"do": "end"})
    assert answer.status_code == 409
    assert "You are not an administrator any more." in answer.content.decode()
    assert place_of("clerk@tabi.example").role == "clerk"


def test_the_mail_is_written_in_the_language_of_the_administrator(admin: Client, settings: Settings) -> None:
    admin.cookies[settings.LANGUAGE_COOKIE_NAME] = "ja"
    invite(admin)
    (mail,) = mails()
    assert mail.language == "ja"
