"""How does Django know the platform's own tables?"""

from __future__ import annotations

from django.apps import AppConfig


class PlatformConfig(AppConfig):
    name = "tojimari.platform"
    label = "platform"
    default_auto_field = "django.db.models.BigAutoField"
