"""Lay out the trees of the days, and let the database refuse to change what was signed."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from tojimari.platform.database.rls import protect

FIXED = ("proofs_root", "proofs_stamp", "proofs_leaf", "proofs_block")

REFUSE_SQL = """
CREATE FUNCTION proofs_day_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the trees of the days are append-only: % is refused', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
""" + "".join(
    f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION proofs_day_refuse();\n"
    for table in FIXED
)
ALLOW_SQL = "".join(f"DROP TRIGGER append_only ON {table};" for table in FIXED) + "DROP FUNCTION proofs_day_refuse();"


def _id() -> models.BigAutoField[int, int]:
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [("lines", "0001_tables"), ("proofs", "0001_history")]

    operations = [
        migrations.CreateModel(
            name="Root",
            fields=[
                ("id", _id()),
                (
                    "number",
                    models.PositiveIntegerField(help_text="1 for the first; no number is missing.", unique=True),
                ),
                ("day", models.DateField(help_text="In Japan.", unique=True)),
                ("size", models.PositiveIntegerField(help_text="How many leaves it has.")),
                ("root", models.BinaryField(help_text="Merkle tree hash of RFC 6962.")),
                ("jws", models.TextField(help_text="The signed statement, as it is published.")),
                ("covered_to", models.BigIntegerField(help_text="No event up to this one is left to a later day.")),
                ("issued_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Stamp",
            fields=[
                ("id", _id()),
                ("answer", models.BinaryField(help_text="TimeStampResp, DER.")),
                ("stamped_at", models.DateTimeField(help_text="By the authority's clock.")),
                (
                    "root",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="stamp", to="proofs.root"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Leaf",
            fields=[
                ("id", _id()),
                ("index", models.PositiveIntegerField(help_text="Its place in the tree, 0 for the first.")),
                ("case_id", models.BigIntegerField()),
                ("head", models.BinaryField(help_text="Hash of the newest entry of the history.")),
                ("events", models.PositiveIntegerField(help_text="How many entries the history had.")),
                (
                    "certificate",
                    models.BinaryField(help_text="SHA-256 of the JWS; empty where there was no certificate yet."),
                ),
                ("salt", models.BinaryField(help_text="16 random bytes.")),
                (
                    "carrier",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="lines.carrier"),
                ),
                (
                    "root",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="proofs.root"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("case_id", "root"), name="leaf_once_a_day")],
            },
        ),
        migrations.CreateModel(
            name="Block",
            fields=[
                ("id", _id()),
                ("number", models.PositiveIntegerField(help_text="0 for the first of the day.")),
                ("hashes", models.BinaryField(help_text="32 bytes for each leaf.")),
                ("hash", models.BinaryField(help_text="Root of the subtree over them.")),
                (
                    "root",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="proofs.root"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("root", "number"), name="block_number")],
            },
        ),
        migrations.RunSQL(REFUSE_SQL, ALLOW_SQL),
        *protect("proofs_leaf"),
    ]
