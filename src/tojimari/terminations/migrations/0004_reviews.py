"""Where do questions to a subscriber and hand-overs among staff stand, and how are steps found that keep failing?"""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from tojimari.platform.database.rls import protect


class Migration(migrations.Migration):
    dependencies = [("lines", "0004_line_by_eid"), ("terminations", "0003_late_wishes")]

    operations = [
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.TextField(help_text='Which one of the list; "own" for words of the asking person\'s own.'),
                ),
                (
                    "text",
                    models.BinaryField(default=b"", help_text="Those words, sealed; empty for a question of the list."),
                ),
                ("asked_at", models.DateTimeField()),
                ("asked_by", models.TextField()),
                ("answer", models.BinaryField(default=b"", help_text="Sealed.")),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answered_by",
                    models.TextField(
                        blank=True, help_text="The subscriber, or staff who no longer wait for an answer."
                    ),
                ),
                (
                    "proved",
                    models.BooleanField(default=False, help_text="Whether the answering person had just shown a code."),
                ),
                (
                    "carrier",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="lines.carrier"),
                ),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="terminations.step",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at__isnull", True)), fields=("step",), name="question_open_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Handover",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("to", models.TextField(help_text='"staff:12"')),
                ("note", models.BinaryField(help_text="Sealed.")),
                ("given_by", models.TextField()),
                ("given_at", models.DateTimeField()),
                (
                    "carrier",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="lines.carrier"),
                ),
                (
                    "step",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="handover",
                        to="terminations.step",
                    ),
                ),
            ],
        ),
        *protect("terminations_question", "terminations_handover"),
        migrations.AddIndex(
            model_name="step",
            index=models.Index(
                condition=models.Q(("actor", "system"), ("attempts__gte", 3), ("state", "open")),
                fields=["carrier", "due_at"],
                name="step_tried_often",
            ),
        ),
    ]
