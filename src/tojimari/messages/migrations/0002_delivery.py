"""Keep what gateways tell of messages after they took them, and which of them nobody has seen to."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from tojimari.platform.database.rls import protect


class Migration(migrations.Migration):
    dependencies = [
        ("lines", "0007_service_by_line_and_kind"),
        ("tojimari_messages", "0001_outbox"),
    ]

    operations = [
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("channel", models.TextField()),
                ("gateway_id", models.TextField()),
                (
                    "delivery",
                    models.TextField(
                        choices=[
                            ("unknown", "Unknown"),
                            ("accepted", "Accepted"),
                            ("delivered", "Delivered"),
                            ("undelivered", "Undelivered"),
                            ("expired", "Expired"),
                        ],
                        default="unknown",
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(blank=True, help_text="When that happened, as the gateway told.", null=True),
                ),
                ("code", models.TextField(blank=True)),
                ("created_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="message",
            name="delivered_at",
            field=models.DateTimeField(blank=True, help_text="Since when `delivery` holds, as was told.", null=True),
        ),
        migrations.AddField(
            model_name="message",
            name="delivery",
            field=models.TextField(
                choices=[
                    ("unknown", "Unknown"),
                    ("accepted", "Accepted"),
                    ("delivered", "Delivered"),
                    ("undelivered", "Undelivered"),
                    ("expired", "Expired"),
                ],
                default="unknown",
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="delivery_code",
            field=models.TextField(blank=True, help_text="Why it did not arrive, in the words of the gateway's code."),
        ),
        migrations.AddField(
            model_name="message",
            name="gateway_id",
            field=models.TextField(blank=True, help_text="The name that the gateway gave to it, or to its first part."),
        ),
        migrations.AddField(
            model_name="message",
            name="instead_of",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="What did not arrive, and this stands for.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                to="tojimari_messages.message",
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="parts",
            field=models.PositiveSmallIntegerField(default=0, help_text="In how many SMS it went out; 0 before that."),
        ),
        migrations.AddField(
            model_name="message",
            name="seen_to_at",
            field=models.DateTimeField(blank=True, help_text="When its not arriving was seen to.", null=True),
        ),
        migrations.AddField(
            model_name="message",
            name="seen_to_by",
            field=models.TextField(blank=True, help_text="By whom: a member of staff, or another message."),
        ),
        migrations.AddField(
            model_name="message",
            name="unsure",
            field=models.BooleanField(default=False, help_text="An answer was lost: it may go out twice."),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("reference", ""), _negated=True), fields=["reference"], name="message_reference"
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("instead_of__isnull", False)), fields=["instead_of"], name="message_instead"
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(
                    ("seen_to_at__isnull", True),
                    models.Q(
                        ("state", "failed"),
                        models.Q(("delivery__in", ["expired", "undelivered"]), ("state", "sent")),
                        _connector="OR",
                    ),
                ),
                fields=["carrier", "id"],
                name="message_to_see_to",
            ),
        ),
        migrations.AddField(
            model_name="receipt",
            name="carrier",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to="lines.carrier"
            ),
        ),
        migrations.AddField(
            model_name="receipt",
            name="message",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to="tojimari_messages.message"
            ),
        ),
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(fields=["created_at"], name="receipt_old"),
        ),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.UniqueConstraint(fields=("channel", "gateway_id"), name="receipt_once"),
        ),
        *protect("tojimari_messages_receipt"),
    ]
