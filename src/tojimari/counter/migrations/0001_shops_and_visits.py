"""Lay out shops and the visits to them, and let the database itself refuse a seat that is taken."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from tojimari.platform.database.rls import protect

# Ranges of one number stand for equality: GiST knows ranges by itself, while plain numbers would need an extension.
ONE_VISIT_A_SEAT = """
ALTER TABLE counter_visit ADD CONSTRAINT visit_seat EXCLUDE USING gist (
    int8range(shop_id, shop_id, '[]') WITH &&,
    int4range(seat, seat, '[]') WITH &&,
    tstzrange(starts_at, ends_at) WITH &&
) WHERE (state IN ('booked', 'came'))
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("lines", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Shop",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.SlugField(
                        help_text="The carrier's own short name of the shop; stands in addresses of pages."
                    ),
                ),
                ("name_ja", models.TextField()),
                ("name_en", models.TextField()),
                ("name_zh_hans", models.TextField()),
                ("name_zh_hant", models.TextField()),
                (
                    "address_ja",
                    models.TextField(help_text="As written in Japan; drivers and Chinese readers can read it."),
                ),
                ("address_en", models.TextField()),
                ("postcode", models.TextField(help_text="Seven digits.")),
                ("latitude", models.FloatField(help_text="Degrees, WGS 84.")),
                ("longitude", models.FloatField(help_text="Degrees, WGS 84.")),
                (
                    "stations",
                    models.JSONField(
                        default=list,
                        help_text='Nearest first, named in each language: [{"ja": "新宿", "en": "Shinjuku"}].',
                    ),
                ),
                (
                    "languages",
                    models.JSONField(default=list, help_text='Languages spoken at the counter: ["ja", "en"].'),
                ),
                ("phone", models.TextField(help_text="In international form.")),
                ("capacity", models.PositiveSmallIntegerField(default=1, help_text="Visits at the same time.")),
                ("slot_minutes", models.PositiveSmallIntegerField(default=20, help_text="How long a visit takes.")),
                (
                    "hours",
                    models.JSONField(
                        default=dict, help_text='By weekday: {"mon": [["10:00", "19:00"]]}. See rules.opening.'
                    ),
                ),
                ("closed_days", models.JSONField(default=list, help_text='Single days as ISO dates: ["2026-12-31"].')),
                ("closed_on_holidays", models.BooleanField(default=False, help_text="Closed on national holidays.")),
                ("active", models.BooleanField(default=True, help_text="Takes visits.")),
                (
                    "carrier",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="lines.carrier"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case_id",
                    models.BigIntegerField(help_text="The termination it is for. No foreign key: cases live above."),
                ),
                ("reference", models.TextField(help_text="The case's public reference.")),
                (
                    "code",
                    models.TextField(help_text="What the visitor shows at the counter; stays when the visit is moved."),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("seat", models.PositiveSmallIntegerField(help_text="From 0 up to below the shop's capacity.")),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("booked", "Booked"),
                            ("moved", "Moved"),
                            ("cancelled", "Cancelled"),
                            ("came", "Came"),
                            ("no_show", "No Show"),
                        ],
                        default="booked",
                    ),
                ),
                ("language", models.TextField(default="ja", help_text="Language in which the visitor reads.")),
                ("booked_by", models.TextField(help_text='Who booked: "subscriber:12", "staff:7".')),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField(help_text="When the state last changed.")),
                (
                    "carrier",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="lines.carrier"),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="counter.shop",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="shop",
            constraint=models.UniqueConstraint(fields=("carrier", "code"), name="shop_code"),
        ),
        migrations.AddConstraint(
            model_name="shop",
            constraint=models.CheckConstraint(
                condition=models.Q(("postcode__regex", "^[0-9]{7}$")), name="shop_postcode"
            ),
        ),
        migrations.AddConstraint(
            model_name="shop",
            constraint=models.CheckConstraint(
                condition=models.Q(("latitude__range", (-90, 90)), ("longitude__range", (-180, 180))),
                name="shop_position",
            ),
        ),
        migrations.AddConstraint(
            model_name="shop",
            constraint=models.CheckConstraint(
                condition=models.Q(("capacity__gte", 1), ("slot_minutes__range", (5, 240))), name="shop_takes_visits"
            ),
        ),
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(fields=["case_id", "-id"], name="visit_of_case"),
        ),
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(
                condition=models.Q(("state__in", ("booked", "came"))),
                fields=["shop", "starts_at"],
                name="visit_of_shop",
            ),
        ),
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(fields=["carrier", "starts_at"], name="visit_day"),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "booked")), fields=("case_id",), name="visit_one_booked"
            ),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "booked")), fields=("carrier", "code"), name="visit_code"
            ),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="visit_has_length"
            ),
        ),
        migrations.RunSQL(ONE_VISIT_A_SEAT, "ALTER TABLE counter_visit DROP CONSTRAINT visit_seat"),
        *protect("counter_shop", "counter_visit"),
    ]
