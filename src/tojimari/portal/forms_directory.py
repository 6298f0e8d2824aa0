"""What may somebody type who looks for a carrier, or who corrects a fact about one?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tojimari.guide.corrections import HOURS, Correction, Fact
from tojimari.guide.facts import CarrierKind
from tojimari.guide.hours_values import Days, hours_value
from tojimari.portal import words_directory as words

LONGEST = 400
CLOCKS = ("hours_since", "hours_until")
CHOICES = {
    "appointment": words.APPOINTMENTS,
    "effective": words.EFFECTIVE,
    "month_charge": words.MONTH_CHARGES,
    "sim_return": words.RETURNS,
}
_REQUIRED = {"required": _("Fill this in."), "invalid_choice": _("Choose one.")}


class SearchForm(forms.Form):
    """A name in any language, a kind, a country. Everything may be left empty."""

    q = forms.CharField(label=_("Name of the carrier"), required=False, max_length=80)
    kind = forms.ChoiceField(label=_("What kind"), required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)

    def __init__(self, data: Any, countries: Iterable[str]) -> None:
        super().__init__(data)
        every = [("", _("All"))]
        kinds = [(kind.value, words.CARRIER_KINDS[kind]) for kind in CarrierKind]
        self.fields["kind"].choices = every + kinds  # type: ignore[attr-defined]  # a ChoiceField
        places = [(country, words.COUNTRIES.get(country, country)) for country in countries]
        self.fields["country"].choices = every + places  # type: ignore[attr-defined]  # a ChoiceField


class CorrectionForm(forms.Form):
    """The right value of one fact, the page that says so, and when it was seen. Which value fields there are depends
    on the fact."""

    gone = forms.BooleanField(label=_("It is no longer so: take it out"), required=False)
    url = forms.CharField(
        label=_("Page that says so"),
        help_text=_("The whole address, beginning with https://. Best is the carrier's own page."),
        max_length=500,
        error_messages=_REQUIRED,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocapitalize": "none", "spellcheck": "false"}),
    )
    seen_on = forms.DateField(
        label=_("Day on which you saw it"),
        error_messages=_REQUIRED | {"invalid": _("Write the day as 2026-11-30.")},
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def __init__(self, fact: Fact, data: Any, today: date) -> None:
        super().__init__(data, initial={"seen_on": today})
        self.fact = fact
        own = _value_fields(fact)
        if fact.value is None:
            del self.fields["gone"]
        self.fields = own | self.fields
        self.value_names = tuple(own)

    def clean(self) -> dict[str, Any]:
        """Ask for the value unless it is to be taken out."""
        cleaned = super().clean() or {}
        if not cleaned.get("gone"):
            for name in self.value_names:
                always = cleaned.get("hours_days") == Days.ALWAYS and name in ("hours_since", "hours_until")
                optional = always or name in ("cutoff_number", "cutoff_time")
                if not optional and name not in self.errors and cleaned.get(name) in (None, "", []):
                    self.add_error(name, str(_REQUIRED["required"]))
        if "hours_days" in self.value_names and not cleaned.get("gone") and not self.errors:
            try:
                _value(self.fact, cleaned)
            except ValueError:
                self.add_error("hours_until", _("This must be later than the time before it."))
        return cleaned

    def correction(self) -> Correction:
        """Return what was filled in, of a form that is valid."""
        cleaned = self.cleaned_data
        value = None if cleaned.get("gone") else _value(self.fact, cleaned)
        return Correction(self.fact.place, value, cleaned["url"], cleaned["seen_on"])

    @property
    def value_field(self) -> str:
        """The name of the field beside which is said what is wrong with the value."""
        return self.value_names[0]


def _value_fields(fact: Fact) -> dict[str, forms.Field]:
    """The fields for one kind of value, filled in with what is there."""
    label = words.FIELDS[fact.field]
    if fact.field == "text":
        return {f"text_{language}": _text(fact, language) for language in ("ja", "en", "zh-hans", "zh-hant")}
    if fact.field == "cutoff":
        return _cutoff_fields(fact.value or {})
    if fact.field == HOURS:
        return _hours_fields()
    field: forms.Field
    if fact.field in CHOICES:
        field = forms.ChoiceField(choices=[("", "–"), *CHOICES[fact.field].items()], error_messages=_REQUIRED)
    elif fact.field == "channels":
        field = forms.MultipleChoiceField(
            choices=list(words.CHANNELS.items()), widget=forms.CheckboxSelectMultiple, error_messages=_REQUIRED
        )
    elif fact.field in ("fee_jpy", "return_days"):
        field = forms.IntegerField(
            min_value=0, error_messages=_REQUIRED | {"invalid": _("Write a whole number, without a comma.")}
        )
    else:
        field = forms.CharField(max_length=LONGEST)
    field.required, field.label, field.initial = False, str(label), fact.value
    return {"value": field}


LANGUAGES = {"ja": "日本語", "en": "English", "zh-hans": "简体中文", "zh-hant": "繁體中文"}


def _text(fact: Fact, language: str) -> forms.Field:
    widget = forms.Textarea(attrs={"rows": 3})
    initial = (fact.value or {}).get(language)
    return forms.CharField(
        label=LANGUAGES[language], required=False, max_length=LONGEST, widget=widget, initial=initial
    )


def _cutoff_fields(now: dict[str, Any]) -> dict[str, forms.Field]:
    number = next((now[name] for name in ("day", "days", "n") if name in now), None)
    return {
        "cutoff_kind": forms.ChoiceField(
            label=_("Ask until"),
            choices=[("", "–"), *words.CUTOFF_KINDS.items()],
            required=False,
            initial=now.get("kind"),
            error_messages=_REQUIRED,
        ),
        "cutoff_number": forms.IntegerField(
            label=_("Number: day of the month, or how many days"), required=False, initial=number
        ),
        "cutoff_time": forms.RegexField(
            r"^(?:[01]?[0-9]|2[0-3]):[0-5][0-9]$",
            label=_("Time in Japan, as 20:00. Empty: until midnight"),
            required=False,
            initial=now.get("time"),
            error_messages={"invalid": _("Write the time as 20:00.")},
        ),
    }


def _hours_fields() -> dict[str, forms.Field]:
    """Nothing is filled in: what is there may be more than these fields can say, and stands above them."""
    clock = r"^(?:[01]?[0-9]|2[0-3]):[0-5][0-9]$|^24:00$"
    wrong = {"invalid": _("Write the time as 20:00.")}
    return {
        "hours_days": forms.ChoiceField(
            label=_("On which days?"),
            choices=[("", "–"), *words.DAYS.items()],
            required=False,
            error_messages=_REQUIRED,
        ),
        "hours_since": forms.RegexField(
            clock, label=_("Opens, in Japan time, as 9:00"), required=False, error_messages=wrong
        ),
        "hours_until": forms.RegexField(
            clock, label=_("Closes, in Japan time, as 20:00"), required=False, error_messages=wrong
        ),
    }


def _clock(typed: str) -> str:
    """The clock as texts write it: "9:30", not "09:30"."""
    return typed[1:] if len(typed) == 5 and typed[0] == "0" else typed


def _value(fact: Fact, cleaned: dict[str, Any]) -> Any:
    """What was typed, in the form of the file."""
    if fact.field == "text":
        return {name.removeprefix("text_"): " ".join(cleaned[name].split()) for name in cleaned if name[:5] == "text_"}
    if fact.field == HOURS:
        clocks = (_clock(cleaned.get(name) or "") for name in CLOCKS)
        return hours_value(Days(cleaned["hours_days"]), *clocks)
    if fact.field != "cutoff":
        return cleaned["value"]
    kind = cleaned["cutoff_kind"]
    name = {"day_of_month": "day", "business_day_of_month": "n", "daily": ""}.get(kind, "days")
    row: dict[str, Any] = {"kind": kind}
    if name and cleaned.get("cutoff_number") is not None:
        row[name] = cleaned["cutoff_number"]
    if cleaned.get("cutoff_time"):
        row["time"] = cleaned["cutoff_time"].zfill(5)
    return row
