"""What does this room keep? Nothing but the subscribers of the simulated network; real ones live in their elements."""

from __future__ import annotations

from django.db import models


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
