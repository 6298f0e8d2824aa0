"""How does staff read and answer a request for help of somebody who got no code?

What the person wrote is unsealed for this page alone, and each look at it stands in the log with who looked.
"""

from __future__ import annotations

import structlog
from django import forms
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from tojimari.codes.help import answer, note_in, written_in
from tojimari.codes.models import HelpRequest
from tojimari.codes.words import HELP_REASONS
from tojimari.desk.access import Right, Staff, name_of, staff_page
from tojimari.platform.acting import Refused
from tojimari.terminations.reasons import refusal_text

log = structlog.get_logger(__name__)


class AnswerForm(forms.Form):
    """What was done. Whether it is enough, `codes.help` says."""

    note = forms.CharField(
        label=_("What you did"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


@staff_page(Right.HELP)
@require_http_methods(["GET", "HEAD", "POST"])
def help_request(request: HttpRequest, staff: Staff, reference: str) -> HttpResponse:
    """One request: what was written, and the note that ends it. What was typed stays when it is refused."""
    asked = HelpRequest.objects.filter(carrier=staff.carrier, reference=reference).first()
    if asked is None:
        raise Http404
    form, refusal = AnswerForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            answer(
                request_id=asked.pk,
                carrier_id=staff.carrier.pk,
                note=form.cleaned_data["note"],
                acting=staff.acting,
                at=timezone.now(),
            )
        except Refused as refused:
            if refused.code == "help.note_missing":
                form.add_error("note", refusal_text(refused))
            else:
                refusal = refused.code
                asked.refresh_from_db()
        else:
            return redirect("desk:help", reference)
    log.info("help.read", reference=reference, staff=staff.user_id)
    written = written_in(asked)
    facts = {
        "staff": staff,
        "asked": asked,
        "written": written,
        "reasons": [HELP_REASONS[key] for key in written.reasons if key in HELP_REASONS] if written else [],
        "language": get_language_info(asked.language)["name_local"],
        "form": form,
        "note": note_in(asked),
        "by": _name(asked.handled_by),
        "refusal_code": refusal,
        "may_open": staff.may(Right.CALL),
    }
    return render(request, "desk/help.html", facts, status=409 if refusal else 200)


def _name(actor: str) -> str:
    key = actor.partition(":")[2]
    user = User.objects.filter(pk=int(key)).first() if key.isdigit() else None
    return name_of(user) if user is not None else ""
