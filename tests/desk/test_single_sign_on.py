"""Do staff get in by their carrier's own provider, and does nobody else? The provider is a real one, on loopback."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from joserfc.jwk import RSAKey

from tests.desk.conftest import TABI, TONARI
from tests.desk.test_sessions import CHOICE, SECRET, code_of
from tests.support import provider as providers
from tests.support.provider import Provider
from tojimari.desk.models import Membership
from tojimari.lines.models import Carrier
from tojimari.platform.config import config
from tojimari.platform.database.scope import every_carrier
from tojimari.platform.providers import Provider as Registration

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

BEGIN, CALLBACK = "/staff/oidc/login/", "/staff/oidc/callback/"


@pytest.fixture(scope="module")
def _server() -> Iterator[Provider]:
    with providers.running() as provider:
        yield provider


@pytest.fixture
def provider(_server: Provider) -> Provider:
    """The provider of tabi. Mei is signed in there, and it tells the truth."""
    fresh = Provider(
        issuer=_server.issuer, person={"sub": "mei-1", "email": "Mei@tabi.example", "email_verified": True}
    )
    _server.__dict__.update(fresh.__dict__)
    return _server


Register = Callable[..., None]


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch, provider: Provider) -> Register:
    """Configure the provider, for tabi unless said otherwise, in an installation that is no demonstration."""

    def do(*slugs: str, **more: Any) -> None:
        registration = Registration.model_validate(
            {"issuer": provider.issuer, "client_id": providers.CLIENT, "client_secret": providers.SECRET, **more}
        )
        known = {slug: registration for slug in slugs or ("tabi",)}
        real = config().model_copy(update={"demo": False, "oidc": known})
        for room in ("tojimari.desk.access", "tojimari.desk.single_sign_on", "tojimari.portal.context"):
            monkeypatch.setattr(f"{room}.config", lambda: real)

    return do


@pytest.fixture(autouse=True)
def _registered(register: Register) -> None:
    register()


def member(carrier: Carrier, email: str = "mei@tabi.example", role: str = "lead") -> User:
    """Somebody with a place and no password."""
    user = User.objects.create_user(email, email)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    with every_carrier():
        Membership.objects.create(user=user, carrier=carrier, role=role)
    return user


@pytest.fixture
def mei(tabi: Carrier) -> User:
    return member(tabi)


def browser(host: str = TABI) -> Client:
    return Client(SERVER_NAME=host, HTTP_ACCEPT_LANGUAGE="en")


def asked(client: Client, **form: str) -> dict[str, str]:
    """Press the button, and return what the browser is sent to the provider with."""
    answer = client.post(BEGIN, form)
    assert answer.status_code == 302, answer.content.decode()
    return {name: values[0] for name, values in parse_qs(urlsplit(answer["Location"]).query).items()}


def way_back(client: Client, provider: Provider, **form: str) -> str:
    """Go to the provider, and return the address that it sends the browser back to."""
    parts = urlsplit(provider.authorize(asked(client, **form)))
    assert (parts.netloc, parts.path) == (client.defaults["SERVER_NAME"], CALLBACK)
    return f"{parts.path}?{parts.query}"


def sign_in(client: Client, provider: Provider, **form: str) -> Answer:
    return client.get(way_back(client, provider, **form))


def refused(client: Client, answer: Answer) -> str:
    """The page of a refusal; nobody is signed in, and nothing was written."""
    assert answer.status_code == 403, answer.headers
    assert "_auth_user_id" not in client.session
    assert client.get("/desk/")["Location"].startswith("/staff/login/")
    assert not SocialAccount.objects.exists()
    return answer.content.decode()


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


# Who does not get in


def test_who_has_no_place_does_not_get_in_and_gets_no_account(provider: Provider, mei: User) -> None:
    provider.person = {"sub": "x", "email": "stranger@tabi.example", "email_verified": True}
    client = browser()
    assert "opens nothing here" in refused(client, sign_in(client, provider))
    assert User.objects.count() == 1


@pytest.mark.parametrize("verified", [False, None, "true", 1])
def test_an_address_that_is_not_verified_opens_nothing(provider: Provider, mei: User, verified: object) -> None:
    provider.person["email_verified"] = verified
    client = browser()
    assert "e-mail address is verified" in refused(client, sign_in(client, provider))


def test_addresses_of_the_companys_own_domains_count_as_verified_by_setting(
    provider: Provider, register: Register, mei: User
) -> None:
    register(own_domains=["tabi.example"])
    del provider.person["email_verified"]
    assert sign_in(browser(), provider)["Location"] == "/desk/"
    provider.person = {"sub": "y", "email": "mei@tabi.example.evil.example"}
    assert sign_in(browser(), provider).status_code == 403


def test_an_address_that_we_have_not_verified_finds_nobody(provider: Provider, mei: User) -> None:
    EmailAddress.objects.update(verified=False)
    client = browser()
    refused(client, sign_in(client, provider))


def test_another_carriers_member_of_staff_does_not_get_in(provider: Provider, tonari: Carrier) -> None:
    member(tonari)
    client = browser()
    assert "opens nothing here" in refused(client, sign_in(client, provider))


def test_no_provider_speaks_for_who_works_for_another_carrier_too(
    provider: Provider, mei: User, tonari: Carrier
) -> None:
    with every_carrier():
        Membership.objects.create(user=mei, carrier=tonari, role="admin")
    client = browser()
    assert "opens nothing here" in refused(client, sign_in(client, provider))


@pytest.mark.parametrize("what", ["place", "account"])
def test_who_was_bound_and_lost_the_place_does_not_get_in(provider: Provider, mei: User, what: str) -> None:
    sign_in(browser(), provider)
    with every_carrier():
        if what == "place":
            Membership.objects.all().delete()
        else:
            User.objects.update(is_active=False)
    client = browser()
    assert sign_in(client, provider).status_code == 403
    assert "_auth_user_id" not in client.session


def test_an_address_that_went_to_somebody_else_at_the_provider_opens_nothing(provider: Provider, mei: User) -> None:
    sign_in(browser(), provider)
    provider.person["sub"] = "another-mei"
    answer = sign_in(browser(), provider)
    assert answer.status_code == 403
    assert "belongs to this person already" in answer.content.decode()


def test_the_same_key_from_another_issuer_is_another_person(provider: Provider, register: Register, mei: User) -> None:
    sign_in(browser(), provider)
    with providers.running() as other:
        other.person = {"sub": "mei-1"}
        register(issuer=other.issuer)
        assert sign_in(browser(), other).status_code == 403


# What the provider says, and is not believed


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "somebody-else"},
        {"aud": None},
        {"aud": [providers.CLIENT, "somebody-else"]},
        {"aud": [providers.CLIENT, "somebody-else"], "azp": "somebody-else"},
        {"azp": "somebody-else"},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"exp": "never"},
        {"iat": 9_000_000_000},
        {"nonce": "another"},
        {"nonce": None},
        {"sub": None},
        {"sub": 7},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_this_sign_in_opens_nothing(
    provider: Provider, mei: User, claims: dict[str, Any]
) -> None:
    provider.claims = claims
    client = browser()
    assert "cannot accept" in refused(client, sign_in(client, provider))


@pytest.mark.parametrize("trick", ["own key", "unknown key", "client secret", "none", "changed"])
def test_a_token_with_a_wrong_signature_opens_nothing(
    provider: Provider, mei: User, trick: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = provider.id_token

    def forged(nonce: str) -> str:
        head, body, signature = honest(nonce).split(".")
        if trick == "none":
            return f"eyJhbGciOiJub25lIiwia2lkIjoicnNhLTEifQ.{body}."
        if trick == "client secret":  # {"alg":"HS256","kid":"rsa-1"}
            return f"eyJhbGciOiJIUzI1NiIsImtpZCI6InJzYS0xIn0.{body}.{signature}"
        return f"{head}.{body}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"

    if trick == "own key":
        stranger = RSAKey.generate_key(2048, {"kid": "rsa-1"}, private=True)
        provider.signer = stranger
    elif trick == "unknown key":
        provider.signer = providers.rsa_key("rsa-unknown")
    else:
        monkeypatch.setattr(provider, "id_token", forged, raising=False)
    client = browser()
    assert "cannot accept" in refused(client, sign_in(client, provider))


def test_userinfo_of_another_person_is_not_believed(provider: Provider, mei: User) -> None:
    provider.thin = True
    provider.userinfo = {"sub": "somebody", "email": "mei@tabi.example", "email_verified": True}
    client = browser()
    refused(client, sign_in(client, provider))


def test_a_state_opens_once_and_only_in_the_session_that_asked(provider: Provider, mei: User) -> None:
    client = browser()
    back = way_back(client, provider)
    stranger = browser()
    refused(stranger, stranger.get(back))
    assert client.get(back)["Location"] == "/desk/"
    assert client.get(back).status_code == 403


def test_a_code_of_somebody_elses_sign_in_does_not_fit_ours(provider: Provider, mei: User) -> None:
    """An attacker's code, put into the victim's way back (login CSRF, code injection): PKCE refuses it."""
    attacker, victim = browser(), browser()
    stolen = parse_qs(urlsplit(way_back(attacker, provider)).query)["code"][0]
    ours = parse_qs(urlsplit(way_back(victim, provider)).query)["state"][0]
    refused(victim, victim.get(CALLBACK, {"code": stolen, "state": ours}))
    assert provider.refused == ["code_verifier"]


def test_an_answer_of_another_issuer_is_refused_before_the_code_is_given_away(provider: Provider, mei: User) -> None:
    client = browser()
    refused(client, client.get(way_back(client, provider).replace("iss=http", "iss=https")))
    assert len(provider.codes) == 1


def test_who_turns_back_at_the_provider_is_told_so(provider: Provider, mei: User) -> None:
    client = browser()
    state = asked(client)["state"]
    page = refused(client, client.get(CALLBACK, {"error": "access_denied", "state": state}))
    assert "You did not sign in there." in page


@pytest.mark.parametrize(
    "description",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://evil.example/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": None},
    ],
    ids=str,
)
def test_a_description_that_is_not_the_providers_own_is_refused(
    provider: Provider, mei: User, description: dict[str, Any]
) -> None:
    provider.description = description
    client = browser()
    answer = client.post(BEGIN)
    assert answer.status_code == 403
    assert "does not answer" in answer.content.decode()


@pytest.mark.parametrize("endpoint", ["token_endpoint", "jwks_uri"])
def test_no_secret_is_carried_to_where_a_provider_redirects(provider: Provider, mei: User, endpoint: str) -> None:
    provider.description = {endpoint: f"{provider.issuer}/moved"}
    client = browser()
    refused(client, sign_in(client, provider))
    assert len(provider.codes) == (1 if endpoint == "token_endpoint" else 0)


def test_a_provider_that_is_away_leaves_the_other_ways_open(register: Register, mei: User) -> None:
    with providers.running() as gone:
        pass
    register(issuer=gone.issuer)
    client = browser()
    answer = client.post(BEGIN)
    assert answer.status_code == 403
    assert "sign in with a passkey or your password" in answer.content.decode()
    assert client.get("/staff/login/").status_code == 200


def test_the_log_names_the_reason_and_nothing_of_the_person(
    provider: Provider, mei: User, caplog: pytest.LogCaptureFixture
) -> None:
    provider.claims = {"aud": "somebody-else"}
    sign_in(browser(), provider)
    assert "audience" in caplog.text
    for secret in ("mei@tabi.example", "mei-1", providers.SECRET):
        assert secret not in caplog.text.lower()
