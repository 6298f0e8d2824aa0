"""What was finally asked for, what came in, and what goes back? One bill per case, with the very yen of its quote.

A final bill is never changed. Use that is heard of later makes a supplementary bill beside it; money that comes in is
noted beside it; money that must go back is a refund, which is open until somebody has paid it and says so by name.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models
from django.db.models import Q, Value

from tojimari.lines.models import Carrier, Line
from tojimari.rules.identifiers.account import Where


def issuer_of(carrier: Carrier) -> dict[str, str]:
    """Return who issues a bill, as the law wants it on an invoice (消費税法 57-4(1)(i)): name and registered number."""
    return {"name": carrier.legal_name or carrier.name_ja, "invoice_number": carrier.invoice_number}


class FinalBill(models.Model):
    """The last bill of a line. Yen include consumption tax.

    Written once, never changed, save that it is settled, that it is paid up, and that a day to pay that nobody could
    say is said later. The database refuses to change what it asks for and who issued it.
    """

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT)
    case_id = models.BigIntegerField(unique=True)
    reference = models.TextField(unique=True)
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="final_bills")
    lines = models.JSONField(help_text="The rows of the quote, as the subscriber confirmed them.")
    total_yen = models.IntegerField(help_text="Below nothing: so much goes back.")
    issued_at = models.DateTimeField()
    tax = models.JSONField(
        default=list, db_default=Value([], models.JSONField()), help_text="The consumption tax within, by rate."
    )
    provisional_until = models.DateField(
        null=True, help_text="Last day, Japan time, on which late use may still come. Empty: none can come."
    )
    issuer = models.JSONField(
        null=True, help_text="Who issued it, as of that day. Empty in bills of before: as the carrier is today."
    )
    settled_at = models.DateTimeField(null=True, help_text="Since then it is final.")
    due_on = models.DateField(
        null=True,
        help_text="Day, Japan time, until which it is to be paid. Empty: nothing is asked for, or nobody can say yet.",
    )
    paid_up_at = models.DateTimeField(
        null=True, help_text="Since then nothing is left to pay. Empty again when late use is billed."
    )

    class Meta:
        indexes = [
            models.Index(fields=["carrier", "due_on"], name="bill_unpaid", condition=Q(paid_up_at=None)),
            models.Index(
                fields=["provisional_until"],
                name="bill_provisional",
                condition=Q(settled_at=None, provisional_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"final bill of {self.reference}"

    @property
    def issued_by(self) -> Mapping[str, str]:
        """Name and registered number of who issued it, as they were when it was issued."""
        return self.issuer or issuer_of(self.carrier)


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


class Supplement(models.Model):
    """A supplementary bill: use that was heard of after the final bill, or a correction in the person's favour.

    The database refuses to change or delete one, save that a day to pay that nobody could say is said later.
    """

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, db_index=False)
    bill = models.ForeignKey(FinalBill, on_delete=models.PROTECT, related_name="supplements")
    source = models.TextField(help_text="Number of the record or note that it rests on; none counts twice.")
    text_code = models.TextField(help_text='What it is for: "charge.late_roaming".')
    amount_yen = models.IntegerField(help_text="Consumption tax included; below nothing for a correction.")
    used_on = models.DateField(help_text="Day of the use, Japan time; never after the last day of the contract.")
    due_on = models.DateField(
        null=True,
        help_text="Day, Japan time, until which it is to be paid. Empty for a correction, or nobody can say yet.",
    )
    issued_at = models.DateTimeField()
    issued_by = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["carrier", "source"], name="supplement_source")]

    def __str__(self) -> str:
        return f"supplement {self.pk} of bill {self.bill_id}"


class Way(models.TextChoices):
    """How money came in."""

    TRANSFER = "transfer"
    COUNTER = "counter"
    PROVIDER = "provider"


class Incoming(models.Model):
    """Money that came in for a final bill.

    One that was noted in error is met by a refund: the database refuses to change or delete it.
    """

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, db_index=False)
    bill = models.ForeignKey(FinalBill, on_delete=models.PROTECT, related_name="incoming")
    amount_yen = models.PositiveIntegerField()
    received_on = models.DateField(help_text="Japan time.")
    way = models.TextField(choices=Way.choices)
    number = models.TextField(help_text="Of the transfer, the paper receipt or the provider's payment.")
    noted_by = models.TextField()
    noted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["carrier", "way", "number"], name="incoming_number")]

    def __str__(self) -> str:
        return f"incoming {self.pk} for bill {self.bill_id}"


class Refund(models.Model):
    """Money that must go back to a person: open until a named member of staff has paid it.

    The database refuses to delete one, to make it less or to put it off, and to change how it was paid.
    """

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, db_index=False)
    bill = models.ForeignKey(FinalBill, on_delete=models.PROTECT, related_name="refunds")
    cause = models.TextField(help_text='What it rests on; one for each: "bill", "incoming:5", "supplement:7".')
    amount_yen = models.PositiveIntegerField()
    due_on = models.DateField(help_text="Japan time.")
    made_at = models.DateTimeField()
    nagged_at = models.DateTimeField(null=True, help_text="When it was last said that it is overdue.")
    paid_at = models.DateTimeField(null=True)
    paid_by = models.TextField(blank=True, default="")
    paid_number = models.TextField(blank=True, default="", help_text="Of the transfer by which it was paid.")
    paid_to = models.TextField(blank=True, default="", help_text="Where to: `PaidTo`. Empty in those of before.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bill", "cause"], name="refund_once"),
            models.CheckConstraint(
                condition=Q(paid_at=None, paid_by="")
                | (Q(paid_at__isnull=False) & ~Q(paid_by="") & ~Q(paid_number="")),
                name="refund_paid_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["carrier", "due_on"], name="refund_due", condition=Q(paid_at=None))]

    def __str__(self) -> str:
        return f"refund {self.pk} of bill {self.bill_id}"


class PaidTo(models.TextChoices):
    """Where a refund went."""

    JAPAN = Where.JAPAN.value
    ABROAD = Where.ABROAD.value
    OTHERWISE = "otherwise"
    """To no account: at a counter, or back to the card that had paid."""


class RefundAccount(models.Model):
    """The bank account to which the refunds of a final bill go, as the person told it; the newest counts.

    The account itself is sealed. While staff have taken it, to pay, it does not change.
    """

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, db_index=False)
    bill = models.OneToOneField(FinalBill, on_delete=models.PROTECT, related_name="refund_account")
    where = models.TextField(help_text="In which form it was told: `rules.identifiers.account.Where`.")
    sealed = models.BinaryField(help_text="Empty once its time is over.")
    told_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, help_text="Since when staff are paying. Empty: it may be told anew.")
    taken_by = models.TextField(blank=True, default="")

    def __str__(self) -> str:
        return f"account for refunds of bill {self.bill_id}"


class Notice(models.Model):
    """A message of a payment provider, and what it was answered: the same message gets the same answer."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, db_index=False)
    message_id = models.TextField()
    digest = models.TextField(help_text="SHA-256 of its body.")
    status = models.PositiveSmallIntegerField()
    answer = models.JSONField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["carrier", "message_id"], name="notice_once")]

    def __str__(self) -> str:
        return f"notice {self.pk}"
