"""What is a person asked who closes a line at another carrier? At most five things, and only what changes the plan.

Every question may be left out: nothing is guessed from it, and the plan then says what to ask the carrier.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tojimari.guide.answers import Answers, Card, Term, Where
from tojimari.guide.facts import CarrierFacts, LineKind
from tojimari.guide.questions import Ask, questions
from tojimari.lines.emails import normal_email
from tojimari.portal.clocks import JAPAN, place_of
from tojimari.portal.forms_words import LetterForm
from tojimari.rules.text import plain

FIRST_DAY, LAST_DAY = date(1979, 12, 3), date(2099, 12, 31)
"""What can be meant: from the first day of mobile telephones in Japan. Years like 0026 are slips of the hand."""
NOT_A_DAY = _("This is not a day of the calendar. Write it as 2026-12-31.")
UNKNOWN = ("unknown", _("I do not know"))
YES_NO = [("yes", _("Yes")), ("no", _("No")), UNKNOWN]
HIGHEST_FEE = 100_000
ZONES = (
    *("Asia/Shanghai", "Asia/Taipei", "Asia/Hong_Kong", "Asia/Seoul", "Asia/Singapore", "Asia/Bangkok"),
    *("Asia/Ho_Chi_Minh", "Asia/Manila", "Asia/Jakarta", "Asia/Kathmandu", "Asia/Kolkata", "Australia/Sydney"),
    *("Europe/London", "Europe/Paris", "Europe/Berlin", "America/Sao_Paulo"),
    *("America/New_York", "America/Chicago", "America/Los_Angeles", "America/Vancouver", "Pacific/Honolulu"),
)


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=False,
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": NOT_A_DAY},
        validators=[MinValueValidator(FIRST_DAY, NOT_A_DAY), MaxValueValidator(LAST_DAY, NOT_A_DAY)],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def _choice(label: Any, choices: list[tuple[str, Any]], help_text: Any = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, help_text=help_text, choices=choices, required=False, widget=forms.RadioSelect
    )


def _zone() -> forms.ChoiceField:
    cities = [(name, place_of(ZoneInfo(name))) for name in ZONES]
    return forms.ChoiceField(
        label=_("Which clock do you read after that?"),
        help_text=_("We show every deadline in Japan time, and in this one beside it."),
        choices=[("", _("Japan's")), *sorted(cities, key=lambda one: one[1])],
        required=False,
    )


def _where(kind: LineKind) -> forms.ChoiceField:
    abroad = _("Abroad, outside the country of my carrier") if kind is LineKind.ROAMING else _("Outside Japan")
    choices = [(Where.JAPAN.value, _("In Japan"))]
    choices += [(Where.AWAY.value, abroad)]
    if kind is LineKind.ROAMING:
        choices.append((Where.HOME.value, _("In the country of my carrier")))
    return _choice(_("Where are you now?"), [*choices, UNKNOWN])


_FIELDS: Mapping[Ask, Callable[[LineKind], Mapping[str, forms.Field]]] = {
    Ask.KEEP_NUMBER: lambda _kind: {
        "keep_number": _choice(
            _("Do you want to keep the phone number, with another carrier?"),
            YES_NO,
            _("If the number moves, the line ends by itself, and you must not close it before."),
        )
    },
    Ask.TERM: lambda _kind: {
        "term": _choice(
            _("How does your plan go on?"),
            [
                (Term.ENDS.value, _("It ends on a fixed day (for example 30 days)")),
                (Term.RENEWS.value, _("It goes on and is charged until somebody ends it")),
                UNKNOWN,
            ],
        ),
        "term_ends_on": _day(_("On which day does it end or renew?"), _("It stands in the mail of your order.")),
    },
    Ask.TERM_ENDS_ON: lambda _kind: {
        "term_ends_on": _day(
            _("On which day does your plan end or renew?"), _("It stands in the mail of your order, or in the app.")
        )
    },
    Ask.CONTRACTED_ON: lambda _kind: {
        "contracted_on": _day(
            _("On which day did you sign up?"), _("In the first days there may be a cheaper way out.")
        )
    },
    Ask.LEAVING: lambda _kind: {"leaving_on": _day(_("On which day do you leave Japan?")), "zone": _zone()},
    Ask.CARD: lambda _kind: {
        "card": _choice(
            _("Where is the SIM card?"),
            [
                (Card.HERE.value, _("I have it")),
                (Card.LOST.value, _("I have lost it")),
                (Card.RETURNED.value, _("I have given it back already")),
                UNKNOWN,
            ],
        )
    },
    Ask.UNPAID: lambda _kind: {"unpaid": _choice(_("Is there a bill that you have not paid?"), YES_NO)},
    Ask.MONTHLY_FEE: lambda _kind: {
        "monthly_fee_yen": forms.IntegerField(
            label=_("What does a month cost, in yen, tax included?"),
            help_text=_("It tells what missing a deadline costs. Look at the last bill."),
            required=False,
            min_value=0,
            max_value=HIGHEST_FEE,
            error_messages={
                "invalid": _("Enter whole yen, such as 2970."),
                "min_value": _("Enter whole yen, such as 2970."),
                "max_value": _("This is more than any plan costs. Enter yen a month."),
            },
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        )
    },
    Ask.WHERE: lambda kind: {"where": _where(kind), "zone": _zone()},
}


class QuestionsForm(forms.Form):
    """The questions for one carrier and kind, in their order. `answers()` is what the plan is made from.

    `zone`: the clock that the browser told, empty for Japan's; None: it told none, and Japan's is chosen and explained.
    """

    def __init__(
        self, facts: CarrierFacts, kind: LineKind, data: Any = None, *, zone: str | None = "", **more: Any
    ) -> None:
        super().__init__(data, **more)
        self._zone = zone
        self.asked = questions(facts, kind)
        for ask in self.asked:
            self.fields.update(_FIELDS[ask](kind))
        if zone in ZONES and "zone" in self.fields:
            self.fields["zone"].initial = zone
        if zone is None and "zone" in self.fields:
            self.fields["zone"].help_text = _(
                "Your browser does not tell us its clock, so Japan's is chosen. Choose a city, and every deadline "
                "stands in its time, too."
            )

    def clean_contracted_on(self) -> date | None:
        day: date | None = self.cleaned_data["contracted_on"]
        if day is not None and day > timezone.now().astimezone(JAPAN).date():
            raise forms.ValidationError(_("This day is still to come. Enter the day on which you signed up."))
        return day

    def answers(self) -> Answers:
        """Return the answers; what was left out is missing in them."""
        given = {name: value for name, value in self.cleaned_data.items() if value not in ("", "unknown", None)}
        for name in ("keep_number", "unpaid"):
            if name in given:
                given[name] = given[name] == "yes"
        for name, make in (("term", Term), ("card", Card), ("where", Where)):
            if name in given:
                given[name] = make(given[name])
        if "zone" not in given and "zone" not in self.fields and self._zone:
            given["zone"] = self._zone
        return Answers(**given)


class DoneForm(forms.Form):
    """When a step was done, and what shows it. Everything but the time may be left out."""

    done_on = _day(_("On which day did you do it? (Japan time)"))
    done_time = forms.TimeField(
        label=_("At what time?"),
        required=False,
        input_formats=["%H:%M"],
        error_messages={"invalid": _("Write the time as 17:30.")},
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    receipt_number = forms.CharField(
        label=_("Receipt number"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    picture = forms.FileField(
        label=_("Photo or screenshot"),
        help_text=_("JPEG, PNG or WebP. We keep what one sees; place and device are taken out."),
        required=False,
        error_messages={"empty": _("This file is empty.")},
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    mail = forms.CharField(
        label=_("Text of a mail or message"),
        help_text=_("Paste what the carrier wrote to you."),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"max_length": _("This text is too long. Leave out what does not matter.")},
    )

    def moment(self, now: datetime) -> datetime:
        """Return when it was done: as given, or now."""
        day = self.cleaned_data["done_on"]
        if day is None:
            return now
        clock = self.cleaned_data["done_time"]
        noon = datetime.combine(day, clock or datetime.min.time().replace(hour=12), JAPAN)
        # Today without a time: not in the future only because it is not noon yet.
        return min(noon, now) if clock is None and noon - now < timedelta(hours=24) else noon


class ExtendForm(forms.Form):
    """The later day that the carrier granted; the end of that day counts."""

    to = _day(_("Until which day, in Japan?"))

    def clean_to(self) -> date:
        day: date | None = self.cleaned_data["to"]
        if day is None:
            raise forms.ValidationError(_("Choose the day."))
        return day


class BlockedForm(forms.Form):
    """What stands in the way, in the person's own words. They are sealed."""

    why = forms.CharField(
        label=_("What stands in the way?"),
        help_text=_("For your own memory. Nobody reads it but you."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": _("This text is too long. Leave out what does not matter.")},
    )


class EmailForm(forms.Form):
    """Where reminders go."""

    email = forms.CharField(
        label=_("Your e-mail address"),
        help_text=_("For reminders of this plan alone. You can remove it at any time."),
        max_length=254,
        error_messages={
            "required": _("Type the address."),
            "max_length": _("That is too long for an e-mail address."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_email(self) -> str:
        address = normal_email(self.cleaned_data["email"])
        if address is None:
            raise forms.ValidationError(_("This is not an e-mail address. Write it like name@mail.example."))
        return address


class EmailCodeForm(forms.Form):
    """The digits that were sent there."""

    code = forms.CharField(
        label=_("Code from the mail"),
        max_length=32,
        error_messages={"required": _("Type the code."), "max_length": _("That is too long for a code.")},
        widget=forms.TextInput(attrs={"class": "code", "inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    def clean_code(self) -> str:
        return plain(self.cleaned_data["code"])


class ComplainForm(LetterForm):
    """What a plan does not know of the letter to its carrier: who writes, and the numbers of the contract."""

    carrier = None  # type: ignore[assignment]  # Django's way to leave a field out: the plan knows the carrier


class ChargeForm(forms.Form):
    """What the carrier took after the end."""

    on = _day(_("On which day was it charged?"))
    yen = forms.IntegerField(
        label=_("How many yen?"),
        min_value=1,
        max_value=10_000_000,
        error_messages={
            name: _("Enter whole yen, such as 2970.") for name in ("required", "invalid", "min_value", "max_value")
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    what = forms.CharField(
        label=_("What does the bill or card statement say?"),
        required=False,
        max_length=200,
        error_messages={"max_length": _("This text is too long. Leave out what does not matter.")},
    )

    def clean_on(self) -> date:
        day: date | None = self.cleaned_data["on"]
        if day is None:
            raise forms.ValidationError(_("Choose the day."))
        return day
