"""Where does it stand what activation platforms were asked for?"""

from __future__ import annotations

from django.db import migrations, models

from tojimari.platform.database.rls import protect


class Migration(migrations.Migration):
    dependencies = [("network", "0002_profiles")]

    operations = [
        migrations.CreateModel(
            name="ActivationJob",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("carrier_id", models.BigIntegerField()),
                ("lane", models.TextField(help_text="Name of the element.")),
                ("service", models.TextField(help_text="Id of the service at the platform.")),
                ("wish", models.TextField(help_text="What it was asked to become.")),
                (
                    "monitor",
                    models.TextField(
                        blank=True,
                        help_text="Where the platform tells how far it is; empty: it has not said, or its answer was "
                        "lost.",
                    ),
                ),
                ("asked_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("service", "lane", "carrier_id"), name="activation_job_one_a_service"
                    )
                ],
            },
        ),
        *protect("network_activationjob"),
    ]
