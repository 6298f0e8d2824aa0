"""How was somebody on the phone known to be the subscriber, and what do they hear of the case that staff open for them?

It stands in the history under a name of its own, written together with the case; and the person hears of it where they
can be reached without the line that ends. Neither an answer nor a code comes here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tojimari.lines.models import Line
from tojimari.lines.queries import email_of, number_for_code
from tojimari.messages import call_texts
from tojimari.messages.actions import Letter, numbers_off, put
from tojimari.messages.channels import channel_name
from tojimari.messages.models import MessageKind
from tojimari.messages.texts import About, tag
from tojimari.network.elements.simulated.element import NAME as SIMULATED
from tojimari.platform.work import Evidence
from tojimari.terminations.models import Termination

BY_PHONE = "termination.by_phone"


@dataclass(frozen=True, slots=True)
class Known:
    """How a caller was known to be the subscriber. `questions` are names of questions, never answers."""

    call: str
    """Reference of the call: "CL-7K3M-9QXA"."""
    questions: Sequence[str]
    sent_by: str
    """How the code went to them: "email" or "sms"."""
    proved_at: datetime

    def evidence(self, by: str) -> Evidence:
        """What the step `verify` keeps."""
        return {"method": "call_check", "by": by, **self.facts()}

    def facts(self) -> dict[str, Any]:
        """What the history says of it."""
        return {
            "call": self.call,
            "questions": list(self.questions),
            "sent_by": self.sent_by,
            "proved_at": self.proved_at.isoformat(),
        }


def number_besides(line: Line) -> str:
    """Return a number of the subscriber that is on, is not this line's, and can get an SMS; empty where none is.

    Four queries at most.
    """
    if not channel_name(MessageKind.SMS):
        return ""
    number = number_for_code(line.subscriber_id, besides=line.msisdn)
    return "" if number in ("", line.msisdn) or numbers_off([number]) else number


def tell(case: Termination, *, at: datetime) -> None:
    """Say who took the request and how it goes on: by mail, or by SMS to another number where there is no address."""
    language, to = tag(case.language), email_of(case.subscriber_id)
    about = About.of(
        case.line.target,
        reference=case.reference,
        carrier=case.carrier.name(language),
        scope=case.scope,
        simulated=case.steps.filter(lane=SIMULATED).exists(),
    )
    if to:
        kind, written = MessageKind.EMAIL, call_texts.taken(language, about)
    else:
        kind, to = MessageKind.SMS, number_besides(case.line)
        written = call_texts.taken_by_sms(language, about, ends_at=case.ends_at)
    if to:
        letter = Letter(case.carrier_id, kind, to, written, case_id=case.pk, reference=case.reference, key="by_phone")
        put(letter, at=at)
