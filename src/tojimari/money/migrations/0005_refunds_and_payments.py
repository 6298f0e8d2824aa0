"""Lay out what comes in for a final bill, what goes back, what is billed beside it, and what providers told."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from tojimari.platform.database.rls import protect


class Migration(migrations.Migration):
    dependencies = [
        ("lines", "0008_terms_and_money_of_lines"),
        ("money", "0004_on_the_final_bill"),
    ]

    operations = [
        migrations.CreateModel(
            name="Incoming",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount_yen", models.PositiveIntegerField()),
                ("received_on", models.DateField(help_text="Japan time.")),
                (
                    "way",
                    models.TextField(
                        choices=[("transfer", "Transfer"), ("counter", "Counter"), ("provider", "Provider")]
                    ),
                ),
                ("number", models.TextField(help_text="Of the transfer, the paper receipt or the provider's payment.")),
                ("noted_by", models.TextField()),
                ("noted_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("message_id", models.TextField()),
                ("digest", models.TextField(help_text="SHA-256 of its body.")),
                ("status", models.PositiveSmallIntegerField()),
                ("answer", models.JSONField()),
                ("received_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Refund",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "cause",
                    models.TextField(help_text='What it rests on; one for each: "bill", "incoming:5", "supplement:7".'),
                ),
                ("amount_yen", models.PositiveIntegerField()),
                ("due_on", models.DateField(help_text="Japan time.")),
                ("made_at", models.DateTimeField()),
                ("nagged_at", models.DateTimeField(help_text="When it was last said that it is overdue.", null=True)),
                ("paid_at", models.DateTimeField(null=True)),
                ("paid_by", models.TextField(blank=True, default="")),
                (
                    "paid_number",
                    models.TextField(blank=True, default="", help_text="Of the transfer by which it was paid."),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Supplement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "source",
                    models.TextField(help_text="Number of the record or note that it rests on; none counts twice."),
                ),
                ("text_code", models.TextField(help_text='What it is for: "charge.late_roaming".')),
                (
                    "amount_yen",
                    models.IntegerField(help_text="Consumption tax included; below nothing for a correction."),
                ),
                (
                    "used_on",
                    models.DateField(help_text="Day of the use, Japan time; never after the last day of the contract."),
                ),
                ("issued_at", models.DateTimeField()),
                ("issued_by", models.TextField()),
            ],
        ),
        migrations.AddField(
            model_name="finalbill",
            name="provisional_until",
            field=models.DateField(
                help_text="Last day, Japan time, on which late use may still come. Empty: none can come.", null=True
            ),
        ),
        migrations.AddField(
            model_name="finalbill",
            name="settled_at",
            field=models.DateTimeField(help_text="Since then it is final.", null=True),
        ),
        migrations.AddField(
            model_name="finalbill",
            name="tax",
            field=models.JSONField(
                db_default=models.Value([], models.JSONField()),
                default=list,
                help_text="The consumption tax within, by rate.",
            ),
        ),
        migrations.AlterField(
            model_name="finalbill",
            name="total_yen",
            field=models.IntegerField(help_text="Below nothing: so much goes back."),
        ),
        migrations.AddIndex(
            model_name="finalbill",
            index=models.Index(
                condition=models.Q(("provisional_until__isnull", False), ("settled_at", None)),
                fields=["provisional_until"],
                name="bill_provisional",
            ),
        ),
        migrations.AddField(
            model_name="incoming",
            name="bill",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="incoming", to="money.finalbill"
            ),
        ),
        migrations.AddField(
            model_name="incoming",
            name="carrier",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="lines.carrier"),
        ),
        migrations.AddField(
            model_name="notice",
            name="carrier",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="lines.carrier"),
        ),
        migrations.AddField(
            model_name="refund",
            name="bill",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="refunds", to="money.finalbill"
            ),
        ),
        migrations.AddField(
            model_name="refund",
            name="carrier",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="lines.carrier"),
        ),
        migrations.AddField(
            model_name="supplement",
            name="bill",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="supplements", to="money.finalbill"
            ),
        ),
        migrations.AddField(
            model_name="supplement",
            name="carrier",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="lines.carrier"),
        ),
        migrations.AddConstraint(
            model_name="incoming",
            constraint=models.UniqueConstraint(fields=("carrier", "way", "number"), name="incoming_number"),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(fields=("carrier", "message_id"), name="notice_once"),
        ),
        migrations.AddIndex(
            model_name="refund",
            index=models.Index(condition=models.Q(("paid_at", None)), fields=["carrier", "due_on"], name="refund_due"),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.UniqueConstraint(fields=("bill", "cause"), name="refund_once"),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("paid_at", None), ("paid_by", "")),
                    models.Q(
                        ("paid_at__isnull", False),
                        models.Q(("paid_by", ""), _negated=True),
                        models.Q(("paid_number", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="refund_paid_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="supplement",
            constraint=models.UniqueConstraint(fields=("carrier", "source"), name="supplement_source"),
        ),
        *protect("money_incoming", "money_notice", "money_refund", "money_supplement"),
    ]
