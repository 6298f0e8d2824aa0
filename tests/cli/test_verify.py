"""Can a stranger with the file, the published keys and no database rely on `tojimari verify`?"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.certified import Kept, certified
from tests.works import ELEMENT, REJECTED
from tojimari.cli import verify
from tojimari.lines.models import Line
from tojimari.proofs import verification
from tojimari.proofs.words import TEXTS

pytestmark = pytest.mark.django_db


def run(*words: str | Path) -> int:
    parser = argparse.ArgumentParser()
    verify.add_arguments(parser)
    return verify.run(parser.parse_args([str(word) for word in words]))


@pytest.fixture
def files(kept: Kept, tmp_path: Path) -> tuple[Path, Path]:
    """The file that a person kept, and the keys that the operator published."""
    file, published = tmp_path / "certificate.json", tmp_path / "published.json"
    file.write_bytes(kept.data)
    published.write_bytes(kept.published)
    return file, published


def test_a_genuine_file_is_valid_in_plain_words(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(files[0], "--keys", files[1], "--lang", "en") == 0
    out = capsys.readouterr().out
    assert out.startswith("valid: signed by the operator, and unchanged\n")
    assert "The network rejected the line" in out
    assert "reference: TJ-7K3M-9QXA-4C2T" in out
    assert "simulated" not in out.lower()


def test_a_program_gets_one_json_object(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(files[0], "--keys", files[1], "--json") == 0
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert answer["valid"] is True
    assert answer["terminated"] == {"by": "network_proof", "element": "osmohlr"}
    assert (answer["simulated"], answer["entries"], answer["reference"]) == (False, 2, "TJ-7K3M-9QXA-4C2T")


def test_one_flipped_bit_is_not_valid_and_says_where(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    data = files[0].read_bytes()
    place = data.index(b"subscriber:1")
    files[0].write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
    assert run(files[0], "--keys", files[1], "--json", "--lang", "en") == 1
    answer = json.loads(capsys.readouterr().out)
    text = "An entry of the history was changed."
    assert answer == {"valid": False, "code": "chain.hash", "text": text, "entry": 1}
    assert run(files[0], "--keys", files[1], "--lang", "en") == 1
    assert capsys.readouterr().out == f"not valid: chain.hash (entry 1)\n  {text}\n"


def test_what_was_simulated_is_said_to_be_so(
    keys_home: Path,
    as_worker: None,
    sim_line: Line,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    kept = certified(sim_line, bar={**ELEMENT, "simulated": True}, prove=REJECTED)
    (tmp_path / "file").write_bytes(kept.data)
    (tmp_path / "keys.json").write_bytes(kept.published)
    assert run(tmp_path / "file", "--keys", tmp_path / "keys.json", "--lang", "en") == 0
    assert "SIMULATED" in capsys.readouterr().out


def test_a_service_that_ended_is_not_called_a_line(
    keys_home: Path, as_worker: None, sim_line: Line, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = certified(sim_line, scope="roaming")
    (tmp_path / "file").write_bytes(kept.data)
    (tmp_path / "keys.json").write_bytes(kept.published)
    assert run(tmp_path / "file", "--keys", tmp_path / "keys.json", "--lang", "en") == 0
    out = capsys.readouterr().out
    assert "no longer offers the service" in out
    assert "ended: roaming" in out
    assert "service ended: " in out
    assert "contract ended: " not in out
    assert "gone from the network" not in out


def test_a_signed_name_cannot_colour_the_terminal(
    keys_home: Path,
    as_worker: None,
    sim_line: Line,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    proof = {**ELEMENT, "attested_by": "Eve\x1b[2J\r\nvalid"}
    kept = certified(sim_line, prove=proof)
    (tmp_path / "file").write_bytes(kept.data)
    (tmp_path / "keys.json").write_bytes(kept.published)
    assert run(tmp_path / "file", "--keys", tmp_path / "keys.json") == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "attested by: Eve?[2J??valid" in out


def test_what_cannot_be_checked_is_neither_valid_nor_not(
    files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path / "missing", "--keys", files[1]) == 2
    assert run(files[0], "--keys", tmp_path / "missing") == 2
    assert run(files[0], "--keys", files[0]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("not checked: ") == 3


def test_needs_no_database_no_django_and_no_network(files: tuple[Path, Path]) -> None:
    program = (
        "import socket, sys\n"
        "def refuse(*_): raise RuntimeError('no network here')\n"
        "socket.socket.connect = refuse\n"
        "from tojimari.cli import main\n"
        "code = main(sys.argv[1:])\n"
        "assert 'django' not in sys.modules\n"
        "sys.exit(code)\n"
    )
    words = ["verify", str(files[0]), "--keys", str(files[1]), "--json"]
    done = subprocess.run([sys.executable, "-c", program, *words], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["valid"] is True


def test_the_keys_of_this_machine_are_used_when_none_are_named(files: tuple[Path, Path]) -> None:
    data_folder = files[0].parent
    environment = {**os.environ, "TOJIMARI_HOME": str(data_folder)}
    words = [sys.executable, "-m", "tojimari", "verify", "-"]
    with files[0].open("rb") as stream:
        done = subprocess.run(words, stdin=stream, capture_output=True, env=environment, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    environment["TOJIMARI_HOME"] = str(data_folder / "nothing")
    done = subprocess.run([*words[:-1], str(files[0])], capture_output=True, env=environment, check=False)
    assert done.returncode == 2
    assert b"--keys" in done.stderr


def test_every_reason_has_its_words() -> None:
    names = ("verification", "chain", "addendum", "inclusion", "stamps")
    texts = [Path(verification.__file__).with_name(f"{name}.py").read_text(encoding="utf-8") for name in names]
    about = ["file", "signature", "statement", "key", "keys", "event", "chain"]
    kinds = (*about, "addendum", "inclusion", "root", "stamp")
    codes = {
        word
        for text in texts
        for word in text.replace("`", '"').split('"')
        if word.partition(".")[0] in kinds and word.partition(".")[2].isidentifier()
    } - {"stamp.away"}  # said to operators alone
    assert len(codes) > 30
    assert {code for code in codes if " " not in code} <= set(TEXTS)
