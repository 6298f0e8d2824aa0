"""Lay out the queue of a shop, its bags of returned cards with their hand-overs, and the forms that were signed."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from tojimari.platform.database.rls import protect


class Migration(migrations.Migration):
    dependencies = [
        ("counter", "0001_shops_and_visits"),
        ("lines", "0004_line_by_eid"),
    ]

    operations = [
        migrations.AddField(
            model_name="visit",
            name="called_at",
            field=models.DateTimeField(blank=True, help_text="When the visitor was called to the counter.", null=True),
        ),
        migrations.AddField(
            model_name="visit",
            name="called_by",
            field=models.TextField(blank=True, help_text='Who called: "staff:7".'),
        ),
        migrations.AlterField(
            model_name="visit",
            name="state",
            field=models.TextField(
                choices=[
                    ("booked", "Booked"),
                    ("moved", "Moved"),
                    ("cancelled", "Cancelled"),
                    ("came", "Came"),
                    ("no_show", "No Show"),
                    ("walk_in", "Walk In"),
                ],
                default="booked",
            ),
        ),
        migrations.CreateModel(
            name="HandOver",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(help_text="Counted within the shop, from 1.")),
                ("receiver", models.TextField(help_text="Who took the bags: a company, a person.")),
                ("cards", models.PositiveIntegerField(help_text="How many cards the bags hold by our records.")),
                ("counted", models.PositiveIntegerField(help_text="How many were counted when they were handed over.")),
                ("explanation", models.TextField(blank=True, help_text="Why the two differ.")),
                ("made_at", models.DateTimeField()),
                ("made_by", models.TextField()),
                (
                    "carrier",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sim_hand_overs",
                        to="lines.carrier",
                    ),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hand_overs",
                        to="counter.shop",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Bag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(help_text="Counted within the shop, from 1.")),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("closed_by", models.TextField(blank=True)),
                (
                    "cards",
                    models.PositiveIntegerField(blank=True, help_text="How many it holds by our records.", null=True),
                ),
                (
                    "counted",
                    models.PositiveIntegerField(blank=True, help_text="How many were counted at closing.", null=True),
                ),
                ("explanation", models.TextField(blank=True, help_text="Why the two differ.")),
                (
                    "carrier",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="lines.carrier"),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bags",
                        to="counter.shop",
                    ),
                ),
                (
                    "hand_over",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bags",
                        to="counter.handover",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReturnedCard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("case_id", models.BigIntegerField(help_text="The termination it came back for.", unique=True)),
                ("reference", models.TextField(help_text="The case's public reference.")),
                (
                    "ending",
                    models.TextField(
                        help_text='The last digits of its ICCID: "…0010"; empty when they cannot be read.'
                    ),
                ),
                ("condition", models.TextField(help_text='"returned" or "damaged".')),
                ("taken_at", models.DateTimeField()),
                ("taken_by", models.TextField()),
                (
                    "bag",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="returned",
                        to="counter.bag",
                    ),
                ),
                (
                    "carrier",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="lines.carrier"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SignedForm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("case_id", models.BigIntegerField(help_text="The termination it belongs to.", unique=True)),
                ("language", models.TextField(help_text="In which language, beside Japanese, the form was shown.")),
                ("digest", models.TextField(help_text="SHA-256 of the words of the form.")),
                ("how", models.TextField(help_text='"screen" or "paper".')),
                (
                    "strokes",
                    models.BinaryField(
                        default=b"", help_text="The signature as an SVG path, sealed; empty when on paper."
                    ),
                ),
                ("signed_at", models.DateTimeField()),
                ("taken_by", models.TextField()),
                (
                    "carrier",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="lines.carrier"),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.UniqueConstraint(fields=("shop", "number"), name="hand_over_number"),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("counted", models.F("cards")), models.Q(("explanation", ""), _negated=True), _connector="OR"
                ),
                name="hand_over_difference_explained",
            ),
        ),
        migrations.AddIndex(
            model_name="bag",
            index=models.Index(fields=["hand_over"], name="bag_of_hand_over"),
        ),
        migrations.AddConstraint(
            model_name="bag",
            constraint=models.UniqueConstraint(fields=("shop", "number"), name="bag_number"),
        ),
        migrations.AddConstraint(
            model_name="bag",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at", None)), fields=("shop",), name="bag_one_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="bag",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closed_at", None),
                    ("counted", models.F("cards")),
                    models.Q(("explanation", ""), _negated=True),
                    _connector="OR",
                ),
                name="bag_difference_explained",
            ),
        ),
        migrations.AddConstraint(
            model_name="bag",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at", None), ("hand_over", None)),
                    models.Q(("cards__isnull", False), ("counted__isnull", False)),
                    _connector="OR",
                ),
                name="bag_counted",
            ),
        ),
        migrations.AddIndex(
            model_name="returnedcard",
            index=models.Index(condition=models.Q(("bag", None)), fields=["carrier"], name="card_in_no_bag"),
        ),
        *protect("counter_handover", "counter_bag", "counter_returnedcard", "counter_signedform"),
    ]
