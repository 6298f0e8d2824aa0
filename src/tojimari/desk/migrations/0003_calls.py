"""A row for each call that staff take."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from tojimari.platform.database.rls import protect

OUTCOMES = [
    ("case", "Case"),
    ("looked", "Looked"),
    ("help", "Help"),
    ("not_proved", "Not Proved"),
    ("not_found", "Not Found"),
    ("left", "Left"),
]


class Migration(migrations.Migration):
    dependencies = [("desk", "0002_shops_of_staff_and_looks"), ("lines", "__first__")]

    operations = [
        migrations.CreateModel(
            name="Call",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.TextField(help_text='Such as "CL-7K3M-9QXA": names the call and opens nothing.')),
                ("staff_id", models.BigIntegerField(help_text="The account that took the call.")),
                ("role", models.TextField(help_text="In which role.")),
                ("language", models.TextField(help_text="What the caller speaks.")),
                ("began_at", models.DateTimeField()),
                ("touched_at", models.DateTimeField(help_text="When something was last done in it.")),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("outcome", models.TextField(blank=True, choices=OUTCOMES)),
                ("wrong", models.PositiveSmallIntegerField(default=0, help_text="How many tries were not enough.")),
                (
                    "questions",
                    models.JSONField(default=list, help_text="Names of the questions that were answered rightly."),
                ),
                (
                    "checked_at",
                    models.DateTimeField(blank=True, help_text="When the answers were enough.", null=True),
                ),
                (
                    "code_by",
                    models.TextField(blank=True, help_text='How the newest code was sent: "email" or "sms".'),
                ),
                ("proved_at", models.DateTimeField(blank=True, help_text="When its code was right.", null=True)),
                (
                    "scope",
                    models.TextField(blank=True, help_text='What the caller wants to end: "line" or "roaming".'),
                ),
                ("effective", models.TextField(blank=True, help_text="When, as they chose it.")),
                ("case_reference", models.TextField(blank=True, help_text="The case that the call is at.")),
                (
                    "cases",
                    models.JSONField(default=list, help_text="References of all cases opened in this call."),
                ),
                (
                    "help_reference",
                    models.TextField(blank=True, help_text="The request for help that came of it."),
                ),
                (
                    "keep_until",
                    models.DateTimeField(blank=True, help_text="Deleted from then on; set at its end.", null=True),
                ),
                (
                    "carrier",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="lines.carrier"),
                ),
                (
                    "line",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="lines.line",
                    ),
                ),
                (
                    "subscriber",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="lines.subscriber",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["carrier", "-began_at"], name="call_day"),
                    models.Index(condition=models.Q(("ended_at", None)), fields=["touched_at"], name="call_open"),
                    models.Index(
                        condition=models.Q(("keep_until", None), _negated=True),
                        fields=["keep_until"],
                        name="call_over",
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("carrier", "reference"), name="call_reference")],
            },
        ),
        *protect("desk_call"),
    ]
