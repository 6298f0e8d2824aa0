"""What is known of carriers that are not connected, and how does somebody correct it?

Public pages. Nothing that is typed here is kept: a correction becomes a file, and the person sends it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import condition, require_http_methods, require_safe

from tojimari.guide import download
from tojimari.guide.corrections import HOURS, Fact, NotTaken, Why, facts_of, patch
from tojimari.guide.directory import carriers
from tojimari.guide.facts import CarrierFacts, CarrierKind, Text
from tojimari.platform.config import config
from tojimari.portal import clocks
from tojimari.portal import words_directory as words
from tojimari.portal.directory_shown import Shown, listed, spoken
from tojimari.portal.forms_directory import CHOICES, CorrectionForm, SearchForm
from tojimari.portal.templatetags.show import yen
from tojimari.rules.calendar import JST
from tojimari.rules.cutoffs import from_toml

SECONDS_CACHED = 60 * 60


def known(carrier_id: str) -> CarrierFacts:
    """Return a carrier of the directory; "not found" where there is none."""
    try:
        return carriers()[carrier_id]
    except KeyError:
        raise Http404("The directory does not know this carrier.") from None


@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """Every carrier by kind; with a search, those that fit."""
    countries = sorted({facts.country for facts in carriers().values()}, key=lambda code: (code != "JP", code))
    form = SearchForm(request.GET, countries)
    wanted = form.cleaned_data if form.is_valid() else {}
    fitting = [facts for facts in carriers().values() if _fits(facts, wanted)]
    groups = [
        (words.CARRIER_KINDS[kind], [_entry(facts) for facts in fitting if facts.kind is kind]) for kind in CarrierKind
    ]
    facts = {"form": form, "groups": [group for group in groups if group[1]], "found": len(fitting)}
    return render(request, "portal/directory.html", facts | {"searched": any(wanted.values())})


def _fits(facts: CarrierFacts, wanted: dict[str, str]) -> bool:
    if wanted.get("kind") not in (None, "", facts.kind.value) or wanted.get("country") not in (None, "", facts.country):
        return False
    name = facts.name
    texts = (facts.id, name.ja, name.en, name.zh_hans, name.zh_hant, *(facts.domains.names if facts.domains else ()))
    return _folded(wanted.get("q") or "") in " ".join(map(_folded, texts))


def _folded(text: str) -> str:
    """As names are compared: width, case, spaces and dashes make no difference, nor does hiragana for katakana."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    katakana = (chr(ord(mark) + 0x60) if "\u3041" <= mark <= "\u3096" else mark for mark in plain)
    return "".join(mark for mark in katakana if mark not in " \t-_.・")


def _entry(facts: CarrierFacts) -> dict[str, Any]:
    return {
        "id": facts.id,
        "name": spoken(facts.name),
        "country": words.COUNTRIES.get(facts.country, facts.country),
        "gone": facts.obsolete is not None,
    }


@require_safe
def carrier(request: HttpRequest, carrier_id: str) -> HttpResponse:
    """One carrier: what it publishes and what people report, apart, each fact with its source."""
    facts = known(carrier_id)
    shown: dict[str, Any] = {"shown": Shown(facts, datetime.now(JST)), "zone": _zone(request)}
    if facts.obsolete is not None:
        then = carriers().get(facts.obsolete.successor)
        shown |= {"gone": words.GONE[facts.obsolete.reason], "then": _entry(then) if then else None}
    return render(request, "portal/directory_carrier.html", shown)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, carrier_id: str) -> HttpResponse:
    """Choose a fact, give its right value and the page that says so; the answer is a patch, and nothing is kept."""
    facts, today = known(carrier_id), _today()
    page: dict[str, Any] = {"facts": facts, "name": spoken(facts.name)}
    fact = facts_of(facts).get(request.GET.get("fact", ""))
    if fact is None:
        page |= {"groups": _choices(facts), "missed": "fact" in request.GET}
        return render(request, "portal/directory_correct.html", page)
    form = CorrectionForm(fact, request.POST if request.method == "POST" else None, today)
    page |= {"form": form, "fact": fact, "label": words.FIELDS[fact.field], "now": _now(fact)}
    if request.method == "POST" and form.is_valid():
        try:
            made = patch(facts, form.correction(), today)
        except NotTaken as refused:
            _say(form, refused)
        else:
            if "file" in request.POST:
                return _file(facts, made)
            page |= {"patch": made, "send_to": config().corrections_to, "typed": _typed(form)}
    return render(request, "portal/directory_correct_fact.html", page)


def _say(form: CorrectionForm, refused: NotTaken) -> None:
    """Put what is wrong beside the field in which it is."""
    beside = {Why.SOURCE: "url", Why.PUBLISHED: "url", Why.FUTURE: "seen_on"}
    text = str(words.NOT_TAKEN[refused.why])
    # The rules speak English, to those who keep the files.
    detail = f" {refused.detail}" if refused.why is Why.VALUE else ""
    form.add_error(beside.get(refused.why, form.value_field), text + detail)


def _typed(form: CorrectionForm) -> list[tuple[str, str]]:
    """What was typed, to be sent once more for the file."""
    return [(name, value) for name in form.fields for value in form.data.getlist(name)]  # type: ignore[attr-defined]  # a QueryDict


def _file(facts: CarrierFacts, made: str) -> HttpResponse:
    answer = HttpResponse(made, content_type="text/x-diff; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{facts.id}.patch"'
    return answer


def _choices(facts: CarrierFacts) -> list[tuple[str, list[tuple[str, str]]]]:
    """Facts to choose from, grouped by the way to close that they belong to."""
    names = {
        closing.id: f"{number}. " + (listed(str(words.CHANNELS[each]) for each in closing.channels) or closing.id)
        for number, closing in enumerate(facts.closing, 1)
    }
    groups: dict[str, list[tuple[str, str]]] = {}
    for place, fact in facts_of(facts).items():
        table, *rest = place.split(".")
        group = names[rest[0]] if table == "closing" else gettext("The carrier as a whole")
        groups.setdefault(group, []).append((place, f"{words.FIELDS[fact.field]}: {_now(fact)[:80]}"))
    return list(groups.items())


def _now(fact: Fact) -> str:
    """What the directory says now."""
    value = fact.value
    if value is None:
        return gettext("not known")
    if fact.field == "text":
        return spoken(Text.model_validate(value))
    if fact.field == HOURS:
        return spoken(Text.model_validate(value["hours"]))
    if fact.field == "cutoff":
        return words.cutoff(from_toml(value))
    if fact.field == "channels":
        return listed(str(words.CHANNELS[each]) for each in value)
    shown: dict[str, Callable[[Any], str]] = {"fee_jpy": yen, "return_days": words.within}
    if fact.field in shown:
        return shown[fact.field](value)
    return str(CHOICES[fact.field][value]) if fact.field in CHOICES else str(value)


def _zone(request: HttpRequest) -> str:
    """The reader's own zone, where the browser told it and it is not Japan's."""
    zone = clocks.reader_zone(request)
    return zone.key if zone is not None else ""


def _today() -> date:
    return datetime.now(JST).date()


@require_safe
@condition(etag_func=lambda request: download.mark(download.as_json()))
def as_json(request: HttpRequest) -> HttpResponse:
    """The whole directory for other programs."""
    return _for_everybody(download.as_json(), "application/json")


@require_safe
@condition(etag_func=lambda request: download.mark(download.schema()))
def schema(request: HttpRequest) -> HttpResponse:
    """What the file of the directory is made of."""
    return _for_everybody(download.schema(), "application/schema+json")


def _for_everybody(text: str, kind: str) -> HttpResponse:
    """A file that every site may read: it is the same for all, and holds nothing about anybody."""
    answer = HttpResponse(text, content_type=kind)
    answer["Access-Control-Allow-Origin"] = "*"
    patch_cache_control(answer, public=True, max_age=SECONDS_CACHED)
    return answer
