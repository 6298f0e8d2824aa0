"""Does the check that knows nothing of Tojimari say the same of every file, genuine, old or tampered with?"""

from __future__ import annotations

import ast
import copy
import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.certified import Kept, certified
from tests.proofs.test_days import NEXT, entry
from tests.works import CLAIMED_AT
from tojimari.lines.models import Line
from tojimari.proofs import keys
from tojimari.proofs.days import make_roots
from tojimari.proofs.queries import bundle
from tojimari.proofs.verification import trusted_keys, verify

PROGRAM = Path(__file__).parents[2] / "docs" / "verify.py"
OLD = Path(__file__).parent / "old"


def alone() -> Any:
    """Load the program as a module."""
    spec = importlib.util.spec_from_file_location("stand_alone", PROGRAM)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def is_valid(text: str, published: str) -> bool:
    try:
        alone().check(text, published)
    except Exception:
        return False
    return True


def test_it_is_short_and_needs_one_library() -> None:
    source = PROGRAM.read_text("utf-8")
    assert len(source.splitlines()) <= 100
    imported = {
        (node.module or "" if isinstance(node, ast.ImportFrom) else node.names[0].name).partition(".")[0]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert imported - set(sys.stdlib_module_names) == {"cryptography"}


def run(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", str(PROGRAM), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_as_a_program_it_says_so_by_its_exit_code(tmp_path: Path) -> None:
    good, published = OLD / "certificate-1.json", OLD / "published-1.json"
    done = run(good, published)
    assert (done.returncode, done.stdout.partition(" ")[0]) == (0, "valid:")
    (tmp_path / "changed").write_bytes(good.read_bytes().replace(b"step.done", b"step.gone", 1))
    done = run(tmp_path / "changed", published)
    assert (done.returncode, done.stdout) == (1, "")
    assert "NOT VALID: entry" in done.stderr


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda file: file[:-90], "NOT VALID: "),
        (lambda file: file.replace('"certificate": "', '"certificate": "A', 1), "NOT VALID: "),
        (lambda file: file.replace('"events"', '"events": [], "events"', 1), "NOT VALID: something is said twice"),
        (lambda file: _signature_changed(file), "NOT VALID: changed since it was signed"),
    ],
)
def test_as_a_program_it_refuses_in_words_and_shows_nobody_its_insides(
    tmp_path: Path, change: Callable[[str], str], words: str
) -> None:
    (tmp_path / "changed").write_text(change((OLD / "certificate-1.json").read_text("utf-8")), encoding="utf-8")
    done = run(tmp_path / "changed", OLD / "published-1.json")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(words)
    assert len(done.stderr.splitlines()) == 1


def _signature_changed(file: str) -> str:
    jws: str = json.loads(file)["certificate"]
    body, _, signature = jws.rpartition(".")
    return file.replace(jws, f"{body}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}")


@pytest.mark.django_db
@pytest.mark.usefixtures("as_worker")
def test_it_says_the_same_as_the_command_of_files_that_were_tampered_with(kept: Kept, sim_line: Line) -> None:
    other = certified(sim_line, case_id=2, reference="TJ-2")
    for case in range(3, 8):
        entry(sim_line, case, CLAIMED_AT)
    make_roots(at=NEXT)
    good, published = bundle(kept.file["events"][0]["reference"]), json.dumps(keys.public_keys())
    trusted = trusted_keys(published.encode())
    files = [good, kept.file, bundle("TJ-2"), {**good, "certificate": other.file["certificate"]}, {**good, "more": 1}]
    files += [{**good, "inclusion": bundle("TJ-2")["inclusion"]}, {**good, "format": "tojimari-certificate-1"}]
    files += [{**good, "inclusion": {**good["inclusion"], "index": place}} for place in (-1, 1, 6, 7)]
    way = good["inclusion"]["path"]
    for path in ([], way[1:], way[::-1], ["00" * 32] * 3, [f"{way[0]} ", *way[1:]], dict.fromkeys(way)):
        files.append({**good, "inclusion": {**good["inclusion"], "path": path}})
    for name, value in (
        ("salt", "00" * 16),
        ("head", "00" * 32),
        ("events", 1),
        ("events", 99),
        ("events", 2**53),
        ("more", ""),
    ):
        leaf = {**good["inclusion"]["leaf"], name: value}
        files.append({**good, "inclusion": {**good["inclusion"], "leaf": leaf}})
    events = good["events"]
    files += [{**good, "events": some} for some in (events[:0], events[:1], events[1:], events[::-1], events * 2)]
    for name in good["events"][0]:
        file = copy.deepcopy(good)
        file["events"][1][name] = file["events"][0][name]
        files.append(file)
    verdicts = [is_valid(json.dumps(file), published) for file in files]
    assert verdicts == [verify(json.dumps(file).encode(), trusted).valid for file in files]
    assert verdicts[:3] == [True] * 3
    assert sum(verdicts) == 3 + sum(file == good for file in files[3:])
    strangers = (OLD / "published-1.json").read_text()
    assert not is_valid(json.dumps(good), strangers)
    retired = json.loads(published)
    retired["keys"][0]["exp"] = 1
    assert not is_valid(json.dumps(good), json.dumps(retired))


@pytest.mark.django_db
@pytest.mark.usefixtures("as_worker")
def test_no_flipped_bit_passes_it(kept: Kept) -> None:
    make_roots(at=NEXT)
    data = bytearray(json.dumps(bundle(kept.file["events"][0]["reference"])).encode())
    published, program, genuine = kept.published.decode(), alone(), json.loads(bytes(data))
    for place in range(len(data)):
        data[place] ^= 1 << place % 7
        try:
            program.check(data.decode(), published)
            passed = True
        except Exception:
            passed = False
        assert not passed or json.loads(data) == genuine, place
        data[place] ^= 1 << place % 7
