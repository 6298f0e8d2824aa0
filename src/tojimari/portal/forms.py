"""What may a subscriber type, and what is said when it cannot be read?

Whatever a person has copied is taken: full-width digits, spaces and dashes of any kind. What was typed stays in the
field, and the reason stands beside it.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

IDENTIFIER_LONGEST = 64


class SignInForm(forms.Form):
    """One field for whatever the person has of the line."""

    identifier = forms.CharField(
        label=_("Phone number, ICCID or order number"),
        help_text=_("Type it as you have it. Spaces and dashes do not matter."),
        max_length=IDENTIFIER_LONGEST,
        error_messages={
            "required": _("Type one of the three."),
            "max_length": _("That is too long for any of the three."),
        },
        widget=forms.TextInput(attrs={"autocomplete": "tel", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class CodeForm(forms.Form):
    """The one-time code; paste and autofill work, and so does a code with spaces in it."""

    code = forms.CharField(
        label=_("Code"),
        max_length=32,
        error_messages={"required": _("Type the 6 digits of the code.")},
        widget=forms.TextInput(attrs={"class": "code", "autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def clean_code(self) -> str:
        typed = unicodedata.normalize("NFKC", self.cleaned_data["code"])
        digits = "".join(mark for mark in typed if mark.isdigit())
        if len(digits) != 6:
            raise forms.ValidationError(_("The code has 6 digits."))
        return digits


class EndForm(forms.Form):
    """On which day the line shall end: one of those offered, or a day of the person's own choice.

    `cleaned_data["effective"]` is what the engine takes; whether that end may be had is for the engine to say.
    """

    end = forms.CharField(
        max_length=16,
        error_messages={"required": _("Choose when it shall end."), "max_length": _("Choose when it shall end.")},
    )
    date = forms.DateField(
        required=False,
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": _("This is not a day of the calendar. Write it as 2026-12-31.")},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        end, day = cleaned.get("end"), cleaned.get("date")
        if end == "date" and day is None and "date" not in self.errors:
            self.add_error("date", _("Choose the day."))
        cleaned["effective"] = day.isoformat() if end == "date" and day is not None else end
        return cleaned
