"""Lay out the final bills."""

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
            name="FinalBill",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("case_id", models.BigIntegerField(unique=True)),
                ("reference", models.TextField(unique=True)),
                ("lines", models.JSONField(help_text="The rows of the quote, as the subscriber confirmed them.")),
                ("total_yen", models.PositiveIntegerField()),
                ("issued_at", models.DateTimeField()),
                ("carrier", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="lines.carrier")),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="final_bills", to="lines.line"
                    ),
                ),
            ],
        ),
        *protect("money_finalbill"),
    ]
