"""How does the Luhn check digit work, and how is it computed fast enough for a file of a million lines?

ISO/IEC 7812-1 annex B: from the right, every second digit is doubled (its digits summed), and the total ends in 0.
It finds every single wrong digit and every swap of neighbours except 09 and 90.
"""

from __future__ import annotations

# Byte translation instead of a loop over digits: one table maps "0".."9" to 0..9, the other to the doubled digit sums.
_SINGLE = bytes((byte - 48) if 48 <= byte <= 57 else 0 for byte in range(256))
_DOUBLED = bytes((0, 2, 4, 6, 8, 1, 3, 5, 7, 9)[byte - 48] if 48 <= byte <= 57 else 0 for byte in range(256))


def is_valid(digits: str) -> bool:
    """Say whether the last digit fits. `digits` must be ASCII digits."""
    raw = digits.encode()
    return (sum(raw[-1::-2].translate(_SINGLE)) + sum(raw[-2::-2].translate(_DOUBLED))) % 10 == 0


def check_digit(body: str) -> str:
    """Return the digit to put behind `body` (ASCII digits)."""
    raw = body.encode()
    return str(-(sum(raw[-1::-2].translate(_DOUBLED)) + sum(raw[-2::-2].translate(_SINGLE))) % 10)
