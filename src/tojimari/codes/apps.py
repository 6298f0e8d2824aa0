"""Which Django app is this room?"""

from __future__ import annotations

from django.apps import AppConfig


class CodesConfig(AppConfig):
    name = "tojimari.codes"
    label = "codes"
    default_auto_field = "django.db.models.BigAutoField"
