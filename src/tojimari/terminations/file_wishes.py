"""Who wants a file of lines to end, and who else said yes?

It takes two people. One asks by command and names themselves; the wish holds the hash of the file and what a dry run
said. Another one, signed in at the desk, looks at it and confirms it. Then the same command is run again and does it. A
name that is typed into a shell proves nothing, so nobody confirms there. An installation with one operator may allow
them to do it alone; that is written down as such.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.http import Http404

from tojimari.lines.models import Carrier
from tojimari.platform.acting import Acting, Refused
from tojimari.platform.spelled import drawn
from tojimari.terminations.models import FileWish

GOOD_FOR = timedelta(days=7)
"""A wish waits this long for its second person, and may be run, or run again, this long after they said yes."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a file of lines is to become. Anything else in it makes it another wish."""

    carrier: Carrier
    digest: str
    name: str
    scope: str
    effective: str
    reason: str

    @property
    def same(self) -> Q:
        return Q(
            carrier=self.carrier,
            digest=self.digest,
            scope=self.scope,
            effective=self.effective,
            reason=self.reason,
        )


def _new(wanted: Wanted, **facts: object) -> FileWish:
    return FileWish(
        carrier=wanted.carrier,
        reference=drawn("TF"),
        digest=wanted.digest,
        name=wanted.name,
        scope=wanted.scope,
        effective=wanted.effective,
        reason=wanted.reason,
        **facts,
    )


def confirmed(wanted: Wanted, *, at: datetime) -> FileWish | None:
    """Return the wish by which this file may be run now, or None. One query."""
    good = FileWish.objects.filter(wanted.same, confirmed=True, decided_at__gt=at - GOOD_FOR)
    return good.order_by("-decided_at").first()


def ask(wanted: Wanted, *, plan: Mapping[str, object], acting: Acting, at: datetime) -> FileWish:
    """Ask for a file to be ended, and return the wish that waits for another person. Asking twice gives the same one.

    A wish that waited too long is closed, and a new one takes its place.
    """
    with transaction.atomic():
        FileWish.objects.filter(wanted.same, confirmed=None, asked_at__lte=at - GOOD_FOR).update(
            confirmed=False, decided_at=at
        )
        try:
            with transaction.atomic():
                wish = _new(wanted, plan=dict(plan), asked_at=at, asked_by=str(acting))
                wish.save(force_insert=True)
        except IntegrityError:
            return FileWish.objects.get(wanted.same, confirmed=None)
        return wish


def ask_alone(wanted: Wanted, *, user: str, at: datetime) -> FileWish:
    """Write down that one person ends a file alone. Whether that is allowed here the caller has looked up."""
    wish = _new(wanted, asked_at=at, asked_by=f"shell:{user}", decided_at=at, confirmed=True, alone=True)
    wish.save(force_insert=True)
    return wish


@transaction.atomic(durable=True)
def decide(*, wish: FileWish, confirm: bool, acting: Acting, at: datetime) -> None:
    """Confirm a wish, or turn it down. Raises `Refused` for confirming one's own, for a decided and for an old one."""
    row = FileWish.objects.select_for_update().get(pk=wish.pk)
    if row.confirmed is not None:
        raise Refused("file.decided")
    if row.asked_at <= at - GOOD_FOR:
        raise Refused("file.lapsed")
    if confirm and row.asked_by == str(acting):
        raise Refused("file.own_wish")
    row.confirmed, row.decided_at = confirm, at
    # Who takes back their own wish is one person; the table keeps the second place for another one.
    row.decided_by = "" if row.asked_by == str(acting) else str(acting)
    row.save(update_fields=("confirmed", "decided_at", "decided_by"))


def wishes_of(carrier_id: int) -> QuerySet[FileWish]:
    """Return a carrier's wishes, newest first."""
    return FileWish.objects.filter(carrier_id=carrier_id).order_by("-asked_at")


def file_wish_for_staff(carrier_id: int, reference: str) -> FileWish:
    """Return a wish of the carrier that a member of staff works for. Raises `Http404`."""
    wish = FileWish.objects.filter(carrier_id=carrier_id, reference=reference).first()
    if wish is None:
        raise Http404
    return wish
