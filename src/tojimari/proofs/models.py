"""What is kept as proof? The history of every case, entry by entry, and the certificate at its end.

`Event` can only be added to: the database itself refuses to change, delete or truncate it, whoever asks. A case is
known here by its number and its public reference; the case itself lives in a room above.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tojimari.lines.models import Carrier


class Event(models.Model):
    """One entry of a case's history, chained to the one before it by its hash."""

    # No index of its own: nobody asks for "all events of a carrier", and each index costs on every insert.
    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, db_index=False)
    case_id = models.BigIntegerField(help_text="The termination's row. No foreign key: the history outlives it.")
    reference = models.TextField()
    number = models.PositiveIntegerField(help_text="1 for the first entry of the case.")
    at = models.DateTimeField()
    name = models.TextField(help_text='Stable dotted name, such as "termination.requested".')
    actor = models.TextField()
    data = models.JSONField(default=dict)
    prev = models.BinaryField(help_text="Hash of the entry before, 32 zero bytes for the first.")
    hash = models.BinaryField(help_text="SHA-256 over this entry and `prev`.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case_id", "number"], name="event_number"),
        ]
        indexes = [
            # One row per case: finds a case by its public reference without an index over every entry.
            models.Index(fields=["reference"], name="event_first", condition=Q(number=1)),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.number} {self.name}"


class Certificate(models.Model):
    """The signed proof of a finished case. There is one per case, for ever: asking again gives the same one."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT)
    case_id = models.BigIntegerField(unique=True)
    reference = models.TextField(unique=True)
    kid = models.TextField(help_text="RFC 7638 thumbprint of the key that signed it.")
    jws = models.TextField(help_text="JWS compact serialisation (RFC 7515).")
    issued_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"certificate of {self.reference}"
