"""What does a person show at a counter, or read aloud on the phone, when they speak no Japanese?

A card with their wish and the questions that matter: staff answer by tapping, and each answer stands there in both
languages. Nothing is kept: what was typed or tapped comes back with the page and is gone with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tojimari.guide.words import calls
from tojimari.guide.words.cards import CARDS, HELLO, NUMBER_ENDS, PLEASE_WRITE, Card, Option, Question, Wish, Write
from tojimari.portal import clocks
from tojimari.portal.forms_words import LONGEST_LINE, DigitsForm


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the card with what staff answered, if they did."""

    question: Question
    option: Option | None
    written: str
    """As it was written, for the field."""

    @property
    def shown(self) -> str:
        """What was written, as the reader writes days and yen. What is no day and no number is shown as it is."""
        digits = self.written.replace(",", "")
        if self.question.write is Write.YEN and digits.isascii() and digits.isdigit():
            return f"{int(digits):,} JPY"
        if self.question.write is Write.DAY and self.written:
            try:
                return clocks.day(date.fromisoformat(self.written))
            except ValueError:
                return self.written
        return self.written


def _card(wish: str) -> Card:
    if wish not in set(Wish):
        raise Http404("There is no such card.")
    return CARDS[Wish(wish)]


def _asked(card: Card, posted: Mapping[str, str]) -> list[Asked]:
    """Read what was tapped. A value that is no answer to the question is none."""
    return [
        Asked(
            question,
            question.option(posted.get(question.id, "")),
            posted.get(f"{question.id}-more", "").strip()[:LONGEST_LINE] if question.write else "",
        )
        for question in card.questions
    ]


@require_safe
def cards(request: HttpRequest) -> HttpResponse:
    """All cards, each for the counter and for the phone."""
    return render(request, "portal/cards.html", {"cards": CARDS.values()})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def card(request: HttpRequest, wish: str) -> HttpResponse:
    """One card. Sent back with answers, it begins with what staff said."""
    shown = _card(wish)
    form = DigitsForm(request.POST or None)
    digits = form.cleaned_data["digits"] if form.is_bound and form.is_valid() else ""
    asked = _asked(shown, {key: str(value) for key, value in request.POST.items()})
    context = {
        "card": shown,
        "form": form,
        "digits": digits,
        "asked": asked,
        "answers": [one for one in asked if one.option or one.written],
        "now": datetime.now(UTC),
        "hello": HELLO,
        "number_ends": NUMBER_ENDS,
        "please_write": PLEASE_WRITE,
    }
    return render(request, "portal/card.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def phone(request: HttpRequest, wish: str) -> HttpResponse:
    """What to say on the phone, in order, and what one may hear."""
    shown = _card(wish)
    form = DigitsForm(request.POST or None)
    digits = form.cleaned_data["digits"] if form.is_bound and form.is_valid() else ""
    context = {
        "card": shown,
        "form": form,
        "opening": calls.opening(shown, get_language() or "ja", digits),
        "questions": [question.asked for question in shown.questions],
        "again": calls.AGAIN,
        "closing": calls.CLOSING,
        "heard": calls.HEARD,
    }
    return render(request, "portal/card_phone.html", context)
