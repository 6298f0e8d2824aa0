"""Which profile servers (SM-DP+) does this installation speak with, for which carrier and which profiles?

A TOML file, named by TOJIMARI_ES2PLUS, with one table for each pair of carrier and server. It is checked whole: every
mistake is told at once. Paths are read from the folder of the file.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError

from tojimari.network import misread
from tojimari.network.own_settings import secret_in
from tojimari.platform.config import config

LEAST_SECRET = 32  # characters


class ProfileState(StrEnum):
    """Where a profile is, as far as notices tell. Ordered: of two notices of one instant the later state counts."""

    DOWNLOADED = "downloaded"
    INSTALLED = "installed"
    ENABLED = "enabled"
    DISABLED = "disabled"
    DELETED = "deleted"


class BadSettings(ValueError):
    """The file of profile servers cannot be used. `problems` says each thing that is wrong."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def _address(value: str) -> str:
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if parts.scheme != "https" or not host or parts.username or parts.query or parts.fragment:
        raise ValueError("is no address that begins with https://")
    if "gsma" in parts.path.split("/"):
        raise ValueError("leave out what begins with /gsma: it is put behind")
    return value.rstrip("/")


def _proxy(value: str) -> str:
    return str(ip_address(value))


Digits = Annotated[str, Field(pattern=r"^[0-9]{1,19}$")]
Fingerprint = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Provider(BaseModel):
    """One profile server as one carrier reaches it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    carrier: Annotated[str, Field(min_length=1)]
    """Short name of the carrier."""
    endpoint: Annotated[str, AfterValidator(_address)]
    """Where ES2+ is spoken: https://host:port, without /gsma/…"""
    requester: Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]+)+$", max_length=100)]
    """functionRequesterIdentifier: the object identifier by which the server knows the operator (SGP.22, 5.2.6)."""
    client_certificate: Path
    client_key: Path
    ca: Path
    """Certificates that the server's own must lead to."""
    iccid: tuple[Digits, ...] = ()
    """ICCIDs that begin so are this server's; none: all that no other table of the carrier names."""
    final_status: Literal["Unavailable", "Available"] = "Unavailable"
    """What becomes of a profile whose order is cancelled: burnt, or back to stock (finalProfileStatusIndicator)."""
    protocol: Annotated[str, Field(pattern=r"^gsma/rsp/v[0-9]+\.[0-9]+\.[0-9]+$")] = "gsma/rsp/v2.5.0"
    strict_protocol: bool = True
    """Whether an answer without X-Admin-Protocol is refused (SGP.22, 6.4)."""
    points: Mapping[Annotated[int, Field(ge=0, le=65535)], ProfileState] = {}
    """What the server means by its notification points. 3 and 4 are SGP.22's own; the rest differs by vendor."""
    notice_secret_file: Path | None = None
    notice_certificates: tuple[Fingerprint, ...] = ()
    """SHA-256 of the certificates with which the server may come to us with notices."""
    proxies: tuple[Annotated[str, AfterValidator(_proxy)], ...] = ()
    """Addresses of the proxies whose word on a caller's certificate (header Client-Cert, RFC 9440) is believed."""
    ci: tuple[Path, ...] = ()
    """Root certificates (GSMA CI) that a chip's certificate must lead to."""

    @property
    def notice_secret(self) -> SecretStr | None:
        """What the server shows as its bearer token. Raises OSError, ValueError if it cannot be read."""
        return None if self.notice_secret_file is None else SecretStr(secret_in(self.notice_secret_file))

    def state_of(self, point: int) -> ProfileState | None:
        """What a notification point means here. None for one that nobody explained."""
        return {**COMMON_POINTS, **self.points}.get(point)


COMMON_POINTS: Mapping[int, ProfileState] = {3: ProfileState.DOWNLOADED, 4: ProfileState.INSTALLED}
"""Notification points that all servers share (SGP.22 v2.5, 5.3.5): 3 package downloaded, 4 package installed."""


def read(path: Path) -> dict[str, Provider]:
    """Read the file whole; return the servers by name. Raises `BadSettings` naming everything that is wrong."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadSettings([f"{path} cannot be read ({error.strerror})"]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSettings([f"{path} is no TOML ({error})"]) from None
    problems: list[str] = []
    found: dict[str, Provider] = {}
    for name, table in tables.items():
        if not isinstance(table, dict):
            problems.append(f"{name} stands outside every table; write [name] before it")
            continue
        given = {**_with_paths(table, path.parent), "name": name}
        problems += _files_missing(name, given)
        try:
            found[name] = Provider.model_validate(given)
        except ValidationError as error:
            problems += misread.problems(name, error, Provider)
    problems += [problem for provider in found.values() for problem in _of_secrets(provider)]
    problems += _shared(found)
    if not tables:
        problems.append(f"{path} names no server")
    if problems:
        raise BadSettings(problems)
    return found


def _with_paths(table: Mapping[str, object], folder: Path) -> dict[str, object]:
    """The table with every path made whole. What is of a wrong type is left to the check."""
    made = dict(table)
    for key in ("client_certificate", "client_key", "ca", "notice_secret_file"):
        if isinstance(made.get(key), str):
            made[key] = folder / str(made[key])
    roots = made.get("ci")
    if isinstance(roots, list):
        made["ci"] = [folder / root if isinstance(root, str) else root for root in roots]
    return made


def _files_missing(name: str, table: Mapping[str, object]) -> list[str]:
    """Which files of a table are not there; also of a table that cannot be used for other reasons."""
    roots = table.get("ci")
    named = [(key, table.get(key)) for key in ("client_certificate", "client_key", "ca")]
    named += [("ci", root) for root in (roots if isinstance(roots, list) else [])]
    return [
        f"[{name}] {key}: {path} is no file" for key, path in named if isinstance(path, Path) and not path.is_file()
    ]


def _of_secrets(provider: Provider) -> list[str]:
    """What is wrong with the secret of a table, and with how its server is recognised."""
    problems: list[str] = []
    try:
        secret = provider.notice_secret
    except (OSError, ValueError):
        return [f"[{provider.name}] notice_secret_file: {provider.notice_secret_file} cannot be read"]
    if secret is not None and len(secret.get_secret_value()) < LEAST_SECRET:
        problems.append(f"[{provider.name}] notice_secret_file: is shorter than {LEAST_SECRET} characters")
    if provider.notice_certificates and not provider.proxies:
        problems.append(f"[{provider.name}] proxies: name the proxy whose word on certificates is believed")
    return problems


def _shared(found: Mapping[str, Provider]) -> list[str]:
    """Profiles that two tables of a carrier both claim."""
    claimed: dict[tuple[str, str], str] = {}
    problems = []
    for name, provider in found.items():
        for prefix in provider.iccid or ("",):
            other = claimed.setdefault((provider.carrier, prefix), name)
            if other != name:
                what = f"ICCIDs that begin with {prefix}" if prefix else "all other ICCIDs"
                problems.append(f"[{name}] iccid: [{other}] claims {what} of {provider.carrier} as well")
    return problems


def providers() -> dict[str, Provider]:
    """The servers of this installation by name; none where no file is set. Raises `BadSettings`."""
    path = config().es2plus
    return {} if path is None else _read_once(path)


@lru_cache(maxsize=8)
def _read_once(path: Path) -> dict[str, Provider]:
    return read(path)


def provider_for(carrier: str, iccid: str) -> Provider | None:
    """The server that holds this profile of the carrier: the longest prefix that fits. Raises `BadSettings`."""
    fitting = [
        (len(prefix), provider)
        for provider in providers().values()
        for prefix in provider.iccid or ("",)
        if provider.carrier == carrier and iccid.startswith(prefix)
    ]
    return max(fitting, key=lambda one: one[0])[1] if fitting else None
