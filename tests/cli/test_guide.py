"""Does `tojimari guide check` answer from a shell, without settings and without a database?"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path


def test_it_answers_without_a_database_and_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "some.toml").write_text('id = "some"\n', "utf-8")
    outside = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    outside |= {"TOJIMARI_HOME": str(tmp_path / "home"), "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}
    command = [sys.executable, "-m", "tojimari", "guide", "check", str(tmp_path), "--json"]
    done = subprocess.run(command, capture_output=True, env=outside, check=False)
    told = json.loads(done.stdout)
    assert done.returncode == 1
    assert {one["place"] for one in told["problems"]} == {"kind", "country", "name", "sources"}
    assert not (tmp_path / "home").exists()


def test_an_empty_folder_is_an_error_in_one_line(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tojimari", "guide", "check", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, f"tojimari guide: There are no TOML files in {tmp_path}.\n")
