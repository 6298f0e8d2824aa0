"""Keep the account to which refunds go, sealed, and say of each refund that is paid where it went."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from tojimari.platform.database.rls import protect

KEPT_SQL = """
DROP TRIGGER kept ON money_refund;
CREATE TRIGGER kept BEFORE UPDATE ON money_refund FOR EACH ROW WHEN (
    (NEW.carrier_id, NEW.bill_id, NEW.cause, NEW.amount_yen, NEW.made_at)
        IS DISTINCT FROM (OLD.carrier_id, OLD.bill_id, OLD.cause, OLD.amount_yen, OLD.made_at)
    OR NEW.due_on > OLD.due_on
    OR OLD.paid_at IS NOT NULL AND (NEW.paid_at, NEW.paid_by, NEW.paid_number{more})
        IS DISTINCT FROM (OLD.paid_at, OLD.paid_by, OLD.paid_number{more_before})
) EXECUTE FUNCTION money_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("lines", "0011_invoice_number"),
        ("money", "0007_issuers_and_later_days"),
    ]

    operations = [
        migrations.CreateModel(
            name="RefundAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "where",
                    models.TextField(help_text="In which form it was told: `rules.identifiers.account.Where`."),
                ),
                ("sealed", models.BinaryField(help_text="Empty once its time is over.")),
                ("told_at", models.DateTimeField()),
                (
                    "taken_at",
                    models.DateTimeField(
                        help_text="Since when staff are paying. Empty: it may be told anew.", null=True
                    ),
                ),
                ("taken_by", models.TextField(blank=True, default="")),
                (
                    "bill",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refund_account",
                        to="money.finalbill",
                    ),
                ),
                (
                    "carrier",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="lines.carrier"),
                ),
            ],
        ),
        migrations.AddField(
            model_name="refund",
            name="paid_to",
            field=models.TextField(blank=True, default="", help_text="Where to: `PaidTo`. Empty in those of before."),
        ),
        migrations.RunSQL(
            KEPT_SQL.format(more=", NEW.paid_to", more_before=", OLD.paid_to"),
            KEPT_SQL.format(more="", more_before=""),
        ),
        *protect("money_refundaccount"),
    ]
