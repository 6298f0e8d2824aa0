"""How do staff open a case for somebody whose SIM is dead, who is abroad already, and whom no code reaches?

One member of staff identifies the person by the papers that the carrier asks for (which ones is kept, never a copy) and
names another address; a code goes there. Who reads it out can be reached by it. Where the carrier's rule asks for two
people, a colleague confirms. Then the case begins, as requested when the help was asked for, with the day and the yen
of that instant.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256

import structlog
from django.db import transaction

from tojimari.codes import actions as codes
from tojimari.codes import help as help_requests
from tojimari.codes.models import HelpRequest
from tojimari.counter.papers import check_evidence
from tojimari.lines.emails import normal_email
from tojimari.lines.models import ContactKind, ContactPoint, Line
from tojimari.messages import helped_texts
from tojimari.messages.actions import Letter, put
from tojimari.messages.models import MessageKind
from tojimari.messages.texts import tag
from tojimari.platform.acting import Acting, Refused
from tojimari.terminations import procedures
from tojimari.terminations.ends import EndDate
from tojimari.terminations.helped import Helped
from tojimari.terminations.intake import Ask, kind_of, request_many
from tojimari.terminations.judging import two_people_for
from tojimari.terminations.late import end_as_at
from tojimari.terminations.models import Channel, Termination

log = structlog.get_logger(__name__)

PURPOSE = "help-address"
LEAST_PAPERS = ("passport_or_residence_card",)
"""What is asked for where the procedure of the line asks for no papers of its own."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Whom staff identified, by what, and what is to be opened. `papers` are kinds, such as "passport"."""

    line_id: int
    scope: str
    effective: str
    email: str
    papers: Sequence[str]
    two_people: Sequence[str]
    """Findings of the carrier's rule for which a second person must confirm."""
    checked_at: str = ""
    """When the code from the new address was given; empty until then."""


def prepared(request: HelpRequest) -> Prepared | None:
    """Return what is prepared for a request, if anything."""
    found = help_requests.prepared_in(request)
    return Prepared(**found) if found is not None else None


def papers_for(line: Line, scope: str) -> tuple[str, ...]:
    """Return the papers by which this carrier knows the holder of such a line. A signed authority identifies nobody."""
    steps = procedures.spec(procedures.read(line.carrier, kind_of(line, scope))).steps
    asked = next((step.papers for step in steps if step.name == "papers"), ())
    return tuple(paper for paper in asked if paper != "authority") or LEAST_PAPERS


def print_of(request: HelpRequest) -> str:
    """Return what names exactly the preparation that a page shows; opening the case sends it back."""
    return sha256(bytes(request.prepared)).hexdigest()[:32]


def end_for(request: HelpRequest, line: Line, found: Prepared) -> EndDate:
    """Return the end and the yen as at the moment when help was asked for. Raises `Refused`."""
    return end_as_at(line, found.scope, found.effective, request.asked_at)


def prepare(
    *,
    request: HelpRequest,
    line: Line,
    scope: str,
    effective: str,
    email: str,
    given: Mapping[str, str],
    acting: Acting,
    at: datetime,
) -> Prepared:
    """Note how the person was identified and send a code to the address they name; what was prepared before is over.

    `given` has the fields of `counter.papers` for `papers_for`. Raises `Refused`: as those do, `contact.email`,
    `help.address_known`, `help.answered_already`, `code.sent_too_often`, or where no such end can be had.
    """
    shown = check_evidence("papers", line.target, _of_themselves(given), at, papers_for(line, scope))
    address = normal_email(email)
    if address is None:
        raise Refused("contact.email", field="email")
    if ContactPoint.objects.filter(
        subscriber_id=line.subscriber_id, kind=ContactKind.EMAIL, value__iexact=address, verified_at__isnull=False
    ).exists():
        raise Refused("help.address_known", field="email")
    rule = procedures.spec(procedures.read(line.carrier, kind_of(line, scope))).review
    kinds = [str(paper["kind"]) for paper in shown["papers"]]
    found = Prepared(line.pk, scope, effective, address, kinds, two_people_for(line, rule, at))
    end_for(request, line, found)
    help_requests.prepare(
        request_id=request.pk, carrier_id=request.carrier_id, prepared=asdict(found), acting=acting, at=at
    )
    _send_code(request, line, address, at)
    return found


def _of_themselves(given: Mapping[str, str]) -> dict[str, str]:
    """Who acts for somebody else comes to a counter: this way is for the holder of the line alone."""
    return {name: value for name, value in given.items() if not name.startswith(("authority_", "note"))}


def _send_code(request: HelpRequest, line: Line, address: str, at: datetime) -> None:
    language = tag(request.language)
    with transaction.atomic():
        code, digits = codes.issue(
            carrier_id=request.carrier_id,
            subject=_subject(request),
            purpose=PURPOSE,
            binding=f"{request.reference} {address}",
            at=at,
        )
        written = helped_texts.address_code(
            language,
            reference=request.reference,
            carrier=line.carrier.name(language),
            digits=digits,
            until=code.expires_at,
        )
        put(Letter(request.carrier_id, MessageKind.EMAIL, address, written, wipe_at=code.expires_at), at=at)


def _subject(request: HelpRequest) -> str:
    return f"help:{request.pk}"


def check_address(*, request: HelpRequest, given: str, acting: Acting, at: datetime) -> None:
    """Take the code that the person reads out. Raises `Refused`: `help.not_prepared`, `code.wrong`, or as `check`."""
    found = prepared(request)
    if found is None:
        raise Refused("help.not_prepared")
    right = codes.check(
        carrier_id=request.carrier_id,
        subject=_subject(request),
        purpose=PURPOSE,
        binding=f"{request.reference} {found.email}",
        given=given,
        at=at,
    )
    if not right:
        raise Refused("code.wrong", field="code")
    first = Acting(acting.role, request.prepared_by.partition(":")[2])  # who identified the person stays who did
    kept = asdict(found) | {"checked_at": at.isoformat()}
    help_requests.prepare(request_id=request.pk, carrier_id=request.carrier_id, prepared=kept, acting=first, at=at)


def open_case(
    *, request: HelpRequest, line: Line, seen: str, shown_yen: int, acting: Acting, at: datetime
) -> Termination:
    """Begin the case for the person. `seen` is `print_of` as it was shown, `shown_yen` what was read out to them.

    Raises `Refused`: `help.not_prepared`, `help.code_first`, `help.second_person`, `help.seen_other` when it was
    prepared anew meanwhile, `quote.changed`, what `request` refuses, and `line.already_ending` where the line has a
    case: the request for help is not used up by it.
    """
    found = prepared(request)
    if found is None or found.line_id != line.pk:
        raise Refused("help.not_prepared")
    if not found.checked_at:
        raise Refused("help.code_first")
    if found.two_people and request.prepared_by == str(acting):
        raise Refused("help.second_person")
    if seen != print_of(request):
        raise Refused("help.seen_other")
    end = end_for(request, line, found)
    helped = Helped(request.pk, found.email, datetime.fromisoformat(found.checked_at), request.prepared_by)
    proof = {
        "method": "papers",
        "papers": list(found.papers),
        "help_request": request.reference,
        "sent_by": "email",
        "proved_at": found.checked_at,
        "identified_by": request.prepared_by,
        "by": acting.name or str(acting),
    }
    ask = Ask(
        line.pk,
        found.scope,
        end.effective,
        language=request.language,
        proof=proof,
        shown_yen=shown_yen,
        helped=helped,
    )
    answer = request_many([ask], carrier=line.carrier, channel=Channel.DESK, acting=acting, at=at)[0]
    if answer.termination is None:
        raise answer.refused or Refused("line.unknown")
    if not answer.created:
        raise Refused("line.already_ending", reference=answer.termination.reference)
    log.info("help.case_opened", reference=request.reference, case=answer.termination.reference, by=str(acting))
    return answer.termination
