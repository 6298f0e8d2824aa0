"""What saved codes are made from: the codes that a person writes down to see a case again."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from tojimari.platform.database.rls import protect


class Migration(migrations.Migration):
    dependencies = [("codes", "0001_codes")]

    operations = [
        migrations.CreateModel(
            name="SavedCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.TextField(help_text='What it opens: "case:12".')),
                ("nonce", models.BinaryField()),
                ("made_at", models.DateTimeField()),
                (
                    "carrier",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="lines.carrier"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("carrier", "subject"), name="saved_code_subject")],
            },
        ),
        *protect("codes_savedcode"),
    ]
