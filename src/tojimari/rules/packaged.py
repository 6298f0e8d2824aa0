"""Where do the dated figures come from? From the TOML files that are packaged beside the code, read once."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def table(name: str) -> dict[str, Any]:
    """Read `data/<name>.toml`. The answer is shared between callers: do not change it."""
    return tomllib.loads(files("tojimari.rules").joinpath("data", f"{name}.toml").read_text(encoding="utf-8"))
