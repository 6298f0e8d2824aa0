"""How is something kept safe while the database is away?

As a file for each entry, in a folder of the data folder. An entry is sealed (AES-256-GCM, with a key made from the
installation's secret), written beside its place, flushed to the disk, and then renamed into it: whoever reads the
folder sees an entry whole or not at all, and one that was acknowledged outlives a power cut. It is removed only by
`done`, when its reader has put it down somewhere as safe. So an entry may be read twice, and never gets lost.

The folder is bounded: in bytes for an entry, in entries for an internet address and hour, and altogether. What the
name of a file tells is its instant, its key, and a keyed digest of the address; the address itself is kept nowhere.
"""

from __future__ import annotations

import hmac
import json
import os
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tojimari.platform.acting import Refused

HOUR = timedelta(hours=1)
_MAGIC = b"TJSPOOL1"
_SUFFIX = ".sealed"
ASIDE = ".aside"
"""What the name of an entry ends with that nobody can read; an operator finds it, and no reader meets it again."""

_NAME = re.compile(r"(?P<micros>[0-9]{17})-(?P<address>[0-9a-f]{16})-(?P<key>[0-9A-Za-z-]{1,64})\.sealed")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may lie in a spool. `size` is in bytes, before sealing."""

    size: int = 4096
    for_address_in_hour: int = 30
    in_hour: int = 5000
    altogether: int = 50_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was kept: when (aware, UTC), under which key, and what."""

    path: Path
    key: str
    at: datetime
    content: dict[str, Any]


class Unreadable(Exception):
    """An entry cannot be opened: it was changed, or sealed with another secret."""


class Spool:
    """A bounded folder of sealed entries. Any number of processes may write and read it at the same time."""

    def __init__(self, folder: Path, *, secret: str, limits: Limits | None = None) -> None:
        self._folder = folder
        self._limits = limits or Limits()
        self._sealing = self._made_from(secret, b"tojimari spool: sealing")
        self._naming = self._made_from(secret, b"tojimari spool: naming")

    @staticmethod
    def _made_from(secret: str, purpose: bytes) -> bytes:
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())

    def keep(self, key: str, content: Mapping[str, Any], *, at: datetime, address: str) -> datetime:
        """Keep `content` under `key` and return the instant that stands for it; it is on the disk when this returns.

        Keeping again under the same key changes nothing and returns the first instant. `address` is who asks, for the
        limits. Raises `Refused` with `spool.too_large`, `spool.too_many` or `spool.full`, and OSError when the disk
        does not take it.
        """
        plain = json.dumps(content, ensure_ascii=False).encode()
        if len(plain) > self._limits.size:
            raise Refused("spool.too_large")
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        who = hmac.new(self._naming, address.encode(), "sha256").hexdigest()[:16]
        known = self._room_for(key, who, at)
        if known is not None:
            return known
        micros = int(at.timestamp()) * 1_000_000 + at.microsecond
        name = f"{micros:017d}-{who}-{key}{_SUFFIX}"
        if not _NAME.fullmatch(name):
            raise ValueError("A key is made of letters, digits and dashes.")
        self._write(name, plain)
        return at

    def _room_for(self, key: str, who: str, at: datetime) -> datetime | None:
        """Return when `key` was kept, None if it was not. Raises `Refused` when there is no room for another entry."""
        total = recent = theirs = 0
        for name in self._names():
            found = _NAME.fullmatch(name)
            if found is None:
                continue
            then = _instant(found["micros"])
            if found["key"] == key:
                return then
            total += 1
            if at - then < HOUR:
                recent += 1
                theirs += found["address"] == who
        if theirs >= self._limits.for_address_in_hour:
            raise Refused("spool.too_many")
        if total >= self._limits.altogether or recent >= self._limits.in_hour:
            raise Refused("spool.full")
        return None

    def _names(self) -> list[str]:
        try:
            return sorted(os.listdir(self._folder))
        except FileNotFoundError:
            return []

    def _write(self, name: str, plain: bytes) -> None:
        nonce = secrets.token_bytes(12)
        # The name is sealed with it: nobody can give an entry another instant or another key.
        sealed = _MAGIC + nonce + AESGCM(self._sealing).encrypt(nonce, plain, name.encode())
        beside = self._folder / f".{secrets.token_hex(8)}"
        try:
            with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(sealed)
                file.flush()
                os.fsync(file.fileno())
            os.rename(beside, self._folder / name)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def waiting(self) -> Iterator[Path]:
        """The files of all entries, oldest first."""
        return (self._folder / name for name in self._names() if _NAME.fullmatch(name))

    def read(self, path: Path) -> Entry:
        """Open one entry. Raises `Unreadable`, and FileNotFoundError when another reader was faster."""
        name, sealed = _NAME.fullmatch(path.name), path.read_bytes()
        if name is None or not sealed.startswith(_MAGIC):
            raise Unreadable(path.name)
        nonce, text = sealed[len(_MAGIC) : len(_MAGIC) + 12], sealed[len(_MAGIC) + 12 :]
        try:
            plain = AESGCM(self._sealing).decrypt(nonce, text, path.name.encode())
        except (InvalidTag, ValueError):
            raise Unreadable(path.name) from None
        return Entry(path, name["key"], _instant(name["micros"]), json.loads(plain))

    def done(self, path: Path) -> None:
        """Remove an entry that its reader has put down elsewhere. Removing it twice is the same as once."""
        path.unlink(missing_ok=True)

    def put_aside(self, path: Path) -> None:
        """Keep an entry that nobody can read out of the way of the others, for an operator to look at."""
        with suppress(FileNotFoundError):  # another reader was faster
            path.rename(path.with_name(path.name + ASIDE))


def _instant(micros: str) -> datetime:
    seconds, rest = divmod(int(micros), 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)
