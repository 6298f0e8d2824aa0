"""Do staff get in by their carrier's own provider? The provider is a real one, on loopback."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from requests import Request

from tests.desk.conftest import TABI, TONARI
from tests.desk.test_sessions import CHOICE, SECRET, code_of
from tests.support import provider as providers
from tests.support.provider import Provider
from tojimari.desk.models import Membership
from tojimari.lines.models import Carrier
from tojimari.platform.database.scope import every_carrier
from tojimari.platform.oidc import outward

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer
from tests.desk.sign_on.play import BEGIN, CALLBACK, Register, browser, member, sign_in, way_back

# The way in


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_a_member_of_staff_gets_in_and_is_known_from_then_on(provider: Provider, mei: User, algorithm: str) -> None:
    provider.algorithm = algorithm
    client = browser()
    assert sign_in(client, provider)["Location"] == "/desk/"
    assert client.session["_auth_user_id"] == str(mei.pk)
    account = SocialAccount.objects.get()
    assert (account.user, account.provider, account.extra_data) == (mei, "tabi", {})
    assert provider.refused == []
    # Bound to `sub`: the address may change now, or be missing.
    provider.person = {"sub": "mei-1"}
    again = browser()
    assert sign_in(again, provider)["Location"] == "/desk/"
    assert again.session["_auth_user_id"] == str(mei.pk)
    assert not SocialToken.objects.exists()


def test_the_address_may_come_from_the_userinfo_endpoint(provider: Provider, mei: User) -> None:
    provider.thin = True
    assert sign_in(browser(), provider)["Location"] == "/desk/"


def test_the_page_that_was_asked_for_opens_and_never_one_elsewhere(provider: Provider, mei: User) -> None:
    assert sign_in(browser(), provider, next="/desk/overview/")["Location"] == "/desk/overview/"
    assert sign_in(browser(), provider, next="https://evil.example/")["Location"] == "/desk/"


def test_the_button_stands_there_only_where_it_is_configured(provider: Provider, register: Register) -> None:
    def page(host: str) -> Answer:
        return browser(host).get("/staff/login/?next=/desk/overview/")

    def forms_lead_to(answer: Answer) -> list[str]:
        return str(re.findall(r"form-action ([^;]*)", answer["Content-Security-Policy"])[0]).split()

    assert BEGIN in page(TABI).content.decode()
    assert forms_lead_to(page(TABI)) == ["'self'", provider.issuer]
    assert BEGIN not in page(TONARI).content.decode()
    assert forms_lead_to(page(TONARI)) == ["'self'"]
    assert forms_lead_to(browser().get("/")) == ["'self'"]
    register(also_at=["https://adfs.tabi.example"])
    assert forms_lead_to(page(TABI)) == ["'self'", provider.issuer, "https://adfs.tabi.example"]


@pytest.mark.parametrize("path", [BEGIN, CALLBACK, "/staff/oidc/signed-out/"])
def test_without_a_provider_there_is_no_such_page(path: str) -> None:
    client = browser(TONARI)
    assert client.get(path).status_code == (405 if path == BEGIN else 404)
    assert client.post(path).status_code == (404 if path == BEGIN else 405)


@pytest.mark.parametrize("path", ["3rdparty/", "3rdparty/signup/", "social/connections/", "oidc/tabi/login/"])
def test_nothing_of_allauth_links_accounts_or_signs_up(mei: User, path: str) -> None:
    client = browser()
    client.force_login(mei)
    assert client.get(f"/staff/{path}").status_code == 404
    assert client.post(f"/staff/{path}").status_code == 404


# The second factor


def test_our_own_second_factor_is_asked_whatever_the_provider_saw(provider: Provider, mei: User) -> None:
    provider.person["amr"] = ["pwd", "mfa"]
    client = browser()
    sign_in(client, provider)
    assert client.get("/desk/")["Location"] == CHOICE
    TOTP.activate(mei, SECRET)
    client = browser()
    assert sign_in(client, provider)["Location"] == "/staff/2fa/authenticate/"
    assert not any(token in json.dumps(dict(client.session.items())) for token in provider.tokens)
    assert client.get("/desk/")["Location"].startswith("/staff/login/")
    client.post("/staff/2fa/authenticate/", {"code": code_of(SECRET)})
    assert client.get("/desk/").status_code == 200


@pytest.mark.parametrize(
    ("setting", "seen", "counts"),
    [
        ({"second_factor_amr": ["mfa", "hwk"]}, {"amr": ["pwd", "mfa"]}, True),
        ({"second_factor_amr": ["mfa"]}, {"amr": ["pwd"]}, False),
        ({"second_factor_amr": ["mfa"]}, {"amr": "mfa"}, False),
        ({"second_factor_amr": ["mfa"]}, {}, False),
        ({"second_factor_acr": ["urn:two"]}, {"acr": "urn:two"}, True),
        ({"second_factor_acr": ["urn:two"]}, {"acr": "urn:one", "amr": ["mfa"]}, False),
    ],
)
@pytest.mark.parametrize("own", [False, True])
def test_the_providers_second_factor_counts_where_the_setting_says_so(
    provider: Provider,
    register: Register,
    mei: User,
    setting: dict[str, Any],
    seen: dict[str, Any],
    counts: bool,
    own: bool,
) -> None:
    register(**setting)
    provider.person.update(seen)
    if own:
        TOTP.activate(mei, SECRET)
    client = browser()
    sign_in(client, provider)
    assert (client.get("/desk/").status_code == 200) is counts


def test_what_the_provider_saw_counts_for_that_sign_in_alone(provider: Provider, register: Register, mei: User) -> None:
    register(second_factor_amr=["mfa"])
    provider.person["amr"] = ["mfa"]
    client = browser()
    sign_in(client, provider)
    assert client.get("/desk/").status_code == 200
    client.post("/staff/logout/")
    client.force_login(mei)
    assert client.get("/desk/")["Location"] == CHOICE


# Sessions


def test_a_new_session_key_comes_with_the_sign_in_and_goes_with_the_sign_out(provider: Provider, mei: User) -> None:
    client = browser()
    back = way_back(client, provider)
    before = client.session.session_key
    client.get(back)
    key = client.session.session_key
    assert key != before
    assert not Session.objects.filter(session_key=before).exists()
    answer = client.post("/staff/logout/")
    assert answer["Location"] == "/staff/oidc/signed-out/"
    assert not Session.objects.filter(session_key=key).exists()
    page = client.get(answer["Location"]).content.decode()
    assert f"{provider.issuer}/end?client_id={providers.CLIENT}" in page


def test_who_sits_there_already_is_signed_out_first(provider: Provider, mei: User, tabi: Carrier) -> None:
    ken = member(tabi, "ken@tabi.example")
    client = browser()
    client.force_login(ken)
    sign_in(client, provider)
    assert client.session["_auth_user_id"] == str(mei.pk)
    assert client.session["desk_by_provider"]["user"] == mei.pk


def test_a_sign_in_by_one_carriers_provider_opens_no_other_carrier(
    provider: Provider, mei: User, tonari: Carrier
) -> None:
    client = browser()
    sign_in(client, provider)
    with every_carrier():
        Membership.objects.create(user=mei, carrier=tonari, role="admin")
    there = browser(TONARI)
    there.cookies["sessionid"] = client.cookies["sessionid"].value
    assert there.get("/desk/")["Location"].startswith("/staff/login/")
    assert not Session.objects.filter(session_key=client.session.session_key).exists()


def test_a_password_file_of_the_machine_takes_no_tokens_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / "netrc"
    kept.write_text("machine login.tabi.example login backup password hush\n", encoding="ascii")
    monkeypatch.setenv("NETRC", str(kept))
    asked = Request("GET", "https://login.tabi.example/userinfo", headers={"Authorization": "Bearer token"})
    with outward() as session:
        assert session.prepare_request(asked).headers["Authorization"] == "Bearer token"
