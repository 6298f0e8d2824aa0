"""Keep since when the books say what they say of a line: only what is older than an export can be compared with it."""

from __future__ import annotations

from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = [("lines", "0008_terms_and_money_of_lines")]

    operations = [
        migrations.AddField(
            model_name="line",
            name="changed_at",
            field=models.DateTimeField(
                db_default=Now(),
                help_text="Since when the books say this of its state and identity, by the database's clock.",
            ),
        )
    ]
