"""Does nobody else get in by a carrier's provider, whatever it says? The provider is a real one, on loopback."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from joserfc.jwk import RSAKey

from tests.desk.sign_on.play import BEGIN, CALLBACK, Register, asked, browser, member, refused, sign_in, way_back
from tests.support import provider as providers
from tests.support.provider import Provider
from tojimari.desk.models import Membership
from tojimari.lines.models import Carrier
from tojimari.platform.database.scope import every_carrier

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
