"""Say until when bills are to be paid and since when they are, and let the database keep what money rests on."""

from __future__ import annotations

from django.db import migrations, models

# A refund is a debt to a person: it never goes, never shrinks, is never put off, and is paid once. What came in and
# what was billed beside a final bill are never changed at all.
REFUSE_SQL = """
CREATE FUNCTION money_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are kept as they are: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON money_refund
    FOR EACH STATEMENT EXECUTE FUNCTION money_refuse();
CREATE TRIGGER kept BEFORE UPDATE ON money_refund FOR EACH ROW WHEN (
    (NEW.carrier_id, NEW.bill_id, NEW.cause, NEW.amount_yen, NEW.made_at)
        IS DISTINCT FROM (OLD.carrier_id, OLD.bill_id, OLD.cause, OLD.amount_yen, OLD.made_at)
    OR NEW.due_on > OLD.due_on
    OR OLD.paid_at IS NOT NULL AND (NEW.paid_at, NEW.paid_by, NEW.paid_number)
        IS DISTINCT FROM (OLD.paid_at, OLD.paid_by, OLD.paid_number)
) EXECUTE FUNCTION money_refuse();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON money_incoming
    FOR EACH STATEMENT EXECUTE FUNCTION money_refuse();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON money_supplement
    FOR EACH STATEMENT EXECUTE FUNCTION money_refuse();
"""
ALLOW_SQL = """
DROP TRIGGER append_only ON money_supplement;
DROP TRIGGER append_only ON money_incoming;
DROP TRIGGER kept ON money_refund;
DROP TRIGGER append_only ON money_refund;
DROP FUNCTION money_refuse();
"""

# Bills of before: paid are those of which nothing is left, reckoned as `money.queries.Balance` does.
PAID_UP_SQL = """
UPDATE money_finalbill AS bill SET paid_up_at = bill.issued_at
WHERE bill.total_yen
    + coalesce((SELECT sum(amount_yen) FROM money_supplement WHERE bill_id = bill.id), 0)
    + coalesce((SELECT sum(amount_yen) FROM money_refund WHERE bill_id = bill.id), 0)
    - coalesce((SELECT sum(amount_yen) FROM money_incoming WHERE bill_id = bill.id), 0)
    - coalesce((
        SELECT sum(paid.amount_yen) FROM money_payment AS paid
        WHERE paid.case_id = bill.case_id AND EXISTS (
            SELECT FROM jsonb_array_elements(bill.lines) AS one
            WHERE one->>'text_code' = 'charge.early_use'
                OR one->>'text_code' = 'charge.unpaid_bill' AND one->>'month' = paid.month
        )
    ), 0) <= 0;
"""


class Migration(migrations.Migration):
    dependencies = [("money", "0005_refunds_and_payments")]

    operations = [
        migrations.AddField(
            model_name="finalbill",
            name="due_on",
            field=models.DateField(
                help_text="Day, Japan time, until which it is to be paid. Empty: nothing is asked for.", null=True
            ),
        ),
        migrations.AddField(
            model_name="finalbill",
            name="paid_up_at",
            field=models.DateTimeField(
                help_text="Since then nothing is left to pay. Empty again when late use is billed.", null=True
            ),
        ),
        migrations.AddIndex(
            model_name="finalbill",
            index=models.Index(
                condition=models.Q(("paid_up_at", None)), fields=["carrier", "due_on"], name="bill_unpaid"
            ),
        ),
        migrations.AddField(
            model_name="supplement",
            name="due_on",
            field=models.DateField(
                help_text="Day, Japan time, until which it is to be paid. Empty for a correction.", null=True
            ),
        ),
        migrations.RunSQL(PAID_UP_SQL, migrations.RunSQL.noop),
        migrations.RunSQL(REFUSE_SQL, ALLOW_SQL),
    ]
