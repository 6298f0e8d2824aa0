"""Where stands what certificates name of the carrier, and which numbers rest until when?"""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from tojimari.platform.database.rls import protect


class Migration(migrations.Migration):
    dependencies = [("lines", "0009_line_changed_at")]

    operations = [
        migrations.AddField(
            model_name="carrier",
            name="legal_name",
            field=models.TextField(
                blank=True, db_default="", help_text="Of the company, as it is registered; it stands in certificates."
            ),
        ),
        migrations.AddField(
            model_name="carrier",
            name="registration",
            field=models.TextField(
                blank=True,
                db_default="",
                help_text="Number under which it is registered or notified as a telecommunications carrier "
                "(Telecommunications Business Act, Articles 9 and 16).",
            ),
        ),
        migrations.AddField(
            model_name="carrier",
            name="rest_days",
            field=models.PositiveSmallIntegerField(
                blank=True, help_text="Days for which numbers of this carrier rest, where it says so itself.", null=True
            ),
        ),
        migrations.AddField(
            model_name="line",
            name="ported_in",
            field=models.BooleanField(
                db_default=False, default=False, help_text="The number came from another carrier, and goes back there."
            ),
        ),
        migrations.CreateModel(
            name="RestingNumber",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("msisdn", models.TextField()),
                (
                    "free_from",
                    models.DateField(help_text="First day on which it may be given out again, in Japan."),
                ),
                (
                    "carrier",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="lines.carrier"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("carrier", "msisdn"), name="resting_number")],
            },
        ),
        *protect("lines_restingnumber"),
    ]
