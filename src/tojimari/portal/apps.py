"""Which Django app is this room?"""

from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "tojimari.portal"
    label = "portal"
