"""Where stands what a member of staff noted at a person's step, so that no certificate has it in clear?"""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from tojimari.platform.database.rls import protect


class Migration(migrations.Migration):
    dependencies = [("lines", "0005_changes_of_settings"), ("terminations", "0008_guided_cases")]

    operations = [
        migrations.CreateModel(
            name="StaffNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("note", models.BinaryField(help_text="Sealed; empty once its time is over.")),
                ("salt", models.BinaryField(help_text="32 random bytes; goes with the note.")),
                (
                    "digest",
                    models.TextField(help_text="SHA-256 of salt and note, as the evidence of the step has it."),
                ),
                ("noted_at", models.DateTimeField()),
                (
                    "carrier",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="lines.carrier"),
                ),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notes", to="terminations.step"
                    ),
                ),
            ],
        ),
        *protect("terminations_staffnote"),
    ]
