"""What has become of the eSIM's profile, and how does a case hear of it after its end?

Nobody but the person can delete a profile that is on a chip, and the chip's message often never arrives. So no step
waits for it: the line ends without it, and whenever the message comes it is noted in the case's history.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery

from tojimari.lines.models import Carrier, Line
from tojimari.network import actions as network
from tojimari.network.elements.es2plus.chain import roots_in
from tojimari.network.elements.es2plus.chip import fits, verified
from tojimari.network.elements.es2plus.line import NAME
from tojimari.network.elements.es2plus.notices import Notice
from tojimari.network.elements.es2plus.settings import ProfileState, provider_for, providers
from tojimari.network.masking import masked
from tojimari.network.models import ProfileNotice
from tojimari.network.queries import CHIP, profile
from tojimari.platform.acting import SYSTEM
from tojimari.platform.work import verb_of
from tojimari.proofs.keys import KeyTrouble
from tojimari.proofs.later import add_to_certificate
from tojimari.proofs.models import Addendum, Event
from tojimari.terminations.engine.cases import Cases
from tojimari.terminations.models import OPEN_STATES, CaseKind, CaseState, Step, Termination

log = structlog.get_logger(__name__)

MADE_UP_FOR = timedelta(days=3)
"""For so long a notice that is in no certificate is looked for. After that somebody has to look at the signing key."""
MOST_OF_A_NOTICE = 8 * 1024
"""Bytes. A larger notice stays with us; a certificate has its SHA-256."""

DELETION_TOLD, DELETION_SIGNED = "profile.deletion_told", "profile.deletion_signed"
"""Entries of a history: the server said so; the chip itself signed it."""


class ProfileStands(StrEnum):
    """Where the profile of a line that ends is, in words for people (`words.PROFILES`)."""

    CANCELLED = "cancelled"  # nobody had downloaded it, and nobody can any more
    WAITING = "waiting"  # on a chip, as far as is known; its deletion has not been confirmed
    TOLD = "told"  # deleted, says its server
    SIGNED = "signed"  # deleted, and the chip has signed it


@dataclass(frozen=True, slots=True)
class ProfileStanding:
    """How it stands with a profile. `at` is when its deletion was told, None before."""

    stands: ProfileStands
    at: datetime | None = None

    @property
    def confirmed(self) -> bool:
        return self.at is not None


def standing_of(case: Termination, steps: Sequence[Step]) -> ProfileStanding | None:
    """Say how it stands with the profile of a case; None where no profile server has said anything.

    `case` comes with its line, `steps` with their evidence. When notices are erased, the history still tells of them.
    Two queries at most.
    """
    if case.kind != CaseKind.ESIM or case.scope != "line":
        return None
    known = profile(case.carrier_id, case.line.iccid)
    if known.deleted:
        return ProfileStanding(ProfileStands.SIGNED if known.source == CHIP else ProfileStands.TOLD, known.said_at)
    told = _told_in_history(case) if case.state == CaseState.COMPLETED and not known.state else None
    if told is not None:
        return told
    asked = [step.evidence.get("profile") for step in steps if _is_removal(step)]
    if known.on_chip or any(found not in (None, "cancelled") for found in asked):
        return ProfileStanding(ProfileStands.WAITING)
    return ProfileStanding(ProfileStands.CANCELLED) if "cancelled" in asked else None


def _told_in_history(case: Termination) -> ProfileStanding | None:
    """Return what the history tells of the deletion; the chip's own word counts more."""
    names = {DELETION_TOLD: ProfileStands.TOLD, DELETION_SIGNED: ProfileStands.SIGNED}
    told = Event.objects.filter(case_id=case.pk, name__in=names).order_by("name", "number")
    found = {event.name: datetime.fromisoformat(event.data["said_at"]) for event in told}
    name = DELETION_SIGNED if DELETION_SIGNED in found else DELETION_TOLD
    return ProfileStanding(names[name], found[name]) if found else None


def _is_removal(step: Step) -> bool:
    return verb_of(step.name) == "remove" and step.evidence.get("element") == NAME


def take_notice(notice: Notice, *, carrier: Carrier, at: datetime) -> bool:
    """Keep what a profile server has said, and note a deletion in the case; return whether it was news.

    Safe to repeat. A durable transaction of its own.
    """
    case_id = None
    with transaction.atomic(durable=True):
        kept, new = network.keep_notice(notice, carrier_id=carrier.pk, at=at)
        if new and kept.state == ProfileState.DELETED:
            case_id = _note(kept, DELETION_TOLD, at)
    _certify(case_id, at)
    return new


def take_signed(data: bytes, *, carrier: Carrier, at: datetime) -> bool:
    """Check a chip's own notice, keep it and note it in the case; return whether it was news.

    A genuine notice of a profile that the carrier does not know is passed over. Raises `Unproved`. Safe to repeat; a
    durable transaction of its own.
    """
    of_carrier = [one for one in providers().values() if one.carrier == carrier.slug]
    found = verified(data, roots_in([path for one in of_carrier for path in one.ci]), at=at)
    line = Line.objects.filter(carrier=carrier, iccid=found.iccid).first()
    if line is None:
        return False
    fits(found, iccid=line.iccid, eid=line.eid)
    server = provider_for(carrier.slug, found.iccid)
    case_id = None
    with transaction.atomic(durable=True):
        kept, new = network.keep_signed(
            found, data, provider=server.name if server else "", carrier_id=carrier.pk, at=at
        )
        if new:
            case_id = _note(kept, DELETION_SIGNED, at)
    _certify(case_id, at)
    return new


def certify_later(*, at: datetime) -> int:
    """Add to certificates what was told since; return how many were added to. Runs for every carrier.

    A notice does it itself. This makes up for one that came while the case was just being certified, or while the
    signing key could not be used.
    """
    recent = ProfileNotice.objects.filter(
        carrier_id=OuterRef("carrier_id"),
        iccid=OuterRef("line__iccid"),
        state=ProfileState.DELETED,
        received_at__gte=at - MADE_UP_FOR,
    )
    added = Addendum.objects.filter(case_id=OuterRef("pk"), issued_at__gte=OuterRef("told_at"))
    told_at = Subquery(recent.order_by("-received_at").values("received_at")[:1])
    lines = Line.objects.filter(iccid__in=_told_of(at)).values("pk")
    cases = Termination.objects.filter(line__in=lines, scope="line", state=CaseState.COMPLETED)
    missing = cases.annotate(told_at=told_at).filter(~Exists(added), told_at__isnull=False)
    return sum(_certify(case_id, at) for case_id in missing.order_by("pk").values_list("pk", flat=True)[:500])


def _told_of(at: datetime) -> QuerySet[ProfileNotice, str]:
    recent = ProfileNotice.objects.filter(state=ProfileState.DELETED, received_at__gte=at - MADE_UP_FOR)
    return recent.values_list("iccid", flat=True)


def _certify(case_id: int | None, at: datetime) -> bool:
    """Add to a case's certificate what it tells by now; return whether there is an addendum.

    The notice is safe already, so a key that cannot be used now loses nothing: `certify_later` tries again.
    """
    if case_id is None:
        return False
    line = Termination.objects.values_list("carrier_id", "line__iccid").get(pk=case_id)
    chips = ProfileNotice.objects.filter(carrier_id=line[0], iccid=line[1], source=CHIP)
    notices = {one.digest: bytes(one.signed) for one in chips if 0 < len(one.signed) <= MOST_OF_A_NOTICE}
    try:
        with transaction.atomic():
            added = add_to_certificate(case_id, tells=(DELETION_TOLD, DELETION_SIGNED), notices=notices, at=at)
    except KeyTrouble as trouble:
        log.error("addendum.not_signed", error=str(trouble))
        return False
    return added is not None


def _note(kept: ProfileNotice, name: str, at: datetime) -> int | None:
    """Add a deletion to the history of the line's newest case that ends it, running or over; return that case."""
    cases_of_line = Termination.objects.filter(
        carrier_id=kept.carrier_id,
        line__iccid=kept.iccid,
        scope="line",
        state__in=(*OPEN_STATES, CaseState.COMPLETED),
    )
    newest = cases_of_line.order_by("-requested_at").values_list("pk", flat=True).first()
    if newest is None:
        return None
    cases = Cases([newest])
    cases.note(
        cases[newest],
        name,
        actor=SYSTEM,
        at=at,
        server=kept.provider,
        said_at=kept.said_at.isoformat(),
        iccid=masked(kept.iccid),
        sha256=kept.digest,
        **kept.facts,
    )
    cases.save()
    return int(newest)
