"""What does a person see first, before anybody knows who they are?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tojimari.portal.tenancy import carrier_of


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The first page: one large button, and what will happen after it. An address of no carrier has none."""
    carrier_of(request)
    return render(request, "portal/front.html")
