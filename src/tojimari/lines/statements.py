"""Where does the SQL stand? In `sql/`, one statement with its reason in each file."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def statement(name: str) -> str:
    """Return the statement in `sql/NAME.sql`, e.g. `statement("marks/pending")`."""
    return files("tojimari.lines").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")
