"""Is a time stamp believed only from the authority that was named, for the very root, and asked for until it comes?"""

from __future__ import annotations

import argparse
import base64
import json
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.certified import Kept
from tests.proofs.test_days import NEXT
from tests.support.authority import Authority, running
from tojimari.cli import verify as command
from tojimari.platform.config import Config, read
from tojimari.proofs import keys, stamps
from tojimari.proofs.days import make_roots, stamp_roots
from tojimari.proofs.models import Root, Stamp
from tojimari.proofs.queries import bundle
from tojimari.proofs.verification import Finding, trusted_keys, verify

MESSAGE = b"the root of a day"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """One authority with its certificates; they cost half a second to make."""
    authority = Authority(tmp_path_factory.mktemp("tsa"))
    authority.make()
    return authority


@pytest.fixture
def authority(made: Authority) -> Iterator[Authority]:
    made.away, made.answers, made.twist = False, 0, lambda query: query
    with running(made):
        yield made


@pytest.fixture
def stranger(tmp_path: Path) -> Authority:
    other = Authority(tmp_path / "stranger")
    other.make()
    return other


def believed(authority: Authority) -> list[Any]:
    return stamps.authorities(authority.certificate)


def trouble(*words: Any, **more: Any) -> str:
    with pytest.raises(stamps.StampTrouble) as caught:
        stamps.check(*words, **more)
    return caught.value.code


def test_a_stamp_of_a_named_authority_is_believed_and_tells_its_time(authority: Authority) -> None:
    answer = stamps.ask(authority.url, MESSAGE, believed(authority))
    at = stamps.check(answer, MESSAGE, believed(authority))
    assert at.tzinfo is not None
    assert stamps.claimed_time(answer, MESSAGE) == at


def test_openssl_agrees(authority: Authority, tmp_path: Path) -> None:
    (tmp_path / "answer").write_bytes(stamps.ask(authority.url, MESSAGE, believed(authority)))
    (tmp_path / "message").write_bytes(MESSAGE)
    words = ["openssl", "ts", "-verify", "-in", tmp_path / "answer", "-data", tmp_path / "message", "-CAfile"]
    done = subprocess.run([*map(str, words), str(authority.certificate)], capture_output=True, text=True, check=False)
    assert "Verification: OK" in done.stdout + done.stderr


def test_a_stamp_of_something_else_of_a_stranger_or_for_another_question_is_refused(
    authority: Authority, stranger: Authority
) -> None:
    answer = stamps.ask(authority.url, MESSAGE, believed(authority))
    assert trouble(answer, b"the root of another day", believed(authority)) == "stamp.root"
    assert trouble(answer, MESSAGE, believed(stranger)) == "stamp.authority"
    assert trouble(answer, MESSAGE, believed(authority), nonce=1) == "stamp.authority"
    sha256, sha3_256 = bytes.fromhex("0609608648016503040201"), bytes.fromhex("0609608648016503040208")
    other = answer.replace(sha256 + b"\x05\x00\x04\x20", sha3_256 + b"\x05\x00\x04\x20")
    assert other != answer  # the same bytes, said to be another hash of something else
    assert trouble(other, MESSAGE, believed(authority)) == "stamp.root"


def test_an_answer_to_another_question_is_refused_when_it_comes(authority: Authority) -> None:
    query = authority.folder / "other"
    (authority.folder / "data").write_bytes(MESSAGE)
    words = ["openssl", "ts", "-query", "-data", authority.folder / "data", "-sha256", "-cert", "-out", query]
    subprocess.run(
        [str(word) for word in words], check=True, capture_output=True
    )  # the same message, with another nonce
    authority.twist = lambda asked: query.read_bytes()
    with pytest.raises(stamps.StampTrouble, match="Nonce"):
        stamps.ask(authority.url, MESSAGE, believed(authority))


def test_a_refusal_and_nonsense_are_no_stamps(authority: Authority) -> None:
    authority.twist = lambda query: b"no query"
    with pytest.raises(stamps.StampTrouble) as caught:
        stamps.ask(authority.url, MESSAGE, believed(authority))
    assert caught.value.code == "stamp.form"
    for odd in (b"", b"\x00", b"0" * 100):
        assert trouble(odd, MESSAGE, believed(authority)) == "stamp.form"


def test_no_flipped_bit_of_a_stamp_gives_another_time(authority: Authority) -> None:
    """What openssl signs is the time and the hash; a bit outside may be wrapping that says nothing."""
    answer = bytearray(stamps.ask(authority.url, MESSAGE, believed(authority)))
    at = stamps.check(bytes(answer), MESSAGE, believed(authority))
    refused = 0
    for place in range(len(answer)):
        answer[place] ^= 1 << place % 8
        try:
            told = stamps.check(bytes(answer), MESSAGE, believed(authority))
        except stamps.StampTrouble:
            told, refused = at, refused + 1
        assert told == at, place
        answer[place] ^= 1 << place % 8
    assert refused > len(answer) * 0.9


def test_certificates_that_cannot_be_read_are_said(tmp_path: Path) -> None:
    (tmp_path / "odd").write_text("no certificate")
    for path in (tmp_path / "odd", tmp_path / "missing"):
        with pytest.raises(stamps.StampTrouble, match=r"stamp\.certificate"):
            stamps.authorities(path)


@pytest.fixture
def configured(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Config:
    settings = read({"TOJIMARI_TSA_URL": authority.url, "TOJIMARI_TSA_CERTIFICATE": str(authority.certificate)})
    monkeypatch.setattr("tojimari.proofs.days.config", lambda: settings)
    return settings


def found(file: dict[str, Any], *more: Any) -> Finding:
    return verify(json.dumps(file).encode(), trusted_keys(json.dumps(keys.public_keys()).encode()), *more)


@pytest.mark.django_db
@pytest.mark.usefixtures("as_worker")
def test_an_authority_that_is_away_is_asked_again_and_the_root_stands(
    kept: Kept, authority: Authority, configured: Config
) -> None:
    authority.away = True
    make_roots(at=NEXT)
    assert stamp_roots() == 0
    reference = kept.file["events"][0]["reference"]
    assert found(bundle(reference)).included.stamp == ""
    authority.away = False
    assert (stamp_roots(), stamp_roots(), authority.answers) == (1, 0, 1)
    file = bundle(reference)
    unchecked, checked = found(file), found(file, believed(authority))
    assert (unchecked.valid, unchecked.included.stamp) == (True, "unchecked")
    assert (checked.valid, checked.included.stamp) == (True, "checked")
    assert checked.included.stamped_at == unchecked.included.stamped_at != ""


@pytest.mark.django_db
@pytest.mark.usefixtures("as_worker")
def test_the_stamp_of_another_root_or_of_a_stranger_is_refused(
    kept: Kept, authority: Authority, configured: Config, stranger: Authority
) -> None:
    make_roots(at=NEXT + timedelta(days=1))
    make_roots(at=NEXT + timedelta(days=2))
    assert stamp_roots() == 2
    file = bundle(kept.file["events"][0]["reference"])
    assert found(file, believed(stranger)).code == "stamp.authority"
    other = bytes(Stamp.objects.get(root__number=2).answer)
    file["inclusion"]["stamp"] = base64.b64encode(other).decode()
    assert found(file).code == found(file, believed(authority)).code == "stamp.root"


@pytest.mark.django_db
@pytest.mark.usefixtures("as_worker")
def test_the_command_and_the_published_root_show_the_stamp(
    kept: Kept,
    authority: Authority,
    configured: Config,
    client: Client,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    make_roots(at=NEXT)
    stamp_roots()
    day = Root.objects.get().day.isoformat()
    stamp = client.get(f"/.well-known/tojimari/roots/{day}").json()["stamp"]
    assert base64.b64decode(stamp) == bytes(Stamp.objects.get().answer)
    (tmp_path / "file").write_text(json.dumps(bundle(kept.file["events"][0]["reference"])))
    (tmp_path / "keys.json").write_bytes(kept.published)

    def run(*more: object) -> int:
        parser = argparse.ArgumentParser()
        command.add_arguments(parser)
        words = [tmp_path / "file", "--keys", tmp_path / "keys.json", "--lang", "en", *more]
        return command.run(parser.parse_args([str(word) for word in words]))

    assert run("--tsa", authority.certificate) == 0
    assert "in the root of: 2026-12-01" in (text := capsys.readouterr().out)
    assert "unchecked" not in text
    assert run() == 0
    assert "(unchecked)" in capsys.readouterr().out
    assert run("--tsa", tmp_path / "keys.json") == 2
