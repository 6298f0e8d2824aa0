"""Which carrier is meant by the word after `--carrier`?"""

from __future__ import annotations

import os

from django.utils import translation

from tojimari.cli import CommandError, speech
from tojimari.lines.access import NotFound, carrier_by_slug
from tojimari.lines.models import Carrier
from tojimari.platform.acting import Refused
from tojimari.terminations.reasons import refusal_text


def carrier_named(slug: str) -> Carrier:
    """Return the carrier. Raises `CommandError`, with the names of those that there are, where it is none of them."""
    try:
        return carrier_by_slug(slug)
    except NotFound:
        known = ", ".join(Carrier.objects.order_by("slug").values_list("slug", flat=True)) or "-"
        with translation.override(speech.tag_of(os.environ)):
            raise CommandError(refusal_text(Refused("carrier.unknown", slug=slug, known=known))) from None
