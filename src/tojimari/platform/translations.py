"""How do the texts of translators become what Django reads?

Only `.po` files are kept. The `.mo` files beside them are made from them when the software is set up, without the GNU
tools: Babel does it too.
"""

from __future__ import annotations

import os
import uuid
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def compile_stale(locale: Path = LOCALE) -> list[Path]:
    """Make every `.mo` that is missing or older than its `.po`. Returns the files made.

    A package folder that cannot be written (an installed one) brings its `.mo` files along: then nothing is stale.
    """
    made = []
    for source in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        with source.open("rb") as file:
            catalog = read_po(file)
        # Under a name of its own first: a page that is drawn meanwhile must not read half a file.
        fresh = target.with_name(f"{target.name}.{uuid.uuid4().hex}")
        with fresh.open("wb") as file:
            write_mo(file, catalog)
        os.replace(fresh, target)
        made.append(target)
    return made
