"""Lay out the history and the certificates, and let the database itself refuse to change the history."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from tojimari.platform.database.rls import protect

# Per statement, not per row: it also refuses a statement that happens to find no row, and costs inserts nothing.
REFUSE_SQL = """
CREATE FUNCTION proofs_event_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the history is append-only: % is refused', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON proofs_event
    FOR EACH STATEMENT EXECUTE FUNCTION proofs_event_refuse();
"""
ALLOW_SQL = "DROP TRIGGER append_only ON proofs_event; DROP FUNCTION proofs_event_refuse();"


class Migration(migrations.Migration):
    initial = True

    dependencies = [("lines", "0001_tables")]

    operations = [
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case_id",
                    models.BigIntegerField(
                        help_text="The termination's row. No foreign key: the history outlives it.",
                    ),
                ),
                ("reference", models.TextField()),
                ("number", models.PositiveIntegerField(help_text="1 for the first entry of the case.")),
                ("at", models.DateTimeField()),
                ("name", models.TextField(help_text='Stable dotted name, such as "termination.requested".')),
                ("actor", models.TextField()),
                ("data", models.JSONField(default=dict)),
                ("prev", models.BinaryField(help_text="Hash of the entry before, 32 zero bytes for the first.")),
                ("hash", models.BinaryField(help_text="SHA-256 over this entry and `prev`.")),
                (
                    "carrier",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="lines.carrier"),
                ),
            ],
            options={
                "indexes": [models.Index(condition=models.Q(("number", 1)), fields=["reference"], name="event_first")],
                "constraints": [models.UniqueConstraint(fields=("case_id", "number"), name="event_number")],
            },
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("case_id", models.BigIntegerField(unique=True)),
                ("reference", models.TextField(unique=True)),
                ("kid", models.TextField(help_text="RFC 7638 thumbprint of the key that signed it.")),
                ("jws", models.TextField(help_text="JWS compact serialisation (RFC 7515).")),
                ("issued_at", models.DateTimeField()),
                (
                    "carrier",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="lines.carrier"),
                ),
            ],
        ),
        migrations.RunSQL(REFUSE_SQL, ALLOW_SQL),
        # A signed text does not compress: trying to costs more than everything else about keeping it.
        migrations.RunSQL(
            "ALTER TABLE proofs_certificate ALTER COLUMN jws SET STORAGE EXTERNAL",
            "ALTER TABLE proofs_certificate ALTER COLUMN jws SET STORAGE EXTENDED",
        ),
        *protect("proofs_event", "proofs_certificate"),
    ]
