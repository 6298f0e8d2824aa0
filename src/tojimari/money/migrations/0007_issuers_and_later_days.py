"""Keep with a final bill who issued it, and let a day to pay that nobody could say be said later, once."""

from __future__ import annotations

from django.db import migrations, models

# A bill is a document: what it asks for and who issued it stay, whatever the carrier says of itself later. The day to
# pay of a supplementary bill may be said where none was; nothing else of it moves.
KEEP_SQL = """
CREATE TRIGGER kept BEFORE UPDATE ON money_finalbill FOR EACH ROW WHEN (
    (NEW.carrier_id, NEW.case_id, NEW.reference, NEW.line_id, NEW.lines, NEW.total_yen, NEW.tax, NEW.issuer,
        NEW.issued_at)
    IS DISTINCT FROM (OLD.carrier_id, OLD.case_id, OLD.reference, OLD.line_id, OLD.lines, OLD.total_yen, OLD.tax,
        OLD.issuer, OLD.issued_at)
) EXECUTE FUNCTION money_refuse();
DROP TRIGGER append_only ON money_supplement;
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON money_supplement
    FOR EACH STATEMENT EXECUTE FUNCTION money_refuse();
CREATE TRIGGER kept BEFORE UPDATE ON money_supplement FOR EACH ROW WHEN (
    OLD.due_on IS NOT NULL OR to_jsonb(NEW) - 'due_on' IS DISTINCT FROM to_jsonb(OLD) - 'due_on'
) EXECUTE FUNCTION money_refuse();
"""
BACK_SQL = """
DROP TRIGGER kept ON money_supplement;
DROP TRIGGER append_only ON money_supplement;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON money_supplement
    FOR EACH STATEMENT EXECUTE FUNCTION money_refuse();
DROP TRIGGER kept ON money_finalbill;
"""


class Migration(migrations.Migration):
    dependencies = [("money", "0006_due_days_and_fixed_rows")]

    operations = [
        migrations.AddField(
            model_name="finalbill",
            name="issuer",
            field=models.JSONField(
                help_text="Who issued it, as of that day. Empty in bills of before: as the carrier is today.",
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="finalbill",
            name="due_on",
            field=models.DateField(
                help_text="Day, Japan time, until which it is to be paid. Empty: nothing is asked for, or nobody can "
                "say yet.",
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="supplement",
            name="due_on",
            field=models.DateField(
                help_text="Day, Japan time, until which it is to be paid. Empty for a correction, or nobody can say "
                "yet.",
                null=True,
            ),
        ),
        migrations.RunSQL(KEEP_SQL, BACK_SQL),
    ]
