"""What does staff say to a caller at each step, and what are a call's parts called?

The sentences are spoken: short, polite, whole. The page shows them in the caller's language and in that of the reader;
`script` is therefore called once for each, under `override`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

Text = str | Promise

LANGUAGES = ("ja", "en", "zh-hans", "zh-hant")

QUESTIONS: dict[str, Text] = {
    "name": _("What is your name, as in the contract?"),
    "order_number": _("What is your order number? It stands in the mail that you got when you bought the line."),
    "customer_number": _("What is your customer number?"),
    "email": _("Which mail address did you give us? Please spell it."),
    "contract_month": _("In which year and month did you sign the contract?"),
    "iccid_end": _("What are the last four digits of the number on the SIM card (ICCID)?"),
    "eid_end": _("What are the last four digits of the EID in your phone's settings?"),
}
"""What the caller is asked, by `calls_questions.QUESTIONS`."""

SHORT: dict[str, Text] = {
    "name": _("Name as in the contract"),
    "order_number": _("Order number"),
    "customer_number": _("Customer number"),
    "email": pgettext_lazy("question on the phone", "Mail address"),
    "contract_month": _("Year and month of the contract"),
    "iccid_end": _("Last four digits of the ICCID"),
    "eid_end": _("Last four digits of the EID"),
}
"""The same in short: labels of fields, and the carrier's choice."""

STEPS: tuple[tuple[tuple[str, ...], Text], ...] = (
    (("find", "line"), _("Find the line")),
    (("questions", "shut"), pgettext_lazy("step of a call", "Ask")),
    (("code", "no_contact"), _("Check the code")),
    (("see",), pgettext_lazy("step of a call", "See")),
    (("ends",), pgettext_lazy("step of a call", "Choose the day")),
    (("confirm",), _("Confirm")),
    (("done",), _("Give the reference")),
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

SENT_BY: dict[str, Text] = {"email": _("A code by e-mail"), "sms": _("A code by SMS to another number")}

WAYS: dict[str, Text] = {"email": _("By e-mail to %(to)s"), "sms": _("By SMS to their other number %(to)s")}


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
            gettext("I have written it down for a colleague. The number of your request is %(reference)s.")
            % {"reference": said.help_reference},
            gettext("We come back to you by %(time)s. Nothing changes on your line until then.")
            % {"time": said.help_by},
        ]
    return _SCRIPTS[stage](said)


def _find(said: Said) -> list[str]:
    return [
        gettext("Hello, this is %(carrier)s. I can turn your roaming off or close your line.")
        % {"carrier": said.carrier},
        gettext("Please tell me the phone number of the line, the number on the SIM card, or your order number."),
    ]


def _which(said: Said) -> list[str]:
    return [gettext("You have several lines. Which of them is it about?")]


def _questions(said: Said) -> list[str]:
    return [
        gettext("So that nobody else can close your line, I ask you a few questions."),
        gettext("If you do not know one of the answers, just say so."),
    ]


_TWO_WAYS = _(
    "There are two ways: I write down how we can reach you and a colleague takes care of it, or you come to one of our"
    " shops with your passport and the SIM card."
)


def _shut(said: Said) -> list[str]:
    return [gettext("I am sorry, I cannot check on the phone that it is you. Nothing was changed."), str(_TWO_WAYS)]


def _code(said: Said) -> list[str]:
    if not said.code_to:
        return [gettext("Thank you. Now I send you a code. Where can you read it at this moment?")]
    return [
        gettext("The code is on its way to %(to)s. Please read me the six digits.") % {"to": said.code_to},
        gettext("Say such a code only in a call that you began yourself. We never call you to ask for it."),
    ]


def _no_contact(said: Said) -> list[str]:
    return [
        gettext("Thank you. I would now send you a code, but I know no mail address and no other number of yours."),
        gettext("A code to the line itself is not safe enough: whoever holds the phone could close it."),
        str(_TWO_WAYS),
    ]


def _see(said: Said) -> list[str]:
    return [gettext("Thank you, now I know that it is you. Shall I turn roaming off, or close the line for good?")]


def _ends(said: Said) -> list[str]:
    visit = gettext("You come to a shop once, with your papers and the SIM card. I can book a time for you.")
    keep = gettext("Please do not delete the eSIM on your phone yet: that ends neither the contract nor the charges.")
    review = gettext("A colleague looks at the request before it goes on.")
    listed = [gettext("%(day)s: %(yen)s in all.") % {"day": day, "yen": yen} for day, yen in said.ends]
    return [
        gettext("When the line is closed, its number is gone, and you cannot get it back."),
        gettext("Codes of banks and apps no longer reach it. Please give them another number first."),
        gettext("Instalments and options that you signed for separately go on."),
        *([visit] if said.has_visit else []),
        *([keep] if said.kind == "esim" else []),
        *([review] if said.has_review else []),
        gettext("The line can end on one of these days. Which do you choose?"),
        *listed,
    ]


def _confirm(said: Said) -> list[str]:
    if said.scope != "line":
        return [
            gettext("Calls, messages and data on this line stop outside Japan, at once."),
            gettext("If you are abroad now, the phone loses the network there. Have Wi-Fi at hand."),
            gettext(
                "The line stays, with its number, its plan and the monthly fee. In Japan everything works as before."
            ),
            *([gettext("We switch it off by hand; what counts is this moment.")] if said.by_hand else []),
            gettext("It costs nothing. Shall I turn roaming off on the line %(number)s now?") % {"number": said.number},
        ]
    return [
        gettext("I read it to you once more: the line %(number)s ends on %(day)s.")
        % {"number": said.number, "day": said.end},
        gettext("You pay %(yen)s in all.") % {"yen": said.yen},
        gettext("You can take it back as long as the line has not been removed from the network."),
        gettext("Shall I note that the line is to be closed?"),
    ]


def _done(said: Said) -> list[str]:
    mail = gettext("A mail with all of it is on its way to you. Its link shows you how it goes on.")
    sms = gettext("An SMS with all of it is on its way to your other number. Its link shows you how it goes on.")
    if said.scope != "line":
        what = gettext("It is noted: roaming is being turned off, and the line stays.")
    else:
        what = gettext("It is noted. The line is not closed yet; we write to you as soon as it is.")
    esim = gettext("Keep the eSIM on your phone until then.")
    visit = gettext("Shall we book your visit to a shop now?")
    booked = gettext("Your visit is booked: %(visit)s. Bring your papers and the SIM card.") % {"visit": said.visit}
    return [
        what,
        gettext("Your reference is %(reference)s. Please write it down: at a shop it is enough.")
        % {"reference": said.reference},
        mail if said.by_mail else sms,
        *([esim] if said.scope == "line" and said.kind == "esim" else []),
        *([booked if said.visit else visit] if said.has_visit else []),
        gettext("Can I do anything else for you?"),
    ]


def _over(said: Said) -> list[str]:
    return [gettext("Thank you for calling. Goodbye.")]


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
