"""What may a person ask before they sign in: about a link, and about the kind of line that suits them?"""

from __future__ import annotations

from typing import ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tojimari.guide import link_words
from tojimari.rules.kinds import Phone, Stay
from tojimari.rules.text import plain

LONGEST = 2000


class MessageForm(forms.Form):
    """What stands at the end of a message, typed off: any case, any dashes."""

    number = forms.CharField(
        label=_("Number of the message"),
        help_text=_("Two letters and 8 or 12 more, as in TJ-7K3M-9QXA-4C2T. It stands at the end of the message."),
        max_length=64,
        error_messages={"required": _("Type the number."), "max_length": _("That is too long for a number.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    code = forms.CharField(
        label=_("Check code"),
        help_text=_("8 letters and digits. It stands beside the number."),
        max_length=64,
        error_messages={"required": _("Type the check code."), "max_length": _("That is too long for a check code.")},
        widget=forms.TextInput(
            attrs={"class": "mono", "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    def clean_number(self) -> str:
        return plain(self.cleaned_data["number"])

    def clean_code(self) -> str:
        return plain(self.cleaned_data["code"])


class LinkForm(forms.Form):
    """A message or an address, pasted whole."""

    NO_ADDRESS: ClassVar[Promise] = _(link_words.NO_ADDRESS)

    text = forms.CharField(
        label=_("The message, or only the address"),
        help_text=_("Copy it without opening the link. We do not open it either, and we do not keep it."),
        max_length=LONGEST,
        error_messages={
            "required": _("Paste the message or the address."),
            "max_length": _("That is too long. Paste only the part with the address."),
        },
        widget=forms.Textarea(
            attrs={"rows": 4, "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


class KindForm(forms.Form):
    """Two questions; nothing is ticked beforehand."""

    stay = forms.ChoiceField(
        label=_("What do you need the line for?"),
        choices=[
            (Stay.FIRST_VISIT.value, _("A first or short visit to Japan")),
            (Stay.CHANGING_PHONES.value, _("I often put the line into another phone")),
            (Stay.BUSINESS.value, _("Business in several countries")),
            (Stay.LONG.value, _("I live, work or study in Japan")),
        ],
        error_messages={"required": _("Choose one."), "invalid_choice": _("Choose one.")},
    )
    phone = forms.ChoiceField(
        label=_("Can your phone use an eSIM?"),
        choices=[
            (Phone.ESIM.value, _("Yes, it can")),
            (Phone.NO_ESIM.value, _("No, it cannot")),
            (Phone.UNKNOWN.value, _("I do not know")),
        ],
        error_messages={"required": _("Choose one."), "invalid_choice": _("Choose one.")},
    )
