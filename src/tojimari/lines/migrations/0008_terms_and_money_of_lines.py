"""Lay out what the terms of a plan say of its end, and what the books say of a line's money besides its bills."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from tojimari.platform.database.rls import protect


class Migration(migrations.Migration):
    dependencies = [
        ("lines", "0007_service_by_line_and_kind"),
    ]

    operations = [
        migrations.AddField(
            model_name="plan",
            name="contract_cost_yen",
            field=models.PositiveIntegerField(
                db_default=0, default=0, help_text="What the terms ask once for making the contract."
            ),
        ),
        migrations.AddField(
            model_name="plan",
            name="early_exit",
            field=models.TextField(
                blank=True,
                choices=[
                    ("initial_cancellation", "Initial Cancellation"),
                    ("confirmation_measure", "Confirmation Measure"),
                    ("none", "None"),
                ],
                db_default="",
                default="",
            ),
        ),
        migrations.AddField(
            model_name="plan",
            name="penalty_yen",
            field=models.PositiveIntegerField(
                db_default=0,
                default=0,
                help_text="What the terms ask for an end within the bound term, before any cap.",
            ),
        ),
        migrations.AddField(
            model_name="plan",
            name="refunds_balance",
            field=models.BooleanField(
                db_default=False, default=False, help_text="What is left of a prepaid balance is paid back."
            ),
        ),
        migrations.AddField(
            model_name="plan",
            name="rounding",
            field=models.TextField(
                db_default="down", default="down", help_text="Of a fraction of a yen: down, up or half_up."
            ),
        ),
        migrations.AddField(
            model_name="plan",
            name="tiers",
            field=models.JSONField(
                db_default=models.Value([], models.JSONField()),
                default=list,
                help_text="Bands by use: [[3072, 1078], [null, 3278]]; MB in a month, the fee up to it.",
            ),
        ),
        migrations.CreateModel(
            name="LineMoney",
            fields=[
                (
                    "line",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="money",
                        serialize=False,
                        to="lines.line",
                    ),
                ),
                (
                    "usage_yen",
                    models.PositiveIntegerField(help_text="Use that is on no bill yet, beside the fee.", null=True),
                ),
                ("used_month", models.DateField(help_text="First day of the month that `used_mb` is of.", null=True)),
                ("used_mb", models.PositiveIntegerField(null=True)),
                ("deposit_yen", models.PositiveIntegerField(null=True)),
                ("installation_left_yen", models.PositiveIntegerField(help_text="As of today.", null=True)),
                (
                    "installation_month_yen",
                    models.PositiveIntegerField(help_text="By how much it declines each month.", null=True),
                ),
                ("instalments_left_yen", models.PositiveIntegerField(help_text="Of a device; they go on.", null=True)),
                (
                    "paid_in_advance_yen",
                    models.PositiveIntegerField(
                        help_text="Paid for this contract with the order or at the counter; no device in it.",
                        null=True,
                    ),
                ),
                ("started_on", models.DateField(help_text="Day on which the service began.", null=True)),
                (
                    "documents_on",
                    models.DateField(help_text="Day on which the contract document was received.", null=True),
                ),
                ("corrected_documents_on", models.DateField(null=True)),
                (
                    "bound_until",
                    models.DateField(help_text="Last day of the bound term; no penalty from the day after.", null=True),
                ),
                (
                    "carrier",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="lines.carrier",
                    ),
                ),
            ],
        ),
        *protect("lines_linemoney"),
    ]
