"""How does a person ask while our database is away? And how do they confirm it when it is back?

A page that cannot be made because the database does not answer becomes the page of the outage (`errors`). Its form
takes the request all the same: identifier, end and an address for the answer go into the spool with their instant, and
the person gets a receipt. Nothing here but `late` asks the database or the session anything. The key of the form makes
the reference, so that a double tap, or sending the form again, gives the same one.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any

import structlog
from django import forms
from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tojimari.lines.emails import normal_email
from tojimari.platform.acting import Refused
from tojimari.portal.forms import SignInForm
from tojimari.portal.visitor import Visitor, subscriber_page
from tojimari.terminations import late as late_wishes
from tojimari.terminations.access import late_wish_of_subscriber
from tojimari.terminations.models import LateState
from tojimari.terminations.reasons import refusal_text
from tojimari.terminations.references import normalised, reference_from

log = structlog.get_logger(__name__)

RETRY_AFTER_SECONDS = 120
STAFF_PATHS = ("/desk/", "/staff/")
_SALT = "tojimari.outage.receipt"
_RECEIPT_OPENS_FOR = timedelta(days=30)

ENDS = {
    "earliest": ("line", late_wishes.EARLIEST, _("As early as possible")),
    "month-end": ("line", "month-end", _("At the end of the month")),
    "roaming": ("roaming", "now", _("Only turn roaming off; the line stays")),
}
"""What may be chosen: scope, end, and its words."""


class LateForm(forms.Form):
    """Only what is needed to find the line and the person again."""

    identifier = forms.CharField(
        label=SignInForm.base_fields["identifier"].label,
        help_text=_("Type it as you have it. Spaces and dashes do not matter."),
        max_length=64,
        error_messages={
            "required": _("Type what you have: one of them is enough."),
            "max_length": _("That is too long for any of them."),
        },
        widget=forms.TextInput(attrs={"autocomplete": "tel", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    end = forms.ChoiceField(
        choices=[(key, words) for key, (_scope, _effective, words) in ENDS.items()],
        error_messages={
            "required": _("Choose when it shall end."),
            "invalid_choice": _("Choose when it shall end."),
        },
        widget=forms.RadioSelect,
    )
    email = forms.CharField(
        label=_("Your e-mail address"),
        help_text=_("If you can, the one that you gave when you signed up: then one code is enough to confirm."),
        max_length=254,
        error_messages={
            "required": _("Without an address we cannot write to you."),
            "max_length": _("That is too long for an e-mail address."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def clean_email(self) -> str:
        address = normal_email(self.cleaned_data["email"])
        if address is None:
            raise forms.ValidationError(_("This is not an e-mail address. Write it like name@mail.example."))
        return address


def outage(request: HttpRequest, form: LateForm | None = None, **more: Any) -> HttpResponse:
    """The page that is shown instead of any other while the database is away. Status 503; touches no table."""
    for_staff = request.path.startswith(STAFF_PATHS)
    if form is None:
        form = LateForm(initial={"key": secrets.token_urlsafe(24)})
    facts = {"form": None if for_staff else form, "was_sent": request.method == "POST" and "trouble" not in more}
    response = render(request, "portal/outage.html", facts | more, status=503)
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    response["Cache-Control"] = "no-store, private"
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest) -> HttpResponse:
    """Take the form. Whoever opens its address by hand is led to the first page."""
    if request.method != "POST":
        return redirect("portal:front")
    form, at = LateForm(request.POST), timezone.now()
    if not form.is_valid():
        return outage(request, form, trouble="")
    try:
        reference, asked_at = _keep(request, form, at)
    except Refused as refused:
        return outage(request, form, trouble=refusal_text(refused))
    except OSError as error:
        log.error("late_wish.not_kept", error=repr(error))
        return outage(request, form, trouble=refusal_text(Refused("spool.no_disk")))
    log.info("late_wish.kept", reference=reference)
    shown = signing.dumps({"reference": reference, "at": asked_at.isoformat()}, salt=_SALT)
    return redirect(f"{reverse('portal:outage_receipt')}?{urlencode({'of': shown})}")


def _keep(request: HttpRequest, form: LateForm, at: datetime) -> tuple[str, datetime]:
    """Put the wish on the disk; return its reference and the instant that stands for it."""
    given = form.cleaned_data
    scope, effective, _words = ENDS[given["end"]]
    # The reference says nothing about the key, and cannot be made without our secret.
    digest = hmac.new(settings.SECRET_KEY.encode(), f"late wish {given['key']}".encode(), "sha256").digest()
    reference = reference_from(digest)
    wish = {
        "host": request.get_host(),
        "origin": f"{request.scheme}://{request.get_host()}",
        "typed": given["identifier"].strip(),
        "scope": scope,
        "effective": effective,
        "email": given["email"],
        "language": get_language() or "ja",
    }
    address = request.META.get("REMOTE_ADDR", "")
    return reference, late_wishes.spool().keep(reference, wish, at=at, address=address)


@never_cache
@require_safe
def receipt(request: HttpRequest) -> HttpResponse:
    """What the person holds in hand: reference and time. The address carries these two alone, signed by us."""
    try:
        shown = signing.loads(request.GET.get("of", ""), salt=_SALT, max_age=_RECEIPT_OPENS_FOR)
    except signing.BadSignature:
        raise Http404 from None
    facts = {"reference": shown["reference"], "asked_at": datetime.fromisoformat(shown["at"])}
    return render(request, "portal/outage_receipt.html", facts)


class FindLateForm(forms.Form):
    """The reference alone: who may see what it names is asked afterwards, by a code."""

    reference = forms.CharField(
        label=_("Reference"),
        help_text=_("It is on the receipt, and begins with TJ."),
        max_length=40,
        error_messages={
            "required": _("Type the reference from your receipt."),
            "max_length": _("That is too long for a reference."),
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def find_late(request: HttpRequest) -> HttpResponse:
    """Lead to the page of a request that was sent during an outage, whether there is one or not."""
    form = FindLateForm(request.POST or None)
    if form.is_valid():
        return redirect("portal:late", normalised(form.cleaned_data["reference"]))
    return render(request, "portal/find_late.html", {"form": form})


@subscriber_page
@require_http_methods(["GET", "HEAD", "POST"])
def late(request: HttpRequest, who: Visitor, reference: str) -> HttpResponse:
    """The one screen that confirms a wish which was taken while the database was away, with its day and its yen."""
    now = timezone.now()
    try:
        wish = late_wish_of_subscriber(who.subscriber_id, reference)
    except Http404:  # not theirs, not there, or not matched by our staff yet: the page does not say which
        return render(request, "portal/late_not_found.html", {"reference": normalised(reference)}, status=404)
    if wish.state == LateState.CONFIRMED and wish.termination is not None:
        return redirect("portal:receipt", wish.termination.reference)
    try:
        end = late_wishes.end_of(wish)
        if request.method == "POST" and request.POST.get("seen") == str(end.quote.get("total_yen", 0)):
            if not who.is_fresh(now):
                return redirect(f"{reverse('portal:sign_in')}?{urlencode({'next': request.path})}")
            case = late_wishes.confirm(
                wish=wish,
                shown_yen=end.quote.get("total_yen", 0),
                acting=who.acting,
                at=now,
                language=get_language() or "ja",
                proof=who.proof,
            )
            return redirect("portal:receipt", case.reference)
    except Refused as refused:
        return render(request, "portal/refused.html", {"code": refused.code}, status=409)
    facts = {
        "wish": wish,
        "line": wish.line,
        "end": end,
        "changed": request.method == "POST",
        "is_fresh": who.is_fresh(now),
        "past": end.ends_at <= now,
    }
    return render(request, "portal/late.html", facts)
