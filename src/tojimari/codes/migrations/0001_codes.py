"""Lay out codes, what guards them, and the limits on sending."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from tojimari.platform.database.rls import protect


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("lines", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Bucket",
            fields=[
                (
                    "key",
                    models.TextField(
                        help_text="HMAC of what is limited: no address stands here in clear.",
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("full_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Code",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.TextField()),
                ("purpose", models.TextField(help_text='What it opens, such as "sign-in" or "confirm".')),
                ("binding", models.TextField(help_text="HMAC of the session or request that asked for it.")),
                ("digest", models.BinaryField(help_text="HMAC of the code, bound to everything above.")),
                ("nonce", models.BinaryField(help_text="Makes equal codes different here.")),
                ("issued_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("carrier", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="lines.carrier")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["subject", "purpose", "-issued_at"], name="code_newest"),
                    models.Index(fields=["expires_at"], name="code_expired"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Guard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.TextField()),
                (
                    "in_a_row",
                    models.PositiveIntegerField(default=0, help_text="Wrong guesses since the last right one."),
                ),
                ("hour_began", models.DateTimeField()),
                ("in_hour", models.PositiveIntegerField(default=0)),
                ("carrier", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="lines.carrier")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("carrier", "subject"), name="guard_subject")],
            },
        ),
        *protect("codes_code", "codes_guard"),
    ]
