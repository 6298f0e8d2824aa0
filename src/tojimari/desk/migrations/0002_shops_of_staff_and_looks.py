"""Bind staff to shops, and write down who looked at whose data where the database itself refuses to change it."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from tojimari.platform.database.rls import protect

# A row may go once its own time is over, and not before; nothing ever changes one.
REFUSE_SQL = """
CREATE FUNCTION desk_look_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'who looked is append-only: % is refused', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR TRUNCATE ON desk_look
    FOR EACH STATEMENT EXECUTE FUNCTION desk_look_refuse();
CREATE TRIGGER kept BEFORE DELETE ON desk_look
    FOR EACH ROW WHEN (OLD.keep_until > now()) EXECUTE FUNCTION desk_look_refuse();
"""
ALLOW_SQL = """
DROP TRIGGER append_only ON desk_look;
DROP TRIGGER kept ON desk_look;
DROP FUNCTION desk_look_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("desk", "0001_tables"), ("lines", "__first__")]

    operations = [
        migrations.AddField(
            model_name="membership",
            name="shops",
            field=models.JSONField(
                default=list, help_text="Codes of the shops that the person is bound to; empty: all of them."
            ),
        ),
        migrations.CreateModel(
            name="Look",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("staff_id", models.BigIntegerField(help_text="The account that looked.")),
                ("role", models.TextField(help_text="In which role.")),
                ("page", models.TextField(help_text='Name of the page: "case", "find".')),
                (
                    "reference",
                    models.TextField(blank=True, help_text="Of the case or request shown; empty for a list of many."),
                ),
                (
                    "line_id",
                    models.BigIntegerField(blank=True, help_text="The line shown where there is no case.", null=True),
                ),
                ("keep_until", models.DateTimeField(help_text="Not deleted before; by the rule of its day.")),
                (
                    "carrier",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="lines.carrier"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["carrier", "at"], name="look_day"),
                    models.Index(fields=["carrier", "staff_id", "at"], name="look_of_staff"),
                    models.Index(
                        condition=models.Q(("reference", ""), _negated=True),
                        fields=["carrier", "reference", "at"],
                        name="look_at_case",
                    ),
                    models.Index(fields=["keep_until"], name="look_over"),
                ],
            },
        ),
        migrations.RunSQL(REFUSE_SQL, ALLOW_SQL),
        *protect("desk_look"),
    ]
