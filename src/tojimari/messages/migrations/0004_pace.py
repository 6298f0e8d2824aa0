"""Count what goes to one address, find what is due by carrier, and see to what was held back."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tojimari_messages", "0003_begun"),
    ]

    operations = [
        migrations.CreateModel(
            name="Pace",
            fields=[
                (
                    "key",
                    models.TextField(
                        help_text="HMAC of what is limited: no address stands here in clear.",
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("full_at", models.DateTimeField()),
            ],
        ),
        migrations.RemoveIndex(
            model_name="message",
            name="message_due",
        ),
        migrations.RemoveIndex(
            model_name="message",
            name="message_to_see_to",
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("state", "queued")), fields=["carrier", "due_at"], name="message_due_of"
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(
                    ("seen_to_at__isnull", True),
                    models.Q(
                        ("state__in", ("failed", "refused")),
                        models.Q(("delivery__in", ["expired", "undelivered"]), ("state", "sent")),
                        _connector="OR",
                    ),
                ),
                fields=["carrier", "id"],
                name="message_to_see_to",
            ),
        ),
    ]
