"""On which day shall it end, as a person fills it in: one of the ends that are offered, or a day of their own choice?

The same in the portal and in a call; the faces only show it.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class EndForm(forms.Form):
    """`cleaned_data["effective"]` is what the engine takes; whether that end may be had is for the engine to say."""

    end = forms.CharField(
        max_length=16,
        error_messages={
            "required": _("Choose when it shall end."),
            "max_length": _("Choose when it shall end."),
        },
    )
    date = forms.DateField(
        label=_("That day"),
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
