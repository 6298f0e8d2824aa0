"""Let a line be found by the EID of the phone that it is in."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("lines", "0003_subscriber_unchecked"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="line",
            index=models.Index(
                condition=models.Q(("eid", ""), _negated=True), fields=["carrier", "eid"], name="line_eid"
            ),
        ),
    ]
