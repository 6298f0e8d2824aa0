"""Is every text translated, completely and with its placeholders?

Collects the texts anew and compares them with the .po files. Exit code 1, and one line for each thing that is wrong.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from messages import LANGUAGES, PACKAGE, collected, po_file

_PLACEHOLDER = re.compile(r"%\([^)]+\)[a-z]|%[sdf]|\{[^{}]*\}")
Key = tuple[str | None, str]


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def _key(message: Message) -> Key:
    return message.context, message.id if isinstance(message.id, str) else message.id[0]


def _texts(catalog: Catalog) -> dict[Key, Message]:
    return {_key(message): message for message in catalog if message.id}


def _as_list(text: str | tuple[str, ...] | list[str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def problems_of(message: Message) -> list[str]:
    """What is wrong with one translation."""
    shown = repr(_key(message)[1][:60])
    if message.fuzzy:
        return [f"marked fuzzy: {shown}"]
    translated = _as_list(message.string)
    if not translated or not all(translated):
        return [f"not translated: {shown}"]
    # A plural's own form may leave its number out ("one line"), so what all forms of the text know is allowed, and
    # what its last form has is needed.
    known = [set(_PLACEHOLDER.findall(text)) for text in _as_list(message.id)]
    problems = []
    for text in translated:
        found = set(_PLACEHOLDER.findall(text))
        if not found <= set().union(*known) or not found >= set.intersection(*known):
            problems.append(f"other placeholders than {shown}: {text[:60]!r}")
    return problems


def compare(wanted: Catalog, kept: Catalog) -> list[str]:
    """What is wrong with one language's file."""
    texts, translations = _texts(wanted), _texts(kept)
    problems = [f"missing: {text[:60]!r}" for _, text in sorted(texts.keys() - translations.keys(), key=str)]
    problems += [f"not in the code: {text[:60]!r}" for _, text in sorted(translations.keys() - texts.keys(), key=str)]
    for key in texts.keys() & translations.keys():
        problems += problems_of(translations[key])
    return problems


def main() -> int:
    if shutil.which("xgettext") is None:
        print("GNU gettext is missing. On Debian: apt-get install gettext")
        return 1
    wrong = 0
    with collected(keep_translations=False) as copy:
        for language in LANGUAGES:
            if not po_file(copy, language).exists():
                print("No text is marked for translation anywhere: the collection itself must have failed.")
                return 1
            target = po_file(PACKAGE, language)
            problems = compare(read(po_file(copy, language)), read(target)) if target.exists() else ["no such file"]
            wrong += len(problems)
            for problem in problems:
                print(f"{target.relative_to(PACKAGE.parent.parent)}: {problem}")
    if wrong:
        print(f"{wrong} texts are not in order. `make messages` collects them; then translate what is empty.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
