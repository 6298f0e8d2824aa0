"""What was finally asked for, and what was paid of it beforehand? One bill per case, with the very yen of its quote."""

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


class Payment(models.Model):
    """An unpaid bill that was paid at the counter while its case was running. It changes no quote and no final bill."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, db_index=False)
    case_id = models.BigIntegerField(db_index=True)
    bill_id = models.BigIntegerField(unique=True, help_text="Which bill of the line; none is paid twice.")
    month = models.TextField(help_text='The month billed, as rows of a quote name it: "2026-10".')
    amount_yen = models.PositiveIntegerField(help_text="Consumption tax included.")
    receipt_number = models.TextField(help_text="Of the paper receipt that the person was given.")
    paid_at = models.DateTimeField()
    taken_by = models.TextField()
    place = models.TextField(blank=True, help_text="Code of the shop where it was paid; empty where none is known.")

    def __str__(self) -> str:
        return f"payment of bill {self.bill_id}"


class OnFinalBill(models.Model):
    """A choice to have an unpaid bill on the final bill. It moves no yen: what is unpaid stands there anyway."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, db_index=False)
    bill_id = models.BigIntegerField(unique=True)
    chosen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"choice for bill {self.bill_id}"
