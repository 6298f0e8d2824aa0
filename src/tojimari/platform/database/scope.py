"""For which carrier does this code run?

Row-level security shows the rows of one carrier: the one whose scope is entered. Outside every scope no row of any
carrier is visible, so forgetting the scope shows nothing instead of everything.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

NOBODY = ""
EVERYBODY = "*"

_scope: ContextVar[str] = ContextVar("tojimari_scope", default=NOBODY)


def current() -> str:
    """What the database is told: a carrier's id in digits, `*` for every carrier, or nothing."""
    return _scope.get()


@contextmanager
def _entered(value: str) -> Iterator[None]:
    token = _scope.set(value)
    try:
        yield
    finally:
        _scope.reset(token)


@contextmanager
def carrier_scope(carrier_id: int) -> Iterator[None]:
    """Run the block for one carrier: only its rows can be read or written.

    May be nested; the scope before comes back afterwards. Each thread and each task has its own. The database hears of
    it with the next statement of the block (see `base`), so entering a scope costs nothing by itself.
    """
    value = str(carrier_id)
    # It becomes part of a statement: digits only, whatever the caller holds in its hand.
    if not (value.isascii() and value.isdecimal() and int(value) > 0):
        raise ValueError(f"A carrier's id is a whole number above zero, not {carrier_id!r}.")
    with _entered(value):
        yield


@contextmanager
def guided_scope(fence: int) -> Iterator[None]:
    """Run the block for one guided case, which belongs to no carrier: only its rows can be read or written.

    Told to the database as a number below zero. No carrier has such an id, so within this scope no row of any carrier
    is visible, and within a carrier's scope no guided case is.
    """
    if not fence > 0:
        raise ValueError("A fence is a whole number above zero.")
    with _entered(f"-{int(fence)}"):
        yield


@contextmanager
def every_carrier() -> Iterator[None]:
    """Run the block for all carriers at once. Only for workers, migrations and commands, never for a page."""
    with _entered(EVERYBODY):
        yield
