"""Which version is this?"""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed


@lru_cache(maxsize=1)
def version() -> str:
    """The version of the installed package: the one place it is written in is pyproject.toml."""
    try:
        return installed("tojimari")
    except PackageNotFoundError:
        return "0+source"
