"""What is kept as proof? The history of every case, entry by entry, and the certificate at its end.

`Event` can only be added to: the database itself refuses to change, delete or truncate it, whoever asks. A case is
known here by its number and its public reference; the case itself lives in a room above.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tojimari.lines.models import Carrier
from tojimari.proofs.chain import Entry


class Event(models.Model):
    """One entry of a case's history, chained to the one before it by its hash."""

    # No index of its own: nobody asks for "all events of a carrier", and each index costs on every insert. So does a
    # check by the database, a dozen times a case; the case was opened under a carrier that is there, and carriers stay.
    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, db_index=False, db_constraint=False)
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

    @property
    def entry(self) -> Entry:
        """It as the chain reckons with it."""
        return Entry(
            self.reference,
            self.number,
            self.at,
            self.name,
            self.actor,
            self.data,
            bytes(self.prev),
            bytes(self.hash),
        )


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


class Addendum(models.Model):
    """What was told of a case after its certificate, signed. The newest one says all that those before it say."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, db_index=False)
    case_id = models.BigIntegerField()
    reference = models.TextField()
    kid = models.TextField(help_text="RFC 7638 thumbprint of the key that signed it.")
    jws = models.TextField(help_text="JWS compact serialisation (RFC 7515).")
    events = models.PositiveIntegerField(help_text="Up to which entry of the history it reaches.")
    notice = models.BinaryField(
        default=b"", help_text="What a third party signed (a chip's notice), as it came; wiped in time."
    )
    issued_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case_id", "events"], name="addendum_once")]

    def __str__(self) -> str:
        return f"addendum to {self.reference} up to {self.events}"


class Root(models.Model):
    """The signed root over all histories that moved on a day. Of the installation, not of a carrier; never changed."""

    number = models.PositiveIntegerField(unique=True, help_text="1 for the first; no number is missing.")
    day = models.DateField(unique=True, help_text="In Japan.")
    size = models.PositiveIntegerField(help_text="How many leaves it has.")
    root = models.BinaryField(help_text="Merkle tree hash of RFC 6962.")
    jws = models.TextField(help_text="The signed statement, as it is published.")
    covered_to = models.BigIntegerField(help_text="No event up to this one is left to a later day.")
    issued_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"root of {self.day}"


class Stamp(models.Model):
    """What a time stamping authority answered (RFC 3161) for the root of a day. Checked before it was kept."""

    root = models.OneToOneField(Root, on_delete=models.PROTECT, related_name="stamp")
    answer = models.BinaryField(help_text="TimeStampResp, DER.")
    stamped_at = models.DateTimeField(help_text="By the authority's clock.")

    def __str__(self) -> str:
        return f"time stamp of root {self.root_id}"


class Leaf(models.Model):
    """One history as it stood at the end of a day. The salt keeps the published tree from telling anything of it."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, db_index=False)
    root = models.ForeignKey(Root, on_delete=models.PROTECT, db_index=False)
    index = models.PositiveIntegerField(help_text="Its place in the tree, 0 for the first.")
    case_id = models.BigIntegerField()
    head = models.BinaryField(help_text="Hash of the newest entry of the history.")
    events = models.PositiveIntegerField(help_text="How many entries the history had.")
    certificate = models.BinaryField(help_text="SHA-256 of the JWS; empty where there was no certificate yet.")
    salt = models.BinaryField(help_text="16 random bytes.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case_id", "root"], name="leaf_once_a_day")]

    def __str__(self) -> str:
        return f"leaf {self.index} of root {self.root_id}"


class Block(models.Model):
    """The hashes of up to 1,024 leaves that stand together. They are salted: nobody learns anything from them."""

    root = models.ForeignKey(Root, on_delete=models.PROTECT, db_index=False)
    number = models.PositiveIntegerField(help_text="0 for the first of the day.")
    hashes = models.BinaryField(help_text="32 bytes for each leaf.")
    hash = models.BinaryField(help_text="Root of the subtree over them.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["root", "number"], name="block_number")]

    def __str__(self) -> str:
        return f"block {self.number} of root {self.root_id}"
