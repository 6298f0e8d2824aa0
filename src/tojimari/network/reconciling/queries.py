"""Which comparisons were made, and what did they find?"""

from __future__ import annotations

from django.db.models import QuerySet

from tojimari.network.reconciling.kinds import Kind
from tojimari.network.reconciling.models import Finding, Reconciliation


def runs_of(carrier_id: int) -> QuerySet[Reconciliation]:
    """Return a carrier's comparisons, newest first."""
    return Reconciliation.objects.filter(carrier_id=carrier_id).order_by("-begun_at", "-id")


def run_by_reference(carrier_id: int, reference: str) -> Reconciliation | None:
    """Return one of a carrier's comparisons by the name it goes by. One query."""
    return Reconciliation.objects.filter(carrier_id=carrier_id, reference=reference).first()


def found_in(run: Reconciliation) -> tuple[int, int]:
    """Return how many differences a comparison found, and how many strangers beside. No query.

    On an HLR that others use, too, the strangers are many, and no number to judge a night by.
    """
    strangers: int = run.counts.get(Kind.STRANGER.value, 0)
    return sum(run.counts.values()) - strangers, strangers


def findings_of(run: Reconciliation) -> QuerySet[Finding]:
    """Return what a comparison found, in the order of its kinds."""
    return Finding.objects.filter(carrier_id=run.carrier_id, run=run).order_by("id")
