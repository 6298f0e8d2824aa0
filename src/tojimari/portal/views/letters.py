"""How does a person write to a carrier in Japanese? They fill in a form, and get a letter to print, to copy or as PDF.

Nothing is stored: what was typed goes into the page and, hidden, into its buttons. The meaning stands beside each
sentence, so that nobody signs what they have not understood.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tojimari.guide.directory import carriers
from tojimari.guide.documents import pdf
from tojimari.guide.letters import Letter
from tojimari.guide.words.offices import offices
from tojimari.guide.words.spoken import Meaning
from tojimari.platform.typesetting import NotDrawn, can_draw
from tojimari.portal.forms_words import AdviceForm, ClosingForm, ComplaintForm, EarlyExitForm, LetterForm
from tojimari.rules.calendar import jst_date
from tojimari.rules.early_exit import Scheme, window


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of letter."""

    form: type[LetterForm]
    name: Meaning
    about: Meaning
    advice: tuple[Meaning, ...]
    """What to do with it, and what it does not do."""


_POST = _("Send it so that you can prove it: by recorded mail, and keep the slip and a copy.")
KINDS: Mapping[str, Kind] = {
    "early-exit": Kind(
        EarlyExitForm,
        _("Leave a new contract in its first 8 days"),
        _("The law lets you leave most new mobile contracts within 8 days, without a reason."),
        (
            _POST,
            _("It counts on the day on which you send it, not when it arrives."),
            _("You still pay for what you used, and the cost of making the contract."),
            _("A phone bought with it is usually not returned, and a number that you brought along does not go back."),
            _("Prepaid lines and lines of companies are mostly not covered. Your contract document says so."),
        ),
    ),
    "close": Kind(
        ClosingForm,
        _("Close a line"),
        _("For a carrier that can be reached by letter or mail. Many accept closing only in their own way."),
        (
            _("Look first how this carrier closes lines: a letter may not count where it asks for its own page."),
            _POST,
            _("Until the carrier confirms it, the line is not closed, and is charged."),
        ),
    ),
    "charges": Kind(
        ComplaintForm,
        _("Stop charges after closing"),
        _("A complaint to the carrier: stop the charges, refund them, or say why."),
        (
            _POST,
            _("Attach copies of what you can show, never the only one that you have."),
            _("No answer? Then ask those below, with the sheet for them."),
        ),
    ),
    "advice": Kind(
        AdviceForm,
        _("Facts for the consumer centre or the ministry"),
        _("When the carrier does not help: one sheet to read from on the phone, or to hand over."),
        (_("Both are asked by phone. The sheet is for you to read from, or to take along."),),
    ),
}


def pdf_response(letter: Letter, name: str, *, translated: bool) -> HttpResponse:
    """Return a letter as a file to save. Raises `NotDrawn`."""
    response = HttpResponse(pdf(letter, translated=translated), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}-{letter.dated:%Y-%m-%d}.pdf"'
    return response


@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """All letters, and who helps when a carrier does not."""
    return render(request, "portal/letters.html", {"kinds": KINDS.items(), "offices": offices()})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest, letter: str) -> HttpResponse:
    """The form of one kind of letter; sent, the letter. `as` says in which shape: page, form again, or PDF."""
    if letter not in KINDS:
        raise Http404("There is no such letter.")
    kind = KINDS[letter]
    if request.method != "POST":
        return _form_page(request, letter, kind.form(initial=_carrier_named(request)))
    form = kind.form(request.POST)
    shape = request.POST.get("as", "")
    if not form.is_valid() or shape == "form":
        return _form_page(request, letter, form)
    now = datetime.now(UTC)
    written = form.letter(jst_date(now))
    undrawn = False
    if shape in ("pdf", "pdf-translated"):
        try:
            return pdf_response(written, f"letter-{letter}", translated=shape == "pdf-translated")
        except NotDrawn:
            undrawn = True
    context = {
        "slug": letter,
        "kind": kind,
        "form": form,
        "letter": written,
        "can_draw": can_draw(),
        "undrawn": undrawn,
        "days": _days(form, now) if isinstance(form, EarlyExitForm) else None,
        "offices": offices() if letter in ("charges", "advice") else (),
    }
    return render(request, "portal/letter.html", context)


def _carrier_named(request: HttpRequest) -> dict[str, str]:
    """The carrier that a link of the directory named, as it is written in Japan."""
    known = carriers().get(request.GET.get("carrier", ""))
    return {"carrier": known.name.ja} if known else {}


def _form_page(request: HttpRequest, slug: str, form: LetterForm) -> HttpResponse:
    language = get_language() or "ja"
    names = [(facts.name.ja, facts.name.into(language)) for facts in carriers().values() if not facts.obsolete]
    return render(request, "portal/letter_form.html", {"slug": slug, "kind": KINDS[slug], "form": form, "names": names})


@dataclass(frozen=True, slots=True)
class Days:
    """How the days of early cancellation stand."""

    state: str
    """`measures`: other rules apply; `not_begun`; `open`; `over`."""
    last_day: date | None = None


def _days(form: EarlyExitForm, now: datetime) -> Days:
    if form.known_scheme is Scheme.CONFIRMATION_MEASURE:
        return Days("measures")
    days = window(form.cleaned_data["received"], form.cleaned_data["started"])
    if days.last_day is None:
        return Days("not_begun")
    return Days("open" if days.in_time(now) else "over", days.last_day)
