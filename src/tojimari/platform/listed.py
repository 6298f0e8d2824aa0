"""How are several things written in one setting?"""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network
from typing import Annotated

from pydantic import BeforeValidator


def split(value: object) -> object:
    """A list is written with commas between its parts: `a.example, b.example`."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return value


Network = IPv4Network | IPv6Network
Names = Annotated[list[str], BeforeValidator(split)]
Networks = Annotated[list[Network], BeforeValidator(split)]
