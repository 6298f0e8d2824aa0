"""Lay out a person's choice to have an unpaid bill on the final bill."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from tojimari.platform.database.rls import protect


class Migration(migrations.Migration):
    dependencies = [
        ("lines", "0006_prices_of_options"),
        ("money", "0003_place_of_payment"),
    ]

    operations = [
        migrations.CreateModel(
            name="OnFinalBill",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("bill_id", models.BigIntegerField(unique=True)),
                ("chosen_at", models.DateTimeField()),
                (
                    "carrier",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="lines.carrier"),
                ),
            ],
        ),
        *protect("money_onfinalbill"),
    ]
