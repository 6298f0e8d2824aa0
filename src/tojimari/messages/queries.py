"""What can be seen of messages?"""

from __future__ import annotations

from django.db.models import QuerySet

from tojimari.messages.models import Message


def shown(carrier_id: int, *, limit: int = 50) -> QuerySet[Message]:
    """Return a carrier's newest messages, for the demo page and for staff who look whether one went out. One query."""
    return Message.objects.filter(carrier_id=carrier_id).order_by("-created_at", "-id")[:limit]


def of_case(case_id: int) -> QuerySet[Message]:
    """Return what a case's subscriber was told, in order. One query."""
    return Message.objects.filter(case_id=case_id).order_by("created_at", "id")
