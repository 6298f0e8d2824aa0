"""By which number does a carrier know what a payment is for?

A creditor reference by ISO 11649: "RF", two check digits (ISO/IEC 7064 MOD 97-10) and a number of ours. It holds
nothing of the person or the line, and a mistyped one is not taken for another. Letters and digits can be written in the
field for the payer's name of a transfer in Japan.
"""

from __future__ import annotations

import re

from tojimari.rules.text import plain

_FORM = re.compile(r"RF([0-9]{2})([0-9]{8,18})", re.ASCII)
_RF = "2715"
"""The letters R and F as the check counts them."""


FINAL = 9_000_000_000_000_000
"""Numbers from here on are those of final bills. No installation counts so many monthly ones."""


def reference(number: int) -> str:
    """Return the reference of bill `number`, in groups of four: "RF34 0000 0042"."""
    body = f"{number:08d}"
    whole = f"RF{98 - int(f'{body}{_RF}00') % 97:02d}{body}"
    return " ".join(whole[place : place + 4] for place in range(0, len(whole), 4))


def read(text: str) -> int | None:
    """Return the number in a reference, in any spelling; None for what is none or has a wrong check digit."""
    found = _FORM.fullmatch(plain(text).upper())
    if found is None or int(f"{found[2]}{_RF}{found[1]}") % 97 != 1:
        return None
    return int(found[2])
