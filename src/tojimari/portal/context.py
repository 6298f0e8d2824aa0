"""What does every page know: whose it is, in which language, and whether any of it is only a demonstration?"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from tojimari.lines.models import Carrier
from tojimari.network import routing
from tojimari.platform.config import config
from tojimari.platform.version import version

TAGS = {"ja": "ja", "en": "en", "zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}
"""Language tags as browsers and screen readers want them (BCP 47)."""

NAMES = {"ja": "日本語", "en": "English", "zh-hans": "简体中文", "zh-hant": "繁體中文"}


def is_simulated(carrier: Carrier | None, kind: str = "", scope: str = "line") -> bool:
    """Whether ending this kind of line (or service) runs in a simulated network; without a kind, whether any does."""
    if carrier is None:
        return routing.is_simulated({})
    if kind:
        return routing.SIMULATED in routing.lanes_for(carrier.elements, kind, scope)
    return routing.is_simulated(carrier.elements)


def page(request: HttpRequest) -> dict[str, Any]:
    """The facts that the frame of every page shows. Touches no table, so error pages can use it as well."""
    carrier: Carrier | None = getattr(request, "carrier", None)
    language = get_language() or settings.LANGUAGE_CODE
    return {
        "carrier": carrier,
        "carrier_name": carrier.name(language) if carrier is not None else "Tojimari",
        "language_tag": TAGS.get(language, language),
        "languages": [(code, TAGS[code], NAMES[code]) for code in TAGS],
        "language_now": language,
        "is_demo": config().demo,
        "is_simulated": is_simulated(carrier),
        "version": version(),
    }
