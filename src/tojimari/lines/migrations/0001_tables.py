"""Make the tables of carriers, subscribers, lines and what runs on them."""

from __future__ import annotations

import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Carrier",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("slug", models.SlugField(unique=True)),
                ("name_ja", models.TextField()),
                ("name_en", models.TextField()),
                ("name_zh_hans", models.TextField()),
                ("name_zh_hant", models.TextField()),
                (
                    "hosts",
                    models.JSONField(
                        default=list,
                        help_text="Host names under which this carrier's portal is reached.",
                    ),
                ),
                (
                    "elements",
                    models.JSONField(
                        default=dict,
                        help_text='Element by line kind or service: {"physical_sim": "default", "roaming": "by_hand"}.',
                    ),
                ),
                (
                    "hotline",
                    models.TextField(
                        blank=True,
                        help_text="Where a person is reached, in international form.",
                    ),
                ),
                (
                    "designated",
                    models.BooleanField(
                        default=False,
                        help_text="Designated under Article 27-3 of the Telecommunications Business Act.",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Plan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("code", models.TextField()),
                ("name", models.TextField()),
                ("monthly_fee_yen", models.PositiveIntegerField()),
                (
                    "final_month_policy",
                    models.TextField(
                        choices=[
                            ("full_month", "Full Month"),
                            ("daily_prorata", "Daily Prorata"),
                            ("usage_tier", "Usage Tier"),
                            ("prepaid_none", "Prepaid None"),
                        ],
                        default="full_month",
                    ),
                ),
                ("prepaid", models.BooleanField(default=False)),
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
        migrations.CreateModel(
            name="Line",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "kind",
                    models.TextField(choices=[("physical_sim", "Physical Sim"), ("esim", "Esim")]),
                ),
                ("msisdn", models.TextField(blank=True)),
                ("imsi", models.TextField(blank=True)),
                ("iccid", models.TextField()),
                ("eid", models.TextField(blank=True)),
                (
                    "order_number",
                    models.TextField(
                        blank=True,
                        help_text="Contract knowledge that is not printed on the SIM.",
                    ),
                ),
                (
                    "order_key",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.text.Upper(
                            django.db.models.functions.text.Replace("order_number", models.Value("-"))
                        ),
                        help_text="The order number as it is searched for: upper case, without dashes.",
                        output_field=models.TextField(),
                    ),
                ),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("active", "Active"),
                            ("pending_terminate", "Pending Terminate"),
                            ("terminated", "Terminated"),
                            ("ported_out", "Ported Out"),
                        ],
                        default="active",
                    ),
                ),
                (
                    "contract_on",
                    models.DateField(help_text="Day of the contract, Japan time."),
                ),
                (
                    "valid_until",
                    models.DateField(
                        blank=True,
                        help_text="Last day of a prepaid plan, Japan time.",
                        null=True,
                    ),
                ),
                ("balance_yen", models.IntegerField(default=0)),
                ("last_used_on", models.DateField(blank=True, null=True)),
                (
                    "number_off_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="Since then nothing is sent to the number and it is nobody's login.",
                        null=True,
                    ),
                ),
                (
                    "ended_at",
                    models.DateTimeField(blank=True, help_text="End of the contract.", null=True),
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
                (
                    "plan",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="lines.plan",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Service",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("data", "Data"),
                            ("voice", "Voice"),
                            ("roaming", "Roaming"),
                            ("option", "Option"),
                        ]
                    ),
                ),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("active", "Active"),
                            ("pending_terminate", "Pending Terminate"),
                            ("terminated", "Terminated"),
                        ],
                        default="active",
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "carrier",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="lines.carrier",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="services",
                        to="lines.line",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Subscriber",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "number",
                    models.TextField(help_text="The carrier's own customer number."),
                ),
                ("name_latin", models.TextField(blank=True)),
                ("name_kana", models.TextField(blank=True)),
                ("name_kanji", models.TextField(blank=True)),
                ("language", models.TextField(default="ja")),
                ("corporate", models.BooleanField(default=False)),
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
        migrations.AddField(
            model_name="line",
            name="subscriber",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lines",
                to="lines.subscriber",
            ),
        ),
        migrations.CreateModel(
            name="ContactPoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "kind",
                    models.TextField(choices=[("email", "Email"), ("sms", "Sms")]),
                ),
                ("value", models.TextField()),
                ("verified_at", models.DateTimeField(blank=True, null=True)),
                (
                    "carrier",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="lines.carrier",
                    ),
                ),
                (
                    "subscriber",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contacts",
                        to="lines.subscriber",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Bill",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("month", models.DateField(help_text="First day of the month billed.")),
                ("amount_yen", models.PositiveIntegerField()),
                ("due_on", models.DateField()),
                ("paid_on", models.DateField(blank=True, null=True)),
                (
                    "carrier",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="lines.carrier",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bills",
                        to="lines.line",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("line", "month"), name="bill_month")],
            },
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.UniqueConstraint(fields=("carrier", "code"), name="plan_code"),
        ),
        migrations.AddConstraint(
            model_name="service",
            constraint=models.UniqueConstraint(fields=("line", "kind"), name="service_once"),
        ),
        migrations.AddConstraint(
            model_name="subscriber",
            constraint=models.UniqueConstraint(fields=("carrier", "number"), name="subscriber_number"),
        ),
        migrations.AddIndex(
            model_name="line",
            index=models.Index(
                condition=models.Q(("order_key", ""), _negated=True),
                fields=["carrier", "order_key"],
                name="line_order_key",
            ),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.UniqueConstraint(fields=("carrier", "iccid"), name="line_iccid"),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    models.Q(("state", "terminated"), _negated=True),
                    models.Q(("imsi", ""), _negated=True),
                ),
                fields=("carrier", "imsi"),
                name="line_imsi",
            ),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["terminated", "ported_out"]), _negated=True),
                    models.Q(("msisdn", ""), _negated=True),
                ),
                fields=("carrier", "msisdn"),
                name="line_msisdn",
            ),
        ),
        migrations.AddConstraint(
            model_name="contactpoint",
            constraint=models.UniqueConstraint(fields=("subscriber", "kind", "value"), name="contact_once"),
        ),
    ]
