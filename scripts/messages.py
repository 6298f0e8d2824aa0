"""How do texts get from the code to the translators, and back?

    python scripts/messages.py      collects every text into the .po files and compiles them

New texts stand there empty; `make check` names them until somebody has translated them. English needs no file: the
texts of the code are English.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.core.management import call_command
from django.core.management.commands.makemessages import Command

from tojimari.platform.translations import compile_stale

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "tojimari"
LANGUAGES = ("ja", "zh_Hans", "zh_Hant")


class Collect(Command):
    """Django's collector, which also knows our mark for texts of rooms without Django: N_()."""

    xgettext_options = [*Command.xgettext_options, "--keyword=N_"]  # noqa: RUF012  (Django declares it so)


def po_file(package: Path, language: str) -> Path:
    return package / "locale" / language / "LC_MESSAGES" / "django.po"


@contextlib.contextmanager
def collected(*, keep_translations: bool) -> Iterator[Path]:
    """A copy of the package whose .po files hold all texts of the code. The package itself is not touched."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "tojimari"
        without = ["__pycache__", "*.mo"] if keep_translations else ["__pycache__", "*.mo", "*.po"]
        shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns(*without))
        (copy / "locale").mkdir(exist_ok=True)
        with contextlib.chdir(copy):
            call_command(
                Collect(), locale=list(LANGUAGES), add_location="file", no_wrap=True, no_obsolete=True, verbosity=0
            )
        yield copy


def main() -> None:
    with collected(keep_translations=True) as copy:
        for language in LANGUAGES:
            target = po_file(PACKAGE, language)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(_without_date(po_file(copy, language)))
            print(os.path.relpath(target))
    compile_stale()


def _without_date(path: Path) -> bytes:
    """The date of the last collection would make every collection a change."""
    lines = path.read_bytes().splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith(b'"POT-Creation-Date'))


if __name__ == "__main__":
    main()
