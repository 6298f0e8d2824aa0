"""Where do notices of profiles, and what was asked of profile servers, stand?"""

from __future__ import annotations

from django.db import migrations, models

from tojimari.platform.database.rls import protect


class Migration(migrations.Migration):
    dependencies = [("network", "0001_simulated")]

    operations = [
        migrations.CreateModel(
            name="ProfileNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("carrier_id", models.BigIntegerField()),
                ("iccid", models.TextField()),
                ("eid", models.TextField(blank=True)),
                ("provider", models.TextField(help_text="Name of the server's table in the settings.")),
                (
                    "source",
                    models.TextField(help_text='"server", or "chip" for a signed notice whose chain was verified.'),
                ),
                (
                    "point",
                    models.PositiveIntegerField(help_text="The server's own number for it, as it came.", null=True),
                ),
                (
                    "state",
                    models.TextField(
                        blank=True, help_text="What it says of the profile; empty where nobody explained it."
                    ),
                ),
                ("status", models.TextField(blank=True)),
                ("call_id", models.TextField(blank=True)),
                (
                    "said_at",
                    models.DateTimeField(help_text="By the clock of the server; a chip has none: when it arrived."),
                ),
                ("received_at", models.DateTimeField()),
                (
                    "digest",
                    models.TextField(help_text="SHA-256: of the facts of a server's notice, of all bytes of a chip's."),
                ),
                (
                    "facts",
                    models.JSONField(
                        default=dict, help_text="What a chip's notice proves beside: number, maker, root."
                    ),
                ),
                (
                    "signed",
                    models.BinaryField(default=b"", help_text="The chip's notice as it came, to be checked again."),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["iccid", "carrier_id"], name="profile_notice_iccid")],
                "constraints": [models.UniqueConstraint(fields=("digest", "carrier_id"), name="profile_notice_once")],
            },
        ),
        migrations.CreateModel(
            name="ProfileOrder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("carrier_id", models.BigIntegerField()),
                ("iccid", models.TextField()),
                (
                    "matching_id",
                    models.TextField(
                        blank=True,
                        help_text="Names the order; with it the profile can be downloaded. Wiped when the order is "
                        "cancelled.",
                    ),
                ),
                (
                    "asked_at",
                    models.DateTimeField(
                        help_text="When cancelling was sent for the first time; empty if certainly nothing has "
                        "arrived.",
                        null=True,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("iccid", "carrier_id"), name="profile_order_once")],
            },
        ),
        *protect("network_profilenotice", "network_profileorder"),
    ]
