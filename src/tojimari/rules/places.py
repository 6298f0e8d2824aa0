"""Which shop is near? Distances on the ground, postcodes, and names of stations as people type them.

There is no table of the country here: a postcode is compared with those of the shops, a station with the names that
the shops give, and a position with theirs.
"""

from __future__ import annotations

import re
from math import asin, cos, isfinite, radians, sin, sqrt

from tojimari.rules.text import plain

EARTH_KM = 6371.0088
"""Mean radius of the earth (IUGG, GRS 80)."""

_STATION = re.compile(r"(駅|站|車站|车站|station|sta\.?|eki)$")


def kilometres(from_latitude: float, from_longitude: float, to_latitude: float, to_longitude: float) -> float:
    """Return the distance between two points along the ground, in kilometres; all four in degrees (haversine)."""
    a, b = radians(from_latitude), radians(to_latitude)
    across = sin(radians(to_longitude - from_longitude) / 2) ** 2
    along = sin((b - a) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(along + cos(a) * cos(b) * across)))


def position(latitude: str, longitude: str) -> tuple[float, float] | None:
    """Return a position in degrees from two texts, or None where they are none."""
    try:
        found = float(latitude), float(longitude)
    except ValueError:
        return None
    inside = all(map(isfinite, found)) and abs(found[0]) <= 90 and abs(found[1]) <= 180
    return found if inside else None


def postcode(text: str) -> str:
    """Return the digits of a Japanese postcode, all seven or the first three, from however it is typed; "" for none."""
    digits = plain(text).removeprefix("〒")
    return digits if re.fullmatch("[0-9]{3}|[0-9]{7}", digits, re.ASCII) else ""


def shared_digits(one: str, other: str) -> int:
    """Return how many digits two postcodes share from the left: the more, the nearer, as Japan Post sorts mail."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def station_key(name: str) -> str:
    """Return a station's name to compare with: one spelling of letters, without the word for "station"."""
    key = plain(name).casefold()
    return _STATION.sub("", key) or key
