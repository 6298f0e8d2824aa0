"""What does a person type for a card or a letter? Only what stands on it afterwards. None of it is kept."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tojimari.guide.letters import (
    Charge,
    ComplaintFacts,
    Contract,
    Evidence,
    Letter,
    Sender,
    advice,
    closing,
    complaint,
    early_exit,
)
from tojimari.guide.words.clauses import REASONS
from tojimari.rules.early_exit import Scheme
from tojimari.rules.text import is_digits, plain

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Words = str | _StrPromise

LONGEST_LINE, LONGEST_TEXT = 120, 600
CHARGES = 3
"""Rows for charges on the form."""
MOST_YEN = 10_000_000
MOST_EVIDENCE = 10
_TOO_LONG = _("This is too long.")
_NO_DAY = _("This is not a day of the calendar. Write it as 2026-12-31.")


class DigitsForm(forms.Form):
    """The end of the phone number, so that staff find the line."""

    digits = forms.CharField(
        label=_("Last 4 digits of the phone number (optional)"),
        help_text=_("They only go onto the card. We do not keep them."),
        max_length=20,
        required=False,
        error_messages={"max_length": _TOO_LONG},
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )

    def clean_digits(self) -> str:
        typed = plain(self.cleaned_data["digits"])
        if typed and (not is_digits(typed) or len(typed) < 4):
            raise forms.ValidationError(_("Type the last 4 digits, and digits only."))
        return typed[-4:]


def _line(label: Words, *, hint: Words = "", required: Words | None = None, **attrs: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=LONGEST_LINE,
        required=required is not None,
        error_messages={"required": required or "", "max_length": _TOO_LONG},
        widget=forms.TextInput(attrs={"autocomplete": "off", **attrs}),
    )


def _text(label: Words, *, hint: Words = "", rows: int = 3, **attrs: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=LONGEST_TEXT,
        required=False,
        error_messages={"max_length": _TOO_LONG},
        widget=forms.Textarea(attrs={"rows": rows, "autocomplete": "off", **attrs}),
    )


def _day(label: Words, *, hint: Words = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=hint,
        required=False,
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": _NO_DAY},
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


class LetterForm(forms.Form):
    """What every letter needs: who writes, to whom, about which contract."""

    name = _line(
        _("Your name, as in the contract"), required=_("Type your name: it stands in the letter."), autocomplete="name"
    )
    address = _text(_("Your postal address (optional)"), rows=2, autocomplete="street-address")
    email = forms.EmailField(
        label=_("E-mail address for the answer"),
        max_length=254,
        required=False,
        error_messages={
            "invalid": _("This does not look like an e-mail address. It has an @ and a dot, as in a@b.jp."),
            "max_length": _TOO_LONG,
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = _line(_("Phone number for the answer (optional)"), hint=_("Not the line that ends."), autocomplete="tel")
    carrier = _line(
        _("Carrier"), hint=_("Best as its name stands on the bill."), required=_("Type the carrier."), list="carriers"
    )
    carrier_address = _text(
        _("Postal address of the carrier (optional)"), hint=_("It stands in the contract document."), rows=2
    )
    plan = _line(_("Service or plan (optional)"))
    number = _line(_("Phone number of the line (optional)"), inputmode="tel")
    customer = _line(_("Customer or contract number (optional)"))
    made_on = _day(_("Day of the contract (optional)"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "email" not in self.errors and not (cleaned.get("email") or cleaned.get("address") or cleaned.get("phone")):
            self.add_error("email", _("Give at least one way to answer you: e-mail, phone or address."))
        if not (cleaned.get("number") or cleaned.get("customer")) and "number" not in self.errors:
            self.add_error("number", _("Type the phone number of the line, or the customer number below."))
        # Lines of an address come with the line ends of a browser, which no font can draw.
        return {key: value.replace("\r\n", "\n") if isinstance(value, str) else value for key, value in cleaned.items()}

    def sender(self) -> Sender:
        typed = self.cleaned_data
        return Sender(typed["name"], typed["address"], typed["phone"], typed["email"])

    def contract(self) -> Contract:
        typed = self.cleaned_data
        return Contract(
            typed["carrier"],
            typed["carrier_address"],
            typed["plan"],
            typed["number"],
            typed["customer"],
            typed["made_on"],
        )

    def letter(self, today: date) -> Letter:
        """Return the letter, dated `today` (a day in Japan), with its meanings in the active language."""
        raise NotImplementedError


class EarlyExitForm(LetterForm):
    """Leaving a new contract in its first days. Which way applies is a fact of the contract, never guessed."""

    UNKNOWN = "unknown"

    scheme = forms.ChoiceField(
        label=_("Which words stand in your contract document?"),
        choices=[
            (Scheme.INITIAL_CANCELLATION.value, _("初期契約解除 (early cancellation: no reason needed)")),
            (Scheme.CONFIRMATION_MEASURE.value, _("確認措置 (confirmation measures: a reason is needed)")),
            (UNKNOWN, _("I do not know")),
        ],
        error_messages={"required": _("Choose one."), "invalid_choice": _("Choose one.")},
        widget=forms.RadioSelect,
    )
    reasons = forms.MultipleChoiceField(
        label=_("Your reason (for confirmation measures only)"),
        choices=[(key, reason.meaning) for key, reason in REASONS.items()],
        required=False,
        error_messages={"invalid_choice": _("Choose one.")},
        widget=forms.CheckboxSelectMultiple,
    )
    received = _day(
        _("Day on which you got the contract document"),
        hint=_("Leave it empty if you never got one, on paper or by mail."),
    )
    started = _day(_("Day on which the service started (optional)"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("scheme") == Scheme.CONFIRMATION_MEASURE and not cleaned.get("reasons"):
            self.add_error("reasons", _("Choose at least one reason: confirmation measures need one."))
        return cleaned

    @property
    def known_scheme(self) -> Scheme | None:
        """What the contract document says; None where the person does not know."""
        said = self.cleaned_data["scheme"]
        return None if said == self.UNKNOWN else Scheme(said)

    def letter(self, today: date) -> Letter:
        typed = self.cleaned_data
        return early_exit(
            self.sender(),
            self.contract(),
            dated=today,
            scheme=self.known_scheme,
            received=typed["received"],
            started=typed["started"],
            reasons=typed["reasons"],
        )


class ClosingForm(LetterForm):
    """Closing a line."""

    end = _day(_("Day on which it shall end (optional)"), hint=_("Empty: as soon as possible."))
    leaving = _day(_("Day on which you leave Japan (optional)"))

    def letter(self, today: date) -> Letter:
        typed = self.cleaned_data
        return closing(self.sender(), self.contract(), dated=today, end=typed["end"], leaving=typed["leaving"])


class ComplaintForm(LetterForm):
    """Stopping charges after the end."""

    asked_on = _day(_("Day on which you asked to close it (optional)"))
    ended_on = _day(_("Day of the end, as the carrier told you (optional)"))
    receipt = _line(_("Receipt number (optional)"))
    evidence = _text(
        _("What you can show for it, one in each line (optional)"),
        hint=_("For example the confirmation mail, or the bill of October."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for row in range(1, CHARGES + 1):
            self.fields[f"charge{row}_on"] = _day(_("Charged on"))
            self.fields[f"charge{row}_yen"] = forms.IntegerField(
                label=_("Yen"),
                min_value=1,
                max_value=MOST_YEN,
                required=False,
                error_messages={"invalid": _("Digits only."), "min_value": _("Digits only."), "max_value": _TOO_LONG},
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for row in range(1, CHARGES + 1):
            on, yen = f"charge{row}_on", f"charge{row}_yen"
            if (cleaned.get(on) is None) != (cleaned.get(yen) is None) and not {on, yen} & set(self.errors):
                self.add_error(on if cleaned.get(on) is None else yen, _("Give both, the day and the yen."))
        if not self.charges(cleaned) and not any(name.startswith("charge") for name in self.errors):
            self.add_error("charge1_on", _("Give at least one charge: its day and its yen."))
        return cleaned

    @staticmethod
    def charges(cleaned: dict[str, Any]) -> tuple[Charge, ...]:
        """Return the rows that have both, the day and the yen."""
        rows = [(cleaned.get(f"charge{row}_on"), cleaned.get(f"charge{row}_yen")) for row in range(1, CHARGES + 1)]
        return tuple(Charge(on, yen) for on, yen in rows if on is not None and yen is not None)

    def facts(self, today: date) -> ComplaintFacts:
        typed = self.cleaned_data
        lines = [line.strip() for line in typed["evidence"].splitlines() if line.strip()]
        return ComplaintFacts(
            sender=self.sender(),
            contract=self.contract(),
            dated=today,
            asked_on=typed["asked_on"],
            ended_on=typed["ended_on"],
            receipt=typed["receipt"],
            charges=self.charges(typed),
            evidence=tuple(Evidence(line) for line in lines[:MOST_EVIDENCE]),
            story=typed.get("story", ""),
        )

    def letter(self, today: date) -> Letter:
        return complaint(self.facts(today))


class AdviceForm(ComplaintForm):
    """The facts for those who advise."""

    office = forms.ChoiceField(
        label=_("For whom is it?"),
        choices=[
            ("188", _("The consumer centre (188)")),
            ("ministry", _("The ministry's telecom consumer centre")),
        ],
        error_messages={"required": _("Choose one."), "invalid_choice": _("Choose one.")},
        widget=forms.RadioSelect,
    )
    more = forms.MultipleChoiceField(
        label=_("What is true for you?"),
        choices=[
            ("wrote", _("I have already written to the carrier")),
            ("little", _("I can hardly talk in Japanese")),
        ],
        required=False,
        error_messages={"invalid_choice": _("Choose one.")},
        widget=forms.CheckboxSelectMultiple,
    )
    story = _text(_("What happened, in your own words (optional)"), hint=_("In any language."), rows=5)

    def letter(self, today: date) -> Letter:
        typed = self.cleaned_data
        return advice(
            self.facts(today),
            ministry=typed["office"] == "ministry",
            wrote="wrote" in typed["more"],
            little_japanese="little" in typed["more"],
        )
