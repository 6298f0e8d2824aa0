"""Let two people have ghost lines repaired, and the database itself insist on the second one."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from tojimari.platform.database.rls import protect


class Migration(migrations.Migration):
    dependencies = [
        ("lines", "0009_line_changed_at"),
        ("network", "0004_reconciling"),
        ("terminations", "0011_lanes"),
    ]

    operations = [
        migrations.AlterField(
            model_name="termination",
            name="channel",
            field=models.TextField(
                choices=[("portal", "Portal"), ("desk", "Desk"), ("api", "Api"), ("file", "File"), ("repair", "Repair")]
            ),
        ),
        migrations.CreateModel(
            name="RepairWish",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.TextField(unique=True)),
                ("asked_at", models.DateTimeField()),
                ("asked_by", models.TextField(help_text='"staff:7"')),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "decided_by",
                    models.TextField(blank=True, help_text="Another person; empty for who took it back themselves."),
                ),
                ("confirmed", models.BooleanField(help_text="Empty until somebody has decided.", null=True)),
                (
                    "done_at",
                    models.DateTimeField(
                        blank=True, help_text="When every finding had its case or a refusal.", null=True
                    ),
                ),
                (
                    "refused",
                    models.JSONField(
                        default=dict, help_text="How many findings could not be repaired, by reason code."
                    ),
                ),
                (
                    "carrier",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="lines.carrier"),
                ),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="network.reconciliation"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Repair",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("case_id", models.BigIntegerField(help_text="The termination.", unique=True)),
                (
                    "carrier",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="lines.carrier"),
                ),
                (
                    "finding",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="repair", to="network.finding"
                    ),
                ),
                (
                    "wish",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="repairs",
                        to="terminations.repairwish",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="repairwish",
            index=models.Index(
                condition=models.Q(("confirmed", True), ("done_at__isnull", True)),
                fields=["carrier", "asked_at"],
                name="repair_to_do",
            ),
        ),
        migrations.AddConstraint(
            model_name="repairwish",
            constraint=models.UniqueConstraint(
                condition=models.Q(("confirmed__isnull", True)), fields=("carrier", "run"), name="repair_waits_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="repairwish",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirmed", True), _negated=True),
                    models.Q(("decided_by__in", ["", models.F("asked_by")]), _negated=True),
                    _connector="OR",
                ),
                name="repair_takes_two",
            ),
        ),
        *protect("terminations_repairwish", "terminations_repair"),
    ]
