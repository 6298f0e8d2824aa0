"""Which Django app is this room?"""

from __future__ import annotations

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "tojimari.messages"
    label = "tojimari_messages"  # django.contrib.messages has the short one
    default_auto_field = "django.db.models.BigAutoField"
