"""How does a case change? Locked, together with its history, in one transaction, by whoever moves it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from tojimari.proofs.actions import NewEvent, append
from tojimari.terminations.models import OPEN_STATES, CaseState
from tojimari.terminations.sql import sql


@dataclass(slots=True)
class Case:
    """A locked case. Set `state`, `code` and `finished_at`; `Cases.save` writes what changed."""

    id: int
    carrier_id: int
    reference: str
    kind: str
    scope: str
    line_id: int
    state: str
    code: str
    ends_at: datetime
    finished_at: datetime | None

    @property
    def finished(self) -> bool:
        return self.state not in OPEN_STATES

    @property
    def withdrawing(self) -> bool:
        return self.state == CaseState.WITHDRAWING

    def finish(self, state: CaseState, at: datetime) -> None:
        self.state, self.finished_at = state, at


class Cases:
    """The locked cases of one transaction, and what is to be noted of them."""

    def __init__(self, ids: Iterable[int]) -> None:
        """Lock the cases in the order of their ids, in the caller's transaction, before any step of theirs."""
        with connection.cursor() as cursor:
            cursor.execute(sql("lock"), {"ids": sorted(set(ids))})
            self.by_id = {row[0]: Case(*row) for row in cursor.fetchall()}
        self._before = {case.id: (case.state, case.code) for case in self.by_id.values()}
        self._noted: list[NewEvent] = []

    def __getitem__(self, case_id: int) -> Case:
        return self.by_id[case_id]

    def note(self, case: Case, name: str, *, actor: object, at: datetime, **data: Any) -> None:
        """Add an event to the case's history; it is written by `save`."""
        self._noted.append(
            NewEvent(
                carrier_id=case.carrier_id,
                case_id=case.id,
                reference=case.reference,
                at=at,
                name=name,
                actor=str(actor),
                data=data,
            )
        )

    def save(self) -> None:
        """Append the noted events to their chains, and write the cases whose state or reason changed."""
        append(self._noted, heads({note.case_id for note in self._noted}))
        changed = [case for case in self.by_id.values() if (case.state, case.code) != self._before[case.id]]
        if not changed:
            return
        with connection.cursor() as cursor:
            cursor.execute(
                sql("save"),
                {
                    "ids": [case.id for case in changed],
                    "states": [case.state for case in changed],
                    "codes": [case.code for case in changed],
                    "finished": [case.finished_at for case in changed],
                },
            )


def heads(ids: Iterable[int]) -> dict[int, tuple[bytes, int]]:
    """Return the newest (hash, number) in the history of each case that has one."""
    with connection.cursor() as cursor:
        cursor.execute(sql("heads"), {"ids": list(ids)})
        return {case: (bytes(newest), number) for case, newest, number in cursor.fetchall()}
