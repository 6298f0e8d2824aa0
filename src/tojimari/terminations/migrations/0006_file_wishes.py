"""Write down who wants a file of lines to end, and let the database itself insist on another person who says yes."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from tojimari.platform.database.rls import protect


class Migration(migrations.Migration):
    dependencies = [("lines", "__first__"), ("terminations", "0005_tally")]

    operations = [
        migrations.CreateModel(
            name="FileWish",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.TextField(unique=True)),
                ("digest", models.TextField(help_text="SHA-256 of the file: another file is another wish.")),
                ("name", models.TextField(help_text="Of the file, for people.")),
                ("scope", models.TextField()),
                ("effective", models.TextField()),
                ("reason", models.TextField()),
                (
                    "plan",
                    models.JSONField(
                        default=dict, help_text="What a dry run said when it was asked: rows, cases, yen."
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                (
                    "asked_by",
                    models.TextField(help_text='"staff:7"; who is alone: "shell:" and the name on the machine.'),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "decided_by",
                    models.TextField(blank=True, help_text="Another person; empty for who is alone."),
                ),
                ("confirmed", models.BooleanField(help_text="Empty until somebody has decided.", null=True)),
                (
                    "alone",
                    models.BooleanField(
                        default=False, help_text="One person did it alone, as this installation allows."
                    ),
                ),
                (
                    "carrier",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="lines.carrier"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["carrier", "-asked_at"], name="file_wish_newest")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("confirmed__isnull", True)),
                        fields=("carrier", "digest", "scope", "effective", "reason"),
                        name="file_wish_waits_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed", True), _negated=True),
                            ("alone", True),
                            models.Q(("decided_by__in", ["", models.F("asked_by")]), _negated=True),
                            _connector="OR",
                        ),
                        name="file_wish_takes_two",
                    ),
                ],
            },
        ),
        *protect("terminations_filewish"),
    ]
