"""Where staff sign in by their carrier's own provider alone: does any other way open anything?"""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.test import Client

from tests.desk.sign_on.play import Register, browser, member, sign_in
from tests.support.provider import Provider
from tojimari.lines.models import Carrier

KEEPER, PASSWORD = "keeper@tabi.example", "a long pass phrase of theirs"
ONLY = {"tabi": KEEPER}


def by_password(client: Client, email: str) -> str:
    """Sign in with the right password; return where it leads."""
    answer = client.post("/staff/login/", {"login": email, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


@pytest.fixture
def both(tabi: Carrier, mei: User) -> None:
    """Mei, and the keeper, each with a password."""
    member(tabi, KEEPER, "admin")
    for user in User.objects.all():
        user.set_password(PASSWORD)
        user.save()


@pytest.mark.usefixtures("both")
def test_a_password_opens_nothing_and_the_page_says_how_to_sign_in(provider: Provider, register: Register) -> None:
    register(only=ONLY)
    client = browser()
    assert by_password(client, "mei@tabi.example") == "/staff/elsewhere/"
    assert "_auth_user_id" not in client.session
    answer = client.get("/staff/elsewhere/")
    assert answer.status_code == 403
    assert "Staff of your company sign in with their company account alone." in answer.content.decode()
    assert sign_in(client, provider)["Location"] == "/desk/"


@pytest.mark.usefixtures("both")
def test_the_sign_in_page_offers_no_other_way_but_that_for_emergencies(register: Register) -> None:
    assert 'id="passkey_login"' in browser().get("/staff/login/").content.decode()
    register(only=ONLY)
    page = browser().get("/staff/login/").content.decode()
    assert "Sign in with your company account" in page
    assert 'id="passkey_login"' not in page
    assert page.index("Account for emergencies") < page.index('name="password"')


@pytest.mark.usefixtures("both")
def test_the_account_for_emergencies_gets_in_by_its_verified_address_alone(register: Register) -> None:
    register(only=ONLY)
    client = browser()
    assert by_password(client, KEEPER) == "/desk/"
    assert client.get("/desk/")["Location"] == "/desk/second-factor/", "a second factor is asked all the same"
    EmailAddress.objects.filter(email=KEEPER).update(verified=False)
    assert client.get("/desk/")["Location"].startswith("/staff/login/")
    assert by_password(browser(), KEEPER) == "/staff/elsewhere/"


@pytest.mark.usefixtures("both")
def test_a_sign_in_from_before_the_switch_is_over(register: Register) -> None:
    client = browser()
    assert by_password(client, "mei@tabi.example") == "/desk/"
    assert client.get("/desk/")["Location"] == "/desk/second-factor/"
    register(only=ONLY)
    assert client.get("/desk/")["Location"].startswith("/staff/login/")
    assert "_auth_user_id" not in client.session


@pytest.mark.usefixtures("both")
def test_without_a_provider_nobody_gets_in(register: Register) -> None:
    register("hoshi", only={"tabi": ""})
    client = browser()
    for email in ("mei@tabi.example", KEEPER):
        assert by_password(client, email) == "/staff/elsewhere/"
    assert "that way in is not set up" in client.get("/staff/elsewhere/").content.decode()
    assert "that way in is not set up" in client.get("/staff/login/").content.decode()


@pytest.mark.usefixtures("both")
def test_the_switch_is_of_one_carrier(register: Register) -> None:
    register(only={"tonari": ""})
    assert by_password(browser(), "mei@tabi.example") == "/desk/"
    assert browser().get("/staff/elsewhere/").status_code == 404


def test_the_provider_s_refusals_name_no_way_that_is_shut(provider: Provider, register: Register, mei: User) -> None:
    register(only=ONLY)
    provider.person["email_verified"] = False
    page = sign_in(browser(), provider).content.decode()
    assert "Ask your administrator." in page
    assert "password" not in page
