"""Can the operator see and change the signing key by command?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tojimari.cli import main
from tojimari.proofs import keys


def test_shows_the_key_in_use_and_changes_it(keys_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keys", "show"]) == 0
    old = keys.signer().kid
    assert capsys.readouterr().out == f"{old}  in use\n"
    assert main(["keys", "rotate"]) == 0
    new = keys.signer().kid
    out = capsys.readouterr().out
    assert new in out
    assert str(keys_home / "keys" / "published.json") in out
    assert main(["keys", "show"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{old}  until 20")
    assert second == f"{new}  in use"
    assert main(["keys", "show", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == keys.public_keys()


def test_a_key_that_is_set_by_a_setting_is_not_changed_by_command(
    keys_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from joserfc.jwk import OKPKey

    from tojimari.platform.config import read

    key = OKPKey.generate_key("Ed25519", private=True)
    settings = read({"TOJIMARI_HOME": str(keys_home), "TOJIMARI_SIGNING_KEY": json.dumps(key.as_dict(private=True))})
    monkeypatch.setattr(keys, "config", lambda: settings)
    assert main(["keys", "rotate"]) == 2
    assert "TOJIMARI_SIGNING_KEY" in capsys.readouterr().err
