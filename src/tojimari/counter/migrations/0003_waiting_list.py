"""Lay out the waiting list, let a seat be held for somebody on it, and know how visits without a time ended."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from tojimari.platform.database.rls import protect

# As in the first migration, with the seats that are held besides. Ranges of one number stand for equality.
_SEAT = """
ALTER TABLE counter_visit DROP CONSTRAINT visit_seat;
ALTER TABLE counter_visit ADD CONSTRAINT visit_seat EXCLUDE USING gist (
    int8range(shop_id, shop_id, '[]') WITH &&,
    int4range(seat, seat, '[]') WITH &&,
    tstzrange(starts_at, ends_at) WITH &&
) WHERE (state IN ({states}))
"""
WITH_HELD = _SEAT.format(states="'booked', 'came', 'held'")
WITHOUT_HELD = _SEAT.format(states="'booked', 'came'")


class Migration(migrations.Migration):
    dependencies = [
        ("counter", "0002_returned_cards_and_forms"),
        ("lines", "0004_line_by_eid"),
    ]

    operations = [
        migrations.AddField(
            model_name="visit",
            name="held_until",
            field=models.DateTimeField(blank=True, help_text="Until when an offer can be taken.", null=True),
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
                    ("served", "Served"),
                    ("unfinished", "Unfinished"),
                    ("held", "Held"),
                ],
                default="booked",
            ),
        ),
        migrations.RemoveIndex(model_name="visit", name="visit_of_shop"),
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(
                condition=models.Q(("state__in", ("booked", "came", "held"))),
                fields=["shop", "starts_at"],
                name="visit_of_shop",
            ),
        ),
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(
                condition=models.Q(("state__in", ("booked", "walk_in"))), fields=["starts_at"], name="visit_open"
            ),
        ),
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(condition=models.Q(("state", "held")), fields=["held_until"], name="visit_held"),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "held")), fields=("case_id",), name="visit_one_held"
            ),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "held"), _negated=True), ("held_until__isnull", False), _connector="OR"
                ),
                name="visit_held_until",
            ),
        ),
        migrations.RunSQL(WITH_HELD, WITHOUT_HELD),
        migrations.CreateModel(
            name="WaitingPlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case_id",
                    models.BigIntegerField(help_text="The termination it is for. No foreign key: cases live above."),
                ),
                ("reference", models.TextField(help_text="The case's public reference.")),
                ("language", models.TextField(default="ja", help_text="Language in which the person reads.")),
                ("since", models.DateField(help_text="First day that suits, in Japan's calendar.")),
                ("until", models.DateField(help_text="Last day that suits, in Japan's calendar.")),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("offered", "Offered"),
                            ("taken", "Taken"),
                            ("left", "Left"),
                            ("lapsed", "Lapsed"),
                            ("in_vain", "In Vain"),
                        ],
                        default="waiting",
                    ),
                ),
                ("put_by", models.TextField(help_text='Who put them on the list: "subscriber:12", "staff:7".')),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField(help_text="When the state last changed.")),
                (
                    "carrier",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="lines.carrier"),
                ),
                (
                    "offer",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="The visit that was held for this place.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="counter.visit",
                    ),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="waiting",
                        to="counter.shop",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ("waiting", "offered"))),
                        fields=["shop", "id"],
                        name="waiting_list",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("waiting", "offered"))),
                        fields=("case_id",),
                        name="waiting_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until__gte", models.F("since"))), name="waiting_has_days"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "offered"), _negated=True),
                            ("offer__isnull", False),
                            _connector="OR",
                        ),
                        name="waiting_offered_what",
                    ),
                ],
            },
        ),
        *protect("counter_waitingplace"),
    ]
