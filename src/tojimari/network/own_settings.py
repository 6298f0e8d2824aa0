"""What may an element's table in the file of elements hold, where it is reached by HTTP?

Secrets are not in it: it names the files that hold them, by their whole paths.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict


class HttpSettings(BaseModel):
    """Nothing that is not declared, and nothing that changes while the element works."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def _there(value: Path) -> Path:
    if not value.is_absolute():
        raise ValueError("write the whole path, from / on")
    if not value.is_file():
        raise ValueError("is no file")
    return value


ExistingFile = Annotated[Path, AfterValidator(_there)]
"""The whole path of a file that is there."""


def _address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ValueError("write http(s)://host:port, maybe with a path")
    return value.rstrip("/")


def _encrypted(value: str) -> str:
    parts = urlsplit(_address(value))
    if parts.scheme == "http" and not _is_here(parts.hostname or ""):
        raise ValueError("must be https, unless it is on this machine")
    return value.rstrip("/")


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


WebAddress = Annotated[str, AfterValidator(_address)]
"""http or https, host, maybe port and path, nothing else; without a slash at the end."""

EncryptedAddress = Annotated[str, AfterValidator(_encrypted)]
"""The same, but http only on this machine."""


def secret_in(path: Path | None) -> str:
    """What a file of one secret holds; empty without a file. Raises OSError, ValueError for what no header can hold.

    The mark that editors put before a text (U+FEFF) is none of it.
    """
    if path is None:
        return ""
    secret = path.read_bytes().removeprefix(BOM_UTF8).decode("ascii").strip()
    if not secret.isprintable():
        raise ValueError("a secret is one line")
    return secret
