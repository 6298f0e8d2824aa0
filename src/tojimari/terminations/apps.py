"""Which Django app is this room?"""

from __future__ import annotations

from django.apps import AppConfig


class TerminationsConfig(AppConfig):
    name = "tojimari.terminations"
    label = "terminations"
    default_auto_field = "django.db.models.BigAutoField"
