"""Which Django app is this room?"""

from __future__ import annotations

from django.apps import AppConfig


class ProofsConfig(AppConfig):
    name = "tojimari.proofs"
    label = "proofs"
    default_auto_field = "django.db.models.BigAutoField"
