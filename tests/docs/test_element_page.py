"""Does following the page on elements, word for word, build an element that works?"""

from __future__ import annotations

import importlib
import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import tests.support
from tests.docs import reading, tables
from tests.support.setup_elements import WriteElements, write_elements
from tests.support.transcripts import assert_as_written
from tests.terminations import play
from tests.terminations.play import Clock, ask, work
from tojimari.lines.models import Carrier, Line
from tojimari.network import elements
from tojimari.proofs.queries import bundle

__all__ = ["write_elements"]

PAGE = reading.text("docs/contributors/element.md")
_FILE = re.compile(r"^`(?P<path>(?:src|tests)/\S+)`[^`]*:\n\n```\w+\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_REGISTRY = re.compile(r'^"(?P<kind>\w+)": "(?P<where>[\w.]+)",$', re.MULTILINE)
TINY = "tojimari.network.elements.tiny"


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Write every file of the page into a folder, and the line into the registry."""
    for found in _FILE.finditer(PAGE):
        path = tmp_path / found["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(found["body"], "utf-8")
    registry = _REGISTRY.search(PAGE)
    assert registry is not None
    for package, place in ((elements, "src/tojimari/network/elements"), (tests.support, "tests/support")):
        monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path / place)])
    monkeypatch.setitem(elements.OWN_SETTINGS, registry["kind"], registry["where"])
    yield tmp_path
    for name in [name for name in sys.modules if name.startswith((TINY, "tests.support.tiny"))]:
        del sys.modules[name]


def module_of(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_has_a_folder_a_class_a_transcript_and_a_test() -> None:
    assert [found["path"] for found in _FILE.finditer(PAGE)] == [
        "src/tojimari/network/elements/tiny/__init__.py",
        "src/tojimari/network/elements/tiny/element.py",
        "tests/support/tiny.py",
        "tests/network/transcripts/tiny/life.txt",
        "tests/network/transcripts/tiny/against.toml",
        "tests/network/test_tiny.py",
    ]


def test_the_tests_of_the_page_hold(built: Path) -> None:
    module = module_of(built / "tests/network/test_tiny.py")
    tests_of_page = [name for name in vars(module) if name.startswith("test_")]
    assert len(tests_of_page) >= 6
    for name in tests_of_page:
        getattr(module, name)()


def test_a_transcript_that_tells_something_else_would_be_noticed(built: Path) -> None:
    module = module_of(built / "tests/network/test_tiny.py")
    text = module.TRANSCRIPT.read_text("utf-8")
    module.TRANSCRIPT.write_text(text.replace("tiny > DELETE", "tiny > PUT"), "utf-8")
    assert module.assert_as_written is assert_as_written
    with pytest.raises(AssertionError):
        module.test_the_life_of_a_line_is_as_written()


@pytest.mark.usefixtures("built")
def test_the_table_of_elements_finds_its_class_by_itself() -> None:
    assert "| `tiny` | A tiny switch by HTTP. Ends whole lines; knows no services. |" in tables.elements()


@pytest.mark.django_db
@pytest.mark.usefixtures("as_worker")
def test_a_case_closes_on_it_and_is_certified(
    built: Path, write_elements: WriteElements, sim_line: Line, tabi: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(play, "LANES", [*play.LANES, "tiny"])
    double = importlib.import_module("tests.support.tiny")
    lines = {sim_line.imsi: {"state": "on", "number": sim_line.msisdn}}
    table = next(body for _, body in reading.fenced(reading.ROOT / "docs/contributors/element.md") if "[tiny]" in body)
    with double.tiny_switch(lines) as address:
        write_elements(table.replace("http://127.0.0.1:8080", address))
        Carrier.objects.filter(pk=tabi.pk).update(elements={"physical_sim": "tiny"})
        sim_line.refresh_from_db()
        case = ask(sim_line, clock := Clock())
        work(clock)
    case.refresh_from_db()
    assert (case.state, lines) == ("completed", {})
    assert bundle(case.reference)
