"""Where stand the words of the screen that was confirmed, and what the person had besides when the case began?"""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from tojimari.platform.database.rls import protect


class Migration(migrations.Migration):
    dependencies = [("lines", "0005_changes_of_settings"), ("terminations", "0009_staff_notes")]

    operations = [
        migrations.AddField(
            model_name="termination",
            name="beside",
            field=models.JSONField(
                db_default={},
                default=dict,
                help_text="States of what the subscriber had besides when the case began.",
            ),
        ),
        migrations.CreateModel(
            name="ShownScreen",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("case_id", models.BigIntegerField(help_text="The termination it belongs to.", unique=True)),
                ("sha256", models.TextField(help_text="Of the text in UTF-8.")),
                ("language", models.TextField()),
                ("template", models.TextField()),
                ("version", models.TextField(help_text="Start of the SHA-256 of the template's source.")),
                ("text", models.TextField(help_text="What the person read, line by line.")),
                ("shown_at", models.DateTimeField()),
                (
                    "carrier",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="lines.carrier"),
                ),
            ],
        ),
        *protect("terminations_shownscreen"),
    ]
