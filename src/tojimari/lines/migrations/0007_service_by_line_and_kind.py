"""Let line and kind be the key of a service. Django does not change a key by itself, so the statements stand here."""

from __future__ import annotations

from django.db import migrations, models

_STATEMENTS = """
    ALTER TABLE lines_service
        DROP COLUMN id,
        DROP CONSTRAINT service_once,
        ADD PRIMARY KEY (line_id, kind)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("lines", "0006_prices_of_options"),
    ]

    operations = [
        migrations.RunSQL(
            _STATEMENTS,
            state_operations=[
                migrations.RemoveConstraint(model_name="service", name="service_once"),
                migrations.RemoveField(model_name="service", name="id"),
                migrations.AddField(
                    model_name="service",
                    name="pk",
                    field=models.CompositePrimaryKey(
                        "line_id", "kind", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
        ),
    ]
