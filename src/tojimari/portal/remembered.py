"""What does a page know of its carrier while the database is away?

What the site saw the last time it asked: for each host its carrier's names, telephone number and elements, in a small
file of the data folder. The file serves the words on a page and nothing else. To whom a request belongs is asked of the
database again, when it is back.
"""

from __future__ import annotations

import json
import os
import secrets
from functools import lru_cache
from pathlib import Path
from typing import Any

import structlog

from tojimari.lines.hosts import host_name
from tojimari.lines.models import Carrier
from tojimari.platform.config import config

log = structlog.get_logger(__name__)

MOST_HOSTS = 1000
_FIELDS = ("id", "slug", "name_ja", "name_en", "name_zh_hans", "name_zh_hant", "elements", "hotline")


def _file() -> Path:
    return config().home / "outage" / "carriers.json"


def _facts(carrier: Carrier | None) -> dict[str, Any]:
    return {} if carrier is None else {name: getattr(carrier, name) for name in _FIELDS}


@lru_cache(maxsize=1)
def _seen(file: Path) -> dict[str, dict[str, Any]]:
    """What this process believes to stand in the file, by host; written by `remember`."""
    return _read(file)


def _read(file: Path) -> dict[str, dict[str, Any]]:
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}  # nothing was remembered yet, or not by us: a page without the carrier's name is still a page
    return kept if isinstance(kept, dict) else {}


def remember(host: str, carrier: Carrier | None) -> None:
    """Remember which carrier answers under `host`. Writes only when that is news; costs a comparison otherwise."""
    name, facts, file = host_name(host), _facts(carrier), _file()
    seen = _seen(file)
    if seen.get(name, {}) == facts or (name not in seen and len(seen) >= MOST_HOSTS):
        return
    seen[name] = facts
    beside = file.with_name(f".{secrets.token_hex(8)}")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as written:
            json.dump(_read(file) | {name: facts}, written, ensure_ascii=False)
        beside.replace(file)
    except OSError as error:
        log.warning("carrier.not_remembered", error=repr(error))


def carrier_of_host(host: str) -> Carrier | None:
    """Return what is remembered of the carrier behind `host`, None for nothing. Touches no table; never to be saved."""
    facts = _read(_file()).get(host_name(host))
    return Carrier(**facts) if facts else None
