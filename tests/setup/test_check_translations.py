"""Does the check of translations see what a reader would stumble over?"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


@pytest.fixture(scope="module")
def check() -> ModuleType:
    sys.path.insert(0, str(SCRIPTS))
    try:
        spec = importlib.util.spec_from_file_location("check_translations", SCRIPTS / "check_translations.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module
    finally:
        sys.path.remove(str(SCRIPTS))


def catalog(*messages: tuple[str | tuple[str, str], str | tuple[str, ...]], fuzzy: bool = False) -> Catalog:
    found = Catalog(locale="ja")
    for text, translation in messages:
        found.add(text, translation, flags=["fuzzy"] if fuzzy else [])
    return found


def test_a_complete_translation_is_in_order(check: ModuleType) -> None:
    wanted = catalog(("Close", ""), ("%(n)s yen", ""), (("{n} line", "{n} lines"), ("",)))
    kept = catalog(("Close", "解約"), ("%(n)s yen", "%(n)s円"), (("{n} line", "{n} lines"), ("{n}回線",)))
    assert check.compare(wanted, kept) == []


@pytest.mark.parametrize(
    ("kept", "problem"),
    [
        (catalog(), "missing: 'Close %(n)s'"),
        (catalog(("Close %(n)s", "")), "not translated: 'Close %(n)s'"),
        (catalog(("Close %(n)s", "解約 %(m)s")), "other placeholders than 'Close %(n)s': '解約 %(m)s'"),
        (catalog(("Close %(n)s", "解約")), "other placeholders than 'Close %(n)s': '解約'"),
        (catalog(("Close %(n)s", "解約 %(n)s"), fuzzy=True), "marked fuzzy: 'Close %(n)s'"),
        (catalog(("Close %(n)s", "解約 %(n)s"), ("Old", "古い")), "not in the code: 'Old'"),
    ],
)
def test_names_what_is_wrong(check: ModuleType, kept: Catalog, problem: str) -> None:
    assert check.compare(catalog(("Close %(n)s", "")), kept) == [problem]
