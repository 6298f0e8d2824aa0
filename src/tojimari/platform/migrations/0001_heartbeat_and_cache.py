"""Tables of the platform: heartbeats of long-running processes, and the cache that all processes share."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    operations = [
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("name", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("at", models.DateTimeField(help_text="When it was last seen, by the clock of the database.")),
                (
                    "info",
                    models.JSONField(default=dict, help_text="What it says of itself: host, process id, lanes."),
                ),
            ],
        ),
        # The table that `createcachetable` would make, so that there is one way to make all tables: migrate.
        migrations.RunSQL(
            sql=[
                "CREATE TABLE platform_cache ("
                "cache_key varchar(255) NOT NULL PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL)",
                "CREATE INDEX platform_cache_expires ON platform_cache (expires)",
            ],
            reverse_sql="DROP TABLE platform_cache",
        ),
    ]
