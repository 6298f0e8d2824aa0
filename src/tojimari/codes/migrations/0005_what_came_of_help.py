"""What came of a request for help: a note, or a case that staff opened for the person?"""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("codes", "0004_passkeys")]

    operations = [
        migrations.AddField(
            model_name="helprequest",
            name="case",
            field=models.TextField(blank=True, help_text="Reference of the case that came of it."),
        ),
        migrations.AddField(
            model_name="helprequest",
            name="outcome",
            field=models.TextField(
                blank=True, choices=[("noted", "Noted"), ("case", "Case")], help_text="Empty while it is open."
            ),
        ),
        migrations.AddField(
            model_name="helprequest",
            name="prepared",
            field=models.BinaryField(
                default=b"",
                help_text="Whom staff identified, how, and what they want to open for them; sealed, wiped with it.",
            ),
        ),
        migrations.AddField(
            model_name="helprequest",
            name="prepared_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="helprequest",
            name="prepared_by",
            field=models.TextField(blank=True, help_text='Who identified the person: "staff:7".'),
        ),
        migrations.RunSQL(
            "UPDATE codes_helprequest SET outcome = 'noted' WHERE state = 'answered'", migrations.RunSQL.noop
        ),
    ]
