"""Which page is where?"""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("staff/", include("allauth.urls")),
]
