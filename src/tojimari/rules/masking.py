"""What may be shown of an identifier in a log, a list or a certificate? Its last four digits."""

from __future__ import annotations

import re

_SHORTEST = 8
# Digits in one run, a Japanese mobile number written in groups, and text that may be lines of a passport's MRZ.
_TELLING = re.compile(rf"\d{{{_SHORTEST},}}|(?<!\d)(?:\+?81[ -]?|0)\d0[ -]\d{{4}}[ -]\d{{4}}(?!\d)|[A-Z0-9<]{{28,}}")


def last4(value: str) -> str:
    """Return `…5678` for `819012345678`. A value shorter than eight characters would be half told: only `…`."""
    return f"…{value[-4:]}" if len(value) >= _SHORTEST else "…"


def masked_email(address: str) -> str:
    """Return enough of an address to know it again: "w…@mail.example"; nothing for what is none."""
    name, at, host = address.partition("@")
    return f"{name[:1]}…@{host}" if at else ""


def mask(text: str) -> str:
    """Return the free text with every run of eight or more digits cut to its last four, and MRZ lines taken out."""
    return _TELLING.sub(_masked, text)


def _masked(found: re.Match[str]) -> str:
    telling = found[0]
    if telling.isdecimal():
        return last4(telling)
    if "<" in telling:
        return "…"  # names, birth date and document number stand here: no part of it is harmless
    if telling[0] in "+08" and re.search("[ -]", telling):
        return last4(telling)
    return re.sub(rf"\d{{{_SHORTEST},}}", lambda run: last4(run[0]), telling)
