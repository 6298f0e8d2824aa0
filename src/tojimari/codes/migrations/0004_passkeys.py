"""Lay out the passkeys of subscribers, and who wants to hear no more of them."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from tojimari.platform.database.rls import protect


class Migration(migrations.Migration):
    dependencies = [
        ("codes", "0003_help_requests"),
        ("lines", "0004_line_by_eid"),
    ]

    operations = [
        migrations.CreateModel(
            name="PasskeyDeclined",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("declined_at", models.DateTimeField()),
                (
                    "carrier",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="lines.carrier"),
                ),
                (
                    "subscriber",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="lines.subscriber"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Passkey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("host", models.TextField(help_text="The relying party: passkeys of one host work under no other.")),
                ("credential_id", models.BinaryField()),
                (
                    "credential",
                    models.BinaryField(help_text="Attested credential data: make, id and public key (WebAuthn 6.5.1)."),
                ),
                (
                    "sign_count",
                    models.BigIntegerField(help_text="Uses as the device counts them; 0 for ever where it does not."),
                ),
                ("label", models.TextField(blank=True, help_text="What the person calls it.")),
                ("created_at", models.DateTimeField()),
                ("last_used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "doubted_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="When its count went back: it may have been copied, and opens nothing since.",
                        null=True,
                    ),
                ),
                (
                    "carrier",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="lines.carrier"),
                ),
                (
                    "subscriber",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="passkeys", to="lines.subscriber"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("carrier", "credential_id"), name="passkey_credential")
                ],
            },
        ),
        *protect("codes_passkey", "codes_passkeydeclined"),
    ]
