"""What of a case is erased, and when? The words go; that there were any stays.

Every kind has its row in `rules.retention`, and a day is Japan's. A record goes in batches, each a transaction of its
own: who is killed in between has erased whole batches, and the next look finds what is left. Nothing here touches the
history, evidence or a certificate: what may have to go never stood in them, at most as a salted hash.

A bill of the line that is unpaid holds back what belongs to its case, because a claim may still come of it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from tojimari.codes.help import wipe as wipe_help
from tojimari.counter.models import SignedForm
from tojimari.lines.models import Bill, Line
from tojimari.messages.models import Message
from tojimari.money.models import Refund, RefundAccount
from tojimari.network.models import ProfileNotice, ProfileOrder
from tojimari.proofs.models import Addendum
from tojimari.rules.calendar import day_end, jst_date
from tojimari.rules.retention import due_until
from tojimari.terminations.guided import erasing as guided
from tojimari.terminations.models import (
    CaseKind,
    CaseState,
    Handover,
    LateWish,
    Question,
    ShownScreen,
    StaffNote,
    StandIn,
    Termination,
)

log = structlog.get_logger(__name__)

BATCH = 500
_SMALLEST = {"guided_uploads": guided.BATCH, "guided_case": guided.BATCH}
"""Kinds of which fewer go at once."""

Erase = Callable[[datetime], int]
"""Erases at most `BATCH` records whose time began before an instant; returns how many it was."""


def erase(*, at: datetime) -> dict[str, int]:
    """Erase everything whose time is over, and return how many records of each kind went. Runs for every carrier."""
    gone = {item: _all_of(item, one, at) for item, one in ERASERS.items()}
    gone["help_request"] = wipe_help(at=at)  # a clock of its own, to the minute
    if any(gone.values()):
        log.info("erased", **gone)
    return gone


def _all_of(item: str, one: Erase, at: datetime) -> int:
    last = due_until(item, jst_date(at))
    if last is None:
        return 0
    count = 0
    while True:
        with transaction.atomic(durable=True):
            erased = one(day_end(last))
        count += erased
        if erased < _SMALLEST.get(item, BATCH):
            return count


def _ended_before(instant: datetime) -> QuerySet[Termination]:
    """Cases whose contract ended before; one that was taken back or not accepted ended when that was decided."""
    ended = Q(state=CaseState.COMPLETED, ends_at__lt=instant)
    return _free(ended | (~Q(state=CaseState.COMPLETED) & Q(finished_at__lt=instant)))


def _over_before(instant: datetime) -> QuerySet[Termination]:
    """Cases that were over before."""
    return _free(Q(finished_at__lt=instant))


def _free(which: Q) -> QuerySet[Termination]:
    unpaid = Bill.objects.filter(line_id=OuterRef("line_id"), paid_on__isnull=True)
    return Termination.objects.filter(which, finished_at__isnull=False).exclude(Exists(unpaid))


def _signed_forms(before: datetime) -> int:
    forms = SignedForm.objects.exclude(strokes=b"").filter(case_id__in=_ended_before(before).values("pk"))
    return SignedForm.objects.filter(pk__in=_some(forms)).update(strokes=b"")


def _stand_ins(before: datetime) -> int:
    named = StandIn.objects.exclude(name=b"").filter(case_id__in=_ended_before(before).values("pk"))
    return StandIn.objects.filter(pk__in=_some(named)).update(name=b"", salt=b"")


def _shown_screens(before: datetime) -> int:
    """The words of the screens that were confirmed. Digest, language and template stay: the certificate has them."""
    kept = ShownScreen.objects.exclude(text="").filter(case_id__in=_ended_before(before).values("pk"))
    return ShownScreen.objects.filter(pk__in=_some(kept)).update(text="")


def _profiles(before: datetime) -> int:
    """What servers and chips told of the profiles of eSIMs that ended: ICCID, EID, and what a chip signed.

    Digests stay: history and certificate name them, and a notice that is sent once more is no news.
    """
    ended = _ended_before(before).filter(state=CaseState.COMPLETED, kind=CaseKind.ESIM, scope="line")
    of_line = ended.filter(carrier_id=OuterRef("carrier_id"), line__iccid=OuterRef("iccid"))
    told = ProfileNotice.objects.exclude(iccid="").filter(Exists(of_line))
    gone = ProfileNotice.objects.filter(pk__in=_some(told)).update(iccid="", eid="", call_id="", signed=b"")
    gone += ProfileOrder.objects.filter(pk__in=_some(ProfileOrder.objects.filter(Exists(of_line)))).delete()[0]
    beside = Addendum.objects.exclude(notice=b"").filter(case_id__in=ended.values("pk"))
    return gone + Addendum.objects.filter(pk__in=_some(beside)).update(notice=b"")


def _closure_evidence(before: datetime) -> int:
    return _shown_screens(before) + _profiles(before)


def _stray_notices(before: datetime) -> int:
    """What a server told of profiles that no line of ours has."""
    ours = Line.objects.filter(carrier_id=OuterRef("carrier_id"), iccid=OuterRef("iccid"))
    stray = ProfileNotice.objects.exclude(iccid="").filter(~Exists(ours), received_at__lt=before)
    return ProfileNotice.objects.filter(pk__in=_some(stray)).delete()[0]


def _talk(before: datetime) -> int:
    """Questions with their answers, and the mails in which they stood."""
    said = Question.objects.filter(erased=False, step__termination__in=_over_before(before))
    chosen = dict(said.order_by("pk").values_list("pk", "step__termination_id")[:BATCH])
    mails = Message.objects.filter(
        case_id__in=set(chosen.values()), key__in=[f"question {question}" for question in chosen]
    )
    mails.update(body="")
    return Question.objects.filter(pk__in=chosen).update(text=b"", answer=b"", erased=True)


def _notes(before: datetime) -> int:
    """What staff noted at a step, and left with a hand-over."""
    over = _over_before(before)
    left = Handover.objects.exclude(note=b"").filter(step__termination__in=over)
    noted = StaffNote.objects.exclude(note=b"").filter(step__termination__in=over)
    gone = Handover.objects.filter(pk__in=_some(left)).update(note=b"")
    return gone + StaffNote.objects.filter(pk__in=_some(noted)).update(note=b"", salt=b"")


def _late_wishes(before: datetime) -> int:
    """What staff noted. What was typed went when they had dealt with it."""
    noted = LateWish.objects.exclude(note=b"").filter(answered_at__lt=before)
    return LateWish.objects.filter(pk__in=_some(noted)).update(note=b"")


def _refund_accounts(before: datetime) -> int:
    """Accounts to which all money of their bill went before."""
    not_yet = Refund.objects.filter(Q(paid_at=None) | Q(paid_at__gte=before), bill=OuterRef("bill"))
    over = RefundAccount.objects.exclude(sealed=b"").filter(~Exists(not_yet))
    return RefundAccount.objects.filter(pk__in=_some(over)).update(sealed=b"")


def _some(rows: QuerySet[Any]) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])


ERASERS: dict[str, Erase] = {
    "signed_form": _signed_forms,
    "acted_for_by": _stand_ins,
    "closure_evidence": _closure_evidence,
    "connection_logs": _stray_notices,
    "review_talk": _talk,
    "handover_note": _notes,
    "late_wish": _late_wishes,
    "refund_account": _refund_accounts,
    "guided_uploads": guided.erase_uploads,
    "guided_case": guided.erase_cases,
}
"""How each kind goes, by its row in `rules.retention`."""
