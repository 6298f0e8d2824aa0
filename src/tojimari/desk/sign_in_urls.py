"""Under which address is which page of the sign-in of staff?

Of allauth only what we use is reachable: nothing to link accounts, to sign up, or to name another provider.
"""

from __future__ import annotations

from django.urls import include, path

from tojimari.desk import single_sign_on

urlpatterns = [
    path("login/", single_sign_on.SignIn.as_view(), name="account_login"),
    path("oidc/login/", single_sign_on.begin, name="sign_in_begin"),
    path("oidc/callback/", single_sign_on.callback, name="sign_in_callback"),
    path("elsewhere/", single_sign_on.elsewhere, name="sign_in_elsewhere"),
    path("oidc/signed-out/", single_sign_on.signed_out, name="signed_out"),
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
]
