"""How does a carrier's file of lines become wishes, and what became of each row?

A row names its line by ICCID, by phone number or by order number; the file may be the very file that was imported, or a
short one with a single column. What belongs to a row is found again each time, so the same file can be sent again after
an interruption: what is asked for already is not asked for twice, and what is closed is reported as closed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from tojimari.lines.columns import COLUMNS
from tojimari.lines.models import Carrier, Line, LineState
from tojimari.lines.table import Table, Unreadable, open_table
from tojimari.platform.acting import Acting, Refused
from tojimari.rules.identifiers import iccid, msisdn
from tojimari.terminations.intake import Answer, Ask, preview, request_many
from tojimari.terminations.models import Channel, Step, StepState, Termination

CHUNK = 1000
NAMING = ("iccid", "msisdn", "order_number")
"""The columns that can name a line, the surest first."""

_OVER = (LineState.TERMINATED, LineState.PORTED_OUT)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the carrier wants for every row of a file."""

    carrier: Carrier
    scope: str
    effective: str
    reason: str
    acting: Acting


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file and what became of it. `identifier` is as it stands in the file."""

    number: int
    identifier: str
    termination: Termination | None
    created: bool = False
    refused: Refused | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How the cases of a file stand: each case is counted once."""

    closed: int
    working: int  # a worker has it, or could take it now
    waiting: int  # for a date, a person, or an element that was away
    stuck: int  # for somebody's look
    over: int  # withdrawn or rejected


def open_file(path: Path) -> Table:
    """Look at the file. Raises `Unreadable`, also when no column of it names a line."""
    used = [column for column in COLUMNS if column.name in NAMING]
    optional = [type(column)(column.name, column.synonyms) for column in used]
    ignored = [name for column in COLUMNS if column.name not in NAMING for name in (column.name, *column.synonyms)]
    nameless = Unreadable("columns.missing", columns=" / ".join(NAMING))
    try:
        table = open_table(path, optional, ignored=ignored)
    except Unreadable as unreadable:
        raise (nameless if unreadable.code == "columns.none" else unreadable) from None
    if not set(NAMING) & set(table.columns):
        raise nameless
    return table


def request_rows(table: Table, wish: Wish, *, at: datetime, dry: bool = False) -> Iterator[Sequence[Row]]:
    """Ask for the end of each row's line, chunk by chunk; with `dry` only say what would be answered."""
    take = preview if dry else request_many
    for chunk in _chunks(table):
        found = _find(wish.carrier, [cells for _, cells in chunk])
        named = [line for line in found if isinstance(line, Line)]
        asks = [Ask(line.pk, wish.scope, wish.effective, wish.reason) for line in named]
        answers = take(asks, carrier=wish.carrier, channel=Channel.FILE, acting=wish.acting, at=at)
        ended = _ended([answer for answer in answers if answer.refused], wish.scope)
        by_line = {answer.ask.line_id: answer for answer in answers}
        seen: set[int] = set()
        rows = []
        for (number, cells), line in zip(chunk, found, strict=True):
            rows.append(_row(number, _named_by(cells), line, by_line, ended, seen))
        yield rows


def standing(ids: Sequence[int], *, at: datetime) -> Standing:
    """Count how these cases stand. Two queries."""
    states = dict.fromkeys(ids, "")
    for case, state in Termination.objects.filter(pk__in=ids).values_list("pk", "state"):
        states[case] = state
    current: dict[int, tuple[str, bool]] = {}
    present = Step.objects.filter(termination_id__in=[case for case, state in states.items() if state in _RUNNING])
    for case, state, due, actor in present.exclude(
        state__in=[StepState.WAITING, StepState.DONE, StepState.SKIPPED, StepState.CANCELLED]
    ).values_list("termination_id", "state", "due_at", "actor"):
        current[case] = state, actor == "system" and due is not None and due <= at
    counts = {"closed": 0, "working": 0, "waiting": 0, "stuck": 0, "over": 0}
    for case, state in states.items():
        counts[_standing_of(state, *current.get(case, ("", False)))] += 1
    return Standing(**counts)


_RUNNING = ("acknowledged", "in_progress", "held", "withdrawing")


def _standing_of(state: str, step: str, due: bool) -> str:
    if state == "completed":
        return "closed"
    if state not in _RUNNING:
        return "over"
    if step == StepState.STUCK:
        return "stuck"
    return "working" if step == StepState.CLAIMED or (step == StepState.OPEN and due) else "waiting"


def _chunks(table: Table) -> Iterator[list[tuple[int, dict[str, str]]]]:
    rows = table.dicts()
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _named_by(cells: Mapping[str, str]) -> str:
    return next((cells[name] for name in NAMING if cells.get(name)), "")


def _row(
    number: int,
    identifier: str,
    line: Line | Refused,
    answers: Mapping[int, Answer],
    ended: Mapping[int, Termination],
    seen: set[int],
) -> Row:
    if isinstance(line, Refused):
        return Row(number, identifier, None, refused=line)
    answer = answers[line.pk]
    first = line.pk not in seen
    seen.add(line.pk)
    if answer.termination is None and line.pk in ended:
        return Row(number, identifier, ended[line.pk])
    return Row(number, identifier, answer.termination, answer.created and first, answer.refused)


def _ended(refused: Sequence[Answer], scope: str) -> dict[int, Termination]:
    """Return the newest completed case of lines that are over: a file that is sent again gets them as its answer."""
    lines = [answer.ask.line_id for answer in refused]
    cases = Termination.objects.filter(line_id__in=lines, scope=scope, state="completed").order_by("requested_at")
    return {case.line_id: case for case in cases}


def _find(carrier: Carrier, rows: Sequence[Mapping[str, str]]) -> list[Line | Refused]:
    """Return the line that each row names, or why none is found. One query for each naming column in use."""
    wanted: dict[str, set[str]] = {name: set() for name in NAMING}
    keys: list[dict[str, str] | Refused] = []
    for cells in rows:
        key = _key(cells)
        keys.append(key)
        if isinstance(key, dict):
            for name, value in key.items():
                wanted[name].add(value)
    held = {name: _lines_by(carrier, name, values) for name, values in wanted.items() if values}
    return [key if isinstance(key, Refused) else _one(key, held) for key in keys]


def _key(cells: Mapping[str, str]) -> dict[str, str] | Refused:
    """Return the normalised identifiers of a row, or what is wrong with them."""
    key: dict[str, str] = {}
    for name, check in (("iccid", iccid.check), ("msisdn", msisdn.check)):
        if cells.get(name):
            verdict = check(cells[name])
            if not verdict.valid:
                return Refused(verdict.code, column=name)
            key[name] = verdict.value.removeprefix("+")
    if not key and cells.get("order_number"):
        key["order_number"] = cells["order_number"]
    return key or Refused("line.not_named")


def _lines_by(carrier: Carrier, name: str, values: Iterable[str]) -> dict[str, Line]:
    """Return lines by identifier; one that runs goes before one that is over, then the newest."""
    lines = Line.objects.filter(carrier=carrier, **{f"{name}__in": list(values)}).order_by("pk")
    found: dict[str, Line] = {}
    for line in lines:
        value = getattr(line, name)
        if value not in found or found[value].state in _OVER or line.state not in _OVER:
            found[value] = line
    return found


def _one(key: Mapping[str, str], held: Mapping[str, Mapping[str, Line]]) -> Line | Refused:
    """Return the one line that all identifiers of a row name. A number that is off names nothing any more."""
    named = {name: held[name].get(value) for name, value in key.items()}
    lines = {line.pk: line for line in named.values() if line is not None}
    if not lines:
        return Refused("line.unknown")
    if len(lines) > 1:
        sure = named.get("iccid")
        others = [line for line in lines.values() if line is not sure]
        # After the end its number may be another line's: the card decides when the named line is over.
        if sure is None or sure.state not in _OVER or any(line.iccid == sure.iccid for line in others):
            return Refused("line.identifiers_disagree")
        return sure
    return next(iter(lines.values()))
