"""Do translators' files become what Django reads, once and only when needed?"""

from __future__ import annotations

import gettext
import os
from pathlib import Path

from tojimari.platform.translations import compile_stale

PO = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"

msgid "Close my line"
msgstr "{text}"
"""


def write(locale: Path, text: str) -> Path:
    path = locale / "ja" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(PO.format(text=text), encoding="utf-8")
    return path


def shown(locale: Path) -> str:
    with (locale / "ja" / "LC_MESSAGES" / "django.mo").open("rb") as file:
        return gettext.GNUTranslations(file).gettext("Close my line")


def test_compiles_what_is_new_or_changed_and_nothing_else(tmp_path: Path) -> None:
    source = write(tmp_path, "解約する")
    target = source.with_suffix(".mo")
    assert compile_stale(tmp_path) == [target]
    assert shown(tmp_path) == "解約する"
    assert compile_stale(tmp_path) == []

    write(tmp_path, "回線を解約する")
    after = target.stat().st_mtime_ns + 1_000_000
    os.utime(source, ns=(after, after))
    assert compile_stale(tmp_path) == [target]
    assert shown(tmp_path) == "回線を解約する"
    assert [path.name for path in sorted(target.parent.iterdir())] == ["django.mo", "django.po"]
