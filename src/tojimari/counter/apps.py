"""Which Django app is this room?"""

from __future__ import annotations

from django.apps import AppConfig


class CounterConfig(AppConfig):
    name = "tojimari.counter"
    label = "counter"
    default_auto_field = "django.db.models.BigAutoField"
