"""How is a person's identity learnt from a carrier's own provider (OpenID Connect Core 1.0, code flow)?

allauth does the walk: state, PKCE (RFC 7636), the exchange of the code. What it leaves to trust is checked here: that
the provider is the one that was configured, that the token answers our very question (nonce), and its signature, which
allauth does not look at when the token came from the token endpoint. Nothing that the provider tells is kept.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import requests
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.utils import build_absolute_uri
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, GuestProtocol, RSAKey
from requests import RequestException

from tojimari.platform.providers import Provider, safe_address

ALGORITHMS = ("RS256", "PS256", "ES256", "ES384")
"""Signatures that are believed. Never "none", and nothing that is made with the client's secret."""

LEEWAY = 60
"""Seconds that the provider's clock and ours may differ."""

OUTWARD_SECONDS = 5
"""How long a carrier's provider may keep one request of ours waiting."""

DISCOVERY_KEPT = 300
"""Seconds for which a provider's description is kept."""

_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_WELL_KNOWN = "/.well-known/openid-configuration"


class Distrusted(OAuth2Error):  # type: ignore[misc]  # allauth carries no types
    """What the provider answered is not believed. `reason` is for the log; it repeats nothing of the answer."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the provider vouches for. `email` is empty unless the provider has verified it."""

    uid: str  # a digest of issuer and subject: one person at one provider, and no personal data
    email: str
    second_factor: bool


def outward() -> requests.Session:
    """Return a session for requests to a carrier's provider: with a time limit, and never led on to another address.

    A provider that redirects us would have us carry our secret to wherever it points. It stands in the internet, which
    many a server reaches by a proxy alone: so the machine's variables for proxies and certificates count. Its password
    file (.netrc) does not: what stands there for the provider's host would take the place of the person's token.
    """
    session = requests.Session()
    session.auth = _as_asked
    session.max_redirects = 0
    session.request = partial(session.request, timeout=OUTWARD_SECONDS)  # type: ignore[method-assign]
    return session


def _as_asked(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def app_for(slug: str, provider: Provider) -> SocialApp:
    """What allauth calls an app: our registration with one carrier's provider. It stands in no table."""
    return SocialApp(
        provider=OpenIDConnectProvider.id,
        provider_id=slug,
        name=slug,
        client_id=provider.client_id,
        secret=provider.client_secret.get_secret_value(),
        settings={"server_url": provider.issuer, "oauth_pkce_enabled": True, "scope": ["openid", "email"]},
    )


class CarrierAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth carries no types
    """Talks to one carrier's provider, and believes it no more than the standard says."""

    nonce = ""
    """What we asked with; set by the call-back from the kept state."""

    def __init__(self, request: HttpRequest, slug: str, settings: Provider) -> None:
        super().__init__(request, slug)
        self.settings = settings

    def get_provider(self) -> CarrierProvider:
        return CarrierProvider(self.request, app=app_for(self.provider_id, self.settings), settings=self.settings)

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return str(build_absolute_uri(request, reverse("sign_in_callback"), self.redirect_uri_protocol))

    @cached_property
    def openid_config(self) -> dict[str, Any]:
        """The provider's description of itself (Discovery 1.0). Raises `OAuth2Error` when it has none to believe."""
        key = "oidc:" + hashlib.sha256(self.settings.issuer.encode()).hexdigest()
        kept: dict[str, Any] | None = cache.get(key)
        if kept is not None:
            return kept
        found = self._fetch(self.settings.issuer.rstrip("/") + _WELL_KNOWN)
        if found.get("issuer") != self.settings.issuer:
            raise Distrusted("another_issuer")
        for name in _ENDPOINTS:
            if not safe_address(str(found.get(name, ""))):
                raise Distrusted(f"no_{name}")
        cache.set(key, found, DISCOVERY_KEPT)
        return found

    def parse_token(self, data: object) -> SocialToken:
        # Kept for this one request, to ask for the e-mail address; the table for tokens stays empty.
        if not isinstance(data, dict) or not isinstance(data.get("access_token"), str):
            raise Distrusted("no_access_token")
        return SocialToken(token=data["access_token"])

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> SocialLogin:
        """Return who signed in. Raises `OAuth2Error` for whatever is not as the standard wants it."""
        claims = self._claims(str(kwargs["response"].get("id_token") or ""))
        about = claims if "email" in claims else {**claims, **self._userinfo(token.token, str(claims["sub"]))}
        provider = self.get_provider()
        identity = self._identity(claims, about)
        login = SocialLogin(
            account=SocialAccount(provider=provider.sub_id, uid=identity.uid, extra_data={}), provider=provider
        )
        login.identity = identity
        return login

    def _identity(self, claims: dict[str, Any], about: dict[str, Any]) -> Identity:
        email = about.get("email")
        address = email.strip().lower() if isinstance(email, str) else ""
        verified = about.get("email_verified") is True or address.rpartition("@")[2] in self.settings.own_domains
        methods = claims.get("amr") if isinstance(claims.get("amr"), list) else []
        return Identity(
            uid=hashlib.sha256(f"{self.settings.issuer}\0{claims['sub']}".encode()).hexdigest(),
            email=address if verified else "",
            second_factor=any(one in self.settings.second_factor_amr for one in methods or ())
            or claims.get("acr") in self.settings.second_factor_acr,
        )

    def _userinfo(self, access_token: str, subject: str) -> dict[str, Any]:
        """What the provider says of the person beside the token; only of the same person (Core 1.0, 5.3.2)."""
        address = str(self.openid_config.get("userinfo_endpoint", ""))
        if not safe_address(address):
            return {}
        found = self._fetch(address, {"Authorization": f"Bearer {access_token}"})
        if found.get("sub") != subject:
            raise Distrusted("another_subject")
        return {name: found[name] for name in ("email", "email_verified") if name in found}

    def _claims(self, id_token: str) -> dict[str, Any]:
        """The claims of the token, once everything that Core 1.0, 3.1.3.7 asks for is checked."""
        keys = self._fetch(str(self.openid_config["jwks_uri"])).get("keys")
        try:
            claims = dict(jwt.decode(id_token, lambda token: _key_for(token, keys), algorithms=ALGORITHMS).claims)
        except (JoseError, ValueError, TypeError):
            raise Distrusted("signature") from None
        audience = claims.get("aud")
        named = audience if isinstance(audience, list) else [audience]
        now = timezone.now().timestamp()
        if claims.get("iss") != self.settings.issuer:
            raise Distrusted("issuer")
        if self.settings.client_id not in named:
            raise Distrusted("audience")
        if claims.get("azp", self.settings.client_id if len(named) == 1 else None) != self.settings.client_id:
            raise Distrusted("authorized_party")
        if not _number(claims.get("exp")) or claims["exp"] <= now - LEEWAY:
            raise Distrusted("expired")
        if not _number(claims.get("iat")) or claims["iat"] > now + LEEWAY:
            raise Distrusted("issued_later")
        if not self.nonce or not hmac.compare_digest(str(claims.get("nonce", "")).encode(), self.nonce.encode()):
            raise Distrusted("nonce")
        if not isinstance(claims.get("sub"), str) or not claims["sub"]:
            raise Distrusted("no_subject")
        return claims

    def _fetch(self, address: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
        try:
            with outward() as session:
                answer = session.get(address, headers=headers)
                answer.raise_for_status()
                found = answer.json()
        except RequestException as trouble:
            raise Distrusted(f"away_{type(trouble).__name__}") from trouble
        if not isinstance(found, dict):
            raise Distrusted("no_object")
        return found


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _key_for(token: GuestProtocol, keys: object) -> RSAKey | ECKey:
    """The provider's key that a token names; its only one where the token names none. Raises `ValueError`."""
    fit: list[dict[str, Any]] = [
        key
        for key in (keys if isinstance(keys, list) else [])
        if isinstance(key, dict) and key.get("kty") in ("RSA", "EC") and key.get("use", "sig") == "sig"
    ]
    named = token.headers().get("kid")
    if named is not None:
        fit = [key for key in fit if key.get("kid") == named]
    if len(fit) != 1:
        raise ValueError("no such key")
    return RSAKey.import_key(fit[0]) if fit[0]["kty"] == "RSA" else ECKey.import_key(fit[0])


class CarrierProvider(OpenIDConnectProvider):  # type: ignore[misc]  # allauth carries no types
    """One carrier's provider, as allauth sees it."""

    def __init__(self, request: HttpRequest, app: SocialApp, settings: Provider) -> None:
        super().__init__(request, app=app)
        self.settings = settings

    def get_oauth2_adapter(self, request: HttpRequest) -> CarrierAdapter:
        return CarrierAdapter(request, self.app.provider_id, self.settings)

    def redirect(self, request: HttpRequest, process: str, next_url: str | None = None) -> HttpResponse:
        """Send the browser to the provider, with a nonce that only the token of this sign-in can repeat."""
        nonce = secrets.token_urlsafe(32)
        asked = {"nonce": nonce}
        if self.settings.second_factor_acr:
            asked["acr_values"] = " ".join(self.settings.second_factor_acr)
        response: HttpResponse = super().redirect(request, process, next_url=next_url, auth_params=asked, nonce=nonce)
        return response


class CarrierCallback(OAuth2CallbackView):  # type: ignore[misc]  # allauth carries no types
    """Takes the browser back. Its state is good once, for ten minutes, in the session that asked."""

    adapter: CarrierAdapter

    def _get_state(self, request: HttpRequest, provider: CarrierProvider) -> tuple[dict[str, Any] | None, Any]:
        state, refusal = super()._get_state(request, provider)
        if state is not None:
            self.adapter.nonce = str(state.get("nonce", ""))
        return state, refusal
