"""Can a record of somebody's own steps be told from a certificate, always and by everybody?"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import OKPKey

from tojimari.cli import main
from tojimari.proofs.certificates import issue
from tojimari.proofs.formats import FORMAT, RECORD_FORMAT
from tojimari.proofs.keys import public_part
from tojimari.proofs.records import check_record, is_record, signed_record
from tojimari.proofs.signing import KeySigner
from tojimari.proofs.verification import TrustedKey, trusted_keys, verify

AT = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)
FACTS = {
    "reference": "TJ-7K3M-9QXA-4C2T",
    "carrier": {"id": "docomo", "name_en": "NTT docomo", "name_ja": "NTTドコモ"},
    "steps": [{"number": 1, "name": "act", "done_at": "2026-11-29T15:00:00+09:00"}],
}


@pytest.fixture(scope="module")
def key() -> OKPKey:
    return OKPKey.generate_key("Ed25519", private=True)


@pytest.fixture(scope="module")
def keys(key: OKPKey) -> dict[str, TrustedKey]:
    return trusted_keys(json.dumps({"keys": [public_part(key)]}).encode())


def written(file: dict[str, Any]) -> bytes:
    return json.dumps(file).encode()


def test_a_record_says_what_it_is_inside_what_is_signed(key: OKPKey, keys: dict[str, TrustedKey]) -> None:
    data = written(signed_record(FACTS, KeySigner(key), at=AT))
    found = check_record(data, keys)
    assert is_record(data)
    assert found.genuine
    assert found.statement["mode"] == "guided"
    assert "does not show that a line was closed" in found.statement["what_this_is"]["en"]
    assert "terminated" not in found.statement


def test_no_check_of_certificates_takes_it_whatever_its_file_is_made_to_look_like(
    key: OKPKey, keys: dict[str, TrustedKey]
) -> None:
    file = signed_record(FACTS, KeySigner(key), at=AT)
    assert verify(written(file), keys).code == "file.members"
    dressed_up = {"format": FORMAT, "certificate": file["record"], "events": []}
    assert verify(written(dressed_up), keys).code == "signature.type"


def test_no_certificate_is_taken_for_a_record(key: OKPKey, keys: dict[str, TrustedKey]) -> None:
    [certificate] = issue([{"format": RECORD_FORMAT, "issued_at": AT.isoformat()}], KeySigner(key))
    assert check_record(written({"format": RECORD_FORMAT, "record": certificate}), keys).code == "signature.type"


def test_what_was_changed_or_signed_by_others_is_not_genuine(key: OKPKey, keys: dict[str, TrustedKey]) -> None:
    file = signed_record(FACTS, KeySigner(key), at=AT)
    header, body, signature = file["record"].split(".")
    changed = ("B" if body[20] != "B" else "C").join((body[:20], body[21:]))
    assert not check_record(written(file | {"record": f"{header}.{changed}.{signature}"}), keys).genuine
    assert check_record(written(file | {"more": 1}), keys).code == "record.members"
    other = OKPKey.generate_key("Ed25519", private=True)
    assert check_record(written(signed_record(FACTS, KeySigner(other), at=AT)), keys).code == "key.unknown"


def test_the_command_says_plainly_that_it_is_no_certificate(
    key: OKPKey, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record, published = tmp_path / "record.json", tmp_path / "keys.json"
    record.write_bytes(written(signed_record(FACTS, KeySigner(key), at=AT)))
    published.write_text(json.dumps({"keys": [public_part(key)]}))
    assert main(["verify", str(record), "--keys", str(published), "--lang", "en"]) == 3
    said = capsys.readouterr().out
    assert said.startswith("no certificate: record of steps")
    assert "The carrier confirmed nothing" in " ".join(said.split())
    assert main(["verify", str(record), "--keys", str(published), "--json"]) == 3
    answer = json.loads(capsys.readouterr().out)
    assert answer["valid"] is False
    assert answer["record_of_steps"]["genuine"] is True
