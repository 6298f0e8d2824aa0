"""Lay out what is paid at a counter while a case is running."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from tojimari.platform.database.rls import protect


class Migration(migrations.Migration):
    dependencies = [
        ("lines", "0004_line_by_eid"),
        ("money", "0001_final_bills"),
    ]

    operations = [
        migrations.CreateModel(
            name="Payment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("case_id", models.BigIntegerField(db_index=True)),
                (
                    "bill_id",
                    models.BigIntegerField(help_text="Which bill of the line; none is paid twice.", unique=True),
                ),
                ("month", models.TextField(help_text='The month billed, as rows of a quote name it: "2026-10".')),
                ("amount_yen", models.PositiveIntegerField(help_text="Consumption tax included.")),
                ("receipt_number", models.TextField(help_text="Of the paper receipt that the person was given.")),
                ("paid_at", models.DateTimeField()),
                ("taken_by", models.TextField()),
                (
                    "carrier",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="lines.carrier"),
                ),
            ],
        ),
        *protect("money_payment"),
    ]
