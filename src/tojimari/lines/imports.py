"""How does a file of lines get into the database, fast, and safe to be run again?

The file comes in checked chunks (`chunks`). Each chunk is one transaction: copied into temporary tables, then spread
over the tables of this room by a dozen statements (`sql/imports`), none of which takes longer as those tables grow.
An import that was cut off at any moment is simply run again: chunks that are in are found there, and the rest follows.

What a file may do: add what is missing, and change plain facts of lines that run. What it never does: revive a line
that has ended, change any state, touch a line that is about to end, un-pay a bill, overwrite a contact that its person
has proved, or erase something because a cell is empty.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction
from django.db.backends.utils import CursorWrapper

from tojimari.lines.badfile import BadRows
from tojimari.lines.cells import Problem
from tojimari.lines.chunks import Chunk, checked_chunks
from tojimari.lines.columns import COLUMNS, IGNORED_COLUMNS
from tojimari.lines.models import Carrier, Plan, RestingNumber
from tojimari.lines.plans import PlanTerms
from tojimari.lines.rows import STAGED
from tojimari.lines.statements import statement
from tojimari.lines.table import open_table
from tojimari.platform.acting import Refused
from tojimari.platform.database.scope import carrier_scope
from tojimari.rules.calendar import jst_date

LOCK = 0x746F6A69
"""First key of the advisory lock that lets one import at a time run for a carrier; the second is the carrier's id."""

LOCK_SECONDS = 10.0
"""How long that lock is waited for. After a kill the server may still finish a statement of the dead import."""

_TRIES = 3

_PASSING_OVER = re.compile(r"ON CONFLICT.*DO NOTHING")

Progress = Callable[[int, int], None]
"""Called after each chunk, outside its transaction, with the rows done and an estimate of all rows. What it raises ends
the import there."""


@dataclass(slots=True)
class Summary:
    """What became of the rows of a file."""

    imported: int = 0
    updated: int = 0
    already_there: int = 0
    ended: int = 0
    """Of those already there: lines that have ended or are about to. They were left as they are."""
    bad: int = 0
    bad_path: Path | None = None

    @property
    def rows(self) -> int:
        return self.imported + self.updated + self.already_there + self.bad


def import_lines(
    path: Path,
    *,
    carrier: Carrier,
    dry_run: bool = False,
    progress: Progress | None = None,
    resting_too: bool = False,
) -> Summary:
    """Import a file of lines for a carrier and say what became of its rows.

    Bad rows go to a file beside it; a row whose number still rests is one, unless `resting_too`. With `dry_run`
    everything is done and taken back at the end, in one transaction: rows of lines that would be changed are locked as
    long as it runs. Raises `Unreadable` before anything is written if the file is no table of lines; if its text breaks
    off later, what stands above is imported. Raises `Refused` with `import.running` while another import for the
    carrier goes on.
    """
    table = open_table(path, COLUMNS, ignored=IGNORED_COLUMNS)
    summary = Summary()
    with carrier_scope(carrier.pk), _alone(carrier), _taken_back(dry_run), _staging() as cursor:
        tables = _Tables(cursor, carrier, resting_too=resting_too)
        known_plans = list(Plan.objects.filter(carrier=carrier).values_list("code", flat=True))
        with BadRows(table) as bad_rows, checked_chunks(table, known_plans) as chunks:
            for chunk in chunks:
                refused = _store(tables, chunk, summary)
                bad_rows.add(sorted([*chunk.bad, *refused], key=lambda row: row[0]))
                if progress is not None:
                    done = chunk.last_row - table.header_row
                    progress(done, max(table.lines, done))
        if summary.imported:
            _count_anew(cursor)
    summary.bad, summary.bad_path = bad_rows.count, bad_rows.path
    return summary


def _count_anew(cursor: CursorWrapper) -> None:
    """Let the server look at how large its tables have become.

    Until it has, it takes them for as small as they were, and reads a million rows to find a thousand. By itself it
    looks minutes later; the night of closings that an import is made for begins at once.
    """
    cursor.execute(statement("imports/count_anew"))


@contextmanager
def _alone(carrier: Carrier) -> Iterator[None]:
    """Let one import at a time run for a carrier: two of them would take each other's new lines for duplicates."""
    keys = [LOCK, carrier.pk]
    patience = time.monotonic() + LOCK_SECONDS
    with connection.cursor() as cursor:
        while not _got_lock(cursor, keys):
            if time.monotonic() > patience:
                raise Refused("import.running")
            time.sleep(0.1)
        try:
            yield
        finally:
            with suppress(DatabaseError):  # a connection that broke has given the lock back by itself
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", keys)


def _got_lock(cursor: CursorWrapper, keys: list[int]) -> bool:
    cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", keys)
    return bool(cursor.fetchone()[0])


@contextmanager
def _taken_back(dry_run: bool) -> Iterator[None]:
    if not dry_run:
        yield
        return
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def _staging() -> Iterator[CursorWrapper]:
    with connection.cursor() as cursor:
        cursor.execute(statement("imports/drop"))
        cursor.execute(statement("imports/staging"))
        try:
            yield cursor
        except BaseException:
            with suppress(DatabaseError):  # the connection, or a transaction around it, may be broken
                cursor.execute(statement("imports/drop"))
            raise
        # This commit is on the disk before it returns, and all chunks before it with it.
        cursor.execute(statement("imports/drop"))


class _Tables:
    """The statements of one import for one carrier, and what it has learned on its way."""

    def __init__(self, cursor: CursorWrapper, carrier: Carrier, *, resting_too: bool) -> None:
        self.cursor = cursor
        self.today = jst_date(datetime.now(UTC))
        resting = RestingNumber.objects.filter(carrier=carrier, free_from__gt=self.today)
        self.minds_rest = not resting_too and resting.exists()
        self._carrier = carrier.pk
        self._doubted: set[str] = set()

    def run(self, name: str, **parameters: Any) -> int:
        """Run a statement and return the number of rows that it touched."""
        return self._execute(statement(f"imports/{name}"), parameters)

    def insert(self, name: str, expected: int) -> int:
        """Run an INSERT that passes over rows which are there already; return the number of rows made.

        Being ready to pass over makes a row a third dearer: each unique index is searched beforehand, and each row is
        written and then confirmed. So a chunk is taken to be all new unless the last one was not.
        """
        text = statement(f"imports/{name}")
        if name not in self._doubted:
            with suppress(IntegrityError), transaction.atomic():
                return self._execute(_PASSING_OVER.sub("", text), {})
        made = self._execute(text, {})
        (self._doubted.add if made < expected else self._doubted.discard)(name)
        return made

    def _execute(self, text: str, parameters: Mapping[str, Any]) -> int:
        self.cursor.execute(text, {"carrier": self._carrier, **parameters})
        return int(self.cursor.rowcount)


def _store(tables: _Tables, chunk: Chunk, summary: Summary) -> list[tuple[int, list[str], list[Problem]]]:
    """Store the good rows of a chunk in one transaction; return those that the carrier's lines speak against.

    Somebody else may change one of the same lines at the same moment. The chunk is then done once more, and finds the
    line as they left it.
    """
    for attempt in range(1, _TRIES + 1):
        try:
            with transaction.atomic():
                refused, counts = _spread(tables, chunk)
            break
        except (IntegrityError, OperationalError):
            if attempt == _TRIES or not connection.is_usable():
                raise
    made, changed, there, ended = counts
    summary.imported += made
    summary.updated += changed
    summary.already_there += there
    summary.ended += ended
    rows = chunk.good_rows() if refused else {}
    return [(number, rows[number], problems) for number, problems in refused.items()]


_STAGED_AS = {"contact_msisdn": "sms"}
"""Columns that the staging table has under another name."""


def _spread(tables: _Tables, chunk: Chunk) -> tuple[dict[int, list[Problem]], tuple[int, int, int, int]]:
    run, cursor = tables.run, tables.cursor
    cursor.execute("SET LOCAL synchronous_commit = off")  # `_staging` waits for the disk, once for all chunks
    if len(connection.savepoint_ids) > 0:
        cursor.execute(statement("imports/clear"))
    columns = ", ".join(("row_no", "first_of_customer", *(_STAGED_AS.get(name, name) for name in chunk.staged)))
    with cursor.copy(f"COPY import_row ({columns}) FROM STDIN (NULL '')") as copy:
        copy.write(chunk.text)
    if chunk.plans:
        _store_plans(run, chunk.plans)
    fresh = tables.insert("subscribers_new", expected=chunk.customers)
    if fresh < chunk.customers:
        run("subscribers_known")
    if fresh < chunk.good and run("subscribers_differ", all_fresh=fresh == chunk.customers):
        run("subscribers_changed")
        run("subscribers_refused")
    if tables.minds_rest:
        run("resting", today=tables.today)
    made = tables.insert("lines_new", expected=chunk.good)
    if made < chunk.good:
        run("lines_known")
        if run("lines_differ"):
            run("lines_changed")
        run("orphans")
        run("services_added")
        run("options_changed")
    if made:
        run("services_new")
    if fresh:
        run("contacts_new")
    if fresh < chunk.customers:
        run("contacts_known")
    run("bills")
    if len(chunk.staged) == len(STAGED):
        run("money")
    run("seen")
    refused: dict[int, list[Problem]] = {}
    cursor.execute("SELECT row_no, column_name, code, fact FROM import_refused ORDER BY row_no")
    for number, column, code, fact in cursor.fetchall():
        refused.setdefault(number, []).append(Problem(column, code, fact))
    cursor.execute(statement("imports/result"))
    return refused, cursor.fetchone()


def _store_plans(run: Callable[..., int], plans: list[PlanTerms]) -> None:
    said = {
        "codes": [plan.code for plan in plans],
        "names": [plan.name or None for plan in plans],
        "fees": [int(plan.monthly_fee_yen) if plan.monthly_fee_yen else None for plan in plans],
        "policies": [plan.final_month_policy or None for plan in plans],
        "prepaid": [plan.prepaid == "t" if plan.prepaid else None for plan in plans],
    }
    run("plans_changed", **said)
    run("plans_new", **said)
