"""What does a person type to see a case, or to change when it ends?"""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tojimari.rules.text import plain
from tojimari.terminations.references import normalised

_LETTERS_OF_REFERENCE = 12
_LETTERS_OF_CODE = 16
_LONGEST = 64


class FindCaseForm(forms.Form):
    """Reference and saved code, both as they were copied: any case, any dashes, full width or not."""

    reference = forms.CharField(
        label=_("Reference"),
        help_text=_("It begins with TJ and stands on your receipt and in every mail about the case."),
        max_length=_LONGEST,
        error_messages={"required": _("Type the reference."), "max_length": _("That is too long for a reference.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    code = forms.CharField(
        label=_("Saved code"),
        help_text=_("16 letters and digits. You saw it on the receipt, and it is in the receipt file."),
        max_length=_LONGEST,
        error_messages={"required": _("Type the saved code."), "max_length": _("That is too long for a saved code.")},
        widget=forms.TextInput(
            attrs={"class": "mono", "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    def clean_reference(self) -> str:
        typed = plain(self.cleaned_data["reference"])
        if len(typed.upper().removeprefix("TJ")) != _LETTERS_OF_REFERENCE:
            raise forms.ValidationError(_("A reference has 12 letters and digits after TJ."))
        return normalised(typed)

    def clean_code(self) -> str:
        typed = plain(self.cleaned_data["code"])
        if len(typed) != _LETTERS_OF_CODE:
            raise forms.ValidationError(_("A saved code has 16 letters and digits."))
        return typed
