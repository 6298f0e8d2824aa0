"""What does staff type in a call, and what is said when it cannot be read? What was typed always stays in the field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tojimari.desk import calls_words
from tojimari.desk.calls import Way
from tojimari.platform.acting import Refused
from tojimari.terminations import end_form
from tojimari.terminations.reasons import refusal_text

_PLAIN = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}


class CallForm(forms.Form):
    """A form of a call. What a refusal says of a field stands beside it."""

    place = "form"
    """What the template calls it."""

    def take(self, refused: Refused) -> bool:
        """Put a refusal beside the field it names; False when it names none of ours."""
        field = str(refused.facts.get("field", ""))
        if field not in self.fields:
            return False
        self.add_error(field, refusal_text(refused))
        return True


class FindForm(CallForm):
    """One field for whatever the caller has."""

    wanted = forms.CharField(
        label=_("Phone number, ICCID, EID, order number or reference"),
        max_length=64,
        error_messages={"required": _("Type what the caller tells you.")},
        widget=forms.TextInput(attrs=_PLAIN),
    )


class QuestionsForm(CallForm):
    """One field for each question. Whether answers are right or enough, the form does not know."""

    def __init__(self, keys: Sequence[str], typed: Mapping[str, Any] | None = None) -> None:
        super().__init__(typed)
        for key in keys:
            self.fields[key] = forms.CharField(
                label=str(calls_words.SHORT[key]),
                help_text=str(calls_words.QUESTIONS[key]),
                required=False,
                max_length=200,
                widget=forms.TextInput(attrs=_PLAIN),
            )


class WayForm(CallForm):
    """How the code goes to the caller; nothing is chosen yet."""

    place = "way_form"

    def __init__(self, ways: Sequence[Way], typed: Mapping[str, Any] | None = None) -> None:
        super().__init__(typed)
        self.fields["by"] = forms.ChoiceField(
            label=_("Where does the code go?"),
            choices=[(way.by, calls_words.way_text(way.by, way.shown)) for way in ways],
            widget=forms.RadioSelect,
            error_messages={"required": _("Choose where the caller can read it now.")},
        )


class CodeForm(CallForm):
    """The digits that the caller reads out."""

    code = forms.CharField(
        label=_("Code that the caller reads out"),
        max_length=16,
        error_messages={"required": _("Type the six digits.")},
        widget=forms.TextInput(attrs=_PLAIN | {"inputmode": "numeric", "class": "code"}),
    )


class EndForm(CallForm, end_form.EndForm):
    """When the caller wants it to end."""


class ConfirmForm(CallForm):
    """Nothing is ended before somebody has noted that the caller said yes."""

    yes = forms.BooleanField(
        label=_("I have read it aloud, and the caller said yes"), required=False, widget=forms.CheckboxInput
    )


class HelpForm(CallForm):
    """How a colleague reaches somebody who cannot be checked on the phone."""

    place = "help_form"

    name = forms.CharField(label=_("Name, as the caller says it"), required=False, max_length=200)
    reach = forms.CharField(
        label=_("How do we reach them?"),
        help_text=_("A mail address, a number, an app: as they say it."),
        required=False,
        max_length=200,
    )

    def __init__(self, typed: Mapping[str, Any] | None = None) -> None:
        super().__init__(typed)
        for field in self.fields.values():
            field.widget.attrs |= _PLAIN
