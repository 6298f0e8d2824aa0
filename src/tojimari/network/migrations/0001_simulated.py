"""Make the table of the simulated network, fenced off between carriers."""

from __future__ import annotations

from django.db import migrations, models

from tojimari.platform.database.rls import protect


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="SimulatedSubscriber",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("carrier_id", models.BigIntegerField()),
                ("imsi", models.CharField(max_length=15)),
                (
                    "msisdn",
                    models.CharField(blank=True, help_text="E.164 digits without +; empty: has none.", max_length=15),
                ),
                (
                    "nam_cs",
                    models.BooleanField(
                        default=True, help_text="Calls allowed (network access mode, 3GPP TS 23.008, 2.1.1.2)."
                    ),
                ),
                ("nam_ps", models.BooleanField(default=True, help_text="Data allowed.")),
                (
                    "vlr_number",
                    models.CharField(blank=True, help_text="Network where the phone is, for calls.", max_length=64),
                ),
                (
                    "sgsn_number",
                    models.CharField(blank=True, help_text="Network where the phone is, for data.", max_length=64),
                ),
                ("roaming", models.BooleanField(default=True, help_text="May attach to networks abroad.")),
                (
                    "visited",
                    models.CharField(blank=True, help_text="Network abroad where the phone is.", max_length=64),
                ),
                ("has_keys", models.BooleanField(default=True)),
            ],
            options={
                "indexes": [models.Index(fields=["msisdn"], name="simulated_msisdn")],
                "constraints": [models.UniqueConstraint(fields=("imsi", "carrier_id"), name="simulated_one_imsi")],
            },
        ),
        *protect("network_simulatedsubscriber"),
    ]
