"""What happens on a connection to PostgreSQL before our first statement?

Django's own backend, with three additions:

- Row-level security always binds. A login that is superuser or may bypass it becomes the role `tojimari_app` first.
- Before a statement is sent, the session is told the current scope (`app.carrier`) if it was told another one, or if a
  rollback may have taken it back: PostgreSQL undoes a SET together with the transaction it was made in.
- The just-in-time compiler is off: it costs more than it gains on short statements.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import psycopg
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.base.base import NO_DB_ALIAS
from django.db.backends.postgresql import base as postgresql
from psycopg import sql
from psycopg.pq import TransactionStatus

from tojimari.platform.database import scope

APP_ROLE = "tojimari_app"
ROLE_LOCK = 0x746F6A69
"""Key of the advisory lock under which the role is made: the letters "toji"."""

_told: WeakKeyDictionary[Any, str] = WeakKeyDictionary()
"""The scope that each open connection was last told, as far as we can be sure of it."""


def _forget(connection: Any) -> None:
    _told.pop(connection, None)


def _tell(connection: psycopg.Connection[Any]) -> None:
    """Make sure that the session knows the current scope. Costs one short statement when the scope has changed.

    SET and not `SELECT set_config`: a query would fix the snapshot and forbid a later SET TRANSACTION.
    In a failed transaction only ROLLBACK is possible, and after that the session is told anew.
    """
    wanted = scope.current()
    if _told.get(connection) == wanted or connection.info.transaction_status == TransactionStatus.INERROR:
        return
    _told.pop(connection, None)
    # `wanted` is digits, "*" or empty (see scope.py), so it needs no quoting.
    psycopg.Cursor(connection).execute(f"SET app.carrier = '{wanted}'".encode())
    _told[connection] = wanted


if TYPE_CHECKING:
    # Django's stubs do not know which driver is installed.
    _Cursor = psycopg.ClientCursor[Any]
else:
    _Cursor = postgresql.Cursor


class ScopedCursor(_Cursor):
    """A cursor that tells the session the scope before each statement, also for COPY and for raw psycopg use."""

    def execute(self, *args: Any, **kwargs: Any) -> Any:
        _tell(self.connection)
        return super().execute(*args, **kwargs)

    def executemany(self, *args: Any, **kwargs: Any) -> None:
        _tell(self.connection)
        super().executemany(*args, **kwargs)

    def stream(self, *args: Any, **kwargs: Any) -> Iterator[Any]:
        _tell(self.connection)
        return super().stream(*args, **kwargs)

    def copy(self, *args: Any, **kwargs: Any) -> Any:
        _tell(self.connection)
        return super().copy(*args, **kwargs)


class DatabaseWrapper(postgresql.DatabaseWrapper):
    """Django's PostgreSQL with the scope of the current carrier."""

    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        params["cursor_factory"] = ScopedCursor
        return params

    def _configure_connection(self, connection: Any) -> bool:
        """Set up a new connection, from the pool or not. Always asks for a commit, so that no rollback undoes it."""
        super()._configure_connection(connection)  # type: ignore[misc]  # the stubs lack it
        with psycopg.Cursor(connection) as cursor:
            cursor.execute(
                "SELECT rolsuper OR rolbypassrls, set_config('jit', 'off', false) "
                "FROM pg_roles WHERE rolname = session_user"
            )
            row = cursor.fetchone()
            if row is not None and row[0]:
                self._become_app_role(cursor)
        return True

    def _become_app_role(self, cursor: psycopg.Cursor[Any]) -> None:
        """Give up the right to see everything. Raises ImproperlyConfigured if the login cannot."""
        role = sql.Identifier(APP_ROLE)
        try:
            with cursor.connection.transaction():
                self._prepare_app_role(cursor, role)
            cursor.execute(sql.SQL("SET ROLE {}").format(role))
        except psycopg.errors.InsufficientPrivilege as error:
            raise ImproperlyConfigured(
                f"The database user bypasses row-level security and may not become the role {APP_ROLE}. Use a plain "
                f"user that owns the database, or let a superuser run: CREATE ROLE {APP_ROLE} CREATEDB; "
                f"GRANT {APP_ROLE} TO that user; GRANT ALL ON SCHEMA public TO {APP_ROLE}."
            ) from error

    def _prepare_app_role(self, cursor: psycopg.Cursor[Any], role: sql.Identifier) -> None:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %(role)s), "
            "EXISTS (SELECT FROM pg_roles WHERE rolname = %(role)s AND has_schema_privilege(oid, 'public', 'CREATE')), "
            "EXISTS (SELECT FROM pg_roles WHERE rolname = %(role)s AND pg_has_role(session_user, oid, 'MEMBER'))",
            {"role": APP_ROLE},
        )
        exists, may_create_tables, may_become = cursor.fetchone() or (False, False, False)
        needs_schema = self.alias != NO_DB_ALIAS and not may_create_tables
        if exists and may_become and not needs_schema:
            return
        # Two processes may start at the same moment on an empty server: the second waits here and then finds it done.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ROLE_LOCK])
        cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [APP_ROLE])
        if cursor.fetchone() is None:
            cursor.execute(sql.SQL("CREATE ROLE {} NOLOGIN NOSUPERUSER NOBYPASSRLS CREATEDB").format(role))
        if not may_become:
            cursor.execute(sql.SQL("GRANT {} TO SESSION_USER").format(role))
        if needs_schema:
            cursor.execute(sql.SQL("GRANT ALL ON SCHEMA public TO {}").format(role))

    def init_connection_state(self) -> None:
        super().init_connection_state()
        # The pool may hand out a connection whose last user's scope came back by a rollback. Trust nothing, tell anew.
        _forget(self.connection)

    def create_cursor(self, name: str | None = None) -> Any:
        cursor = super().create_cursor(name)
        if name is not None:
            # `QuerySet.iterator()` declares its server-side cursor at once: its rows are those of the scope of now.
            _tell(cursor.connection)
        return cursor

    def _rollback(self) -> None:
        _forget(self.connection)
        super()._rollback()  # type: ignore[misc]  # the stubs lack it

    def _savepoint_rollback(self, sid: str) -> None:
        super()._savepoint_rollback(sid)  # type: ignore[misc]  # the stubs lack it
        _forget(self.connection)

    def _commit(self) -> None:
        # PostgreSQL turns the COMMIT of a failed transaction into a ROLLBACK and says so only in passing.
        if self.connection is not None and self.connection.info.transaction_status == TransactionStatus.INERROR:
            _forget(self.connection)
        super()._commit()  # type: ignore[misc]  # the stubs lack it
