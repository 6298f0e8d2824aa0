"""What may a subscriber type, and what is said when it cannot be read?

Whatever a person has copied is taken: full-width digits, spaces and dashes of any kind. What was typed stays in the
field, and the reason stands beside it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tojimari.codes.words import HELP_REASONS
from tojimari.lines.emails import normal_email
from tojimari.platform.acting import Refused
from tojimari.portal.asking import EMAIL, SMS
from tojimari.rules.identifiers.anything import Kind, read
from tojimari.rules.text import is_digits, plain
from tojimari.terminations.reasons import refusal_text

IDENTIFIER_LONGEST = 64


class SignInForm(forms.Form):
    """One field for whatever the person has of the line, and how the code shall reach them.

    What cannot name a line is refused by its look alone; whether such a line exists is never said.
    """

    identifier = forms.CharField(
        label=_("Phone number, ICCID, EID or order number"),
        help_text=_("Type it as you have it. Spaces and dashes do not matter."),
        max_length=IDENTIFIER_LONGEST,
        error_messages={
            "required": _("Type one of the four."),
            "max_length": _("That is too long for any of the four."),
        },
        widget=forms.TextInput(attrs={"autocomplete": "tel", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    by = forms.ChoiceField(
        label=_("Where shall we send the code?"),
        choices=[(EMAIL, _("By e-mail")), (SMS, _("By SMS (needs your order number)"))],
        initial=EMAIL,
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, typed: Mapping[str, Any] | None = None, *, sms: bool) -> None:
        super().__init__(typed)
        self.sms = sms

    def clean_identifier(self) -> str:
        typed: str = self.cleaned_data["identifier"]
        reading = read(typed)
        if not reading.valid:
            raise forms.ValidationError(refusal_text(Refused(reading.code)))
        return typed

    def clean_by(self) -> str:
        return SMS if self.sms and self.cleaned_data["by"] == SMS else EMAIL

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("by") == SMS and "identifier" in cleaned and read(cleaned["identifier"]).kind != Kind.ORDER:
            self.add_error(
                "identifier",
                _("For a code by SMS, type your order number: the SIM alone must not be enough to close its line."),
            )
        return cleaned


class PapersForm(forms.Form):
    """What else shows that a line is theirs: the order, the end of the number on the card, and the e-mail address."""

    order = forms.CharField(
        label=_("Order number"),
        help_text=_("It is in the e-mail that you got when you bought the line."),
        max_length=IDENTIFIER_LONGEST,
        error_messages={"required": _("Type the order number.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    card = forms.CharField(
        label=_("Last 6 digits of the ICCID or EID"),
        help_text=_("On the card that the SIM came in, in the order e-mail, or in the settings of your phone."),
        max_length=IDENTIFIER_LONGEST,
        error_messages={"required": _("Type the last 6 digits.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    email = forms.CharField(
        label=_("E-mail address on the order"),
        max_length=254,
        error_messages={"required": _("Type the e-mail address.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_order(self) -> str:
        typed: str = self.cleaned_data["order"]
        if len(plain(typed)) < 4:
            raise forms.ValidationError(_("This is too short for an order number."))
        return typed

    def clean_card(self) -> str:
        digits = plain(self.cleaned_data["card"]).lstrip(".…").rstrip("Ff")
        if not is_digits(digits) or len(digits) < 6:
            raise forms.ValidationError(_("Type at least the last 6 digits, and digits only."))
        return digits[-6:]

    def clean_email(self) -> str:
        return _email(self.cleaned_data["email"])


class HelpForm(forms.Form):
    """What a person needs to know who is to help another one. Only a name and a way back are asked for."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=100,
        error_messages={"required": _("Type your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    reach = forms.CharField(
        label=_("How do we reach you?"),
        help_text=_("An e-mail address, or a phone number with its country code."),
        max_length=254,
        error_messages={"required": _("Type an e-mail address or a phone number.")},
        widget=forms.TextInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )
    reasons = forms.MultipleChoiceField(
        label=_("What happened?"),
        choices=list(HELP_REASONS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    text = forms.CharField(
        label=_("Anything else that helps us find your line (optional)"),
        help_text=_("For example where and when you bought it, or a number that you remember."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean_reach(self) -> str:
        typed = self.cleaned_data["reach"].strip()
        digits = plain(typed).removeprefix("+").replace("(", "").replace(")", "")
        if is_digits(digits) and 8 <= len(digits) <= 17:
            return str(typed)
        return _email(typed)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("reasons") and not cleaned.get("text") and "reasons" not in self.errors:
            self.add_error("reasons", _("Tick what happened, or write it below."))
        return cleaned


def _email(typed: str) -> str:
    address = normal_email(typed)
    if address is None:
        raise forms.ValidationError(
            _("This does not look like an e-mail address. It has an @ and a dot, as in a@b.jp.")
        )
    return address


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
