"""Where does a wish go that was taken while the database was away?"""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from tojimari.platform.database.rls import protect


class Migration(migrations.Migration):
    dependencies = [("lines", "0003_subscriber_unchecked"), ("terminations", "0002_row_level_security")]

    operations = [
        migrations.CreateModel(
            name="LateWish",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.TextField(unique=True)),
                (
                    "asked_at",
                    models.DateTimeField(help_text="When the person sent it: the `requested_at` of the case to come."),
                ),
                ("taken_in_at", models.DateTimeField(help_text="When it reached this table.")),
                ("scope", models.TextField(default="line")),
                (
                    "effective",
                    models.TextField(help_text='What was asked: "earliest", "month-end", or "now" for a service.'),
                ),
                ("language", models.TextField(default="ja")),
                (
                    "email",
                    models.TextField(
                        blank=True, help_text="Where the person wants to hear from us; wiped when it is over."
                    ),
                ),
                (
                    "typed",
                    models.TextField(
                        blank=True, help_text="What was typed of the line; kept for staff alone, then wiped."
                    ),
                ),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("offered", "Offered"),
                            ("review", "Review"),
                            ("confirmed", "Confirmed"),
                            ("answered", "Answered"),
                            ("expired", "Expired"),
                        ]
                    ),
                ),
                ("note", models.TextField(blank=True, help_text="What staff did with it.")),
                ("answered_by", models.TextField(blank=True)),
                (
                    "carrier",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="lines.carrier"),
                ),
                (
                    "line",
                    models.ForeignKey(
                        blank=True,
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
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="lines.subscriber",
                    ),
                ),
                (
                    "termination",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="terminations.termination",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["offered", "review"])),
                        fields=["carrier", "asked_at"],
                        name="late_wish_waiting",
                    )
                ],
            },
        ),
        *protect("terminations_latewish"),
    ]
