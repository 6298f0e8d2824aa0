"""How do two people have ghost lines repaired?

One asks for the repair of what a comparison found; another one looks at it and says yes. A tick then carries it out:
cases begin in parts, each finding's case and the note of it in one transaction. Killed half-way, the next tick goes on
with the findings that have no case yet. Only lines that are closed in the books and alive in the network are ended so;
everything else that is found is a person's to settle, who says by name what was done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from tojimari.network.models import Finding, Reconciliation, Settlement
from tojimari.network.reconciling.kinds import REPAIRABLE
from tojimari.platform.acting import Acting, Refused, Role
from tojimari.platform.database.scope import carrier_scope
from tojimari.platform.spelled import drawn
from tojimari.rules.masking import mask
from tojimari.terminations.intake import Ask, request_many
from tojimari.terminations.models import Channel, RepairWish
from tojimari.terminations.repairing import Mending

GOOD_FOR = timedelta(days=2)
"""For how long what was found may be asked to be repaired, and a wish waits for its second person, and then for a
worker."""

_AT_ONCE = 500
_MOST_IN_A_TICK = 10_000


def ask(run: Reconciliation, *, acting: Acting, at: datetime) -> RepairWish:
    """Ask for what a comparison found to be repaired. Asking twice gives the same wish.

    Raises `Refused`: `repair.nothing`, or `repair.too_old` when the comparison no longer tells how things stand.
    """
    if run.as_of <= at - GOOD_FOR:
        raise Refused("repair.too_old")
    if not to_repair(run).exists():
        raise Refused("repair.nothing")
    waiting = RepairWish.objects.filter(carrier_id=run.carrier_id, run=run)
    done = waiting.filter(confirmed=True, done_at=None).first()
    if done is not None:
        return done
    try:
        with transaction.atomic():
            return RepairWish.objects.create(
                carrier_id=run.carrier_id,
                run=run,
                reference=drawn("TR"),
                asked_at=at,
                asked_by=str(acting),
            )
    except IntegrityError:
        return waiting.get(confirmed=None)


def to_repair(run: Reconciliation) -> QuerySet[Finding]:
    """Return those findings of a comparison that a termination puts right, and that have none yet."""
    kinds = [kind.value for kind in REPAIRABLE]
    found = Finding.objects.filter(carrier_id=run.carrier_id, run=run, kind__in=kinds, line_id__isnull=False)
    return found.filter(repair=None).order_by("id")


def wishes_for(run: Reconciliation) -> QuerySet[RepairWish]:
    """Return the wishes to repair what a comparison found, newest first."""
    return RepairWish.objects.filter(carrier_id=run.carrier_id, run=run).order_by("-asked_at", "-id")


@transaction.atomic(durable=True)
def decide(*, wish: RepairWish, confirm: bool, acting: Acting, at: datetime) -> None:
    """Confirm a wish, or turn it down. Raises `Refused` for confirming one's own, for a decided and for an old one."""
    row = RepairWish.objects.select_for_update(of=("self",)).select_related("run").get(pk=wish.pk)
    if row.confirmed is not None:
        raise Refused("repair.decided")
    if confirm and (row.asked_at <= at - GOOD_FOR or row.run.as_of <= at - GOOD_FOR):
        raise Refused("repair.too_old")
    if confirm and row.asked_by == str(acting):
        raise Refused("repair.own_wish")
    row.confirmed, row.decided_at = confirm, at
    # Who takes back their own wish is one person; the table keeps the second place for another one.
    row.decided_by = "" if row.asked_by == str(acting) else str(acting)
    row.save(update_fields=("confirmed", "decided_at", "decided_by"))


def carry_out_all(*, at: datetime) -> int:
    """Carry out what two people have agreed on, a part at each call; return how many cases began."""
    begun = 0
    wishes = (
        RepairWish.objects.filter(confirmed=True, done_at=None).select_related("run", "carrier").order_by("asked_at")
    )
    for wish in wishes:
        with carrier_scope(wish.carrier_id):
            begun += carry_out(wish, at=at)
    return begun


def carry_out(wish: RepairWish, *, at: datetime) -> int:
    """Begin a case for each finding of a confirmed wish, as many as one call may; return how many began.

    Runs in the scope of the carrier. What is refused is counted on the wish and stays as it is.
    """
    acting = Acting(Role.STAFF, wish.decided_by.partition(":")[2])
    refused: Counter[str] = Counter()
    begun, last = 0, 0
    if wish.decided_at is None or wish.decided_at <= at - GOOD_FOR:
        _end(wish, {"repair.too_old": to_repair(wish.run).count()}, at)
        return 0
    while begun < _MOST_IN_A_TICK:
        findings = list(to_repair(wish.run).filter(pk__gt=last)[:_AT_ONCE])
        if not findings:
            _end(wish, refused, at)
            break
        last = findings[-1].pk
        asks = [Ask(one.line_id or 0, "line", "now", repair=Mending(one, wish)) for one in findings]
        answers = request_many(asks, carrier=wish.carrier, channel=Channel.REPAIR, acting=acting, at=at)
        begun += sum(answer.created for answer in answers)
        refused.update(answer.refused.code for answer in answers if answer.refused is not None)
    return begun


def _end(wish: RepairWish, refused: Mapping[str, int], at: datetime) -> None:
    RepairWish.objects.filter(pk=wish.pk).update(done_at=at, refused=dict(refused))


def settle(*, finding: Finding, note: str, acting: Acting, at: datetime) -> Settlement:
    """Say by name what was done about a finding that no termination puts right. Raises `Refused`."""
    if finding.kind in REPAIRABLE:
        raise Refused("reconcile.not_by_hand")
    if not note.strip():
        raise Refused("reconcile.note_missing")
    said = {"at": at, "by": str(acting), "name": acting.name, "note": mask(note.strip())[:2000]}
    settlement, new = Settlement.objects.get_or_create(
        finding=finding, defaults={"carrier_id": finding.carrier_id, **said}
    )
    if not new:
        raise Refused("reconcile.settled")
    return settlement
