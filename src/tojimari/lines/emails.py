"""Can mail be sent to this address at all? A plausibility check; only a code that comes back proves more."""

from __future__ import annotations

import re
import unicodedata

# Old addresses of Japanese mobile carriers have dots where RFC 5321 allows none ("a..b.@docomo.example"): they exist,
# so dots are not judged. Addresses outside ASCII need SMTPUTF8, which the carriers' mail systems do not offer.
_PLAUSIBLE = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?=.{4,253}\Z)(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+"
    r"[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])"
).fullmatch


def normal_email(text: str) -> str | None:
    """Return the address with its domain in lower case, full-width letters made plain; None if it cannot be one."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    text = text.strip()
    if not _PLAUSIBLE(text):
        return None
    name, _, domain = text.rpartition("@")
    return f"{name}@{domain.lower()}"
