"""How does a case begin that staff open for somebody who asked for help, because no code reached them?

It counts from the moment at which the help was asked for. Everything that belongs to it is written together with the
case: the address that the person proved to read, the closed request, the mails. The addresses known before hear of it
too, so that nobody is closed out behind their back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tojimari.codes.help import close_by_case
from tojimari.codes.models import HelpRequest, HelpState
from tojimari.codes.saved import SHOWN_FOR
from tojimari.lines.actions import add_contact
from tojimari.lines.models import ContactKind, ContactPoint, Line
from tojimari.messages import helped_texts
from tojimari.messages.actions import Letter, put
from tojimari.messages.models import MessageKind
from tojimari.messages.texts import Written, tag
from tojimari.platform.acting import Acting, Refused
from tojimari.terminations.models import Termination
from tojimari.terminations.opening import renew_saved_code, saved_code


@dataclass(frozen=True, slots=True)
class Helped:
    """A request for help that becomes a case. `email` was proved by a code; `prepared_by` identified the person."""

    request_id: int
    email: str
    checked_at: datetime
    prepared_by: str

    def asked_at(self, line: Line, at: datetime) -> datetime:
        """Return the instant from which the case counts. Raises `Refused` when the request is over, or another's."""
        request = HelpRequest.objects.filter(pk=self.request_id, carrier_id=line.carrier_id).first()
        if request is None or request.state != HelpState.OPEN or request.asked_at > at:
            raise Refused("help.answered_already")
        return request.asked_at

    def begin(self, case: Termination, *, acting: Acting, at: datetime) -> dict[str, Any]:
        """Close the request and add the address; return what the history says of it. Raises `Refused`."""
        request = close_by_case(request_id=self.request_id, case=case.reference, acting=acting, at=at)
        add_contact(
            subscriber_id=case.subscriber_id,
            kind=ContactKind.EMAIL,
            value=self.email,
            verified_at=self.checked_at,
            acting=acting,
        )
        return {
            "help_request": request.reference,
            "asked_at": request.asked_at.isoformat(),
            "on_behalf_of": f"subscriber:{case.subscriber_id}",
            "identified_by": self.prepared_by,
        }

    def tell(self, case: Termination, *, at: datetime) -> None:
        """Send the saved code to the new address, and say so to every one that was known before."""
        language = tag(case.language)
        facts = {"reference": case.reference, "carrier": case.carrier.name(language)}
        renew_saved_code(case, at=at)
        secret = helped_texts.saved_code(language, code=saved_code(case, at=at), **facts)
        put(_letter(case, self.email, secret, "saved_code", wipe_at=at + SHOWN_FOR), at=at)
        known = ContactPoint.objects.filter(subscriber_id=case.subscriber_id, kind=ContactKind.EMAIL)
        for point in known.exclude(value=self.email).order_by("pk"):
            added = helped_texts.address_added(language, at=at, **facts)
            put(_letter(case, point.value, added, f"address_added {point.pk}"), at=at)


def _letter(case: Termination, to: str, written: Written, key: str, wipe_at: datetime | None = None) -> Letter:
    return Letter(
        case.carrier_id,
        MessageKind.EMAIL,
        to,
        written,
        case_id=case.pk,
        reference=case.reference,
        key=key,
        wipe_at=wipe_at,
    )
