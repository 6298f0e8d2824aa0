"""How do members of staff sign in by their carrier's own identity provider?

The provider says who somebody is, and nothing else: role and shops are ours. Only who has a place with this carrier
gets in, found by a verified e-mail address the first time and bound to the provider's own key for the person from then
on. Nobody signs up. A provider speaks for its own carrier alone: the sign-in is good for that place and no other, and
who works for several carriers signs in with a passkey or password, since no carrier may open another one's doors.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import structlog
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.models import EmailAddress
from allauth.account.views import LoginView
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.decorators import rate_limit
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthError, AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.contrib.auth.models import User
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from requests import Session

from tojimari.desk.models import Membership
from tojimari.desk.staff_words import ONLY_WAYS_ON, SIGN_IN
from tojimari.lines.models import Carrier
from tojimari.platform.accounts import BY_PROVIDER, only_by_provider
from tojimari.platform.config import config
from tojimari.platform.database.scope import every_carrier
from tojimari.platform.oidc import CarrierAdapter, CarrierCallback, CarrierProvider, Distrusted, Identity, outward
from tojimari.platform.providers import Provider, safe_address

log = structlog.get_logger(__name__)


def provider_of(request: HttpRequest) -> tuple[Carrier, Provider] | None:
    """Return the carrier of this page and its provider; None where it has none."""
    carrier: Carrier | None = getattr(request, "carrier", None)
    found = config().oidc.get(carrier.slug) if carrier is not None else None
    return (carrier, found) if carrier is not None and found is not None else None


def _adapter(request: HttpRequest) -> CarrierAdapter:
    found = provider_of(request)
    if found is None:
        raise Http404
    return CarrierAdapter(request, found[0].slug, found[1])


class SignIn(LoginView):  # type: ignore[misc]  # allauth carries no types
    """The sign-in of staff, with a button for the carrier's own accounts where there are such."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ways = {"by_provider": provider_of(self.request) is not None, "only": only_by_provider(self.request)}
        return {**super().get_context_data(**kwargs), **ways}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return _may_lead_there(request, response)


def _may_lead_there(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Let the form of this page lead to the provider; browsers hold `form-action` against each redirect on its way."""
    found = provider_of(request)
    if found is not None:
        response._csp_update = {"form-action": list(found[1].origins)}  # type: ignore[attr-defined]  # django-csp's way
    return response


@never_cache
@require_POST
@rate_limit(action="login")  # type: ignore[untyped-decorator]  # allauth carries no types
def begin(request: HttpRequest) -> HttpResponse:
    """Send the browser to the carrier's provider."""
    adapter = _adapter(request)
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    try:
        return adapter.get_provider().redirect(request, AuthProcess.LOGIN, next_url=wanted if safe else None)
    except OAuth2Error as trouble:
        return _refusal(request, "away", trouble)


@never_cache
@require_safe
@rate_limit(action="login")  # type: ignore[untyped-decorator]  # allauth carries no types
def callback(request: HttpRequest) -> HttpResponse:
    """Take the browser back from the provider, and sign the person in or say why not."""
    adapter = _adapter(request)
    if request.GET.get("iss", adapter.settings.issuer) != adapter.settings.issuer:  # RFC 9207, 2.4
        return _refusal(request, "failed", Distrusted("another_issuer"))
    response: HttpResponse = CarrierCallback.adapter_view(adapter)(request)
    return response


@never_cache
@require_safe
def signed_out(request: HttpRequest) -> HttpResponse:
    """Say that one is signed out here, and lead to the provider's own sign-out (RP-Initiated Logout 1.0)."""
    adapter, there = _adapter(request), ""
    try:
        there = str(adapter.openid_config.get("end_session_endpoint", ""))
    except OAuth2Error as trouble:
        log.warning("staff.provider_away", why=type(trouble).__name__)
    if safe_address(there):
        back = request.build_absolute_uri(reverse("account_login"))
        there += ("&" if "?" in there else "?") + urlencode(
            {"client_id": adapter.settings.client_id, "post_logout_redirect_uri": back}
        )
    else:
        there = ""
    return render(request, "desk/signed_out.html", {"there": there})


@never_cache
@require_safe
def elsewhere(request: HttpRequest) -> HttpResponse:
    """Say that this carrier's staff sign in by their company account alone."""
    if not only_by_provider(request):
        raise Http404
    return _said(request, "only" if provider_of(request) is not None else "nobody")


def _refusal(request: HttpRequest, code: str, trouble: Exception | None = None) -> HttpResponse:
    log.warning("staff.sign_in_failed", by="provider", why=getattr(trouble, "reason", code))
    return _said(request, code)


def _said(request: HttpRequest, code: str) -> HttpResponse:
    what, way_on = SIGN_IN[code]
    if only_by_provider(request):
        way_on = ONLY_WAYS_ON.get(code, way_on)
    return render(request, "desk/sign_in_refused.html", {"what": what, "way_on": way_on}, status=403)


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth carries no types
    """Decides who of those that a provider vouches for gets in."""

    def get_requests_session(self) -> Session:
        return outward()

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> CarrierProvider:
        """The carrier's provider, whatever name is asked for: allauth asks again when a second factor was shown."""
        return _adapter(request).get_provider()

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: object,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        code = "cancelled" if error == AuthError.CANCELLED else "failed"
        raise ImmediateHttpResponse(_refusal(request, code, exception))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find the place of who was vouched for, or refuse. Nothing is written for who does not get in."""
        found = provider_of(request)
        if found is None or sociallogin.account.provider != found[0].slug:
            raise ImmediateHttpResponse(_refusal(request, "failed"))
        place = self._place(request, found[0], sociallogin)
        if request.user.is_authenticated:
            get_account_adapter().logout(request)  # now, so that what is noted below stays in the session
        identity: Identity = sociallogin.identity
        sociallogin.user, sociallogin.token = place.user, None  # what waits for the second factor lies in the session
        request.session[BY_PROVIDER] = {
            "user": place.user_id,
            "place": place.pk,
            "role": place.role,
            "second_factor": identity.second_factor,
        }
        request.second_factor_by_provider = identity.second_factor  # type: ignore[attr-defined]  # read by StaffAdapter

    def _place(self, request: HttpRequest, carrier: Carrier, sociallogin: SocialLogin) -> Membership:
        identity: Identity = sociallogin.identity
        bound: User | None = sociallogin.user
        if bound is None and not identity.email:
            raise ImmediateHttpResponse(_refusal(request, "unverified"))
        with transaction.atomic():
            user = bound or _member(carrier, identity.email)
            place = _only_place(carrier, user) if user is not None else None
            if place is None or not place.user.is_active:
                raise ImmediateHttpResponse(_refusal(request, "no_place"))
            if bound is None:
                if SocialAccount.objects.filter(provider=carrier.slug, user=place.user).exists():
                    # The address went to somebody else at the provider: that one is not the person we know.
                    raise ImmediateHttpResponse(_refusal(request, "bound"))
                sociallogin.account.user = place.user
                sociallogin.account.save()
                log.info("staff.bound_to_provider", staff=place.user_id)
        return place


def _member(carrier: Carrier, email: str) -> User | None:
    """The one member of staff of a carrier who holds a verified address; the row is locked."""
    places = Membership.objects.filter(carrier=carrier).values_list("user_id", flat=True)
    held = EmailAddress.objects.filter(email__iexact=email, verified=True, user_id__in=list(places))
    users = list(User.objects.select_for_update().filter(pk__in=list(held.values_list("user_id", flat=True)))[:2])
    return users[0] if len(users) == 1 else None


def _only_place(carrier: Carrier, user: User) -> Membership | None:
    """Somebody's place with a carrier, if they have no other one anywhere."""
    with every_carrier():
        places = list(Membership.objects.filter(user=user).select_related("user")[:2])
    return places[0] if len(places) == 1 and places[0].carrier_id == carrier.pk else None
