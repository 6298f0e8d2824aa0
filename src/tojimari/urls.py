"""Which page is where?"""

from __future__ import annotations

from django.urls import include, path

from tojimari.platform.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("staff/", include("tojimari.desk.sign_in_urls")),
    path("language/", include("django.conf.urls.i18n")),
    path("desk/", include("tojimari.desk.urls")),
    path("", include("tojimari.portal.urls")),
]

handler400 = "tojimari.portal.errors.bad_request"
handler403 = "tojimari.portal.errors.permission_denied"
handler404 = "tojimari.portal.errors.page_not_found"
handler500 = "tojimari.portal.errors.server_error"
