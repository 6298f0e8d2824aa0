"""What may a person tell of where they are, which time do they choose, and on which days would they wait for one?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tojimari.counter.queries import Wish
from tojimari.rules.places import position

PLACE_LONGEST = 100
_NO_DAY = {"required": _("Choose a day."), "invalid": _("Choose a day.")}


class NearForm(forms.Form):
    """A station or a postcode as typed, or a position that the browser told. Nothing of it is kept."""

    place = forms.CharField(
        label=_("Station or postcode"),
        help_text=_("For example Shinjuku, or 160-0022. Leave it empty to see all shops."),
        required=False,
        max_length=PLACE_LONGEST,
        error_messages={"max_length": _("That is too long for a station or a postcode.")},
        widget=forms.TextInput(attrs={"autocomplete": "postal-code", "spellcheck": "false"}),
    )
    latitude = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)
    longitude = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)

    def wish(self) -> Wish:
        """Where to look; what was typed comes before a position, because it was meant."""
        if not self.is_bound or not self.is_valid():
            return Wish()
        given = self.cleaned_data
        if given["place"]:
            return Wish(text=given["place"])
        return Wish(position=position(given["latitude"], given["longitude"]))


class TimeForm(forms.Form):
    """One of the times that were shown, as an instant."""

    starts_at = forms.CharField(
        max_length=40, error_messages={"required": _("Choose a time."), "max_length": _("Choose a time.")}
    )

    def clean_starts_at(self) -> datetime:
        wrong = forms.ValidationError(_("Choose a time."))
        try:
            moment = datetime.fromisoformat(self.cleaned_data["starts_at"])
        except ValueError:
            raise wrong from None
        if moment.utcoffset() is None:
            raise wrong
        return moment

    @property
    def chosen(self) -> Any:
        """What was sent, so that it stays chosen when the page is shown again."""
        return self.data.get("starts_at", "") if self.is_bound else ""


class WaitForm(forms.Form):
    """From which day to which day somebody could come. Whether these can be booked is decided where they are kept."""

    since = forms.DateField(label=_("From"), input_formats=["%Y-%m-%d"], error_messages=_NO_DAY)
    until = forms.DateField(label=_("Until"), input_formats=["%Y-%m-%d"], error_messages=_NO_DAY)
