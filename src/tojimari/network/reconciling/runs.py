"""How is a comparison made and kept?

Everything is read and compared first; then run and findings are written in one transaction. Killed half-way it has
written nothing. What cannot be a finding is left out before: lines that run at another carrier of this installation,
and numbers whose rest is over. An export in which a great part of the lines is missing is another network's, or half a
file: it is refused instead of accusing everybody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
from django.db import transaction

from tojimari.lines.models import Carrier, Line, LineState, RestingNumber
from tojimari.network.masking import masked
from tojimari.network.reconciling import compare, elements, live, strangers
from tojimari.network.reconciling.books import billed_after, read_books
from tojimari.network.reconciling.compare import Books
from tojimari.network.reconciling.exports import Export, read_export
from tojimari.network.reconciling.inputs import Inputs
from tojimari.network.reconciling.kinds import Kind, Source
from tojimari.network.reconciling.models import Finding, Reconciliation
from tojimari.network.routing import OSMOHLR, own_imsis
from tojimari.platform.acting import Acting, Refused
from tojimari.platform.database.bulk import insert_new
from tojimari.platform.database.scope import every_carrier
from tojimari.platform.spelled import drawn
from tojimari.rules.calendar import jst_date
from tojimari.rules.quarantine import quarantine

MOST_GONE = 0.2
"""With a greater share of running lines missing, the export is not taken for one of this carrier's network."""

FEW = 10
"""Below this many missing lines the share says nothing."""

CLOCKS_DIFFER = timedelta(minutes=5)
_AT_ONCE = 5_000

_NAMES_SHARED = (
    (Kind.CLOSED_ALIVE, "imsi"),
    (Kind.NUMBER_ANSWERS, "msisdn"),
    (Kind.STRANGER, "imsi"),
    (Kind.STRANGER, "iccid"),
)
"""What may be a neighbour's line, and by which identifier that is seen."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a comparison has found, with full identifiers, and the rows of files that could not be used."""

    findings: pl.DataFrame
    bad: Mapping[Source, pl.DataFrame]
    sources: Sequence[Mapping[str, Any]]
    lines: int
    looked_for: Sequence[Kind]
    not_judged: int = 0  # lines that the books changed too late for the export to know

    @property
    def counts(self) -> dict[str, int]:
        found = dict(self.findings.group_by("kind").len().iter_rows())
        return {kind.value: found.get(kind.value, 0) for kind in self.looked_for}


def reconcile(carrier: Carrier, inputs: Inputs, *, as_of: datetime, acting: Acting, at: datetime) -> Reconciliation:
    """Compare and keep what was found. Runs in the scope of the carrier. Raises `Refused` as `look` does."""
    return keep(carrier, look(carrier, inputs, as_of=as_of, at=at), as_of=as_of, acting=acting, begun_at=at, at=at)


def look(carrier: Carrier, inputs: Inputs, *, as_of: datetime, at: datetime) -> Found:
    """Compare a carrier's books with what the network holds, and write nothing.

    `as_of` is the moment that the exports show; what the books changed since one hour before it is not judged. Raises
    `Refused`: `reconcile.from_the_future`, `reconcile.not_this_network`, and what the readers refuse.
    """
    if as_of > at + CLOCKS_DIFFER:
        raise Refused("reconcile.from_the_future")
    # The elements first: books that are read later know at least as much.
    told = _Told(inputs, carrier)
    books = read_books(carrier, as_of=as_of)
    parts = [billed_after(carrier, as_of=as_of)]
    if told.hlr is not None:
        parts.append(compare.with_hlr(books, told.hlr, imsis=inputs.imsis, doubtful=told.doubtful["imsi"]))
    if told.keys is not None:
        parts.append(compare.keys_left(told.keys))
    if told.smdp is not None:
        parts.append(compare.with_profiles(books, told.smdp.rows, doubtful=told.smdp.doubtful["iccid"]))
    if told.billing is not None:
        parts.append(compare.with_bills(books, told.billing.rows))
    findings = pl.concat(parts).unique(["kind", "line_id", "key", "source", "detail"], maintain_order=True)
    _check_share(books, findings)
    kinds = told.looked_for
    findings = _without_rested(carrier, findings, jst_date(as_of))
    findings = findings.filter(pl.col("kind").is_in([kind.value for kind in kinds]))
    findings = strangers.of_ranges(findings, inputs.imsis or own_imsis(carrier.elements))
    findings = _without_neighbours(carrier, findings)
    fresh = books.lines.filter(~pl.col("settled")).height
    return Found(_in_order(findings), told.bad, told.sources, books.lines.height, kinds, fresh)


class _Told:
    """What was read of the network: columns, and how much of it there was."""

    def __init__(self, inputs: Inputs, carrier: Carrier) -> None:
        self.hlr: pl.DataFrame | None = None
        self.keys: pl.DataFrame | None = None
        self.smdp: Export | None = None
        self.billing: Export | None = None
        self.doubtful = pl.DataFrame(schema={"imsi": pl.String})
        self.bad: dict[Source, pl.DataFrame] = {}
        self.sources: list[dict[str, Any]] = []
        self.whole = True  # everybody who is in the HLR was read
        self.lists = True  # and it was not asked about known lines only
        self._read(inputs, carrier)

    def _read(self, inputs: Inputs, carrier: Carrier) -> None:
        if sum((inputs.database is not None, inputs.live, inputs.hlr is not None)) > 1:
            raise Refused("reconcile.one_hlr")
        if inputs.database is not None:
            self.hlr, self.keys = elements.from_database(inputs.database)
            self._note(Source.HLR, inputs.database.name, self.hlr.height, element=OSMOHLR)
        elif inputs.live:
            self._ask(carrier)
        elif inputs.hlr is not None:
            export = self._file(inputs.hlr, Source.HLR, inputs)
            self.hlr, self.doubtful, self.whole = export.rows, export.doubtful, export.whole
        if inputs.smdp is not None:
            self.smdp = self._file(inputs.smdp, Source.SMDP, inputs)
        if inputs.billing is not None:
            self.billing = self._file(inputs.billing, Source.BILLING, inputs)

    def _ask(self, carrier: Carrier) -> None:
        said = live.ask(carrier)
        self.hlr, self.keys, self.doubtful = said.subscribers, said.keys, said.not_asked
        self.lists = said.lists
        for name, rows in said.held.items():
            self._note(Source.HLR, name, rows)
        for name, lines in said.left_out.items():
            self._note(Source.HLR, name, 0, not_asked=lines)

    def _file(self, path: Path, source: Source, inputs: Inputs) -> Export:
        export = read_export(path, source, inputs.mappings.get(source))
        self.bad[source] = export.bad
        self._note(source, path.name, export.total, export.bad.height)
        return export

    def _note(self, source: Source, name: str, rows: int, bad: int = 0, **more: str | int) -> None:
        self.sources.append({"source": source.value, "name": name, "rows": rows, "bad": bad, **more})

    @property
    def looked_for(self) -> Sequence[Kind]:
        """The kinds that could be found in what was read. With an unreadable row nobody can be called missing."""
        kinds = {Kind.BILLED_AFTER}
        if self.hlr is not None:
            kinds |= {Kind.CLOSED_ALIVE, Kind.NUMBER_ANSWERS, Kind.IDENTITY_DIFFERS}
        if self.hlr is not None and self.lists:
            kinds.add(Kind.STRANGER)
        if self.smdp is not None:
            kinds |= {Kind.CLOSED_ALIVE, Kind.STRANGER}
        hlr_tells, smdp_tells = self.hlr is not None and self.whole, self.smdp is not None and self.smdp.whole
        if hlr_tells or (self.hlr is None and smdp_tells):
            kinds.add(Kind.ACTIVE_GONE)
        if self.keys is not None:
            kinds.add(Kind.KEY_LEFT)
        return [kind for kind in Kind if kind in kinds]


def _check_share(books: Books, findings: pl.DataFrame) -> None:
    gone = findings.filter(pl.col("kind") == Kind.ACTIVE_GONE.value)["line_id"].n_unique()
    if gone > FEW and gone > MOST_GONE * books.active.height:
        raise Refused("reconcile.not_this_network", gone=gone, lines=books.active.height)


def _without_neighbours(carrier: Carrier, findings: pl.DataFrame) -> pl.DataFrame:
    """Leave out what belongs to a line that runs at another carrier of this installation: they may share an HLR."""
    for kind, name in _NAMES_SHARED:
        named = findings.filter((pl.col("kind") == kind.value) & (pl.col(name) != ""))[name].unique().to_list()
        # What a neighbour has closed and is alive is a ghost of theirs, and no stranger here.
        theirs = _at_neighbours(carrier, name, named, also_closed=kind == Kind.STRANGER) if named else set()
        if theirs:
            findings = findings.filter(~((pl.col("kind") == kind.value) & pl.col(name).is_in(list(theirs))))
    return findings


def _at_neighbours(carrier: Carrier, name: str, named: Sequence[str], *, also_closed: bool) -> set[str]:
    """Which of these identifiers other carriers of this installation have in their books."""
    theirs: set[str] = set()
    with every_carrier():
        others = list(Carrier.objects.exclude(pk=carrier.pk).values_list("pk", flat=True))
        for start in range(0, len(named) if others else 0, _AT_ONCE):
            held = Line.objects.filter(carrier_id__in=others, **{f"{name}__in": named[start : start + _AT_ONCE]})
            if not also_closed:
                held = held.exclude(state=LineState.TERMINATED)
            theirs.update(held.values_list(name, flat=True))
    return theirs


def _without_rested(carrier: Carrier, findings: pl.DataFrame, day: date) -> pl.DataFrame:
    """Numbers that had their rest may be somebody's again, whom these books do not know: that one is a stranger."""
    lines = findings.filter(pl.col("kind") == Kind.NUMBER_ANSWERS.value)["line_id"].unique().to_list()
    rested: list[int] = []
    for start in range(0, len(lines), _AT_ONCE):
        ended = Line.objects.filter(pk__in=lines[start : start + _AT_ONCE]).only("msisdn", "ended_at", "ported_in")
        signed = RestingNumber.objects.filter(carrier=carrier, msisdn__in=[line.msisdn for line in ended])
        days = dict(signed.values_list("msisdn", "free_from"))
        for line in ended:
            free = days.get(line.msisdn) or _free_from(line, carrier)
            if free is not None and free <= day:
                rested.append(line.pk)
    if not rested:
        return findings
    is_free = (pl.col("kind") == Kind.NUMBER_ANSWERS.value) & pl.col("line_id").is_in(rested)
    return findings.with_columns(
        pl.when(is_free).then(pl.lit(Kind.STRANGER.value)).otherwise("kind").alias("kind"),
        pl.when(is_free).then(None).otherwise("line_id").alias("line_id"),
        pl.when(is_free).then(pl.lit("")).otherwise("iccid").alias("iccid"),
    )


def _free_from(line: Line, carrier: Carrier) -> date | None:
    """When the number of a line that ended may be given out again, where no certificate has said so."""
    if line.ended_at is None:
        return None
    closed_on = jst_date(line.ended_at - timedelta(microseconds=1))
    return quarantine(closed_on, carrier_days=carrier.rest_days, ported_in=line.ported_in).free_from


def _in_order(findings: pl.DataFrame) -> pl.DataFrame:
    """In the order of the kinds, and within one in the order of the lines."""
    place = pl.col("kind").replace_strict(
        {kind.value: number for number, kind in enumerate(Kind)}, return_dtype=pl.Int8
    )
    return findings.sort(place, "line_id", "key", "detail")


def keep(
    carrier: Carrier, found: Found, *, as_of: datetime, acting: Acting, begun_at: datetime, at: datetime
) -> Reconciliation:
    """Write a comparison and its findings, all or nothing."""
    with transaction.atomic():
        run = Reconciliation.objects.create(
            carrier_id=carrier.pk,
            reference=drawn("RC"),
            as_of=as_of,
            begun_at=begun_at,
            ended_at=at,
            asked_by=str(acting),
            sources=list(found.sources),
            lines=found.lines,
            counts=found.counts,
        )
        for part in strangers.in_blocks(found.findings).iter_slices(_AT_ONCE):
            insert_new(Finding, [_row(run, one) for one in part.iter_rows(named=True)], returning="id")
    return run


def _row(run: Reconciliation, one: Mapping[str, Any]) -> dict[str, Any]:
    """A finding as it is kept: of identifiers the last four digits of the one that matters."""
    at_hlr = one["source"] == Source.HLR
    names = {
        Kind.CLOSED_ALIVE.value: ("imsi", "iccid") if at_hlr else ("iccid",),
        Kind.STRANGER.value: ("imsi", "iccid"),
    }
    matters = next((one[name] for name in names.get(one["kind"], ("msisdn", "imsi", "iccid")) if one[name]), "")
    return {
        "carrier_id": run.carrier_id,
        "run_id": run.pk,
        "kind": one["kind"],
        "source": one["source"],
        "line_id": one["line_id"],
        # Where an element is asked line by line, the key is the IMSI itself; any other is a row's number.
        "key": masked(one["key"]) if one["key"] == one["imsi"] else one["key"],
        "ends": matters if strangers.is_block(matters) else masked(matters),
        "detail": one["detail"],
    }
