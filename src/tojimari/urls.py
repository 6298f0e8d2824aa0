"""Which page is where?"""

from __future__ import annotations

from django.urls import include, path

from tojimari.platform.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("staff/", include("allauth.urls")),
]
