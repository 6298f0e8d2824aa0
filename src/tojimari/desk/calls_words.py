"""What does staff say to a caller at each step, and what are a call's parts called?

The sentences are spoken: short, polite, whole. The page shows them in the caller's language and in that of the reader;
`script` is therefore called once for each, under `override`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

Text = str | Promise

LANGUAGES = ("ja", "en", "zh-hans", "zh-hant")

QUESTIONS: dict[str, Text] = {
    "name": lazy("What is your name, as in the contract?"),
    "order_number": lazy("What is your order number? It stands in the mail that you got when you bought the line."),
    "customer_number": lazy("What is your customer number?"),
    "email": lazy("Which mail address did you give us? Please spell it."),
    "contract_month": lazy("In which year and month did you sign the contract?"),
    "iccid_end": lazy("What are the last four digits of the number on the SIM card (ICCID)?"),
    "eid_end": lazy("What are the last four digits of the EID in your phone's settings?"),
}
"""What the caller is asked, by `calls_questions.QUESTIONS`."""

SHORT: dict[str, Text] = {
    "name": lazy("Name as in the contract"),
    "order_number": lazy("Order number"),
    "customer_number": lazy("Customer number"),
    "email": pgettext_lazy("question on the phone", "Mail address"),
    "contract_month": lazy("Year and month of the contract"),
    "iccid_end": lazy("Last four digits of the ICCID"),
    "eid_end": lazy("Last four digits of the EID"),
}
"""The same in short: labels of fields, and the carrier's choice."""

STEPS: tuple[tuple[tuple[str, ...], Text], ...] = (
    (("find", "line"), pgettext_lazy("step of a call", "Find")),
    (("questions", "shut"), pgettext_lazy("step of a call", "Ask")),
    (("code", "no_contact"), pgettext_lazy("step of a call", "Code")),
    (("see",), pgettext_lazy("step of a call", "See")),
    (("ends",), pgettext_lazy("step of a call", "Choose the day")),
    (("confirm",), pgettext_lazy("step of a call", "Confirm")),
    (("done",), pgettext_lazy("step of a call", "Receipt")),
)
"""Stages of `calls.Stage` as the page names them, in their order."""

OUTCOMES: dict[str, Text] = {
    "": pgettext_lazy("outcome of a call", "Still going on"),
    "case": pgettext_lazy("outcome of a call", "A request was taken"),
    "looked": pgettext_lazy("outcome of a call", "Only asked"),
    "help": pgettext_lazy("outcome of a call", "Left to a person: request for help"),
    "not_proved": pgettext_lazy("outcome of a call", "It was not shown who called"),
    "not_found": pgettext_lazy("outcome of a call", "No line was found"),
    "left": pgettext_lazy("outcome of a call", "Left open, ended by the clock"),
}

SENT_BY: dict[str, Text] = {"email": lazy("A code by e-mail"), "sms": lazy("A code by SMS to another number")}

WAYS: dict[str, Text] = {"email": lazy("By e-mail to %(to)s"), "sms": lazy("By SMS to their other number %(to)s")}


@dataclass(frozen=True, slots=True)
class Said:
    """What the sentences of a step may name; texts are in the language of now already."""

    carrier: str = ""
    kind: str = ""
    """Kind of the line: "physical_sim" or "esim"."""
    scope: str = ""
    number: str = ""
    """Last digits of the line's number, "…5678"; of its card where it has none. Empty before the caller is known."""
    ends: Sequence[tuple[str, str]] = ()
    """Ends that may be chosen, each as day and yen."""
    end: str = ""
    yen: str = ""
    has_visit: bool = False
    has_review: bool = False
    by_hand: bool = False
    """Whether staff switches roaming off by hand."""
    code_to: str = ""
    """Where the code went, masked; empty before it was sent."""
    reference: str = ""
    help_reference: str = ""
    help_by: str = ""
    visit: str = ""
    """Time and shop of the visit that is booked."""
    by_mail: bool = True


def script(stage: str, said: Said) -> list[str]:
    """Return what is read aloud at a stage of `calls.Stage`, in the language of now."""
    if said.help_reference and stage != "over":
        return [
            _("I have written it down for a colleague. The number of your request is %(reference)s.")
            % {"reference": said.help_reference},
            _("We come back to you by %(time)s. Nothing changes on your line until then.") % {"time": said.help_by},
        ]
    return _SCRIPTS[stage](said)


def _find(said: Said) -> list[str]:
    return [
        _("Hello, this is %(carrier)s. I can turn your roaming off or close your line.") % {"carrier": said.carrier},
        _("Please tell me the phone number of the line, the number on the SIM card, or your order number."),
    ]


def _which(said: Said) -> list[str]:
    return [_("You have several lines. Which of them is it about?")]


def _questions(said: Said) -> list[str]:
    return [
        _("So that nobody else can close your line, I ask you a few questions."),
        _("If you do not know one of the answers, just say so."),
    ]


_TWO_WAYS = lazy(
    "There are two ways: I write down how we can reach you and a colleague takes care of it, or you come to one of our"
    " shops with your passport and the SIM card."
)


def _shut(said: Said) -> list[str]:
    return [_("I am sorry, I cannot check on the phone that it is you. Nothing was changed."), str(_TWO_WAYS)]


def _code(said: Said) -> list[str]:
    if not said.code_to:
        return [_("Thank you. Now I send you a code. Where can you read it at this moment?")]
    return [
        _("The code is on its way to %(to)s. Please read me the six digits.") % {"to": said.code_to},
        _("Say such a code only in a call that you began yourself. We never call you to ask for it."),
    ]


def _no_contact(said: Said) -> list[str]:
    return [
        _("Thank you. I would now send you a code, but I know no mail address and no other number of yours."),
        _("A code to the line itself is not safe enough: whoever holds the phone could close it."),
        str(_TWO_WAYS),
    ]


def _see(said: Said) -> list[str]:
    return [_("Thank you, now I know that it is you. Shall I turn roaming off, or close the line for good?")]


def _ends(said: Said) -> list[str]:
    visit = _("You come to a shop once, with your papers and the SIM card. I can book a time for you.")
    keep = _("Please do not delete the eSIM on your phone yet: that ends neither the contract nor the charges.")
    review = _("A colleague looks at the request before it goes on.")
    listed = [_("%(day)s: %(yen)s in all.") % {"day": day, "yen": yen} for day, yen in said.ends]
    return [
        _("When the line is closed, its number is gone, and you cannot get it back."),
        _("Codes of banks and apps no longer reach it. Please give them another number first."),
        _("Instalments and options that you signed for separately go on."),
        *([visit] if said.has_visit else []),
        *([keep] if said.kind == "esim" else []),
        *([review] if said.has_review else []),
        _("The line can end on one of these days. Which do you choose?"),
        *listed,
    ]


def _confirm(said: Said) -> list[str]:
    if said.scope != "line":
        return [
            _("Calls, messages and data on this line stop outside Japan, at once."),
            _("If you are abroad now, the phone loses the network there. Have Wi-Fi at hand."),
            _("The line stays, with its number, its plan and the monthly fee. In Japan everything works as before."),
            *([_("We switch it off by hand; what counts is this moment.")] if said.by_hand else []),
            _("It costs nothing. Shall I turn roaming off on the line %(number)s now?") % {"number": said.number},
        ]
    return [
        _("I read it to you once more: the line %(number)s ends on %(day)s.")
        % {"number": said.number, "day": said.end},
        _("You pay %(yen)s in all.") % {"yen": said.yen},
        _("You can take it back as long as the line has not been removed from the network."),
        _("Shall I note that the line is to be closed?"),
    ]


def _done(said: Said) -> list[str]:
    mail = _("A mail with all of it is on its way to you. Its link shows you how it goes on.")
    sms = _("An SMS with all of it is on its way to your other number. Its link shows you how it goes on.")
    if said.scope != "line":
        what = _("It is noted: roaming is being turned off, and the line stays.")
    else:
        what = _("It is noted. The line is not closed yet; we write to you as soon as it is.")
    esim = _("Keep the eSIM on your phone until then.")
    visit = _("Shall we book your visit to a shop now?")
    booked = _("Your visit is booked: %(visit)s. Bring your papers and the SIM card.") % {"visit": said.visit}
    return [
        what,
        _("Your reference is %(reference)s. Please write it down: at a shop it is enough.")
        % {"reference": said.reference},
        mail if said.by_mail else sms,
        *([esim] if said.scope == "line" and said.kind == "esim" else []),
        *([booked if said.visit else visit] if said.has_visit else []),
        _("Can I do anything else for you?"),
    ]


def _over(said: Said) -> list[str]:
    return [_("Thank you for calling. Goodbye.")]


_SCRIPTS = {
    "find": _find,
    "line": _which,
    "questions": _questions,
    "shut": _shut,
    "code": _code,
    "no_contact": _no_contact,
    "see": _see,
    "ends": _ends,
    "confirm": _confirm,
    "done": _done,
    "over": _over,
}


def way_text(by: str, shown: str) -> str:
    """How a code goes to the caller, with what is shown of the address."""
    return str(WAYS[by]) % {"to": shown}


def names(keys: Sequence[str], words: Mapping[str, Text] = SHORT) -> list[Text]:
    """Names of questions; a name that is no question any more stands as it was kept."""
    return [words.get(key, key) for key in keys]
