"""What do the findings of a review, the questions to a subscriber and the codes around them say?

Questions and reasons speak to the subscriber or to whoever was refused; findings speak to staff.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

Text = str | Promise

OWN = "own"
"""The code of a question in staff's own words."""

QUESTIONS: dict[str, Text] = {
    "right_line": _(
        "Is this the line that shall be closed? Please look at its last four digits, and tell us yes or no."
    ),
    "recent_change": _(
        "Your contract or your SIM is only a few days old. Did you order it yourself, and do you want to end it?"
    ),
    "name": _("The name that we were given is not the one in the contract. Which name did you give when you ordered?"),
    "debt": _("Some bills of this line are unpaid. May we put them on the final bill?"),
    "guardian": _("Does a parent or guardian agree that this line is closed? Please tell us their name."),
    "authority": _("This line belongs to a company. What is your position there, and who allows you to close it?"),
    "several": _("You asked to close several lines. Do you want to close all of them? If not, which ones should stay?"),
}
"""Plain questions of the list, as the subscriber reads them."""

FINDINGS: dict[str, Text] = {
    "recent_sim_change": _("The contract or the card is only %(days)s days old (since %(since)s)."),
    "name_mismatch": _("The name that was given is not the name in the contract."),
    "debt": _("Bills of %(owed_yen)s yen are unpaid; the rule asks for a look above %(above_yen)s yen."),
    "minor": _("The subscriber is %(age)s years old; of age is who is %(majority)s."),
    "company_without_authority": _("The subscriber is a company, and no authority paper was seen."),
    "several_lines": _("%(lines)s lines of this subscriber were asked for within %(hours)s hours."),
    "opened_by_staff": _("Staff opened it for somebody who got no code."),
}
"""What the rule found, as staff read it."""

LOOKED_FOR: dict[str, Text] = {
    "recent_sim_change": _("a contract or card that is younger than %(recent_days)s days"),
    "name_mismatch": _("a name that is not the one in the contract"),
    "debt": _("unpaid bills above %(debt_above_yen)s yen"),
    "minor": _("a subscriber who is not of age"),
    "company_without_authority": _("a company without an authority paper"),
    "several_lines": _("%(several_from)s or more lines within %(several_hours)s hours"),
    "opened_by_staff": _("a case that staff opened for somebody who got no code"),
}
"""What a rule looks for, with its limits."""

NOT_KNOWN: dict[str, Text] = {
    "recent_sim_change": _("Since when the card is in use is not known."),
    "name_mismatch": _("No name was given with the request, so none was compared."),
    "minor": _("The birth date is not in the books, so the age was not judged."),
}
"""What the rule could not look at."""

TAKEN_BACK: dict[str, Text] = {
    "taken_back.asked": _("The subscriber asked us to take it back."),
    "taken_back.mistake": _("It was the wrong line, or asked for by mistake."),
    "taken_back.not_theirs": _("The subscriber did not ask for it."),
}
"""Why staff take a case back in the subscriber's place."""

REASONS: dict[str, tuple[Text, Text]] = {
    "review.findings": (
        _("The carrier's rule found something that a person must look at."),
        _("Our staff looks at it; you need not do anything."),
    ),
    "review.taken": (_("A colleague is looking at this one."), _("Take the next one, or wait ten minutes.")),
    "review.changed": (
        _("Something has changed since you opened this page."),
        _("Look at it again below, then decide."),
    ),
    "review.second_person": (
        _("You have approved this one already, and two different people must."),
        _("It waits for a colleague. Take the next one."),
    ),
    "review.no_question": (
        _("This question is not open any more."),
        _("You need not do anything. Your case says what comes next."),
    ),
    "review.answer_missing": (_("The answer is empty."), _("Write a few words.")),
    "review.question_missing": (
        _("It is not said what the subscriber is to be asked."),
        _("Choose a question, or write one."),
    ),
    "handover.note_missing": (
        _("There is no note for your colleague."),
        _("Write one sentence: what is the matter, and what is to be done."),
    ),
    "handover.unknown": (_("This person does not work here."), _("Choose one of the people shown.")),
}


def found(finding: Mapping[str, Any]) -> str:
    """Return one finding, as it is kept, as a sentence in the language of now."""
    return _filled(FINDINGS, str(finding.get("code", "")), finding)


def looked_for(rule: Mapping[str, Any]) -> list[str]:
    """Return what a rule, as it is kept, looks for, one phrase each."""
    return [_filled(LOOKED_FOR, str(code), rule) for code in rule.get("look_at", ())]


def not_known(codes: object) -> list[str]:
    """Return what a rule could not look at, one sentence each."""
    return [_filled(NOT_KNOWN, str(code), {}) for code in codes] if isinstance(codes, list) else []


def _filled(texts: Mapping[str, Text], code: str, facts: Mapping[str, Any]) -> str:
    """A figure of yen gets its commas; a code of an older version, or without its figures, is shown as it is kept."""
    shown = {
        name: f"{fact:,}" if isinstance(fact, int) and name.endswith("yen") else fact for name, fact in facts.items()
    }
    try:
        return str(texts[code]) % shown
    except KeyError:
        return gettext("Finding: %(code)s") % {"code": code}
