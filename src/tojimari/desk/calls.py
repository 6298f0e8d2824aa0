"""What happens in a call, and in which order? The verbs of a call; the only writes of its row.

Find the line, ask questions, check a code that did not go to the line alone, see, choose, open the case. `stage_of`
says where a call stands; a verb of another stage is refused. Everything chosen stands in the row: a connection that
breaks loses nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import structlog
from django.db import transaction
from django.http import Http404

from tojimari.codes import actions as codes
from tojimari.codes import questions as guard
from tojimari.codes.help import Written, ask_for_help
from tojimari.codes.models import HelpRequest
from tojimari.desk import calls_questions
from tojimari.desk.models import Call
from tojimari.desk.searching import take_search
from tojimari.lines.access import line_by_identifier
from tojimari.lines.models import Carrier, Line, LineState
from tojimari.lines.queries import email_of
from tojimari.messages import call_texts
from tojimari.messages.actions import Letter, put
from tojimari.messages.models import MessageKind
from tojimari.platform.acting import Acting, Refused
from tojimari.platform.spelled import drawn
from tojimari.rules.identifiers import anything
from tojimari.rules.identifiers.anything import Kind
from tojimari.rules.masking import last4
from tojimari.terminations.access import case_by_reference
from tojimari.terminations.by_phone import open_for_caller
from tojimari.terminations.called import Known, number_besides
from tojimari.terminations.models import Termination

log = structlog.get_logger(__name__)

FRESH = timedelta(minutes=5)
"""How old the code may be when a case is opened (OWASP ASVS 7.5.3)."""

_PURPOSE = "call"
_NUMBER_IS_GONE = (LineState.TERMINATED, LineState.PORTED_OUT)


class Stage(StrEnum):
    """Where a call stands."""

    FIND = "find"
    LINE = "line"  # several lines: which one?
    QUESTIONS = "questions"
    SHUT = "shut"  # no question may be asked any more, or none can be
    CODE = "code"
    NO_CONTACT = "no_contact"  # only the line itself is known
    SEE = "see"
    ENDS = "ends"
    CONFIRM = "confirm"
    DONE = "done"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Way:
    """How a code can reach the caller: "email" or "sms", and enough of the address to know it again."""

    by: str
    shown: str


def stage_of(call: Call, at: datetime) -> Stage:
    """Say where a call stands. Up to five queries."""
    if call.ended_at is not None:
        return Stage.OVER
    if call.line is None:
        return Stage.LINE if call.subscriber_id else Stage.FIND
    if call.checked_at is None:
        return Stage.QUESTIONS if why_shut(call, at) is None else Stage.SHUT
    if call.proved_at is None:
        return Stage.CODE if ways_of(call) else Stage.NO_CONTACT
    if call.case_reference:
        return Stage.DONE
    if not call.scope:
        return Stage.SEE
    return Stage.CONFIRM if call.effective else Stage.ENDS


def why_shut(call: Call, at: datetime) -> Refused | None:
    """Return why no answer is taken in this call, or None."""
    shut = guard.shut(carrier_id=call.carrier_id, subscriber_id=call.subscriber_id or 0, at=at)
    if shut is not None:
        return shut
    if call.wrong >= guard.WRONG_IN_CALL:
        return Refused("call.failed")
    return None if asked(call) else Refused("call.cannot_ask")


def asked(call: Call) -> list[str]:
    """Return the questions of this call."""
    return calls_questions.asked(calls_questions.policy_of(call.carrier_id), calls_questions.facts_of(_line(call)))


def ways_of(call: Call) -> list[Way]:
    """Return how a code can reach the caller without the line that they called about."""
    line = _line(call)
    email, number = email_of(line.subscriber_id), number_besides(line)
    name, _, host = email.partition("@")
    found = [Way("email", f"{name[:1]}…@{host}")] if email else []
    return [*found, Way("sms", last4(number))] if number else found


def lines_of(call: Call) -> list[Line]:
    """Return the running lines of the caller, the newest contract last. One query."""
    lines = Line.objects.filter(carrier_id=call.carrier_id, subscriber_id=call.subscriber_id or 0).select_related(
        "plan"
    )
    return list(lines.exclude(state__in=_NUMBER_IS_GONE).order_by("contract_on", "pk")[:100])


def begin(*, carrier: Carrier, language: str, acting: Acting, role: str, at: datetime) -> Call:
    """Begin a call; nothing is known of the caller but what they speak."""
    return Call.objects.create(
        carrier=carrier,
        reference=drawn("CL"),
        staff_id=int(acting.key),
        role=role,
        language=language,
        began_at=at,
        touched_at=at,
    )


def find(*, call: Call, wanted: str, acting: Acting, at: datetime) -> None:
    """Find the line that the caller names. What names an order or a phone may mean several: then one is chosen next.

    Raises `Refused`: `call.not_found`, `call.searched_too_often`.
    """
    take_search(acting, at=at)
    case = case_by_reference(call.carrier_id, wanted)
    line = case.line if case is not None else line_by_identifier(call.carrier, wanted)
    if line is None:
        raise Refused("call.not_found", field="wanted")
    names_one = case is not None or anything.read(wanted).kind in (Kind.MSISDN, Kind.ICCID)
    with transaction.atomic():
        now = _locked(call, Stage.FIND, at=at)
        now.subscriber, now.line = line.subscriber, line
        if not names_one and len(lines_of(now)) > 1:
            now.line = None
        now.save()


def choose(*, call: Call, line_id: int, at: datetime) -> None:
    """Take one of the caller's own lines. A code that went by SMS must be sent anew: it may have gone to this line.

    Raises `Http404` for a line that is not theirs.
    """
    with transaction.atomic():
        now = _locked(call, Stage.LINE, Stage.SEE, Stage.ENDS, Stage.CONFIRM, Stage.DONE, at=at)
        line = next((line for line in lines_of(now) if line.pk == line_id), None)
        if line is None:
            raise Http404
        now.line = line
        if now.code_by == "sms":
            now.proved_at = None
        now.scope = now.effective = now.case_reference = ""
        now.save()


def search_again(*, call: Call, at: datetime) -> None:
    """Go back to the search, before the caller was known. Tries that were not enough stay counted."""
    with transaction.atomic():
        now = _locked(call, Stage.LINE, Stage.QUESTIONS, Stage.SHUT, Stage.CODE, Stage.NO_CONTACT, at=at)
        now.subscriber = now.line = now.checked_at = None
        now.questions, now.code_by, now.scope, now.effective = [], "", "", ""
        now.save()


def answer(*, call: Call, given: Mapping[str, str], at: datetime) -> None:
    """Compare what the caller answered. The tries are counted for the call and for the customer.

    Raises `Refused`: `call.no_answer`, `call.not_enough` (`left` tries), `call.failed`, or as `codes.questions.judged`.
    """
    must_be_at(call, Stage.QUESTIONS, at=at)
    if not any(text.strip() for text in given.values()):
        raise Refused("call.no_answer")
    right = calls_questions.right_ones(asked(call), calls_questions.facts_of(_line(call)), given)
    enough = calls_questions.policy_of(call.carrier_id).enough(right)
    guard.judged(carrier_id=call.carrier_id, subscriber_id=call.subscriber_id or 0, right=enough, at=at)
    with transaction.atomic():
        now = _locked(call, Stage.QUESTIONS, Stage.SHUT, at=at)
        if enough and now.wrong < guard.WRONG_IN_CALL:
            now.checked_at, now.questions = at, right
        else:
            now.wrong += 1
        now.save()
    if now.checked_at is None:
        left = guard.WRONG_IN_CALL - now.wrong
        raise Refused("call.not_enough", left=left) if left > 0 else Refused("call.failed")


def let_ask_again(*, call: Call, acting: Acting, at: datetime) -> None:
    """Let a customer be asked again who was locked. The face asks for the right to do so."""
    with transaction.atomic():
        now = _locked(call, Stage.SHUT, at=at)
        guard.open_again(carrier_id=now.carrier_id, subscriber_id=now.subscriber_id or 0, acting=acting)
        now.wrong = 0
        now.save()
    log.info("call.opened_again", call=call.reference, staff=acting.key)


def send_code(*, call: Call, by: str, at: datetime) -> None:
    """Send a code that works in this call alone. Raises `Refused`: `call.no_way`, `code.sent_too_often`."""
    with transaction.atomic():
        now = _locked(call, Stage.CODE, at=at)
        if by not in {way.by for way in ways_of(now)}:
            raise Refused("call.no_way", field="by")
        line = _line(now)
        code, digits = codes.issue(
            carrier_id=now.carrier_id,
            subject=f"subscriber:{line.subscriber_id}",
            purpose=_PURPOSE,
            binding=now.reference,
            at=at,
        )
        kind = MessageKind.SMS if by == "sms" else MessageKind.EMAIL
        write = call_texts.code_by_sms if by == "sms" else call_texts.code
        to = number_besides(line) if by == "sms" else email_of(line.subscriber_id)
        written = write(now.language, carrier=now.carrier.name(now.language), digits=digits, until=code.expires_at)
        put(Letter(now.carrier_id, kind, to, written, wipe_at=code.expires_at), at=at)
        now.code_by = by
        now.save()


def check_code(*, call: Call, given: str, at: datetime) -> None:
    """Check the digits that the caller reads out. Raises `Refused` with `code.wrong`, or as `codes.actions.check`."""
    must_be_at(call, Stage.CODE, at=at)
    subject = f"subscriber:{call.subscriber_id}"
    if not codes.check(
        carrier_id=call.carrier_id, subject=subject, purpose=_PURPOSE, binding=call.reference, given=given, at=at
    ):
        raise Refused("code.wrong", field="code")
    with transaction.atomic():
        now = _locked(call, Stage.CODE, at=at)
        now.proved_at = at
        now.save()


def wish(*, call: Call, scope: str, effective: str, at: datetime) -> None:
    """Note what the caller wants to end, and when; both empty to choose again. Whether it can be had, the face asks."""
    with transaction.atomic():
        now = _locked(call, Stage.SEE, Stage.ENDS, Stage.CONFIRM, Stage.DONE, at=at)
        now.scope, now.effective, now.case_reference = scope, effective, ""
        now.save()


def open_case(*, call: Call, shown_yen: int, acting: Acting, at: datetime) -> Termination:
    """Open the case for the caller, as they chose it, and note it in the call's row, in one transaction.

    Raises `Refused`, and no case is opened: `call.code_old` when the code is too old, `call.over` or `call.other_step`
    when the call is no more where it was.
    """
    must_be_at(call, Stage.CONFIRM, at=at)
    if call.proved_at is None or at - call.proved_at > FRESH:
        with transaction.atomic():
            now = _locked(call, Stage.CONFIRM, at=at)
            now.proved_at, now.code_by = None, ""
            now.save()
        raise Refused("call.code_old")

    def note(case: Termination) -> None:
        now = _locked(call, Stage.CONFIRM, Stage.DONE, at=at)
        now.case_reference = case.reference
        now.cases = [*(one for one in now.cases if one != case.reference), case.reference]
        now.save()

    return open_for_caller(
        line=_line(call),
        scope=call.scope,
        effective=call.effective,
        known=Known(call.reference, call.questions, call.code_by, call.proved_at),
        language=call.language,
        shown_yen=shown_yen,
        acting=acting,
        at=at,
        note=note,
    )


def leave_to_a_person(*, call: Call, name: str, reach: str, at: datetime) -> HelpRequest:
    """Write a request for help down for somebody who cannot be checked on the phone. Once for a call.

    Raises `Refused` with `call.no_reach` when nobody knows how to reach them.
    """
    if not reach.strip():
        raise Refused("call.no_reach", field="reach")
    with transaction.atomic():
        now = _locked(call, Stage.FIND, Stage.LINE, Stage.QUESTIONS, Stage.SHUT, Stage.CODE, Stage.NO_CONTACT, at=at)
        if now.help_reference:
            return HelpRequest.objects.get(carrier_id=now.carrier_id, reference=now.help_reference)
        about = f"{now.reference} {now.line.kind} {last4(now.line.iccid)}" if now.line is not None else now.reference
        asked_for = ask_for_help(
            carrier_id=now.carrier_id,
            language=now.language,
            written=Written(name.strip(), reach.strip(), (), about),
            address=f"call {now.reference}",
            at=at,
        )
        now.help_reference = asked_for.reference
        now.save()
    return asked_for


def speak(*, call: Call, language: str, at: datetime) -> None:
    """Note that the caller speaks another language."""
    with transaction.atomic():
        now = _locked(call, *Stage, at=at)
        now.language = language
        now.save()


def _line(call: Call) -> Line:
    if call.line is None:
        raise Refused("call.other_step")
    return call.line


def must_be_at(call: Call, *stages: Stage, at: datetime) -> None:
    """Look whether a call stands at one of these stages. Raises `Refused`: `call.over`, `call.other_step`."""
    stage = stage_of(call, at)
    if stage == Stage.OVER:
        raise Refused("call.over")
    if stage not in stages:
        raise Refused("call.other_step")


def _locked(call: Call, *stages: Stage, at: datetime) -> Call:
    """Return the call's row as it is now, locked, if it stands at one of these stages and is about the same line still.

    Another window may have gone back to the search meanwhile: what was shown of one person must not count for another.
    """
    related = ("carrier", "subscriber", "line__subscriber", "line__plan", "line__carrier")
    now = Call.objects.select_for_update(of=("self",)).select_related(*related).get(pk=call.pk)
    must_be_at(now, *stages, at=at)
    if (now.subscriber_id, now.line_id) != (call.subscriber_id, call.line_id):
        raise Refused("call.other_step")
    now.touched_at = at
    return now
