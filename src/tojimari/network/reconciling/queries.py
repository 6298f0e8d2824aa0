"""Which comparisons were made, and what did they find?"""

from __future__ import annotations

from django.db.models import QuerySet

from tojimari.network.reconciling.models import Finding, Reconciliation


def runs_of(carrier_id: int) -> QuerySet[Reconciliation]:
    """Return a carrier's comparisons, newest first."""
    return Reconciliation.objects.filter(carrier_id=carrier_id).order_by("-begun_at", "-id")


def run_by_reference(carrier_id: int, reference: str) -> Reconciliation | None:
    """Return one of a carrier's comparisons by the name it goes by. One query."""
    return Reconciliation.objects.filter(carrier_id=carrier_id, reference=reference).first()


def findings_of(run: Reconciliation) -> QuerySet[Finding]:
    """Return what a comparison found, in the order of its kinds."""
    return Finding.objects.filter(carrier_id=run.carrier_id, run=run).order_by("id")
