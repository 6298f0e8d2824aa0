"""What does a check of an identifier answer?"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

Fact = str | int | bool | tuple[str, ...]

NO_FACTS: Mapping[str, Fact] = MappingProxyType({})


class Verdict(NamedTuple):
    """The answer. A named tuple, because a bulk import makes millions of them."""

    valid: bool
    value: str
    """Normalised; for an invalid value, as far as it could be read."""
    code: str = ""
    """Dotted reason code when not valid, e.g. `iccid.luhn`; otherwise empty."""
    facts: Mapping[str, Fact] = NO_FACTS
    """What the identifier tells about itself, read only. `warning` is a reason code that does not make it invalid."""
