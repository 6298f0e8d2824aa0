"""Are the tables as this version of the code wants them, and how do they get there?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from tojimari.platform.database.scope import every_carrier

MIGRATE_LOCK = 0x746F6A6B
"""Key of the advisory lock under which tables are changed: the letters "tojk"."""


@lru_cache(maxsize=1)
def _wanted() -> frozenset[tuple[str, str]]:
    """Every migration of the installed code. Read from disk once: the code of a running process does not change."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).graph.nodes)


def unapplied() -> list[str]:
    """Migrations that the database has not seen, as `app.name`. One query. Raises django.db.Error if it is away."""
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in _wanted() if (app, name) not in applied)


@contextmanager
def alone() -> Iterator[None]:
    """Hold the lock for changes of tables: whoever else wants to migrate this database waits until the block ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATE_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATE_LOCK])


def bring_up_to_date() -> list[str]:
    """Apply what is missing and return it. Two processes may do this at once: the second finds nothing to do."""
    with every_carrier(), alone():
        missing = unapplied()
        if missing:
            call_command("migrate", verbosity=0, interactive=False)
    return missing
