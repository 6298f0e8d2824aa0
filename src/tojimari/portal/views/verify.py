"""How does anybody check a certificate, and with which keys?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tojimari.proofs.keys import public_keys


@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """What a certificate is, and how it is checked without us."""
    return render(request, "portal/verify.html")


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """The public keys of this installation as a JWK Set (RFC 7517). They are meant to be copied and kept."""
    return JsonResponse(public_keys(), json_dumps_params={"indent": 2})
