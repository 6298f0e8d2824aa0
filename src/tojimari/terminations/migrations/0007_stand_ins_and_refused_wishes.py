"""Where stands the name of who acted for a subscriber, and when and why staff refused a wish from an outage?"""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from tojimari.platform.database.rls import protect


class Migration(migrations.Migration):
    dependencies = [("lines", "0005_changes_of_settings"), ("terminations", "0006_file_wishes")]

    operations = [
        migrations.AddField(
            model_name="latewish",
            name="answered_at",
            field=models.DateTimeField(blank=True, help_text="When staff dealt with it.", null=True),
        ),
        migrations.AddField(
            model_name="latewish",
            name="code",
            field=models.TextField(blank=True, help_text="Why staff refused it: a reason code with a way on."),
        ),
        migrations.RunSQL(
            "UPDATE terminations_latewish SET answered_at = taken_in_at WHERE state = 'answered'",
            migrations.RunSQL.noop,
        ),
        migrations.AddField(
            model_name="question",
            name="erased",
            field=models.BooleanField(default=False, help_text="Its words were erased when their time was over."),
        ),
        migrations.CreateModel(
            name="StandIn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("case_id", models.BigIntegerField(help_text="The termination it belongs to.", unique=True)),
                ("authority", models.TextField(help_text='By which paper: "letter".')),
                ("name", models.BinaryField(help_text="Sealed; empty once its time is over.")),
                ("salt", models.BinaryField(help_text="32 random bytes; goes with the name.")),
                (
                    "digest",
                    models.TextField(help_text="SHA-256 of salt and name, as the evidence of the step has it."),
                ),
                ("seen_at", models.DateTimeField()),
                (
                    "carrier",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="lines.carrier"),
                ),
            ],
        ),
        *protect("terminations_standin"),
    ]
