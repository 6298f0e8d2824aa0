"""Is everything that an operator or contributor must know named somewhere?"""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest

from tests.docs import reading
from tojimari.network.element import Element
from tojimari.rules.cutoffs import _KINDS as CUTOFFS
from tojimari.terminations import procedures

PYPROJECT = tomllib.loads(reading.text("pyproject.toml"))


def _names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=;!~ ]", one)[0].lower() for one in requirements}


def _table_of(title: str) -> dict[str, list[str]]:
    """The rows of one section of the page of dependencies, by name."""
    section = reading.text("docs/dependencies.md").split(f"## {title}\n")[1].split("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("| ").split("|")] for line in section.splitlines() if "|" in line]
    return {row[0].strip("`").lower(): row for row in rows[2:]}


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("To run", PYPROJECT["project"]["dependencies"]),
        ("To test", PYPROJECT["dependency-groups"]["test"]),
    ],
)
def test_every_dependency_has_a_reason_a_licence_and_a_date(title: str, wanted: list[str]) -> None:
    rows = _table_of(title)
    assert set(rows) == _names(wanted)
    for row in rows.values():
        _, reason, licence, released = row
        assert reason
        assert licence
        assert date.fromisoformat(released.split()[-1]).year > 2020


def test_every_key_of_a_procedure_file_is_explained() -> None:
    page = reading.text("docs/operators/procedures.md")
    keys = procedures._STEP_KEYS | procedures._TOP_KEYS | procedures._EFFECTIVE_KEYS | set(CUTOFFS)
    assert [key for key in sorted(keys) if f"`{key}`" not in page] == []


@pytest.mark.parametrize("block", range(2))
def test_the_procedures_shown_are_accepted(block: int) -> None:
    shown = [
        body for language, body in reading.fenced(reading.ROOT / "docs/operators/procedures.md") if language == "toml"
    ]
    whole = [body for body in shown if 'kind = "' in body and "[[step]]" in body]
    procedures.parse(tomllib.loads(whole[block]), "docs")


def test_every_room_and_script_is_on_the_map() -> None:
    page = reading.text("docs/contributors/map.md")
    rooms = [path.name for path in (reading.ROOT / "src/tojimari").iterdir() if (path / "__init__.py").exists()]
    suites = [path.name for path in (reading.ROOT / "tests").iterdir() if any(path.glob("test_*.py"))]
    testing = reading.text("docs/contributors/testing.md")
    assert [room for room in rooms if f"`{room}/`" not in page] == []
    assert [suite for suite in suites if f"`{suite}/`" not in testing] == []


def test_the_map_names_every_folder_of_a_room_and_no_module_that_is_not_there() -> None:
    page = reading.text("docs/contributors/map.md")
    house = reading.ROOT / "src/tojimari"
    rooms = [path for path in house.iterdir() if (path / "__init__.py").exists()]
    hidden = {"__pycache__", "migrations", "templates"}
    folders = [found for room in rooms for found in room.rglob("*") if found.is_dir() and not hidden & {*found.parts}]
    folders = [folder for folder in folders if any(one.is_file() for one in folder.iterdir())]
    assert [str(one.relative_to(house)) for one in folders if f"{one.name}/`" not in page] == []
    named = [name for name in re.findall(r"`([a-z_]+/[a-z_/]+\.py)`", page) if not name.startswith("engine/")]
    assert named
    assert [name for name in named if not (house / name).exists()] == []


def test_every_warning_is_explained_to_who_reads_the_log() -> None:
    page = reading.text("docs/operators/logs.md")
    code = "".join(path.read_text("utf-8") for path in (reading.ROOT / "src/tojimari").rglob("*.py"))
    errors, warnings = (
        set(re.findall(rf'log\.(?:{weights})\(\s*"([a-z_.]+)"', code)) for weights in ("error|exception", "warning")
    )
    assert errors
    for heading, logged in (("Errors", errors), ("Warnings", warnings - errors)):
        told = page.split(f"## {heading}")[1].split("\n## ")[0]
        rows = re.findall(r"^\| (`[^|]+)\|", told, flags=re.MULTILINE)
        assert {name for row in rows for name in row.split("`")[1::2]} == logged


def test_every_verb_of_an_element_is_explained_to_who_writes_one() -> None:
    page = reading.text("docs/contributors/element.md")
    verbs = [name for name in vars(Element) if not name.startswith("_")]
    assert verbs
    assert [verb for verb in verbs if f"`{verb}`" not in page] == []


def test_every_figure_that_a_lawyer_must_confirm_is_listed_for_operators() -> None:
    figures = tomllib.loads(reading.text("src/tojimari/rules/data/figures.toml"))["figure"]
    page = reading.text("docs/operators/payments.md")
    doubtful = {figure["name"] for figure in figures if figure.get("counsel")}
    assert doubtful
    assert [name for name in sorted(doubtful) if f"`{name}`" not in page] == []


def test_every_marker_and_target_is_explained() -> None:
    page = reading.text("docs/contributors/testing.md")
    markers = [marker.split(":")[0] for marker in PYPROJECT["tool"]["pytest"]["ini_options"]["markers"]]
    targets = re.findall(r"^([a-z]+):.*##", reading.text("Makefile"), flags=re.MULTILINE)
    everywhere = page + reading.text("README.md") + reading.text("CONTRIBUTING.md")
    assert [marker for marker in markers if f"`{marker}`" not in page] == []
    assert [target for target in targets if f"make {target}" not in everywhere] == []


@pytest.mark.parametrize("page", sorted((reading.ROOT / "docs/decisions").glob("*.md")), ids=reading.name)
def test_each_decision_has_its_date_and_its_price(page: Path) -> None:
    if page.name == "README.md":
        return
    told = page.read_text("utf-8")
    assert re.search(r"^Decided on \d{4}-\d\d-\d\d\.", told, flags=re.MULTILINE)
    assert "## What it costs" in told


def test_the_changelog_begins_with_the_version_of_the_package() -> None:
    first = re.search(r"^## (\S+)", reading.text("CHANGELOG.md"), flags=re.MULTILINE)
    assert first is not None
    assert first[1] == PYPROJECT["project"]["version"]
