"""Does the command find its words, load no more than it needs, and speak to people?"""

from __future__ import annotations

import ast
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tojimari import cli


def run(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """The command as a person types it, in a process of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TOJIMARI_", "DJANGO_"))}
    # The suite may run on a server of one's own; what is asked here is about the embedded one.
    kept.pop("DATABASE_URL", None)
    return subprocess.run(
        [sys.executable, "-m", "tojimari", *words],
        env={**kept, **environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("word", cli.COMMANDS)
def test_every_word_leads_to_a_command_that_says_what_it_does(word: str) -> None:
    spec = importlib.util.find_spec(cli.COMMANDS[word])
    assert spec is not None
    assert spec.origin is not None
    source = ast.parse(Path(spec.origin).read_text("utf-8"))
    assert {"add_arguments", "run"} <= {node.name for node in source.body if isinstance(node, ast.FunctionDef)}
    assert cli._literals(cli.COMMANDS[word])["HELP"]


def test_the_overview_lists_every_word() -> None:
    assert all(f"  {word} " in cli.overview() for word in cli.COMMANDS)


@pytest.mark.parametrize("words", [(), ("--help",), ("-h",)])
def test_without_a_word_it_shows_the_overview(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(list(words)) == 0
    assert "usage: tojimari COMMAND" in capsys.readouterr().out


def test_tells_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("tojimari 0.")


def test_an_unknown_word_is_refused_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["fly"]) == 2
    assert capsys.readouterr().err == "tojimari: there is no command 'fly'. `tojimari --help` lists them.\n"


def test_a_command_without_a_database_starts_none(tmp_path: Path) -> None:
    home = tmp_path / "home"
    done = run("check", "imsi", "440101234567890", "--json", TOJIMARI_HOME=str(home))
    assert done.returncode in (0, 1), done.stderr
    assert not home.exists()


def test_an_error_is_one_line_and_its_place_is_shown_on_demand(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder", encoding="ascii")
    environ = {"TOJIMARI_HOME": str(blocked / "home"), "TOJIMARI_RUN_AS": "nobody", "TOJIMARI_SECRET_KEY": "k" * 40}
    done = run("manage", "migrate", **environ)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("tojimari manage: The data folder ")
    assert "TOJIMARI_HOME" in done.stderr

    traced = run("manage", "migrate", **environ, TOJIMARI_DEBUG="1")
    assert traced.returncode != 0
    assert "Traceback" in traced.stderr


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    source = "from tojimari.cli import main; import sys; sys.exit(main(['--help']))"
    done = subprocess.run(
        ["bash", "-c", f'set -o pipefail; "{sys.executable}" -c "{source}" | head -n 0'],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr
