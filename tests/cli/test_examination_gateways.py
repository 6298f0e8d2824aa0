"""Does the doctor say whose payment providers are believed, and name a secret that is nobody's?"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tojimari.cli.examination import Mark, payments
from tojimari.lines.models import Carrier
from tojimari.platform.config import config

SECRET = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldY"

pytestmark = pytest.mark.usefixtures("tabi", "fresh_config")


@pytest.fixture
def fresh_config(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    config.cache_clear()
    yield monkeypatch
    monkeypatch.undo()
    config.cache_clear()


def with_secrets(patch: pytest.MonkeyPatch, text: str) -> None:
    patch.setenv("TOJIMARI_PAYMENT_SECRETS", text)
    config.cache_clear()


def test_without_a_provider_nothing_is_amiss() -> None:
    assert payments().mark is Mark.NOTE


def test_it_says_whose_providers_are_believed(fresh_config: pytest.MonkeyPatch, tonari: Carrier) -> None:
    with_secrets(fresh_config, f'tabi = ["{SECRET}", "{SECRET}"]')
    found = payments()
    assert found.mark is Mark.WELL
    assert "two secrets for tabi" in found.found
    assert f"none for {tonari.slug}" in found.found
    assert SECRET not in found.found


def test_a_secret_of_no_carrier_is_a_slip(fresh_config: pytest.MonkeyPatch) -> None:
    with_secrets(fresh_config, f'tabbi = ["{SECRET}"]')
    found = payments()
    assert found.mark is Mark.MISSING
    assert "tabbi" in found.found
