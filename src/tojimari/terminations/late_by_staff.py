"""What can staff do with a wish from an outage that could not be matched by itself: take it in, or refuse it?

Taken in, it becomes a case that was requested at the instant of the wish: end and yen are those of that instant,
and a cut-off that has passed since then does not count. Refused, its sender hears why, and what they can do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import transaction
from django.utils.translation import override

from tojimari.counter.papers import METHODS
from tojimari.lines.models import Line
from tojimari.messages import helped_texts
from tojimari.messages.actions import Letter, put
from tojimari.messages.models import MessageKind
from tojimari.messages.texts import tag
from tojimari.platform.acting import Acting, Refused
from tojimari.terminations.ends import EndDate
from tojimari.terminations.intake import Ask, request_many
from tojimari.terminations.late import WAITING, end_of
from tojimari.terminations.late_words import REFUSALS
from tojimari.terminations.models import Channel, LateState, LateWish, Termination

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Found:
    """The line that staff found for a wish, with the end and the yen as at the instant of the wish."""

    line: Line
    end: EndDate

    @property
    def seen(self) -> str:
        """Names exactly what was shown; taking the wish in sends it back."""
        return f"{self.line.pk} {self.end.ends_at.isoformat()} {self.end.quote.get('total_yen', 0)}"


def found(wish: LateWish, line: Line) -> Found:
    """Return what taking a wish in for this line would mean; nothing is written. Raises `Refused`.

    A wish whose line is known already fits no other line: `late.not_this`.
    """
    if wish.state not in WAITING or wish.line_id not in (None, line.pk) or wish.carrier_id != line.carrier_id:
        raise Refused("late.not_this")
    wish.line = line
    return Found(line, end_of(wish))


def take_in_for(*, wish: LateWish, line: Line, method: str, seen: str, acting: Acting, at: datetime) -> Termination:
    """Begin the case of a wish for the person, who proved who they are by `method`.

    `requested_at` is the instant of the wish. Raises `Refused`: `late.method_missing`, `late.seen_other` when `seen` is
    not what `found` says now, `late.not_this`, or what `request` refuses.
    """
    if method not in METHODS:
        raise Refused("late.method_missing", field="method")
    now = found(wish, line)
    if seen != now.seen:
        raise Refused("late.seen_other")
    ask = Ask(
        line.pk,
        wish.scope,
        now.end.effective,
        language=wish.language,
        proof={"method": method, "by": acting.name or str(acting), "late_wish": wish.reference},
        shown_yen=now.end.quote.get("total_yen", 0),
        late=LateWish.objects.get(pk=wish.pk),
    )
    answer = request_many([ask], carrier=wish.carrier, channel=Channel.DESK, acting=acting, at=at)[0]
    if answer.termination is None:
        raise answer.refused or Refused("late.not_this")
    if not answer.created:  # the line has a case already: the wish is not used up by it
        raise Refused("late.over_already")
    log.info("late_wish.taken_in_by_staff", reference=wish.reference, by=str(acting))
    return answer.termination


def refuse(*, wish: LateWish, code: str, acting: Acting, at: datetime) -> None:
    """Do not take a wish in, for one of `REFUSALS`; its sender is told why and what they can do. What was typed goes.

    Raises `Refused`: `termination.unknown_reason`, or `late.not_this` when it is dealt with.
    """
    if code not in REFUSALS:
        raise Refused("termination.unknown_reason", field="code")
    language = tag(wish.language)
    with override(language):
        reason, way_on = map(str, REFUSALS[code])
    with transaction.atomic(durable=True):
        now = LateWish.objects.select_for_update(of=("self",)).select_related("carrier").get(pk=wish.pk)
        if now.state not in WAITING:
            raise Refused("late.not_this")
        written = helped_texts.late_refused(
            language,
            reference=now.reference,
            carrier=now.carrier.name(language),
            asked_at=now.asked_at,
            reason=reason,
            way_on=way_on,
        )
        if now.email:
            put(Letter(now.carrier_id, MessageKind.EMAIL, now.email, written, reference=now.reference), at=at)
        now.state, now.code, now.answered_by, now.answered_at = LateState.ANSWERED, code, str(acting), at
        now.typed = now.email = ""
        now.save(update_fields=("state", "code", "answered_by", "answered_at", "typed", "email"))
    log.info("late_wish.refused", reference=wish.reference, by=str(acting), code=code)
