"""Lay out the requests of people who got no code and ask for a person."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from tojimari.platform.database.rls import protect


class Migration(migrations.Migration):
    dependencies = [
        ("codes", "0002_saved_codes"),
        ("lines", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="HelpRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reference",
                    models.TextField(help_text='Such as "HR-7K3M-9QXA": names the request and opens nothing.'),
                ),
                (
                    "asked_at",
                    models.DateTimeField(help_text="When it was asked: a case that comes of it may count from here."),
                ),
                ("promised_by", models.DateTimeField()),
                ("language", models.TextField()),
                ("sealed", models.BinaryField(help_text="What the person wrote; empty once it has been wiped.")),
                ("state", models.TextField(choices=[("open", "Open"), ("answered", "Answered")], default="open")),
                ("note", models.BinaryField(default=b"", help_text="What staff did, sealed too.")),
                ("handled_by", models.TextField(blank=True, help_text='The actor who answered: "staff:7".')),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "carrier",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="lines.carrier"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["carrier", "promised_by"],
                        name="help_request_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("carrier", "reference"), name="help_request_reference")
                ],
            },
        ),
        *protect("codes_helprequest"),
    ]
