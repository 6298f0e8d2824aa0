"""What does a member of staff enter to complete a step, and what is said when it is not enough?

The fields of a step are those that `counter.papers` knows; what is enough is decided there. A refusal that names a
field stands beside that field, and everything typed stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tojimari.counter import papers as counter
from tojimari.counter import words as counter_words
from tojimari.desk import words
from tojimari.platform.acting import Refused
from tojimari.terminations.models import Actor, Step
from tojimari.terminations.procedures import spec
from tojimari.terminations.reasons import refusal_text


class FindForm(forms.Form):
    """One field for a reference, or for whatever names a line."""

    wanted = forms.CharField(
        label=_("Reference, phone number, ICCID or order number"),
        max_length=64,
        error_messages={"required": _("Type or scan one of them.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


_FIELD_MEANT = {"step.note_missing": "note"}
"""The field that a refusal of the engine means, where it does not say so itself: it knows no forms."""


class StepForm(forms.Form):
    """The fields of one step. The form checks nothing itself: the engine does, and says which field it means."""

    def given(self) -> dict[str, str]:
        """What was entered, as the engine takes it: every field a text, a tick is "yes"."""
        return {
            name: ("yes" if value is True else "" if value is False else str(value))
            for name, value in self.cleaned_data.items()
        }

    def take(self, refused: Refused) -> bool:
        """Put a refusal beside the field it names; False when it names none of ours."""
        field = str(refused.facts.get("field", "")) or _FIELD_MEANT.get(refused.code, "")
        if field not in self.fields:
            return False
        self.add_error(field, refusal_text(refused))
        return True


def _choice(label: words.Text, choices: Mapping[str, words.Text]) -> forms.ChoiceField:
    entries = [("", "–"), *choices.items()]
    return forms.ChoiceField(label=str(label), choices=entries, required=False)


def _tick(label: words.Text) -> forms.BooleanField:
    return forms.BooleanField(label=str(label), required=False)


def _text(label: words.Text, help_text: words.Text = "", *, rows: int = 0, most: int = 2000) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=str(label), help_text=str(help_text), required=False, max_length=most, widget=widget)


def field_named(name: str) -> forms.Field:
    """Make the field of this name; every name that `counter.papers` knows has one here."""
    if name in counter.KINDS:
        shown = {kind: counter_words.SHOWN[kind] for kind in counter.KINDS[name]}
        return _choice(words.PAPERS[name], shown)
    match name:
        case "came":
            return _tick(_("The customer is here"))
        case "place":
            return _text(_("Shop or counter"), most=200)
        case "signed":
            return _tick(_("The customer has signed the form"))
        case "approved":
            return _tick(_("I have looked at the request and approve it"))
        case "not_expired":
            return _tick(_("I have looked: the document has not expired"))
        case "mrz":
            help_text = _("The lines with < at the foot of the page or on the card. They are checked and not kept.")
            return _text(_("Machine-readable lines (if you can scan them)"), help_text, rows=3, most=300)
        case "name_seen":
            return _tick(_("I have looked at both names: they are of the same person"))
        case "card_ending":
            return _text(_("Last four digits of the card"), most=8)
        case "authority_kind":
            return _choice(_("By what does this person act for the customer?"), counter_words.AUTHORITIES)
        case "authority_name":
            return _text(_("Name of the person who acts"), most=200)
        case "receipt_number":
            return _text(_("Number of the receipt"), _("Empty: it stays on the final bill."), most=64)
        case "condition":
            return _choice(_("What became of the card?"), counter_words.CONDITIONS)
        case "iccid":
            return _text(_("Number on the card (ICCID)"), _("19 or 20 digits."), most=64)
        case "method":
            return _choice(_("How did they prove who they are?"), counter_words.METHODS)
        case "unpaid":
            return _choice(_("Unpaid bills"), counter_words.UNPAID)
        case "reference":
            return _text(_("Reference in the carrier's system, if any"), most=200)
        case _:
            return _text(_("Note"), rows=3)


def form_for(step: Step, typed: Mapping[str, Any] | None) -> StepForm:
    """Make the form that completes this step; `typed` is what was sent, None to begin with."""
    if step.actor == Actor.SYSTEM:
        names: tuple[str, ...] = ("note", "reference")
    else:
        names = counter.fields(step.name, spec(step.termination.procedure).step(step.name).papers)
    form = StepForm(typed)
    for name in names:
        form.fields[name] = field_named(name)
    if step.actor == Actor.SYSTEM:
        form.fields["note"].label = _("What you did, and how you saw that it is so")
    return form
