"""What does this room keep? What servers and chips have said, what was asked of them, and make-believe lines.

Real subscribers live in their elements. `SimulatedSubscriber` is what the simulated network has instead.
"""

from __future__ import annotations

from django.db import models

from tojimari.network.reconciling import models as reconciling

# Django looks for the tables of a room in this module alone.
Reconciliation = reconciling.Reconciliation
Finding = reconciling.Finding
Settlement = reconciling.Settlement


class SimulatedSubscriber(models.Model):
    """What an HLR would hold about one line, if there were one."""

    carrier_id = models.BigIntegerField()
    imsi = models.CharField(max_length=15)
    msisdn = models.CharField(max_length=15, blank=True, help_text="E.164 digits without +; empty: has none.")
    nam_cs = models.BooleanField(
        default=True, help_text="Calls allowed (network access mode, 3GPP TS 23.008, 2.1.1.2)."
    )
    nam_ps = models.BooleanField(default=True, help_text="Data allowed.")
    vlr_number = models.CharField(max_length=64, blank=True, help_text="Network where the phone is, for calls.")
    sgsn_number = models.CharField(max_length=64, blank=True, help_text="Network where the phone is, for data.")
    roaming = models.BooleanField(default=True, help_text="May attach to networks abroad.")
    visited = models.CharField(max_length=64, blank=True, help_text="Network abroad where the phone is.")
    has_keys = models.BooleanField(default=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["imsi", "carrier_id"], name="simulated_one_imsi"),)
        indexes = (models.Index(fields=["msisdn"], name="simulated_msisdn"),)

    def __str__(self) -> str:
        return f"simulated …{self.imsi[-4:]}"


class ProfileNotice(models.Model):
    """One notice of where a profile is: from its server, or signed by the chip. The same notice is kept once."""

    carrier_id = models.BigIntegerField()
    iccid = models.TextField()
    eid = models.TextField(blank=True)
    provider = models.TextField(help_text="Name of the server's table in the settings.")
    source = models.TextField(help_text='"server", or "chip" for a signed notice whose chain was verified.')
    point = models.PositiveIntegerField(null=True, help_text="The server's own number for it, as it came.")
    state = models.TextField(blank=True, help_text="What it says of the profile; empty where nobody explained it.")
    status = models.TextField(blank=True)
    call_id = models.TextField(blank=True)
    said_at = models.DateTimeField(help_text="By the clock of the server; a chip has none: when it arrived.")
    received_at = models.DateTimeField()
    digest = models.TextField(help_text="SHA-256: of the facts of a server's notice, of all bytes of a chip's.")
    facts = models.JSONField(default=dict, help_text="What a chip's notice proves beside: number, maker, root.")
    signed = models.BinaryField(default=b"", help_text="The chip's notice as it came, to be checked again.")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["digest", "carrier_id"], name="profile_notice_once"),)
        indexes = (models.Index(fields=["iccid", "carrier_id"], name="profile_notice_iccid"),)

    def __str__(self) -> str:
        return f"{self.state or self.point} of …{self.iccid[-4:]}"


class ProfileOrder(models.Model):
    """What we know of a profile's order at its server, and that we asked to cancel it."""

    carrier_id = models.BigIntegerField()
    iccid = models.TextField()
    matching_id = models.TextField(
        blank=True,
        help_text="Names the order; with it the profile can be downloaded. Wiped when the order is cancelled.",
    )
    asked_at = models.DateTimeField(
        null=True, help_text="When cancelling was sent for the first time; empty if certainly nothing has arrived."
    )

    class Meta:
        constraints = (models.UniqueConstraint(fields=["iccid", "carrier_id"], name="profile_order_once"),)

    def __str__(self) -> str:
        return f"order of …{self.iccid[-4:]}"


class ActivationJob(models.Model):
    """One change that an activation platform was asked for, until it is seen to be done or to have failed."""

    carrier_id = models.BigIntegerField()
    lane = models.TextField(help_text="Name of the element.")
    service = models.TextField(help_text="Id of the service at the platform.")
    wish = models.TextField(help_text="What it was asked to become.")
    monitor = models.TextField(
        blank=True, help_text="Where the platform tells how far it is; empty: it has not said, or its answer was lost."
    )
    asked_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["service", "lane", "carrier_id"], name="activation_job_one_a_service"),
        )

    def __str__(self) -> str:
        return f"{self.wish} at {self.lane}"
