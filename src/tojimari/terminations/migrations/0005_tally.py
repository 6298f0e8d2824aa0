"""How are cases counted day by day, without reading them all again?

The database counts: each statement that writes cases adds what it changed to the tally, within its own transaction. So
the tally is right at every moment, whoever writes, and a batch of hundreds of cases adds a handful of rows.
"""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from tojimari.platform.database.rls import protect

_PUT = "INSERT INTO terminations_tally (carrier_id, day, kind, fact, detail, times, loose)"

_BEGUN = """
SELECT carrier_id, (requested_at AT TIME ZONE 'Asia/Tokyo')::date, kind, 'asked', channel, count(*), true
FROM {fresh} GROUP BY 1, 2, 3, 5
"""

# How cases ended. Whole hours up to two days, whole days beyond; the bound itself belongs to its bucket.
_ENDED = """
SELECT carrier_id, (finished_at AT TIME ZONE 'Asia/Tokyo')::date, kind,
       CASE state WHEN 'completed' THEN 'closed' WHEN 'cancelled' THEN 'withdrawn' ELSE 'rejected' END,
       CASE state WHEN 'completed' THEN (CASE WHEN hours <= 48 THEN hours ELSE ceil(hours / 24) * 24 END)::int::text
                  WHEN 'rejected' THEN code ELSE '' END,
       count(*), true
FROM (
    SELECT *, greatest(ceil(extract(epoch FROM finished_at - requested_at) / 3600), 1) AS hours
    FROM {ended} AS fresh
) AS it
GROUP BY 1, 2, 3, 4, 5
UNION ALL
SELECT it.carrier_id, (it.finished_at AT TIME ZONE 'Asia/Tokyo')::date, it.kind, 'day_kept',
       CASE WHEN bar.done_at < it.ends_at + interval '1 day' THEN 'yes' ELSE 'no' END, count(*), true
FROM {ended} AS it JOIN terminations_step AS bar ON bar.termination_id = it.id AND bar.name = 'bar'
WHERE it.state = 'completed' AND it.ends_at > it.requested_at
GROUP BY 1, 2, 3, 5
UNION ALL
SELECT it.carrier_id, (it.finished_at AT TIME ZONE 'Asia/Tokyo')::date, it.kind, 'reviewed',
       (step.due_at AT TIME ZONE 'Asia/Tokyo')::date || '+' || {promise}, count(*), true
FROM {ended} AS it
JOIN terminations_step AS step ON step.termination_id = it.id AND step.name = 'review'
JOIN terminations_procedure AS procedure ON procedure.id = it.procedure_id
WHERE it.state = 'rejected' AND step.state = 'cancelled' AND step.actor = 'staff' AND step.due_at IS NOT NULL
GROUP BY 1, 2, 3, 5
"""

_PROMISE = (
    "coalesce(jsonb_path_query_first(procedure.body, '$.step[*] ? (@.name == \"review\").promise_business_days'), '0')"
)

_STANDING = """
SELECT carrier_id, DATE '0001-01-01', kind, 'standing', state, sum(much), true
FROM ({moves}) AS moved GROUP BY 1, 3, 5 HAVING sum(much) <> 0
"""

_FRESH_ENDED = """
(SELECT * FROM {rows} WHERE state IN ('completed', 'cancelled', 'rejected') AND finished_at IS NOT NULL)
"""
_JUST_ENDED = """
(SELECT now_rows.* FROM new_rows AS now_rows JOIN old_rows USING (id)
 WHERE now_rows.state IN ('completed', 'cancelled', 'rejected') AND now_rows.finished_at IS NOT NULL
       AND old_rows.state NOT IN ('completed', 'cancelled', 'rejected'))
"""
_MOVES = (
    "SELECT now_rows.carrier_id, now_rows.kind, side.state, side.much"
    " FROM new_rows AS now_rows JOIN old_rows USING (id)"
    " CROSS JOIN LATERAL (VALUES (now_rows.state, 1), (old_rows.state, -1)) AS side (state, much)"
    " WHERE now_rows.state <> old_rows.state"
)
_ARRIVED = "SELECT carrier_id, kind, state, 1 AS much FROM {rows}"

_REVIEWS_DONE = """
SELECT it.carrier_id, (step.done_at AT TIME ZONE 'Asia/Tokyo')::date, it.kind, 'reviewed',
       (step.due_at AT TIME ZONE 'Asia/Tokyo')::date || '+' || {promise}, count(*), true
FROM terminations_step AS step
JOIN terminations_termination AS it ON it.id = step.termination_id
JOIN terminations_procedure AS procedure ON procedure.id = it.procedure_id
WHERE step.name = 'review' AND step.actor = 'staff' AND step.state = 'done' AND step.due_at IS NOT NULL {which}
GROUP BY 1, 2, 3, 5
"""


def _function(name: str, *statements: str) -> str:
    body = ";\n".join(f"{_PUT}\n{statement}" for statement in statements)
    return f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n{body};\nRETURN NULL;\nEND;\n$$"


COUNT_SQL = [
    _function(
        "terminations_tally_begun",
        _BEGUN.format(fresh="new_rows"),
        _STANDING.format(moves=_ARRIVED.format(rows="new_rows")),
        _ENDED.format(ended=_FRESH_ENDED.format(rows="new_rows"), promise=_PROMISE),
    ),
    "CREATE TRIGGER tally_begun AFTER INSERT ON terminations_termination REFERENCING NEW TABLE AS new_rows"
    " FOR EACH STATEMENT EXECUTE FUNCTION terminations_tally_begun()",
    _function(
        "terminations_tally_moved",
        _STANDING.format(moves=_MOVES),
        _ENDED.format(ended=_JUST_ENDED, promise=_PROMISE),
    ),
    "CREATE TRIGGER tally_moved AFTER UPDATE ON terminations_termination"
    " REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows"
    " FOR EACH STATEMENT EXECUTE FUNCTION terminations_tally_moved()",
    _function("terminations_tally_reviewed", _REVIEWS_DONE.format(promise=_PROMISE, which="AND step.id = NEW.id")),
    # Steps change often: all but a review that staff have just ended costs one comparison.
    "CREATE TRIGGER tally_reviewed AFTER UPDATE ON terminations_step FOR EACH ROW"
    " WHEN (NEW.name = 'review' AND NEW.actor = 'staff' AND NEW.state = 'done' AND OLD.state <> 'done')"
    " EXECUTE FUNCTION terminations_tally_reviewed()",
]
UNCOUNT_SQL = [
    "DROP TRIGGER tally_reviewed ON terminations_step",
    "DROP TRIGGER tally_moved ON terminations_termination",
    "DROP TRIGGER tally_begun ON terminations_termination",
    *(f"DROP FUNCTION terminations_tally_{name}()" for name in ("reviewed", "moved", "begun")),
]
EARLIER_SQL = [
    f"{_PUT}\n{statement}"
    for statement in (
        _BEGUN.format(fresh="terminations_termination"),
        _STANDING.format(moves=_ARRIVED.format(rows="terminations_termination")),
        _ENDED.format(ended=_FRESH_ENDED.format(rows="terminations_termination"), promise=_PROMISE),
        _REVIEWS_DONE.format(promise=_PROMISE, which=""),
    )
]


class Migration(migrations.Migration):
    dependencies = [("lines", "0004_line_by_eid"), ("terminations", "0004_reviews")]

    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(help_text="Japan's day; 0001-01-01 for what stands now.")),
                ("kind", models.TextField(help_text="Kind of case.")),
                ("fact", models.TextField(help_text="What happened: see the list above.")),
                ("detail", models.TextField()),
                ("times", models.IntegerField(help_text="How often; added up over all rows that are alike.")),
                ("loose", models.BooleanField(default=True, help_text="Not added to its firm row yet.")),
                (
                    "carrier",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="lines.carrier"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["carrier", "day"], name="tally_of_day"),
                    models.Index(condition=models.Q(("loose", True)), fields=["id"], name="tally_loose"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("loose", False)),
                        fields=("carrier", "day", "kind", "fact", "detail"),
                        name="tally_firm",
                    )
                ],
            },
        ),
        *protect("terminations_tally"),
        migrations.RunSQL([*COUNT_SQL], [*UNCOUNT_SQL]),
        migrations.RunSQL([*EARLIER_SQL], migrations.RunSQL.noop),
    ]
