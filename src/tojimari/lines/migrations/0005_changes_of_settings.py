"""Where stands who changed which setting of a carrier, and who sees to it that this stays as it was written?"""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from tojimari.platform.database.rls import protect

REFUSE_SQL = """
CREATE FUNCTION lines_change_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'changes of settings are append-only: % is refused', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON lines_change
    FOR EACH STATEMENT EXECUTE FUNCTION lines_change_refuse();
"""
ALLOW_SQL = "DROP TRIGGER append_only ON lines_change; DROP FUNCTION lines_change_refuse();"


class Migration(migrations.Migration):
    dependencies = [("lines", "0004_line_by_eid")]

    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("setting", models.TextField(help_text='Which one: "procedure.esim", "contact".')),
                ("at", models.DateTimeField()),
                ("by", models.TextField(help_text='Who: "staff:7".')),
                ("name", models.TextField(help_text="Their name on that day.")),
                ("before", models.TextField(blank=True)),
                (
                    "after",
                    models.TextField(blank=True, help_text="Empty: back to what ships with the installation."),
                ),
                (
                    "carrier",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="lines.carrier"),
                ),
            ],
            options={"indexes": [models.Index(fields=["carrier", "setting", "-id"], name="change_of_setting")]},
        ),
        migrations.RunSQL(REFUSE_SQL, ALLOW_SQL),
        *protect("lines_change"),
    ]
