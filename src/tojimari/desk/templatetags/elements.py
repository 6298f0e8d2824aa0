"""Which network elements of a carrier take no work now, and which are not there any more?"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django import template

from tojimari.lines.models import Carrier
from tojimari.network.routing import every_lane
from tojimari.terminations.engine.lanes import left_of, standing

register = template.Library()


@register.inclusion_tag("desk/elements.html")
def elements_of(carrier: Carrier, at: datetime, lanes: Collection[str] | None = None) -> dict[str, Any]:
    """A note for each element that does not work as it should: of `lanes`, or of all that the carrier uses.

    Two queries; three where an element is gone.
    """
    own = every_lane(carrier.elements) if lanes is None else lanes
    gone = left_of(carrier.pk)
    return {
        "standing": [one for one in standing(at=at) if one.lane in own],
        "left": {lane: many for lane, many in gone.items() if lanes is None or lane in lanes},
    }
