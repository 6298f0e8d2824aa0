"""Can the rows of one carrier ever be seen by another?

A table of the test's own, protected as every room protects its own, with one row each of carrier 1 and carrier 2.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from tojimari.platform.database import scope
from tojimari.platform.database.rls import protect
from tojimari.platform.database.scope import carrier_scope, every_carrier

# Real transactions. Nothing but the test's own table is written, so only the platform's tables need to be emptied.
pytestmark = pytest.mark.django_db(transaction=True, available_apps=["tojimari.platform"])


@pytest.fixture(autouse=True)
def _papers() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE papers (carrier_id bigint NOT NULL, word text NOT NULL)")
        for operation in protect("papers"):
            for statement in operation.sql:  # type: ignore[attr-defined]  # protect() gives RunSQL only
                cursor.execute(statement)
        with every_carrier():
            cursor.execute("INSERT INTO papers VALUES (1, 'ours'), (2, 'theirs')")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE papers")


def words() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT word FROM papers")
        return {word for (word,) in cursor.fetchall()}


def ask_for_nonsense() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT no_such_column FROM papers")


def test_outside_every_scope_there_are_no_rows() -> None:
    assert words() == set()


def test_a_carrier_sees_its_own_rows_and_every_carrier_sees_all() -> None:
    with carrier_scope(1):
        assert words() == {"ours"}
    with carrier_scope(2):
        assert words() == {"theirs"}
    with every_carrier():
        assert words() == {"ours", "theirs"}
    with carrier_scope(3):
        assert words() == set()


def test_the_scope_before_comes_back() -> None:
    with carrier_scope(1):
        with every_carrier():
            with carrier_scope(2):
                assert words() == {"theirs"}
            assert words() == {"ours", "theirs"}
        assert words() == {"ours"}
    assert words() == set()


def test_rows_of_a_neighbour_can_be_neither_written_nor_changed_nor_deleted() -> None:
    with carrier_scope(1), connection.cursor() as cursor:
        with pytest.raises(DatabaseError, match="row-level security"):
            cursor.execute("INSERT INTO papers VALUES (2, 'smuggled')")
        with pytest.raises(DatabaseError, match="row-level security"):
            cursor.execute("UPDATE papers SET carrier_id = 2")
        cursor.execute("UPDATE papers SET word = 'changed' WHERE carrier_id = 2")
        assert cursor.rowcount == 0
        cursor.execute("DELETE FROM papers WHERE carrier_id = 2")
        assert cursor.rowcount == 0
    with every_carrier():
        assert words() == {"ours", "theirs"}


def test_a_rollback_does_not_bring_an_earlier_scope_back() -> None:
    with every_carrier(), transaction.atomic():
        assert words() == {"ours", "theirs"}
        mark = transaction.savepoint()
        with carrier_scope(1):
            assert words() == {"ours"}
            # PostgreSQL undoes the SET too: without telling the session anew, everything would be visible here.
            transaction.savepoint_rollback(mark)
            assert words() == {"ours"}


def test_a_failed_transaction_takes_nothing_along() -> None:
    with every_carrier():
        assert words() == {"ours", "theirs"}
        with carrier_scope(1):
            with pytest.raises(DatabaseError), transaction.atomic():
                ask_for_nonsense()
            assert words() == {"ours"}
        assert words() == {"ours", "theirs"}
    assert words() == set()


def test_a_failed_transaction_that_is_committed_takes_nothing_along() -> None:
    with every_carrier():
        assert words() == {"ours", "theirs"}
    transaction.set_autocommit(False)
    try:
        with carrier_scope(1):
            assert words() == {"ours"}
            with pytest.raises(DatabaseError):
                ask_for_nonsense()
            transaction.commit()  # PostgreSQL answers ROLLBACK, and the SET of above is undone with it
            assert words() == {"ours"}
    finally:
        transaction.rollback()
        transaction.set_autocommit(True)


def test_the_scope_is_left_when_the_block_raises() -> None:
    def fail() -> None:
        with carrier_scope(1):
            assert words() == {"ours"}
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert scope.current() == scope.NOBODY
    assert words() == set()


def test_another_thread_begins_outside_every_scope() -> None:
    seen: list[set[str]] = []

    def look() -> None:
        try:
            seen.append(words())
        finally:
            connection.close()

    with every_carrier():
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
    assert seen == [set()]


def test_copying_out_and_the_driver_itself_are_bound() -> None:
    with every_carrier():
        assert words() == {"ours", "theirs"}
    with carrier_scope(1), connection.cursor() as cursor:
        with cursor.copy("COPY papers TO STDOUT") as copy:
            assert list(copy.rows()) == [("1", "ours")]
        assert connection.connection is not None
        assert connection.connection.execute("SELECT word FROM papers").fetchall() == [("ours",)]
        assert list(connection.connection.cursor().stream("SELECT word FROM papers")) == [("ours",)]


def test_a_server_side_cursor_is_bound() -> None:
    with every_carrier():
        assert words() == {"ours", "theirs"}
    with carrier_scope(1), transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute("SELECT word FROM papers")
        assert cursor.fetchall() == [("ours",)]


def test_the_isolation_level_can_still_be_chosen_first() -> None:
    with carrier_scope(1), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT word FROM papers")
        assert cursor.fetchall() == [("ours",)]


def test_the_session_is_told_only_when_the_scope_has_changed() -> None:
    sent: list[Any] = []
    with carrier_scope(1), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        plain = psycopg.Cursor.execute

        def listen(self: Any, query: Any, *args: Any, **kwargs: Any) -> Any:
            sent.append(query)
            return plain(self, query, *args, **kwargs)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(psycopg.Cursor, "execute", listen)
            cursor.execute("SELECT 1")
            cursor.execute("SELECT 2")
            with carrier_scope(2):
                cursor.execute("SELECT 3")
    assert [query for query in sent if isinstance(query, bytes)] == [b"SET app.carrier = '2'"]


@pytest.mark.parametrize("wrong", [0, -1, True, None, "1; DROP TABLE papers", "*", "", "１"])
def test_refuses_what_is_no_carrier(wrong: Any) -> None:
    with pytest.raises(ValueError, match="whole number above zero"), carrier_scope(wrong):
        pass


def test_the_protection_can_be_taken_back() -> None:
    with connection.cursor() as cursor:
        for operation in protect("papers"):
            for statement in operation.reverse_sql:  # type: ignore[attr-defined]  # protect() gives RunSQL only
                cursor.execute(statement)
    assert words() == {"ours", "theirs"}
