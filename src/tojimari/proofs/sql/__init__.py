"""Where does the SQL of this room stand? In the files beside, by name; each opens with what it does and why."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def sql(name: str) -> str:
    """Return the text of `name`.sql."""
    return (files(__package__) / f"{name}.sql").read_text("utf-8")
