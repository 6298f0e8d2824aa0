"""Keep when a message was about to be handed over to a gateway that cannot tell a second copy from the first."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tojimari_messages", "0002_delivery"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="begun_at",
            field=models.DateTimeField(
                blank=True,
                help_text="When the try that is under way was about to hand it over; see `begun`.",
                null=True,
            ),
        ),
    ]
