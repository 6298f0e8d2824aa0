"""Which network elements of a carrier take no work now, and which are not there any more?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template

from tojimari.lines.models import Carrier
from tojimari.network.routing import every_lane
from tojimari.terminations.engine.lanes import left_of, standing

register = template.Library()


@register.inclusion_tag("desk/elements.html")
def elements_of(carrier: Carrier, at: datetime) -> dict[str, Any]:
    """A note for each element that does not work as it should. Two queries; three where an element is gone."""
    own = every_lane(carrier.elements)
    return {"standing": [one for one in standing(at=at) if one.lane in own], "left": left_of(carrier.pk)}
