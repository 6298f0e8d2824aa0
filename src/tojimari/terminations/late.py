"""What becomes of a wish that was taken while the database was away?

The portal kept it in a spool, sealed, with its instant. `take_in` reads the spool when the database is back: each wish
becomes a row, with the mail that follows from it, in one transaction; only then is its file removed. A worker that is
killed in between meets the file again and finds the row under the same reference, so nothing is lost or doubled.

Whoever sent a wish has proved nothing. Where the address they gave is a contact of the line's subscriber, a mail asks
the subscriber to sign in and confirm; `confirm` then begins the case, and its `requested_at` is the instant of the
wish. In every other case staff look at it, and the address gets one mail that says so: it is the same whether the line
exists or not.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction

from tojimari.codes.sealed import seal, unseal
from tojimari.lines.access import line_by_identifier
from tojimari.lines.emails import normal_email
from tojimari.lines.hosts import carrier_of_host
from tojimari.lines.models import Carrier, ContactKind, ContactPoint, Line
from tojimari.messages import late as texts
from tojimari.messages.actions import Letter, put
from tojimari.messages.models import MessageKind
from tojimari.messages.texts import tag
from tojimari.platform.acting import Acting, Refused
from tojimari.platform.config import config
from tojimari.platform.database.scope import carrier_scope
from tojimari.platform.spool import Entry, Spool, Unreadable
from tojimari.platform.work import Evidence
from tojimari.terminations.ends import EndDate
from tojimari.terminations.intake import Ask, request_many
from tojimari.terminations.late_time import LATE_WISH_LIVES
from tojimari.terminations.models import Channel, LateState, LateWish, Termination
from tojimari.terminations.queries import end_date, offer

log = structlog.get_logger(__name__)

EARLIEST = "earliest"
WAITING = (LateState.OFFERED, LateState.REVIEW)


def spool() -> Spool:
    """The spool of this installation. It lies in the data folder, which the site and a worker beside it share."""
    return Spool(config().home / "outage" / "wishes", secret=settings.SECRET_KEY)


def take_in(*, at: datetime, kept: Spool | None = None) -> int:
    """Make rows of what lies in the spool, and return how many are new. Needs the scope of every carrier.

    What cannot be read, or belongs to a host that no carrier has entered, is put aside for an operator.
    """
    kept, taken = kept or spool(), 0
    for path in kept.waiting():
        try:
            entry = kept.read(path)
        except FileNotFoundError:
            continue  # another worker was faster
        except Unreadable:
            log.error("late_wish.unreadable", file=path.name)
            kept.put_aside(path)
            continue
        carrier = carrier_of_host(str(entry.content["host"]))
        if carrier is None:
            log.error("late_wish.nobodys", reference=entry.key, host=entry.content["host"])
            kept.put_aside(path)
            continue
        with carrier_scope(carrier.pk):
            taken += _put_down(carrier, entry, at)
        kept.done(path)
    return taken


def _put_down(carrier: Carrier, entry: Entry, at: datetime) -> bool:
    """Write one wish and its mail, durably; say whether it is new."""
    line = _line(carrier, entry.content)
    try:
        with transaction.atomic(durable=True):
            wish = LateWish.objects.create(
                carrier=carrier,
                reference=entry.key,
                asked_at=entry.at,
                taken_in_at=at,
                scope=entry.content["scope"],
                effective=entry.content["effective"],
                language=tag(str(entry.content["language"])),
                email=entry.content["email"],
                typed="" if line else entry.content["typed"],
                line=line,
                subscriber=line.subscriber if line else None,
                state=LateState.OFFERED if line else LateState.REVIEW,
            )
            _write_to(wish, carrier, str(entry.content["origin"]), at)
    except IntegrityError:
        if not LateWish.objects.filter(reference=entry.key).exists():
            raise
        return False  # a worker that was killed before it could remove the file has put it down
    log.info("late_wish.taken_in", reference=wish.reference, state=wish.state)
    return True


def _line(carrier: Carrier, content: Mapping[str, Any]) -> Line | None:
    """The line that was meant, if the address belongs to its subscriber."""
    line, address = line_by_identifier(carrier, content["typed"]), normal_email(content["email"])
    if line is None or address is None:
        return None
    known = ContactPoint.objects.filter(subscriber_id=line.subscriber_id, kind=ContactKind.EMAIL)
    ours = {value.casefold() for value in known.values_list("value", flat=True)}
    return line if address.casefold() in ours else None


def _write_to(wish: LateWish, carrier: Carrier, origin: str, at: datetime) -> None:
    about = texts.Late(wish.reference, carrier.name(wish.language), wish.asked_at)
    if wish.line_id is not None:
        link = f"{origin}/late/{wish.reference}/"
        written = texts.please_confirm(wish.language, about, link=link, until=wish.asked_at + LATE_WISH_LIVES)
    else:
        written = texts.looked_at(wish.language, about)
    put(Letter(carrier.pk, MessageKind.EMAIL, wish.email, written, reference=wish.reference), at=at)


def end_of(wish: LateWish) -> EndDate:
    """Return the end that a wish for a line means, with its yen, as at the instant of the wish. Raises `Refused`.

    The earliest end is the first that could be had then; a month's end is the end of that month, also when it is past.
    """
    if wish.line is None:
        raise Refused("late.not_this")
    return end_as_at(wish.line, wish.scope, wish.effective, wish.asked_at)


def end_as_at(line: Line, scope: str, effective: str, at: datetime) -> EndDate:
    """Return an end with its yen as it could be had at an instant that is past; "earliest" is the first of them."""
    if effective != EARLIEST:
        return end_date(line, scope, effective, at)
    ends = offer(line, scope, at).ends
    if not ends:
        raise Refused("effective.not_offered", offered="")
    return ends[0]


def confirm(
    *, wish: LateWish, shown_yen: int, acting: Acting, at: datetime, language: str, proof: Evidence
) -> Termination:
    """Begin the case that a wish asked for, as requested at its instant; or return the case that is open already.

    Raises `Refused`: `late.not_this`, `late.too_old`, `quote.changed`, or what `request` refuses.
    """
    end = end_of(wish)
    ask = Ask(
        wish.line_id or 0, wish.scope, end.effective, language=language, proof=proof, shown_yen=shown_yen, late=wish
    )
    answer = request_many([ask], carrier=wish.carrier, channel=Channel.PORTAL, acting=acting, at=at)[0]
    if answer.termination is None:
        raise answer.refused or Refused("late.not_this")
    return answer.termination


def answered(*, wish: LateWish, note: str, acting: Acting, at: datetime) -> None:
    """Staff have dealt with a wish; their note is kept sealed, what was typed is wiped.

    Raises `Refused` without a note, or when the wish is over.
    """
    if not note.strip():
        raise Refused("step.note_missing")
    waiting = LateWish.objects.filter(pk=wish.pk, state__in=WAITING)
    done = waiting.update(
        state=LateState.ANSWERED,
        note=seal(note.strip()[:2000], about=_about(wish)),
        answered_by=acting.name or str(acting),
        answered_at=at,
        typed="",
        email="",
    )
    if done != 1:
        raise Refused("late.not_this")
    log.info("late_wish.answered", reference=wish.reference, by=str(acting), at=at.isoformat())


def note_of(wish: LateWish) -> str:
    """Return what staff noted of a wish; empty where nothing was, or its time is over."""
    return unseal(bytes(wish.note), about=_about(wish)) or "" if wish.note else ""


def _about(wish: LateWish) -> str:
    return f"note on {wish.reference}"


def expire(*, at: datetime) -> int:
    """Let go of what nobody confirmed or answered in time, wipe what it says of a person; return how many."""
    old = LateWish.objects.filter(state=LateState.OFFERED, asked_at__lt=at - LATE_WISH_LIVES)
    return old.update(state=LateState.EXPIRED, typed="", email="")
