"""Which Django app is this room?"""

from __future__ import annotations

from django.apps import AppConfig


class LinesConfig(AppConfig):
    name = "tojimari.lines"
    label = "lines"
    default_auto_field = "django.db.models.BigAutoField"
