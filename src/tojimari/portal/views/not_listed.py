"""What does a person do whose carrier is not this one? Nothing can be closed for them here, and the page says so."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def not_listed(request: HttpRequest) -> HttpResponse:
    """Whom to ask, what to have ready, what to keep, and who helps when the carrier does not."""
    return render(request, "portal/not_listed.html")
