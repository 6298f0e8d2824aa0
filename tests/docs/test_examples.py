"""Do the examples in the documentation do what they say?"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.docs import console, reading

PAGES = [page for page in reading.documents() if any(console.examples(page))]


@pytest.mark.parametrize("page", PAGES, ids=reading.name)
def test_examples_print_what_the_page_says(page: Path, tmp_path: Path) -> None:
    """They run in a copy of the page's folder, one after the other: a later one may use the file of an earlier one."""
    folder = tmp_path / "here"
    shutil.copytree(page.parent, folder, ignore=shutil.ignore_patterns(".*", "src", "tests", "images"))
    for example in console.examples(page):
        printed = console.run(example, folder)
        assert console.matches(example.expected, printed), f"$ {example.command}\n{printed}"


def test_checking_and_verifying_are_shown_by_example() -> None:
    shown = {example.command.split()[1] for page in PAGES for example in console.examples(page)}
    assert {"check", "verify", "lines"} <= shown


@pytest.mark.parametrize("command", ["rm -rf /", "tojimari terminate file.csv", "tojimari lines import lines.csv"])
def test_refuses_to_run_what_changes_something(command: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="may not stand"):
        console.run(console.Example(command, ""), tmp_path)


def test_notices_another_output() -> None:
    assert console.matches("a\n...\nd", "a\nb\nc\nd")
    assert not console.matches("a\n...\nd", "a\nb")
    assert not console.matches("valid", "not valid")
