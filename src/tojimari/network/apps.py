"""Which Django app is this room?"""

from __future__ import annotations

from django.apps import AppConfig


class NetworkConfig(AppConfig):
    name = "tojimari.network"
    label = "network"
    default_auto_field = "django.db.models.BigAutoField"
