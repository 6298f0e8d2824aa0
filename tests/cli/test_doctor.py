"""Does the doctor name what is missing, with its mend, and change nothing?"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tojimari.cli import examination


def doctor(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TOJIMARI_", "DJANGO_"))}
    kept.pop("DATABASE_URL", None)
    return subprocess.run(
        [sys.executable, "-m", "tojimari", "doctor", *words],
        env={**kept, **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def findings(**environ: str) -> tuple[int, dict[str, dict[str, Any]]]:
    done = doctor("--json", **environ)
    found = json.loads(done.stdout)
    return done.returncode, {one["part"]: one for one in found["findings"]}


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that something else, which is no site of ours, listens on."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield int(server.getsockname()[1])


def test_a_fresh_machine_lacks_nothing_that_is_needed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    code, found = findings(TOJIMARI_HOME=str(home))
    assert code == 0
    assert found["python"]["mark"] == "well"
    assert found["database"]["mark"] == "note"
    assert found["database"]["mend"] == "It is made by: tojimari up"
    assert found["network"]["found"].startswith("simulated")
    assert not home.exists(), "the doctor only looks"


def test_names_what_is_missing_and_its_mend(tmp_path: Path, taken: int) -> None:
    code, found = findings(
        TOJIMARI_HOME=str(tmp_path),
        PORT=str(taken),
        DATABASE_URL="postgresql://nobody:hush@127.0.0.1:1/none",
        TOJIMARI_OSMOHLR_HOST="127.0.0.1",
        TOJIMARI_OSMOHLR_VTY_PORT="1",
        TOJIMARI_OSMOHLR_GSUP_PORT="1",
        TOJIMARI_OSMOHLR_CTRL_PORT="1",
        TOJIMARI_SMTP_HOST="127.0.0.1",
        TOJIMARI_SMTP_PORT="1",
        TOJIMARI_SMPP_HOST="127.0.0.1",
        TOJIMARI_SMPP_PORT="1",
        TOJIMARI_PROCEDURES_DIR=str(tmp_path / "nowhere"),
        TOJIMARI_SEAL_CERTIFICATE="nonsense",
        TOJIMARI_SEAL_KEY="hush",
    )
    assert code == 1
    missing = {part for part, one in found.items() if one["mark"] == "missing"}
    assert {"database", "network", "mail", "sms", "papers", "procedures", "port"} <= missing
    assert all(found[part]["mend"] for part in missing)
    assert "hush" not in json.dumps(found)


def test_shows_what_is_set_and_never_a_secret(tmp_path: Path) -> None:
    done = doctor(TOJIMARI_HOME=str(tmp_path), TOJIMARI_SMTP_PASSWORD="hush", TOJIMARI_BIND="127.0.0.9")
    assert done.returncode == 0, done.stderr
    assert "TOJIMARI_BIND" in done.stdout
    assert "127.0.0.9" in done.stdout
    assert "hush" not in done.stdout
    assert "TOJIMARI_SMTP_PASSWORD" in done.stdout


def test_a_key_that_others_can_read_is_missing_its_lock(tmp_path: Path) -> None:
    key = tmp_path / "secret_key"
    key.write_text("k" * 40, encoding="ascii")
    key.chmod(0o644)
    code, found = findings(TOJIMARI_HOME=str(tmp_path))
    assert code == 1
    assert found["home"]["mend"] == f"chmod go= {key}"


def test_what_needs_tables_is_left_alone_until_they_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = {"migrations": examination.missing("migrations", "3 are missing", "mend"), "lanes": None}
    monkeypatch.setattr(examination, "_has_database", lambda: True)
    monkeypatch.setattr(examination, "PARTS", {name: lambda one=one: one for name, one in answers.items()})
    found = {one.part: one for one in examination.examine()}
    assert found["migrations"].mark is examination.Mark.MISSING
    assert found["lanes"].mark is examination.Mark.NOTE
    assert found["lanes"].mend == "See migrations."


def test_wrong_settings_are_findings_too() -> None:
    code, found = findings(TOJIMARI_PROT="1")
    assert code == 1
    assert "TOJIMARI_PROT: there is no such setting" in found["settings"]["found"]


def test_names_everything_that_is_wrong_with_the_file_of_elements(tmp_path: Path) -> None:
    file = tmp_path / "elements.toml"
    file.write_text('[east]\nkind = "hss"\n\n[west]\nkind = "osmohlr"\nmaintenance = ["never"]\n', encoding="utf-8")
    code, found = findings(TOJIMARI_HOME=str(tmp_path / "home"), TOJIMARI_ELEMENTS=str(file))
    assert code == 1
    for part in ("[east] kind", "[west] maintenance.0", "[west] host"):
        assert part in found["elements"]["found"]
    assert str(file) in found["elements"]["mend"]


def test_names_the_element_of_the_file_that_does_not_answer(tmp_path: Path) -> None:
    file = tmp_path / "elements.toml"
    file.write_text('[east]\nkind = "osmohlr"\nhost = "127.0.0.1"\nctrl_port = 1\n', encoding="utf-8")
    code, found = findings(TOJIMARI_HOME=str(tmp_path / "home"), TOJIMARI_ELEMENTS=str(file))
    assert code == 1
    assert found["elements"]["found"].startswith("east: network.refused ctrl 127.0.0.1")
    assert found["network"]["mark"] == "well"
