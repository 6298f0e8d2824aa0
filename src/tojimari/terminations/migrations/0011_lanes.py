"""Where stands what the workers of all machines share about a network element? It belongs to no carrier."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("terminations", "0010_shown_screens")]

    operations = [
        migrations.CreateModel(
            name="Lane",
            fields=[
                ("name", models.TextField(primary_key=True, serialize=False)),
                (
                    "full_at",
                    models.DateTimeField(
                        help_text="When as many steps may begin at once as ever. Empty: they may now.", null=True
                    ),
                ),
                (
                    "failures",
                    models.PositiveIntegerField(
                        default=0, help_text="Batches in a row that the element did not answer."
                    ),
                ),
                ("code", models.TextField(blank=True, help_text="Why, the last time.")),
                (
                    "rests_until",
                    models.DateTimeField(
                        help_text="The element is left in peace until then; afterwards one step tries. "
                        "Empty: it works.",
                        null=True,
                    ),
                ),
            ],
        ),
    ]
