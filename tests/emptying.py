"""How is the database emptied after a test that really commits?

Only tables that hold something are emptied: most tests fill ten of more than fifty, and emptying a table costs the same
whether it is empty or not. What migrations put there (content types, permissions) stays, so nothing is made anew.
"""

from __future__ import annotations

from django.db import connection

APPEND_ONLY = (
    "proofs_event",
    "proofs_root",
    "proofs_stamp",
    "proofs_leaf",
    "proofs_block",
    "desk_look",
    "lines_change",
    "money_incoming",
    "money_refund",
    "money_supplement",
    "network_reconciliation",
    "network_finding",
    "network_settlement",
)
"""Tables with a trigger of this name: the database refuses to empty them, for everybody but this module."""

KEPT = ("django_migrations", "django_content_type", "auth_permission")

_FILLED = """
    SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> ALL(%s) AND pg_relation_size(oid) > 0
"""


def empty() -> None:
    """Empty every table that holds something, and whatever refers to it."""
    with connection.cursor() as cursor:
        cursor.execute(_FILLED, [list(KEPT)])
        filled = [name for (name,) in cursor.fetchall()]
        if not filled:
            return
        switch = "ALTER TABLE {} {} TRIGGER append_only"
        cursor.execute(
            "; ".join(
                [
                    "BEGIN",
                    *(switch.format(table, "DISABLE") for table in APPEND_ONLY),
                    f"TRUNCATE {', '.join(filled)} CASCADE",
                    *(switch.format(table, "ENABLE") for table in APPEND_ONLY),
                    "COMMIT",
                ]
            )
        )
