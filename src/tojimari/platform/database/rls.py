"""How is a table closed to every carrier but its own, or to every case but one?"""

from __future__ import annotations

from django.db.migrations.operations import RunSQL
from django.db.migrations.operations.base import Operation

POLICY = "carrier_scope"

# The sub-selects are computed once for a statement, not once for a row. Both nullif() are needed: a session that has
# had a value and lost it again answers '' instead of NULL, and a plain cast of '' or '*' would raise.
_VISIBLE = """(
    (SELECT current_setting('app.carrier', true)) = '*'
    OR carrier_id = (SELECT nullif(nullif(current_setting('app.carrier', true), '*'), '')::bigint)
)"""


_FENCED = """(
    (SELECT current_setting('app.carrier', true)) = '*'
    OR fence = -(SELECT nullif(nullif(current_setting('app.carrier', true), '*'), '')::bigint)
)"""


def fence_off(*tables: str) -> list[Operation]:
    """Operations for a migration: rows of `tables` are seen and written only within the scope of their own `fence`.

    For what belongs to no carrier (see `scope.guided_scope`). A carrier's id is above zero and so is a fence, and the
    scope of a fence is told below zero: neither ever opens the other.
    """
    return _policies(tables, _FENCED)


def protect(*tables: str) -> list[Operation]:
    """Operations for a migration: rows of `tables` are seen and written only within the scope of their `carrier_id`.

    The owner of the tables is bound as well (FORCE). Write the result into the migration's `operations`:

        operations = [migrations.CreateModel(...), *protect("lines_line", "lines_bill")]

    Two things to know. PostgreSQL refuses COPY FROM into a protected table: copy into a temporary table and
    INSERT .. SELECT from there. And conditions are applied before the policy only if their operator is leakproof
    (=, <, IN of numbers, texts, dates, uuids): an index for lower(), LIKE or JSON does not help here by itself.
    """
    return _policies(tables, _VISIBLE)


def _policies(tables: tuple[str, ...], visible: str) -> list[Operation]:
    operations: list[Operation] = []
    for table in tables:
        quoted = '"' + table.replace('"', '""') + '"'
        operations.append(
            RunSQL(
                sql=[
                    f"ALTER TABLE {quoted} ENABLE ROW LEVEL SECURITY",
                    f"ALTER TABLE {quoted} FORCE ROW LEVEL SECURITY",
                    f"CREATE POLICY {POLICY} ON {quoted} USING {visible} WITH CHECK {visible}",
                ],
                reverse_sql=[
                    f"DROP POLICY {POLICY} ON {quoted}",
                    f"ALTER TABLE {quoted} NO FORCE ROW LEVEL SECURITY",
                    f"ALTER TABLE {quoted} DISABLE ROW LEVEL SECURITY",
                ],
            )
        )
    return operations
