"""Give a service its price beside the plan, and say which option goes on when its line ends."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("lines", "0005_changes_of_settings"),
    ]

    operations = [
        migrations.AddField(
            model_name="service",
            name="monthly_fee_yen",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="What it costs a month beside the plan, tax included; empty: not known.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="service",
            name="lives_on",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="A contract of its own: it does not end with the line.",
            ),
        ),
    ]
