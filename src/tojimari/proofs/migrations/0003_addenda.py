"""Keep what was told after a certificate and signed."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from tojimari.platform.database.rls import protect


class Migration(migrations.Migration):
    dependencies = [("lines", "0001_tables"), ("proofs", "0002_days")]

    operations = [
        migrations.CreateModel(
            name="Addendum",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("case_id", models.BigIntegerField()),
                ("reference", models.TextField()),
                ("kid", models.TextField(help_text="RFC 7638 thumbprint of the key that signed it.")),
                ("jws", models.TextField(help_text="JWS compact serialisation (RFC 7515).")),
                ("events", models.PositiveIntegerField(help_text="Up to which entry of the history it reaches.")),
                (
                    "notice",
                    models.BinaryField(
                        default=b"",
                        help_text="What a third party signed (a chip's notice), as it came; wiped in time.",
                    ),
                ),
                ("issued_at", models.DateTimeField()),
                (
                    "carrier",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="lines.carrier"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("case_id", "events"), name="addendum_once")],
            },
        ),
        *protect("proofs_addendum"),
    ]
