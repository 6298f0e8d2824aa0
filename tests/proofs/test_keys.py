"""Is the signing key safe, shared, and never lost sight of?"""

from __future__ import annotations

import json
import multiprocessing
import os
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import OKPKey

from tojimari.platform.config import read
from tojimari.proofs import keys

AT = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)


def published(home: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((home / "keys" / "published.json").read_text())["keys"]
    return found


def private_files(home: Path) -> list[str]:
    return sorted(path.stem for path in (home / "keys").glob("*.json") if path.name != "published.json")


def test_the_first_use_makes_a_key_that_only_its_owner_can_read(keys_home: Path) -> None:
    kid = keys.signing_key().thumbprint()
    path = keys_home / "keys" / f"{kid}.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [key["kid"] for key in published(keys_home)] == [kid]
    assert keys.signing_key().thumbprint() == kid


def test_nothing_private_is_published(keys_home: Path) -> None:
    keys.signing_key()
    keys.rotate(at=AT)
    shown = keys.public_keys()
    assert shown == {"keys": published(keys_home)}
    for key in shown["keys"]:
        assert set(key) <= {"kty", "crv", "x", "kid", "alg", "use", "exp"}


def test_a_change_of_keys_keeps_the_old_public_one_and_removes_the_old_private_one(keys_home: Path) -> None:
    old = keys.signing_key().thumbprint()
    new = keys.rotate(at=AT)
    assert keys.signing_key().thumbprint() == new != old
    assert [(key["kid"], "exp" in key) for key in published(keys_home)] == [(old, True), (new, False)]
    assert private_files(keys_home) == [new]
    assert published(keys_home)[0]["exp"] == int((AT + keys.GRACE).timestamp())


def test_a_change_of_keys_that_was_cut_off_leaves_a_usable_key(keys_home: Path) -> None:
    old = keys.signing_key()
    new = keys.rotate(at=AT)
    # The last thing a change does is to remove the old private file; here it was cut off before that.
    (keys_home / "keys" / f"{old.thumbprint()}.json").write_text(json.dumps(old.as_dict(private=True)))
    assert keys.signing_key().thumbprint() == new
    # And before it publishes, the new private file is there already: still the old key is the one in use.
    stray = OKPKey.generate_key("Ed25519", private=True)
    (keys_home / "keys" / f"{stray.thumbprint()}.json").write_text(json.dumps(stray.as_dict(private=True)))
    assert keys.signing_key().thumbprint() == new


def _use(home: str, answers: multiprocessing.Queue[str]) -> None:
    os.environ["TOJIMARI_HOME"] = home
    settings = read({"TOJIMARI_HOME": home})
    keys.config = lambda: settings  # type: ignore[attr-defined, assignment]
    answers.put(keys.signing_key().thumbprint())


def test_processes_that_start_together_make_one_key(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    answers = context.Queue()
    processes = [context.Process(target=_use, args=(str(tmp_path), answers)) for _ in range(4)]
    for process in processes:
        process.start()
    found = {answers.get(timeout=30) for _ in processes}
    for process in processes:
        process.join()
    assert len(found) == 1
    assert private_files(tmp_path) == sorted(found)


def test_a_key_from_the_settings_is_used_and_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = OKPKey.generate_key("Ed25519", private=True)
    secret = json.dumps(key.as_dict(private=True))
    settings = read({"TOJIMARI_HOME": str(tmp_path), "TOJIMARI_SIGNING_KEY": secret})
    monkeypatch.setattr(keys, "config", lambda: settings)
    assert keys.signing_key().thumbprint() == key.thumbprint()
    assert [found["kid"] for found in keys.public_keys()["keys"]] == [key.thumbprint()]
    assert private_files(tmp_path) == []
    with pytest.raises(keys.KeyTrouble, match="TOJIMARI_SIGNING_KEY"):
        keys.rotate(at=AT)


@pytest.mark.parametrize("secret", ["not json at all, but long", '{"kty":"OKP"}', "[]", '{"kty":"oct","k":"AAAA"}'])
def test_a_setting_that_is_no_key_is_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, secret: str) -> None:
    settings = read({"TOJIMARI_HOME": str(tmp_path), "TOJIMARI_SIGNING_KEY": secret})
    monkeypatch.setattr(keys, "config", lambda: settings)
    with pytest.raises(keys.KeyTrouble, match="TOJIMARI_SIGNING_KEY"):
        keys.signing_key()


def test_a_public_key_cannot_sign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    public = json.dumps(OKPKey.generate_key("Ed25519", private=True).as_dict(private=False))
    settings = read({"TOJIMARI_HOME": str(tmp_path), "TOJIMARI_SIGNING_KEY": public})
    monkeypatch.setattr(keys, "config", lambda: settings)
    with pytest.raises(keys.KeyTrouble, match="private"):
        keys.signing_key()


def test_a_key_under_another_ones_name_is_noticed(keys_home: Path) -> None:
    kid = keys.signing_key().thumbprint()
    keys.rotate(at=AT)
    current = published(keys_home)[-1]["kid"]
    other = OKPKey.generate_key("Ed25519", private=True)
    path = keys_home / "keys" / f"{current}.json"
    path.write_text(json.dumps(other.as_dict(private=True)))
    os.utime(keys_home / "keys" / "published.json", ns=(1, 1))
    with pytest.raises(keys.KeyTrouble, match="another key"):
        keys.signing_key()
    assert kid != current
