"""Where are the cases kept that people follow at a carrier that is not connected?"""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from tojimari.platform.database.rls import fence_off


class Migration(migrations.Migration):
    dependencies = [
        ("lines", "0007_service_by_line_and_kind"),
        ("terminations", "0007_stand_ins_and_refused_wishes"),
    ]

    operations = [
        migrations.CreateModel(
            name="GuidedCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "fence",
                    models.BigIntegerField(help_text="Made of the reference and the installation's key; above zero."),
                ),
                ("reference", models.TextField(unique=True)),
                ("nonce", models.BinaryField(help_text="Makes the saved code, together with the installation's key.")),
                (
                    "code_shown_until",
                    models.DateTimeField(help_text="From then on the saved code is not shown any more."),
                ),
                ("carrier_key", models.TextField(help_text='The directory\'s id of the carrier, "docomo".')),
                (
                    "closing_key",
                    models.TextField(blank=True, help_text="Its id of the way of closing; empty where there is none."),
                ),
                ("kind", models.TextField(help_text="Kind of line, as the directory has it.")),
                (
                    "facts",
                    models.JSONField(
                        help_text="The facts of the directory that the plan was made from, word for word."
                    ),
                ),
                ("facts_digest", models.TextField(help_text="SHA-256 of their canonical form.")),
                ("answers", models.BinaryField(help_text="What the person answered, sealed.")),
                (
                    "planned_at",
                    models.DateTimeField(
                        help_text="The plan is the one of this instant, from these facts and answers."
                    ),
                ),
                ("language", models.TextField(default="ja", help_text="Language of the reminders.")),
                ("zone", models.TextField(blank=True, help_text="Time zone of the person, as their browser told it.")),
                ("email", models.BinaryField(default=b"", help_text="Where reminders go, sealed; empty for none.")),
                ("email_confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("kept_at", models.DateTimeField()),
                ("touched_at", models.DateTimeField(help_text="When the person last did something with it.")),
                (
                    "ended",
                    models.TextField(
                        blank=True, choices=[("done", "Done"), ("given_up", "Given Up"), ("silent", "Silent")]
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "host",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="On whose pages it was kept: reminders go in their name. They may not see it.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="lines.carrier",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="GuidedStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "fence",
                    models.BigIntegerField(help_text="Made of the reference and the installation's key; above zero."),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("name", models.TextField(help_text="Its permanent id in the plan.")),
                ("actor", models.TextField(help_text='"person" or "carrier".')),
                ("titles", models.JSONField(help_text="What it was called when the plan was kept: language -> text.")),
                ("not_before", models.DateTimeField(blank=True, null=True)),
                (
                    "due_at",
                    models.DateTimeField(blank=True, help_text="The last second in which it is in time.", null=True),
                ),
                (
                    "missing_yen",
                    models.PositiveIntegerField(
                        blank=True, help_text="What missing it costs; empty: unknown.", null=True
                    ),
                ),
                (
                    "extended_to",
                    models.DateTimeField(blank=True, help_text="Later moment that the carrier granted.", null=True),
                ),
                ("blocked_at", models.DateTimeField(blank=True, help_text="The person was not let do it.", null=True)),
                ("why_blocked", models.BinaryField(default=b"", help_text="In their words, sealed.")),
                (
                    "done_at",
                    models.DateTimeField(blank=True, help_text="When it was done, as the person says.", null=True),
                ),
                ("noted_at", models.DateTimeField(blank=True, help_text="When they told us.", null=True)),
                ("not_needed", models.BooleanField(default=False)),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="terminations.guidedcase",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="GuidedEvidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "fence",
                    models.BigIntegerField(help_text="Made of the reference and the installation's key; above zero."),
                ),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("receipt_number", "Receipt Number"),
                            ("picture", "Picture"),
                            ("mail", "Mail"),
                            ("note", "Note"),
                            ("charge", "Charge"),
                        ]
                    ),
                ),
                ("kept_at", models.DateTimeField()),
                ("sealed", models.BinaryField()),
                ("media_type", models.TextField(default="text/plain")),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.TextField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="evidence",
                        to="terminations.guidedcase",
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="evidence",
                        to="terminations.guidedstep",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="GuidedTold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "fence",
                    models.BigIntegerField(help_text="Made of the reference and the installation's key; above zero."),
                ),
                ("key", models.TextField()),
                ("at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="told",
                        to="terminations.guidedcase",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="guidedcase",
            index=models.Index(fields=["ended_at"], name="guided_over"),
        ),
        migrations.AddIndex(
            model_name="guidedcase",
            index=models.Index(condition=models.Q(("ended", "")), fields=["touched_at"], name="guided_silent"),
        ),
        migrations.AddConstraint(
            model_name="guidedcase",
            constraint=models.CheckConstraint(condition=models.Q(("fence__gt", 0)), name="guided_fence_above_zero"),
        ),
        migrations.AddConstraint(
            model_name="guidedstep",
            constraint=models.UniqueConstraint(fields=("case", "number"), name="guided_step_number"),
        ),
        migrations.AddConstraint(
            model_name="guidedtold",
            constraint=models.UniqueConstraint(fields=("case", "key"), name="guided_told_once"),
        ),
        *fence_off(
            "terminations_guidedcase",
            "terminations_guidedstep",
            "terminations_guidedevidence",
            "terminations_guidedtold",
        ),
    ]
