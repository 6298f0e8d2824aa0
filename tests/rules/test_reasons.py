"""Does every reason code have words, and every text a code that is in use?"""

from __future__ import annotations

import ast
from importlib.resources import files
from pathlib import Path

import pytest

from tojimari.rules.reasons import TEXTS, text


def codes_in_source() -> set[str]:
    rooms = {code.partition(".")[0] for code in TEXTS}
    found = set()
    for file in Path(str(files("tojimari.rules"))).rglob("*.py"):
        if file.name == "reasons.py":
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                room, dot, name = node.value.partition(".")
                if dot and room in rooms and name.isidentifier():
                    found.add(node.value)
    return found


def test_the_codes_of_the_rules_are_the_codes_with_words() -> None:
    assert codes_in_source() == set(TEXTS)


def test_words_are_sentences() -> None:
    for code in TEXTS:
        assert text(code)[0].isupper(), code
        assert text(code).endswith("."), code


def test_an_unknown_code_is_a_fault() -> None:
    with pytest.raises(KeyError):
        text("iccid.unheard_of")
