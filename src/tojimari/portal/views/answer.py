"""How does a person answer what staff want to know about their case?

It has a page of its own: the page of the case keeps itself fresh, and would take away what is being typed. Whoever
may see the case may answer; the reviewer is told whether they had just shown a code.
"""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from tojimari.platform.acting import Refused
from tojimari.portal.visitor import Visitor, case_page
from tojimari.terminations import reviewing
from tojimari.terminations.models import Question, Termination
from tojimari.terminations.reasons import refusal_text


class AnswerForm(forms.Form):
    """One field. Whether it is enough, `terminations.reviewing` says."""

    answer = forms.CharField(
        label=_("Your answer"),
        help_text=_("In any language. Write no card number, no passport number and no code."),
        required=False,
        max_length=reviewing.ANSWER_MOST,
        error_messages={"max_length": _("That is too long. A few sentences are enough.")},
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )


@case_page
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, who: Visitor, case: Termination) -> HttpResponse:
    """The question and one field. An answer to a question that is over is refused, and what was typed stays."""
    form, refusal = AnswerForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            _answer(request, who, case, form.cleaned_data["answer"])
        except Refused as refused:
            if refused.code == "review.answer_missing":
                form.add_error("answer", refusal_text(refused))
            else:
                refusal = refused.code
        else:
            messages.success(request, gettext("Thank you. Our staff goes on with your request."))
            return redirect("portal:case", case.reference)
    question = reviewing.open_question(case)
    facts = {
        "case": case,
        "question": question,
        "asked": reviewing.text_of(question, question.step) if question is not None else "",
        "form": form,
        "refusal_code": refusal,
    }
    return render(request, "portal/answer.html", facts, status=409 if refusal else 200)


def _answer(request: HttpRequest, who: Visitor, case: Termination, text: str) -> None:
    """Answer the question that was on the page; one of another case is none at all. Raises `Refused`."""
    key, now = request.POST.get("question", ""), timezone.now()
    asked = Question.objects.filter(step__termination=case).select_related("step")
    question = asked.filter(pk=int(key)).first() if key.isascii() and key.isdigit() and len(key) < 19 else None
    if question is None:
        raise Refused("review.no_question")
    reviewing.answer(question=question, text=text, proved=who.is_fresh(now), acting=who.acting, at=now)
