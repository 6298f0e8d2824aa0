"""Lay out the staff's places with their carriers."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from tojimari.platform.database.rls import protect


class Migration(migrations.Migration):
    initial = True

    dependencies = [("lines", "__first__"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.TextField(
                        choices=[
                            ("clerk", "Clerk"),
                            ("agent", "Agent"),
                            ("reviewer", "Reviewer"),
                            ("lead", "Lead"),
                            ("auditor", "Auditor"),
                            ("admin", "Admin"),
                        ]
                    ),
                ),
                (
                    "carrier",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="lines.carrier"),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("carrier", "user"), name="membership_once")],
            },
        ),
        *protect("desk_membership"),
    ]
