"""Lay out the messages that wait and that were sent."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import tojimari.messages.models
from tojimari.platform.database.rls import protect


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("lines", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case_id",
                    models.BigIntegerField(blank=True, help_text="The termination it tells of, if any.", null=True),
                ),
                ("reference", models.TextField(blank=True)),
                (
                    "key",
                    models.TextField(blank=True, help_text="What it is for the case: the same thing is told once."),
                ),
                ("kind", models.TextField(choices=[("email", "Email"), ("sms", "Sms")])),
                ("to", models.TextField(help_text='E-mail address, or MSISDN as E.164 digits without "+".')),
                ("subject", models.TextField(blank=True)),
                ("body", models.TextField()),
                ("language", models.TextField()),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("queued", "Queued"),
                            ("sending", "Sending"),
                            ("sent", "Sent"),
                            ("failed", "Failed"),
                            ("refused", "Refused"),
                        ],
                        default="queued",
                    ),
                ),
                ("code", models.TextField(blank=True, help_text="Reason code of the last try that did not send it.")),
                ("channel", models.TextField(blank=True, help_text="Which channel took it.")),
                (
                    "token",
                    models.TextField(
                        default=tojimari.messages.models.new_token,
                        help_text="Makes the Message-ID, the same for every try.",
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("lease_owner", models.TextField(blank=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "wipe_at",
                    models.DateTimeField(blank=True, help_text="When a secret in the body must be gone.", null=True),
                ),
                ("carrier", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="lines.carrier")),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("state", "queued")), fields=["due_at"], name="message_due"),
                    models.Index(
                        condition=models.Q(("state", "sending")), fields=["lease_until"], name="message_leased"
                    ),
                    models.Index(
                        condition=models.Q(("wipe_at__isnull", False)), fields=["wipe_at"], name="message_secret"
                    ),
                    models.Index(fields=["carrier", "created_at"], name="message_recent"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("key", ""), _negated=True), fields=("case_id", "key"), name="message_once"
                    )
                ],
            },
        ),
        *protect("tojimari_messages_message"),
    ]
