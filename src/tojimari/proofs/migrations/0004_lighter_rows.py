"""Write histories and certificates with less work for the database."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("lines", "0010_issuer_and_rest"),
        ("proofs", "0003_addenda"),
    ]

    operations = [
        migrations.AlterField(
            model_name="event",
            name="carrier",
            field=models.ForeignKey(
                db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to="lines.carrier"
            ),
        ),
        # Signed base64 hardly becomes shorter; trying to costs time at every insert.
        migrations.RunSQL(
            "ALTER TABLE proofs_certificate ALTER COLUMN jws SET STORAGE EXTERNAL",
            "ALTER TABLE proofs_certificate ALTER COLUMN jws SET STORAGE EXTENDED",
        ),
    ]
