"""What was finally asked for? One bill per case, with the very yen of its quote."""

from __future__ import annotations

from django.db import models

from tojimari.lines.models import Carrier, Line


class FinalBill(models.Model):
    """The last bill of a line. Yen include consumption tax. Written once, never changed."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT)
    case_id = models.BigIntegerField(unique=True)
    reference = models.TextField(unique=True)
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="final_bills")
    lines = models.JSONField(help_text="The rows of the quote, as the subscriber confirmed them.")
    total_yen = models.PositiveIntegerField()
    issued_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"final bill of {self.reference}"
