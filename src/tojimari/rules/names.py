"""Do two spellings in Latin letters look like one person's name? A help for the eye, never a decision.

Papers split and order names in their own ways: "WANG XIAOMING", "Xiao-Ming Wang". So only the letters count, and the
order of the parts does not.
"""

from __future__ import annotations

import re
import unicodedata

from tojimari.rules.mrz import Document


def looks_same(document: Document, recorded: str) -> bool | None:
    """Say whether the name of a document looks like the one on record; None where one of them is not there."""
    shown = _words(f"{document.surname} {document.given_names}")
    known = _words(recorded)
    if not shown or not known:
        return None
    if sorted(shown) == sorted(known):
        return True
    whole = "".join(known)
    surname, given = "".join(_words(document.surname)), "".join(_words(document.given_names))
    if document.names_cut:
        return whole.startswith(surname + given)
    return whole in (surname + given, given + surname)


def _words(name: str) -> list[str]:
    """The parts of a name in plain capital letters: accents off, dashes and dots as spaces."""
    bare = "".join(char for char in unicodedata.normalize("NFKD", name) if not unicodedata.combining(char))
    return re.findall("[A-Z]+", bare.upper())
