"""Keep where a bill was paid."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("money", "0002_payments"),
    ]

    operations = [
        migrations.AddField(
            model_name="payment",
            name="place",
            field=models.TextField(
                blank=True, help_text="Code of the shop where it was paid; empty where none is known."
            ),
        ),
    ]
