"""With which key are certificates signed, and which keys may a stranger trust?

Two kinds of files lie in `HOME/keys/`:

- `<kid>.json`: the private Ed25519 key (JWK, RFC 8037), readable by its owner only. There is one; making a new one
removes it.
- `published.json`: the public keys (JWK Set, RFC 7517), old ones included, the one in use last. This is the file to
  publish and to hand to whoever has to verify. A key that is no longer used carries `exp`: nothing that says it was
  signed later than that is believed.

`kid` is the key's RFC 7638 thumbprint, so that a file or entry under a wrong name is noticed. Several machines that
sign for one installation share one key: set TOJIMARI_SIGNING_KEY (or TOJIMARI_SIGNING_KEY_FILE) to the private JWK.

A key that never leaves its hardware is used through a signer of the operator's own (TOJIMARI_SIGNER): a function that
returns a `signing.Signer`. Its public key is published beside the others.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from tojimari.platform.config import config
from tojimari.proofs.signing import KeySigner, Signer, published

PUBLISHED = "published.json"
GRACE = timedelta(minutes=10)
"""How long after a change a worker may still finish a batch that it began with the key before."""


class KeyTrouble(Exception):
    """A key cannot be used. The message says which one, and what to do."""


def folder() -> Path:
    """Where the keys of this installation lie."""
    return config().home / "keys"


def signing_key() -> OKPKey:
    """Return the private key in use; make one at first use. Cheap: files are read again only after they changed."""
    secret = config().signing_key
    if secret is not None:
        return _from_config(secret.get_secret_value(), folder())
    stamp = _stamp(folder() / PUBLISHED)
    return _first_key(folder()) if stamp is None else _from_folder(folder(), stamp)


def signer() -> Signer:
    """Return who signs here: the operator's own signer where one is set, else the key in use.

    Raises KeyTrouble when it cannot be had.
    """
    where = config().signer
    return KeySigner(signing_key()) if where is None else _own_signer(where, folder())


@lru_cache(maxsize=4)
def _own_signer(dotted: str, where: Path) -> Signer:
    """Make the operator's own signer, once for each process, and publish its key."""
    module, _, name = dotted.partition(":")
    try:
        found: Signer = getattr(import_module(module), name)()
        public = published(found)
    except Exception as error:  # whatever a module of somebody else raises, the message must say where it came from
        raise KeyTrouble(f"TOJIMARI_SIGNER ({dotted}) gave no signer: {error!r}. Mend it, or unset it.") from error
    if OKPKey.import_key(dict(found.public())).thumbprint() != found.kid:
        raise KeyTrouble(f"TOJIMARI_SIGNER ({dotted}): its kid is not the RFC 7638 thumbprint of its public key.")
    with _locked(where):
        _publish(where, public, retired=[], at=None)
    return found


def public_keys() -> dict[str, Any]:
    """Return the JWK Set that anybody may have: every key that ever signed here, the one in use last."""
    signer()
    return read_published(folder() / PUBLISHED)


def read_published(path: Path) -> dict[str, Any]:
    """Return a JWK Set from its file; an empty one if there is no such file."""
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {"keys": []}
    return found


def rotate(*, at: datetime) -> str:
    """Make a new signing key, publish it, remove the private part of the one before; return the new `kid`.

    What the old key signed stays verifiable: its public part is published for ever, marked with the end of its use.
    Interrupted at any point, the key in use is the last published one whose private file is there.
    """
    if config().signer is not None:
        raise KeyTrouble("The signing key is kept by TOJIMARI_SIGNER. Rotate it there and start again.")
    if config().signing_key is not None:
        raise KeyTrouble("The signing key comes from TOJIMARI_SIGNING_KEY. Set another one there and start again.")
    where = folder()
    with _locked(where):
        key = OKPKey.generate_key("Ed25519", private=True)
        before = [kid for kid in _published_kids(where) if (where / f"{kid}.json").exists()]
        _write(where / f"{key.thumbprint()}.json", key.as_dict(private=True), mode=0o600)
        _publish(where, public_part(key), retired=before, at=at)
        for kid in before:
            (where / f"{kid}.json").unlink()
    return key.thumbprint()


def public_part(key: OKPKey) -> dict[str, Any]:
    """Return the key as it is published."""
    return published(KeySigner(key))


@lru_cache(maxsize=4)
def _from_config(secret: str, where: Path) -> OKPKey:
    key = _import(secret, "TOJIMARI_SIGNING_KEY")
    with _locked(where):
        _publish(where, public_part(key), retired=[], at=None)
    return key


@lru_cache(maxsize=4)
def _from_folder(where: Path, stamp: tuple[int, int]) -> OKPKey:
    """Read the key in use. `stamp` only tells the cache when the files have changed."""
    return _key_in_use(where) or _first_key(where)


def _first_key(where: Path) -> OKPKey:
    """Make the first key, unless another process was quicker."""
    with _locked(where):
        key = _key_in_use(where)
        if key is None:
            key = OKPKey.generate_key("Ed25519", private=True)
            # The private file comes first: a published key without it would be one that nobody can use.
            _write(where / f"{key.thumbprint()}.json", key.as_dict(private=True), mode=0o600)
            _publish(where, public_part(key), retired=[], at=None)
        return key


def _key_in_use(where: Path) -> OKPKey | None:
    for kid in reversed(_published_kids(where)):
        path = where / f"{kid}.json"
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            continue
        key = _import(text, str(path))
        if key.thumbprint() != kid:
            raise KeyTrouble(f"{path} holds another key than its name says. Put the right file back.")
        return key
    return None


def _import(text: str, source: str) -> OKPKey:
    try:
        key = OKPKey.import_key(json.loads(text))
    except (ValueError, TypeError, KeyError, JoseError):
        raise KeyTrouble(f"{source} is not a private Ed25519 key as JSON (JWK). Put the right one there.") from None
    if key.as_dict(private=False).get("crv") != "Ed25519" or not key.is_private:
        raise KeyTrouble(f"{source} is not a private Ed25519 key. Put the right one there.")
    return key


def _published_kids(where: Path) -> list[str]:
    return [str(key["kid"]) for key in read_published(where / PUBLISHED)["keys"]]


def _publish(where: Path, public: Mapping[str, Any], *, retired: list[str], at: datetime | None) -> None:
    """Put the key last among the published ones, and mark those that are no longer used."""
    keys = [dict(old) for old in read_published(where / PUBLISHED)["keys"]]
    if keys and keys[-1]["kid"] == public["kid"] and not retired:
        return
    for old in keys:
        if old["kid"] in retired and at is not None:
            old["exp"] = int((at + GRACE).timestamp())
    keys = [old for old in keys if old["kid"] != public["kid"]]
    _write(where / PUBLISHED, {"keys": [*keys, public]}, mode=0o644)


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_ino


@contextmanager
def _locked(where: Path) -> Iterator[None]:
    """Let one process at a time change the keys: two that start together must not make two first keys."""
    where.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (where / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _write(path: Path, content: Mapping[str, Any], *, mode: int) -> None:
    """Replace a file as a whole and for good: a reader sees the old one or the new one, also after a power cut."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=2)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    os.chmod(draft, mode)
    os.replace(draft, path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
