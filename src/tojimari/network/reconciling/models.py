"""What was compared, what was found, and what a person has said of it?

Rows are only added; the database refuses everything else. A finding names its line and nothing of a person: of
identifiers it has the last four digits. Full ones are in the lines' own table, and in the file that the command writes.
"""

from __future__ import annotations

from django.db import models


class Reconciliation(models.Model):
    """One comparison of a carrier's books with what the network holds. It is there whole, with its findings, or not."""

    carrier_id = models.BigIntegerField()
    reference = models.TextField(unique=True)
    as_of = models.DateTimeField(help_text="The moment that the export, or the reading, shows.")
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    asked_by = models.TextField(help_text='"carrier:shell", "system".')
    sources = models.JSONField(help_text="What was read: source, name, rows, rows that could not be used.")
    lines = models.PositiveIntegerField(help_text="Lines in the books.")
    counts = models.JSONField(help_text="How many findings of each kind; a kind that is missing was not looked for.")

    class Meta:
        indexes = (models.Index(fields=["carrier_id", "-begun_at"], name="reconciliation_newest"),)

    def __str__(self) -> str:
        return self.reference


class Finding(models.Model):
    """One difference between books and network."""

    carrier_id = models.BigIntegerField()
    run = models.ForeignKey(Reconciliation, on_delete=models.PROTECT, related_name="findings", db_index=False)
    kind = models.TextField()
    source = models.TextField()
    line_id = models.BigIntegerField(null=True, help_text="Empty where no line of the books explains it.")
    key = models.TextField(blank=True, help_text="How the element or the file names the row; identifiers masked.")
    ends = models.TextField(blank=True, help_text="The identifier that matters, its last four digits.")
    detail = models.TextField(blank=True)

    class Meta:
        indexes = (models.Index(fields=["run", "kind", "id"], name="finding_of_run"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.ends}"


class Settlement(models.Model):
    """What a named member of staff says they did about a finding that no termination puts right."""

    carrier_id = models.BigIntegerField()
    finding = models.OneToOneField(Finding, on_delete=models.PROTECT, related_name="settlement")
    at = models.DateTimeField()
    by = models.TextField(help_text='"staff:7"')
    name = models.TextField(help_text="Their name on that day.")
    note = models.TextField(help_text="Long runs of digits cut to their last four.")

    def __str__(self) -> str:
        return f"settlement of finding {self.finding_id}"
