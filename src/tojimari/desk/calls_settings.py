"""How does the carrier's administrator say what callers are asked, see what that means, and what was before?"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tojimari.desk import calls_words
from tojimari.desk.access import Right, Staff, staff_page
from tojimari.desk.calls_questions import QUESTIONS, SETTING, Policy, checked, keep, policy_of, read
from tojimari.lines.changes import history
from tojimari.lines.models import Change
from tojimari.platform.acting import Refused

_HISTORY = 50
_NUMBERS = range(2, len(QUESTIONS) + 1)


@dataclass(frozen=True, slots=True)
class Changed:
    """One change in words."""

    change: Change
    before: str
    after: str


@staff_page(Right.SETTINGS, personal=False)
@require_http_methods(["GET", "HEAD", "POST"])
def call_settings(request: HttpRequest, staff: Staff) -> HttpResponse:
    """The questions to choose from. A change is shown in words first, and counts once that was confirmed."""
    now, refusal, looked = policy_of(staff.carrier.pk), "", None
    typed = _typed(request) if request.method == "POST" else now
    if request.method == "POST":
        try:
            looked = checked(typed)
            if request.POST.get("do") == "save":
                seen = _number(request.POST.get("seen", ""))
                changed = keep(carrier=staff.carrier, policy=looked, seen=seen, acting=staff.acting, at=timezone.now())
                messages.success(request, _("Saved.") if changed is not None else _("Nothing was changed."))
                return redirect("desk:call_settings")
        except Refused as refused:
            refusal, looked = refused.code, None
    changes = list(history(staff.carrier.pk, SETTING)[:_HISTORY])
    facts = {
        "staff": staff,
        "questions": [
            (key, words, key in typed.keys, QUESTIONS[key].secret) for key, words in calls_words.SHORT.items()
        ],
        "numbers": _NUMBERS,
        "needed": typed.needed,
        "now": _in_words(now),
        "looked": _in_words(looked) if looked is not None else "",
        "same": looked == now,
        "asks": [calls_words.QUESTIONS[key] for key in (looked or now).keys],
        "seen": changes[0].pk if changes else 0,
        "changes": [Changed(one, _as_words(one.before), _as_words(one.after)) for one in changes],
        "refusal_code": refusal,
    }
    return render(request, "desk/call_settings.html", facts, status=409 if refusal else 200)


def _typed(request: HttpRequest) -> Policy:
    keys = tuple(key for key in QUESTIONS if key in request.POST.getlist("questions"))
    return Policy(_number(request.POST.get("needed", "")), keys)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _in_words(policy: Policy) -> str:
    names = " · ".join(map(str, calls_words.names(policy.keys)))
    return _("%(n)s right answers of: %(questions)s") % {"n": policy.needed, "questions": names}


def _as_words(text: str) -> str:
    policy = read(text)
    return _in_words(policy) if policy is not None else text
