"""Can anybody change one bit of a certificate, or pass off another one, without being noticed?"""

from __future__ import annotations

import base64
import copy
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from joserfc import jws
from joserfc.jwk import OKPKey
from jwt.algorithms import OKPAlgorithm

from tests.certified import Kept, certified
from tests.works import CLAIMED_AT
from tojimari.lines.models import Line
from tojimari.proofs import keys
from tojimari.proofs.chain import START, entry_hash
from tojimari.proofs.formats import FORMAT, TYPE
from tojimari.proofs.verification import Finding, KeysUnusable, trusted_keys, verify
from tojimari.rules.canonical import canonical

pytestmark = pytest.mark.django_db

File = dict[str, Any]


def check(file: File | bytes, published: bytes) -> Finding:
    data = file if isinstance(file, bytes) else json.dumps(file, ensure_ascii=False).encode()
    return verify(data, trusted_keys(published))


def said(kept: Kept) -> dict[str, Any]:
    statement: dict[str, Any] = json.loads(b64(kept.file["certificate"].split(".")[1]))
    return statement


def b64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def unb64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def test_a_genuine_file_is_valid_and_tells_what_was_signed(kept: Kept) -> None:
    finding = check(kept.data, kept.published)
    assert (finding.valid, finding.code) == (True, "")
    assert finding.statement == said(kept)
    assert finding.kid == kept.keys["keys"][-1]["kid"]


def test_an_independent_library_agrees_on_the_signature(kept: Kept) -> None:
    independent = jwt.PyJWS()
    independent.register_algorithm("Ed25519", OKPAlgorithm())
    public = OKPAlgorithm.from_jwk(kept.keys["keys"][-1])
    assert isinstance(public, Ed25519PublicKey)
    token = kept.file["certificate"]
    body = independent.decode(token, key=public, algorithms=["Ed25519"])
    assert json.loads(body) == said(kept)
    head, _, signature = token.rpartition(".")
    changed = f"{head}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"
    with pytest.raises(jwt.InvalidSignatureError):
        independent.decode(changed, key=public, algorithms=["Ed25519"])


def test_the_signed_bytes_are_the_canonical_ones(kept: Kept) -> None:
    assert b64(kept.file["certificate"].split(".")[1]) == canonical(said(kept))


def test_no_flipped_bit_verifies_as_something_else(kept: Kept) -> None:
    """One bit of every byte, another one in each run, and every bit of the signature."""
    trusted = trusted_keys(kept.published)
    data = bytearray(kept.data)
    chance, signature = Random(kept.data), kept.file["certificate"].rpartition(".")[2].encode()
    begin = data.index(signature)
    tried = [(place, chance.randrange(8)) for place in range(len(data))]
    tried += [(place, bit) for place in range(begin, begin + len(signature)) for bit in range(8)]
    for place, bit in tried:
        data[place] ^= 1 << bit
        finding = verify(bytes(data), trusted)
        # A space that becomes another kind of space changes nothing that is said.
        assert not finding.valid or json.loads(data) == kept.file, (place, bit)
        data[place] ^= 1 << bit
    assert verify(bytes(data), trusted).valid


def test_no_file_that_was_cut_off_is_valid(kept: Kept) -> None:
    trusted = trusted_keys(kept.published)
    assert not any(verify(kept.data[:length], trusted).valid for length in range(len(kept.data)))


def _event(change: Callable[[list[Any]], object]) -> Callable[[File], object]:
    return lambda file: change(file["events"])


def _rehashed(file: File) -> None:
    """Change an entry and make every hash fit again: only the signed head can tell."""
    prev = START
    file["events"][0]["data"] = {"a": "続行"}
    for event in file["events"]:
        at = CLAIMED_AT.fromisoformat(event["at"])
        event["prev"] = prev.hex()
        prev = entry_hash(event["reference"], event["number"], at, event["name"], event["actor"], event["data"], prev)
        event["hash"] = prev.hex()


@pytest.mark.parametrize(
    ("change", "code", "number"),
    [
        (_event(lambda events: events.pop(0)), "chain.order", 1),
        (_event(lambda events: events.pop()), "chain.shortened", 1),
        (_event(lambda events: events.clear()), "chain.shortened", 0),
        (_event(lambda events: events.reverse()), "chain.order", 1),
        (_event(lambda events: events.insert(0, dict(events[0]))), "chain.order", 2),
        (_event(lambda events: events[1].update(actor="staff:9")), "chain.hash", 2),
        (_event(lambda events: events[0].update(at="2026-11-21T03:00:00.000000Z")), "chain.hash", 1),
        (_event(lambda events: events[0].update(at="2026-11-22T03:00:00Z")), "event.form", 1),
        (_event(lambda events: events[0].update(at="2026-11-22T12:00:00.000000+09:00")), "event.form", 1),
        (_event(lambda events: events[0].update(number=True)), "event.form", 1),
        (_event(lambda events: events[0].update(reference="TJ-0000-0000-0000")), "chain.reference", 1),
        (_event(lambda events: events[1].update(hash=events[1]["hash"].upper())), "event.form", 2),
        (_event(lambda events: events[0].update(data=[])), "event.form", 1),
        (_event(lambda events: events[0].update(note="nobody signed me")), "event.form", 1),
        (_event(lambda events: events[0].pop("actor")), "event.form", 1),
        (_event(lambda events: events[0].update(data={"x": "\ud800"})), "event.form", 0),
        (_rehashed, "chain.head", 2),
        (lambda file: file.update(note="nobody signed me"), "file.members", 0),
        (lambda file: file.pop("events"), "file.members", 0),
        (lambda file: file.update(events={}), "file.members", 0),
        (lambda file: file.update(format="tojimari-certificate-3"), "file.format", 0),
        (lambda file: file.update(format="tojimari-certificate-1"), "statement.form", 0),
        (lambda file: file.update(certificate=None), "signature.form", 0),
        (lambda file: file.update(certificate=file["certificate"] + "="), "signature.form", 0),
        (lambda file: file.update(certificate=file["certificate"].rpartition(".")[0] + "."), "signature.wrong", 0),
    ],
)
def test_says_what_is_wrong_and_where(kept: Kept, change: Callable[[File], object], code: str, number: int) -> None:
    file = copy.deepcopy(kept.file)
    change(file)
    finding = check(json.dumps(file).encode(), kept.published)
    assert (finding.valid, finding.code, finding.number) == (False, code, number)
    assert not finding.statement


def test_entries_that_nobody_signed_are_not_accepted(kept: Kept) -> None:
    file = copy.deepcopy(kept.file)
    last = file["events"][-1]
    prev = bytes.fromhex(last["hash"])
    at = CLAIMED_AT + timedelta(seconds=1)
    digest = entry_hash(last["reference"], 3, at, "line.revived", "system", {}, prev)
    extra = {"number": 3, "at": "2026-11-30T15:01:01.000000Z", "name": "line.revived", "data": {}}
    file["events"].append({**last, **extra, "prev": prev.hex(), "hash": digest.hex()})
    assert check(file, kept.published).code == "chain.longer"


def test_the_certificate_of_another_case_does_not_fit_this_history(kept: Kept, esim_line: Line) -> None:
    other = certified(esim_line, case_id=2, reference="TJ-2222-2222-2222")
    assert check(other.data, other.published).valid
    swapped = {**kept.file, "certificate": other.file["certificate"]}
    assert check(swapped, kept.published).code == "chain.reference"


def test_a_member_that_is_there_twice_is_refused(kept: Kept) -> None:
    double = kept.data.replace(b'"events":', b'"events": [], "events":', 1)
    assert check(double, kept.published).code == "file.duplicate_member"
    inner = kept.data.replace(b'"actor":', b'"actor": "nobody", "actor":', 1)
    assert check(inner, kept.published).code == "file.duplicate_member"


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff\xfe", b"null", b"[]", b"NaN", b"1.5", b'"text"', b"[" * 100_000, b"{" * 5, b'{"a":1e999}', b"\x00"],
)
def test_odd_files_are_not_valid_and_break_nothing(kept: Kept, data: bytes) -> None:
    assert check(data, kept.published).code in ("file.not_json", "file.members")


def test_data_nested_without_end_is_not_valid(kept: Kept) -> None:
    file = copy.deepcopy(kept.file)
    deep: dict[str, Any] = {}
    for _ in range(300):
        deep = {"a": deep}
    file["events"][0]["data"] = deep
    assert check(file, kept.published).code == "event.form"


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00.000000+14:00", "9999-12-31T23:59:59.999999-14:00"])
def test_an_instant_beyond_the_years_of_the_calendar_is_none(kept: Kept, at: str) -> None:
    file = copy.deepcopy(kept.file)
    file["events"][1]["at"] = at
    assert (check(file, kept.published).code, check(file, kept.published).number) == ("event.form", 2)


def test_a_file_far_too_large_is_not_read(kept: Kept) -> None:
    assert check(b" " * (32 * 1024 * 1024 + 1), kept.published).code == "file.too_large"


def resigned(kept: Kept, header: dict[str, Any], signature: bytes | None = None) -> File:
    """Put another header before the same statement. Without a signature the old one stays."""
    _, body, old = kept.file["certificate"].split(".")
    head = unb64(json.dumps(header).encode())
    if signature is not None:
        old = unb64(signature)
    return {**kept.file, "certificate": f"{head}.{body}.{old}"}


def test_no_other_algorithm_is_accepted(kept: Kept) -> None:
    kid = kept.keys["keys"][-1]["kid"]
    body = kept.file["certificate"].split(".")[1]
    for alg in ("none", "None", "", "HS256", "HS512", "ES256", "RS256", "EdDSA", "ed25519", None, ["Ed25519"]):
        header = {"alg": alg, "kid": kid, "typ": TYPE}
        # The classic switch: the public key used as the secret of an HMAC.
        signed = f"{unb64(json.dumps(header).encode())}.{body}".encode()
        forged = hmac.new(b64(kept.keys["keys"][-1]["x"]), signed, hashlib.sha256).digest()
        for signature in (None, b"", forged):
            assert check(resigned(kept, header, signature), kept.published).code == "signature.algorithm"


def test_a_signature_for_anything_else_is_no_certificate(kept: Kept) -> None:
    key = keys.signing_key()
    kid = key.thumbprint()
    statement = canonical(said(kept))

    def file(header: dict[str, Any], body: bytes) -> File:
        return {**kept.file, "certificate": jws.serialize_compact(header, body, key, algorithms=["Ed25519"])}

    good = {"alg": "Ed25519", "kid": kid, "typ": TYPE}
    assert check(file(good, statement), kept.published).valid
    assert check(file({**good, "typ": "JWT"}, statement), kept.published).code == "signature.type"
    assert check(file({"alg": "Ed25519", "kid": kid}, statement), kept.published).code == "signature.type"
    with_key = {**good, "jwk": key.as_dict(private=False)}
    assert check(file(with_key, statement), kept.published).code == "signature.header"
    for body in (b"{}", b"[]", b"no json", canonical({**said(kept), "format": "receipt"}), b'{"a":1,"a":2}'):
        finding = check(file(good, body), kept.published)
        assert finding.code in ("statement.form", "file.duplicate_member")
    for chain in ({}, {"head": 1, "events": 2}, {"head": "", "events": 0}, {"head": "", "events": True}):
        assert check(file(good, canonical({**said(kept), "chain": chain})), kept.published).code == "statement.form"


def test_a_key_in_the_file_or_of_a_stranger_is_not_believed(kept: Kept) -> None:
    stranger = OKPKey.generate_key("Ed25519", private=True)
    header = {"alg": "Ed25519", "kid": stranger.thumbprint(), "typ": TYPE}
    forged = jws.serialize_compact(header, canonical(said(kept)), stranger, algorithms=["Ed25519"])
    assert check({**kept.file, "certificate": forged}, kept.published).code == "key.unknown"
    header["kid"] = kept.keys["keys"][-1]["kid"]
    forged = jws.serialize_compact(header, canonical(said(kept)), stranger, algorithms=["Ed25519"])
    assert check({**kept.file, "certificate": forged}, kept.published).code == "signature.wrong"


def test_old_certificates_stay_valid_after_a_change_of_keys_but_the_old_key_signs_no_new_ones(
    kept: Kept, keys_home: Path, esim_line: Line
) -> None:
    keys.rotate(at=CLAIMED_AT + timedelta(days=30))
    published = json.dumps(keys.public_keys()).encode()
    assert check(kept.data, published).valid
    keys.rotate(at=CLAIMED_AT - timedelta(days=30))
    first = keys.public_keys()["keys"]
    for key in first:
        key.setdefault("exp", int((CLAIMED_AT - timedelta(days=1)).timestamp()))
    first[0]["exp"] = int((CLAIMED_AT - timedelta(days=1)).timestamp())
    assert check(kept.data, json.dumps({"keys": first}).encode()).code == "key.retired"
    assert check(certified(esim_line, case_id=2, reference="TJ-2").data, published).code == "key.unknown"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda key: [], "keys.empty"),
        (lambda key: [{**key, "d": "secret"}], "keys.private"),
        (lambda key: [{**key, "kid": "other"}], "keys.kid"),
        (lambda key: [key, key], "keys.duplicate"),
        (lambda key: [{**key, "kty": "oct", "k": "AAAA"}], "keys.kind"),
        (lambda key: [{**key, "crv": "X25519"}], "keys.kind"),
        (lambda key: [{**key, "x": "AAAA"}], "keys.kind"),
        (lambda key: [{**key, "exp": "never"}], "keys.kind"),
        (lambda key: ["text"], "keys.kind"),
    ],
)
def test_keys_that_cannot_be_trusted_stop_the_check(kept: Kept, change: Callable[[Any], Any], code: str) -> None:
    with pytest.raises(KeysUnusable) as caught:
        trusted_keys(json.dumps({"keys": change(kept.keys["keys"][-1])}).encode())
    assert caught.value.code == code


def test_the_format_names_itself(kept: Kept) -> None:
    assert kept.file["format"] == said(kept)["format"] == FORMAT == "tojimari-certificate-2"
