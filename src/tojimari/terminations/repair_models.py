"""Who wanted the ghost lines of a comparison repaired, who else said yes, and which cases came of it?"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tojimari.lines.models import Carrier
from tojimari.network.models import Finding, Reconciliation


class RepairWish(models.Model):
    """One person's wish to have what a comparison found repaired, and the other person who confirmed it."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, db_index=False)
    reference = models.TextField(unique=True)
    run = models.ForeignKey(Reconciliation, on_delete=models.PROTECT, db_index=False)
    asked_at = models.DateTimeField()
    asked_by = models.TextField(help_text='"staff:7"')
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.TextField(blank=True, help_text="Another person; empty for who took it back themselves.")
    confirmed = models.BooleanField(null=True, help_text="Empty until somebody has decided.")
    done_at = models.DateTimeField(null=True, blank=True, help_text="When every finding had its case or a refusal.")
    refused = models.JSONField(default=dict, help_text="How many findings could not be repaired, by reason code.")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["carrier", "run"], name="repair_waits_once", condition=Q(confirmed__isnull=True)
            ),
            models.CheckConstraint(
                condition=~Q(confirmed=True) | ~Q(decided_by__in=["", models.F("asked_by")]), name="repair_takes_two"
            ),
        )
        indexes = (
            models.Index(
                fields=["carrier", "asked_at"], name="repair_to_do", condition=Q(confirmed=True, done_at__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return self.reference


class Repair(models.Model):
    """The case by which a finding is put right. Written in the transaction that begins the case."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, db_index=False)
    wish = models.ForeignKey(RepairWish, on_delete=models.PROTECT, related_name="repairs")
    finding = models.OneToOneField(Finding, on_delete=models.PROTECT, related_name="repair")
    case_id = models.BigIntegerField(unique=True, help_text="The termination.")

    def __str__(self) -> str:
        return f"repair of finding {self.finding_id}"
