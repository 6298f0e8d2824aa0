"""Keep what comparisons of books and network have found; the database itself lets nobody change it afterwards."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from tojimari.platform.database.rls import protect

TABLES = ("network_reconciliation", "network_finding", "network_settlement")

REFUSE_SQL = """
CREATE FUNCTION network_reconciling_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was found is append-only: % is refused', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
""" + "".join(
    f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION network_reconciling_refuse();\n"
    for table in TABLES
)
ALLOW_SQL = (
    "".join(f"DROP TRIGGER append_only ON {table};\n" for table in TABLES)
    + "DROP FUNCTION network_reconciling_refuse();"
)


class Migration(migrations.Migration):
    dependencies = [("network", "0003_activation_jobs")]

    operations = [
        migrations.CreateModel(
            name="Reconciliation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("carrier_id", models.BigIntegerField()),
                ("reference", models.TextField(unique=True)),
                ("as_of", models.DateTimeField(help_text="The moment that the export, or the reading, shows.")),
                ("begun_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField()),
                ("asked_by", models.TextField(help_text='"carrier:shell", "system".')),
                (
                    "sources",
                    models.JSONField(help_text="What was read: source, name, rows, rows that could not be used."),
                ),
                ("lines", models.PositiveIntegerField(help_text="Lines in the books.")),
                (
                    "counts",
                    models.JSONField(
                        help_text="How many findings of each kind; a kind that is missing was not looked for."
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["carrier_id", "-begun_at"], name="reconciliation_newest")],
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("carrier_id", models.BigIntegerField()),
                ("kind", models.TextField()),
                ("source", models.TextField()),
                (
                    "line_id",
                    models.BigIntegerField(help_text="Empty where no line of the books explains it.", null=True),
                ),
                (
                    "key",
                    models.TextField(
                        blank=True, help_text="How the element or the file names the row; identifiers masked."
                    ),
                ),
                (
                    "ends",
                    models.TextField(blank=True, help_text="The identifier that matters, its last four digits."),
                ),
                ("detail", models.TextField(blank=True)),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="network.reconciliation",
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["run", "kind", "id"], name="finding_of_run")]},
        ),
        migrations.CreateModel(
            name="Settlement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("carrier_id", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("by", models.TextField(help_text='"staff:7"')),
                ("name", models.TextField(help_text="Their name on that day.")),
                ("note", models.TextField(help_text="Long runs of digits cut to their last four.")),
                (
                    "finding",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="settlement",
                        to="network.finding",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(REFUSE_SQL, ALLOW_SQL),
        *protect(*TABLES),
    ]
