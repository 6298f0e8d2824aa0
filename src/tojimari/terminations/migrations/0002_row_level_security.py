"""Which rows of this room does a carrier see? Its own. And how are rows that change often kept compact?"""

from __future__ import annotations

from django.db import migrations

from tojimari.platform.database.rls import protect


class Migration(migrations.Migration):
    dependencies = [("terminations", "0001_tables")]

    operations = [
        *protect("terminations_procedure", "terminations_termination", "terminations_step"),
        # A step changes three times and a case four times: room on their own page saves a new place each time.
        migrations.RunSQL(
            "ALTER TABLE terminations_step SET (fillfactor = 60); "
            "ALTER TABLE terminations_termination SET (fillfactor = 60)",
            "ALTER TABLE terminations_step RESET (fillfactor); ALTER TABLE terminations_termination RESET (fillfactor)",
        ),
    ]
