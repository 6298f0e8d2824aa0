"""Is every connection bound by row-level security, whoever signs in, and whichever connection it was before?"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from tojimari.platform.config import config
from tojimari.platform.database.base import APP_ROLE, DatabaseWrapper
from tojimari.platform.database.scope import carrier_scope, every_carrier

# Real transactions. Nothing but the test's own table is written, so only the platform's tables need to be emptied.
pytestmark = pytest.mark.django_db(transaction=True, available_apps=["tojimari.platform"])


@contextmanager
def another(**changes: Any) -> Iterator[DatabaseWrapper]:
    """A connection of its own to the same database, with other settings."""
    settings = copy.deepcopy(connection.settings_dict)
    settings["OPTIONS"].update(changes.pop("OPTIONS", {}))
    settings.update(changes)
    wrapper = DatabaseWrapper(settings, alias="another")
    wrapper.inc_thread_sharing()
    try:
        yield wrapper
    finally:
        wrapper.close()
        if settings["OPTIONS"].get("pool"):
            wrapper.close_pool()


def row(wrapper: Any, query: str) -> tuple[Any, ...]:
    with wrapper.cursor() as cursor:
        cursor.execute(query)
        found: tuple[Any, ...] = cursor.fetchone()
        return found


def test_a_session_is_no_superuser_and_without_the_just_in_time_compiler() -> None:
    query = "SELECT rolsuper, rolbypassrls, current_setting('jit') FROM pg_roles WHERE rolname = current_user"
    assert row(connection, query) == (False, False, "off")


@pytest.fixture
def superuser() -> str:
    """The name of a superuser of the server the tests run on. Only the embedded server lets us be one."""
    if config().database_url is not None:
        is_super = row(connection, "SELECT session_user, rolsuper FROM pg_roles WHERE rolname = session_user")
        if not is_super[1]:
            pytest.skip("the user of DATABASE_URL is no superuser, so there is nothing to give up")
        return str(is_super[0])
    return "postgres"


def test_a_superuser_becomes_a_role_that_is_bound(superuser: str) -> None:
    with another(USER=superuser) as wrapper:
        query = "SELECT session_user, current_user, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
        assert row(wrapper, query) == (superuser, APP_ROLE, False)


def test_a_superuser_can_make_the_tables_in_a_fresh_database(superuser: str) -> None:
    settings = connection.settings_dict
    name = f"{settings['NAME']}_fresh"
    params = {"host": settings["HOST"], "port": settings["PORT"] or None, "password": settings["PASSWORD"] or None}
    with psycopg.connect(dbname="postgres", user=superuser, autocommit=True, **params) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            with another(USER=superuser, NAME=name) as wrapper:
                with wrapper.cursor() as cursor:
                    cursor.execute("CREATE TABLE t (i int)")
                assert row(wrapper, "SELECT tableowner FROM pg_tables WHERE tablename = 't'") == (APP_ROLE,)
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def test_the_pool_never_hands_out_the_scope_of_somebody_else() -> None:
    pool = {"min_size": 1, "max_size": 1, "timeout": 10}
    ask = "SELECT pg_backend_pid(), current_setting('app.carrier', true)"
    with another(OPTIONS={"pool": pool}) as wrapper:
        with carrier_scope(1):
            first, told = row(wrapper, ask)
            assert told == "1"
        wrapper.close()  # back into the pool, still set to carrier 1
        again, told = row(wrapper, ask)
        assert (again, told) == (first, "")
        with every_carrier():
            assert row(wrapper, ask) == (first, "*")
        wrapper.close()
        with carrier_scope(2):
            assert row(wrapper, ask) == (first, "2")


def test_the_pool_forgets_what_a_rollback_on_the_way_has_undone() -> None:
    pool = {"min_size": 1, "max_size": 1, "timeout": 10}
    ask = "SELECT current_setting('app.carrier', true)"
    with another(OPTIONS={"pool": pool}) as wrapper:
        with every_carrier():
            assert row(wrapper, ask) == ("*",)
        with carrier_scope(1):
            wrapper.set_autocommit(False)
            assert row(wrapper, ask) == ("1",)
            # The pool rolls back, and the session is left where it was before: at every carrier.
            wrapper.close()
            assert row(wrapper, ask) == ("1",)


def test_the_pool_takes_a_connection_back_in_the_middle_of_a_failed_transaction() -> None:
    pool = {"min_size": 1, "max_size": 1, "timeout": 10}
    with another(OPTIONS={"pool": pool}) as wrapper:
        with every_carrier():
            wrapper.set_autocommit(False)
            with pytest.raises(Exception, match="no_such"):
                row(wrapper, "SELECT no_such")
            wrapper.close()
        assert row(wrapper, "SELECT current_setting('app.carrier', true), current_setting('jit')") == ("", "off")
