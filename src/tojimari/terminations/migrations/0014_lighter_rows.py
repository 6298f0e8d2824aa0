"""Write steps with less work for the database: their case is checked, so their carrier need not be."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("lines", "0010_issuer_and_rest"),
        ("terminations", "0013_sealed_late_notes"),
    ]

    operations = [
        migrations.AlterField(
            model_name="step",
            name="carrier",
            field=models.ForeignKey(
                db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to="lines.carrier"
            ),
        ),
    ]
