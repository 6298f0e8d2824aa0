"""Does the doctor say when a setting shuts staff out?"""

from __future__ import annotations

import pytest

from tojimari.cli import examination_sign_in
from tojimari.cli.examination import Mark
from tojimari.platform.config import config
from tojimari.platform.providers import Provider

TABI = Provider.model_validate({"issuer": "https://login.tabi.example", "client_id": "x", "client_secret": "y"})


@pytest.mark.parametrize(
    ("only", "providers", "mark", "said"),
    [
        ({}, {}, Mark.WELL, "with password or passkey"),
        ({}, {"tabi": TABI}, Mark.WELL, "with password or passkey; also by the provider: tabi"),
        ({"tabi": "k@tabi.example"}, {"tabi": TABI}, Mark.WELL, "by the provider alone: tabi"),
        ({"tabi": ""}, {"tabi": TABI}, Mark.NOTE, "no account for emergencies for tabi"),
        ({"tabi": "k@tabi.example", "hoshi": ""}, {"tabi": TABI}, Mark.MISSING, "staff of hoshi may sign in"),
    ],
)
def test_who_is_shut_out_is_named(
    monkeypatch: pytest.MonkeyPatch, only: dict[str, str], providers: dict[str, Provider], mark: Mark, said: str
) -> None:
    real = config().model_copy(update={"sso_only": only, "oidc": providers})
    monkeypatch.setattr(examination_sign_in, "config", lambda: real)
    found = examination_sign_in.sign_in()
    assert found.mark == mark
    assert found.found.startswith(said)
