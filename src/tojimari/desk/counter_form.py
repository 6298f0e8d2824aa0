"""What does a clerk enter on the one screen of a visit, and how far does it bring the case?

The screen has the fields of every step that is left at the counter. One submit does as many of them as are filled in,
in order; the first that is not enough says so beside its field. What is done stays done, so that sending the same
screen twice is the same as once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from tojimari.counter import papers as counter
from tojimari.counter.models import Shop
from tojimari.desk import words
from tojimari.desk.access import Staff
from tojimari.desk.forms import StepForm, field_named
from tojimari.money.queries import Owed
from tojimari.platform.acting import Refused
from tojimari.rules import mrz
from tojimari.rules.calendar import jst_date
from tojimari.rules.names import looks_same
from tojimari.terminations import actions, settling
from tojimari.terminations.models import Actor, Step, StepState, Termination
from tojimari.terminations.procedures import spec
from tojimari.terminations.standing import AT_THE_COUNTER

VERIFY = "verify"
_HERE = (VERIFY, "settle", *AT_THE_COUNTER)
_AUTHORITY = ("authority_kind", "authority_name")


@dataclass(frozen=True, slots=True)
class Section:
    """The fields of one step, by the names that they have on the screen."""

    step: Step
    names: Sequence[str]

    @property
    def title(self) -> words.Text:
        if self.step.name == VERIFY:
            return _("Check who they are")  # elsewhere this is a caller
        return words.STEPS.get(self.step.name, self.step.name)


@dataclass(slots=True)
class Progress:
    """What a submit brought about. `stopped`: it was refused, and the reason stands beside its field or here."""

    done: list[str] = field(default_factory=list)
    paid_yen: int = 0
    stopped: bool = False
    refused: Refused | None = None


def sections_of(case: Termination) -> list[Section]:
    """Return what is left to be done at the counter for a case, in order. One query.

    Who they are is asked there too, where the procedure leaves that to staff and the person comes anyhow. What the
    system has to do right after that comes before the rest of the screen.
    """
    procedure = spec(case.procedure)
    left = list(case.steps.filter(state__in=(StepState.WAITING, StepState.OPEN)).order_by("number"))
    steps = [step for step in left if step.actor == Actor.STAFF and step.name in _HERE]
    if not any(step.name in AT_THE_COUNTER for step in steps):
        steps = [step for step in steps if step.name != VERIFY]
    elif steps[0].name == VERIFY and left[1].actor == Actor.SYSTEM and left[0] == steps[0]:
        steps = steps[:1]
    return [Section(step, _names(step.name, procedure.step(step.name).papers)) for step in steps]


def _names(step: str, papers: Sequence[str]) -> tuple[str, ...]:
    match step:
        case "visit":
            return ()  # whoever works on this screen has the customer before them
        case "papers":
            own = [name for name in counter.fields(step, papers) if name != "note"]
            if "mrz" in own:  # a passport that is scanned needs no other entry: its lines stand first
                own = ["mrz", *(name for name in own if name != "mrz")]
            return (*own, *_AUTHORITY, "note_papers")
        case "form":
            return ("strokes", "signed")
        case "return_sim":
            return ("iccid", "condition", "note_return_sim")
        case _:
            return tuple(name for name in counter.fields(step) if name != "note")


class CounterForm(StepForm):
    """Every field of the screen. Like the form of one step it checks nothing itself."""

    def __init__(self, sections: Sequence[Section], owed: Owed, typed: Mapping[str, Any] | None = None) -> None:
        super().__init__(typed)
        if owed.unpaid:
            self.fields["receipt_number"] = field_named("receipt_number")
        for section in sections:
            for name in section.names:
                self.fields[name] = _field(name)
        if "mrz" in self.fields and typed is not None:
            self.fields["name_seen"] = field_named("name_seen")

    def filled(self, section: Section) -> bool:
        """Whether anything was entered for a step."""
        return any(self.cleaned_data.get(name) for name in section.names)

    def given_for(self, section: Section, shop: Shop | None) -> dict[str, str]:
        """What was entered for a step, as the engine takes it; what follows from the rest is filled in."""
        given = self.given()
        own = {name.removesuffix(f"_{section.step.name}"): given[name] for name in section.names}
        match section.step.name:
            case "visit":
                own |= {"came": "yes", "place": shop.name_ja if shop is not None else ""}
            case "papers":
                own["name_seen"] = given.get("name_seen", "") if own.get("mrz") else ""
                if own.get("mrz") and not own.get(counter.WITH_MRZ):
                    own[counter.WITH_MRZ] = _kind_of(own["mrz"])
                if own.get("card_ending"):
                    own["card"] = "card"
        return own | {"shop": shop.code if shop is not None else ""}

    def refuse(self, section: Section, refused: Refused) -> bool:
        """Put a refusal beside the field it means; False when that is none of this screen's."""
        named = str(refused.facts.get("field", ""))
        name = f"{named}_{section.step.name}" if named == "note" else named
        return self.take(Refused(refused.code, **{**refused.facts, "field": name}))


def _field(name: str) -> forms.Field:
    made = field_named("note" if name.startswith("note_") else name)
    if name == "strokes":
        made = forms.CharField(required=False, max_length=counter.STROKES_MOST, widget=forms.HiddenInput())
    if name == "signed":
        made.label = _("The customer has signed on paper")
    if isinstance(made.widget, forms.Textarea):
        made.widget.attrs["rows"] = 2
    return made


def _kind_of(lines: str) -> str:
    """Two lines of 44 are a passport; anything else the clerk says."""
    return "passport" if len("".join(lines.split())) in (44, 88) else ""


def bring_on(
    case: Termination,
    sections: Sequence[Section],
    form: CounterForm,
    *,
    staff: Staff,
    shop: Shop | None,
    at: datetime,
) -> Progress:
    """Do what is filled in, in order, and stop at the first step that is not, or that is refused."""
    progress = Progress()
    try:
        if form.cleaned_data.get("receipt_number"):
            progress.paid_yen = settling.pay(
                case=case,
                receipt_number=form.cleaned_data["receipt_number"],
                place=shop.code if shop is not None else "",
                acting=staff.acting,
                at=at,
            )
    except Refused as refused:
        progress.stopped = True
        progress.refused = None if form.take(refused) else refused
        return progress
    for place, section in enumerate(sections):
        rest = sections[place:]
        if section.names and not form.filled(section) and not _expects(progress, form, rest):
            return progress
        try:
            _check_name(case, section, form, at)
            given = form.given_for(section, shop)
            actions.complete_step(step=section.step, given=given, acting=staff.acting, at=at)
        except Refused as refused:
            if _is_done(section.step):
                continue  # the same screen was sent twice
            progress.stopped = True
            progress.refused = None if form.refuse(section, refused) else refused
            return progress
        progress.done.append(section.step.name)
    return progress


def _expects(progress: Progress, form: CounterForm, rest: Sequence[Section]) -> bool:
    """Whether a step without any entry is missed: a later one is filled in, or nothing at all was."""
    brought_on = progress.paid_yen or set(progress.done) - {"visit"}  # the visit follows from the screen itself
    return any(form.filled(section) for section in rest) or not brought_on


def _is_done(step: Step) -> bool:
    return Step.objects.filter(pk=step.pk, state=StepState.DONE).exists()


def _check_name(case: Termination, section: Section, form: CounterForm, at: datetime) -> None:
    """Show both names where they differ, until the clerk says that they have looked. The system does not decide it."""
    lines = form.cleaned_data.get("mrz")
    if section.step.name != "papers" or not lines or form.cleaned_data.get("name_seen"):
        return
    document = mrz.read(lines, jst_date(at)).document
    if document is None or looks_same(document, case.subscriber.name_latin) is not False:
        return
    raise Refused(
        "counter.name_differs",
        field="name_seen",
        shown=f"{document.surname} {document.given_names}".strip(),
        recorded=case.subscriber.name_latin,
    )
