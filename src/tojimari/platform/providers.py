"""What does an operator tell us of a carrier's own identity provider (OpenID Connect)?

One TOML document for all carriers, one table for each, named by the carrier's short name:

    [tabi]
    issuer = "https://login.tabi.example"
    client_id = "tojimari"
    client_secret = "…"
    second_factor_amr = ["mfa"]
"""

from __future__ import annotations

import tomllib
from base64 import b64decode
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def safe_address(address: str) -> bool:
    """Whether secrets may be sent to an address: HTTPS, or this very machine; no name and password within."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return False
    if not host or parts.username is not None or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)


def origin_of(address: str) -> str:
    """Scheme, host and port of an address, as a Content-Security-Policy names it."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _issuer(value: str) -> str:
    # OpenID Connect Discovery 1.0, 2: neither query nor fragment. Kept to the letter: tokens repeat it to the letter.
    if not safe_address(value) or urlsplit(value).query:
        raise ValueError("is no address that begins with https://")
    return value


def _origin(value: str) -> str:
    if not safe_address(value) or origin_of(value) != value:
        raise ValueError("is no origin such as https://login.example")
    return value


def _domain(value: str) -> str:
    if "@" in value or "." not in value:
        raise ValueError("is no domain such as tabi.example")
    return value.strip().lower()


class Provider(BaseModel):
    """The identity provider of one carrier."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: Annotated[str, AfterValidator(_issuer)]
    client_id: Annotated[str, Field(min_length=1, max_length=191)]
    client_secret: Annotated[SecretStr, Field(min_length=1, max_length=191)]
    second_factor_amr: tuple[str, ...] = ()
    """Values of `amr` (RFC 8176) of which one is enough to count as the second factor; none: our own is asked."""
    second_factor_acr: tuple[str, ...] = ()
    """Values of `acr` (OpenID Connect Core 1.0, 2) that count as the second factor by themselves."""
    own_domains: tuple[Annotated[str, AfterValidator(_domain)], ...] = ()
    """Domains whose addresses count as verified although the provider does not say `email_verified`."""
    also_at: tuple[Annotated[str, AfterValidator(_origin)], ...] = ()
    """More origins that the browser is sent to on its way, where the provider hands people on to another one."""

    @property
    def origins(self) -> tuple[str, ...]:
        """Where a form that begins the sign-in may lead to."""
        return (origin_of(self.issuer), *self.also_at)


def _parsed(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return tomllib.loads(value)
    except tomllib.TOMLDecodeError:
        # The parser's own message may repeat what stands there, secrets included.
        raise ValueError('is no TOML; write for each carrier: [slug], issuer = "…", client_id = "…"') from None


def _keepers(value: object) -> object:
    if not isinstance(value, str):
        return value
    found: dict[str, str] = {}
    for part in filter(None, map(str.strip, value.split(","))):
        slug, equals, keeper = map(str.strip, part.partition("="))
        if not slug or (equals and "@" not in keeper):
            raise ValueError("is no list such as tabi=keeper@tabi.example, hoshi=keeper@hoshi.example")
        found[slug] = keeper.lower()
    return found


def _secret(value: str) -> str:
    # Standard Webhooks 1.0: 24 to 64 bytes, in base64.
    try:
        key = b64decode(value.removeprefix("whsec_"), validate=True)
    except ValueError:
        key = b""
    if not value.startswith("whsec_") or not 24 <= len(key) <= 64:
        raise ValueError("is no secret: whsec_ and 24 to 64 bytes in base64")
    return value


def _parsed_secrets(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return tomllib.loads(value)
    except tomllib.TOMLDecodeError:
        raise ValueError('is no TOML; write for each carrier: slug = ["whsec_…"]') from None


PaymentSecrets = Annotated[
    dict[str, tuple[Annotated[str, AfterValidator(_secret)], ...]], BeforeValidator(_parsed_secrets)
]
"""Secrets of payment providers by the slug of the carrier."""

OnlyByProvider = Annotated[dict[str, str], BeforeValidator(_keepers)]
"""The address of the account for emergencies, empty for none, by the slug of the carrier."""

Providers = Annotated[dict[str, Provider], BeforeValidator(_parsed)]
"""Providers by the slug of the carrier."""
