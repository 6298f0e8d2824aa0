"""Which provider do the tests sign in by? A real one, on loopback, that serves one carrier unless said otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User

from tests.desk.sign_on.play import Register, member
from tests.support import provider as providers
from tests.support.provider import Provider
from tojimari.lines.models import Carrier
from tojimari.platform.config import config
from tojimari.platform.providers import Provider as Registration


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


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch, provider: Provider) -> Register:
    """Configure the provider, for tabi unless said otherwise, in an installation that is no demonstration."""

    def do(*slugs: str, only: dict[str, str] | None = None, **more: Any) -> None:
        registration = Registration.model_validate(
            {"issuer": provider.issuer, "client_id": providers.CLIENT, "client_secret": providers.SECRET, **more}
        )
        known = {slug: registration for slug in slugs or ("tabi",)}
        real = config().model_copy(update={"demo": False, "oidc": known, "sso_only": only or {}})
        for room in ("desk.access", "desk.single_sign_on", "platform.accounts", "portal.context"):
            monkeypatch.setattr(f"tojimari.{room}.config", lambda: real)

    return do


@pytest.fixture(autouse=True)
def _registered(register: Register) -> None:
    register()


@pytest.fixture
def mei(tabi: Carrier) -> User:
    return member(tabi)
