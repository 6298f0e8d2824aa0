"""Is the network there?"""

from __future__ import annotations

from tojimari.network.elements import element
from tojimari.network.routing import lane_for


def check() -> tuple[bool, str]:
    """(True, name of the network in use) or (False, why it does not answer). Takes three seconds at the most."""
    name = lane_for({}, "esim", "line")
    trouble = element(name).trouble()
    return (False, trouble) if trouble else (True, name)
