"""Can a key sign that nobody but its hardware ever sees?"""

from __future__ import annotations

import hashlib
import json
import sys
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.certified import certified
from tests.works import CLAIMED_AT
from tojimari.lines.models import Line
from tojimari.platform.config import ConfigError, read
from tojimari.proofs import keys
from tojimari.proofs.verification import trusted_keys, verify


class Hardware:
    """A signer that gives its public part and signatures, and has no attribute that holds the key."""

    def __init__(self) -> None:
        private = Ed25519PrivateKey.generate()
        public = urlsafe_b64encode(private.public_key().public_bytes_raw()).rstrip(b"=").decode()
        self._public = {"kty": "OKP", "crv": "Ed25519", "x": public}
        self._ask = private.sign
        self.asked = 0

    @property
    def kid(self) -> str:
        text = json.dumps(self._public, sort_keys=True, separators=(",", ":"))  # RFC 7638
        return urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()

    def public(self) -> Mapping[str, str]:
        return self._public

    def sign(self, data: bytes) -> bytes:
        self.asked += 1
        return self._ask(data)


def plugged(monkeypatch: pytest.MonkeyPatch, home: Path, make: Any) -> None:
    """Let an operator's own module give the signer."""
    module = ModuleType("our_hsm")
    module.signer = make  # type: ignore[attr-defined]  # that is how a module is made
    monkeypatch.setitem(sys.modules, "our_hsm", module)
    settings = read({"TOJIMARI_HOME": str(home), "TOJIMARI_SIGNER": "our_hsm:signer"})
    monkeypatch.setattr(keys, "config", lambda: settings)
    keys._own_signer.cache_clear()


@pytest.mark.django_db
@pytest.mark.usefixtures("as_worker")
def test_a_certificate_is_signed_by_the_hardware_and_verified_with_the_published_keys(
    keys_home: Path, sim_line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = keys.signer().kid
    hardware = Hardware()
    plugged(monkeypatch, keys_home, lambda: hardware)
    kept = certified(sim_line)
    finding = verify(kept.data, trusted_keys(kept.published))
    assert (finding.valid, finding.kid, hardware.asked) == (True, hardware.kid, 1)
    assert [key["kid"] for key in kept.keys["keys"]] == [before, hardware.kid]
    assert all("d" not in key for key in kept.keys["keys"])
    with pytest.raises(keys.KeyTrouble, match="TOJIMARI_SIGNER"):
        keys.rotate(at=CLAIMED_AT)


def test_a_signer_that_cannot_be_had_or_lies_about_its_name_is_refused(
    keys_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise OSError("no token in slot 0")

    class Liar(Hardware):
        kid = "another"

    plugged(monkeypatch, keys_home, broken)
    with pytest.raises(keys.KeyTrouble, match="no token"):
        keys.signer()
    plugged(monkeypatch, keys_home, Liar)
    with pytest.raises(keys.KeyTrouble, match="thumbprint"):
        keys.signer()
    assert not (keys_home / "keys" / keys.PUBLISHED).exists()


def test_a_signer_is_named_as_module_and_function() -> None:
    with pytest.raises(ConfigError):
        read({"TOJIMARI_SIGNER": "/lib/softhsm.so"})
