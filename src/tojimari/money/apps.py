"""Which Django app is this room?"""

from __future__ import annotations

from django.apps import AppConfig


class MoneyConfig(AppConfig):
    name = "tojimari.money"
    label = "money"
    default_auto_field = "django.db.models.BigAutoField"
