"""How does the make-believe HLR behave?

Like a real one, as far as a procedure can see: a delete alone detaches nobody, a barred line is refused with another
cause than an unknown one, and switching roaming off leaves the line at home untouched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import inf
from typing import Any

from tojimari.network.masking import masked
from tojimari.network.models import SimulatedSubscriber
from tojimari.network.planning import Order
from tojimari.platform.database.scope import every_carrier
from tojimari.platform.work import Batch, Outcome, Work

NAME = "simulated"

ROAMING_NOT_ALLOWED, IMSI_UNKNOWN, PLMN_NOT_ALLOWED, GPRS_NOT_ALLOWED = 13, 2, 11, 7
"""Causes of 3GPP TS 24.008, 10.5.5.14, as a real HLR would make the network say them."""

_Rows = Mapping[tuple[int, str], SimulatedSubscriber]
_Verb = Callable[["_Case"], Outcome]


@dataclass(slots=True)
class _Case:
    """One work with the row that it is about; a verb changes the row and sets `change`."""

    work: Work
    row: SimulatedSubscriber | None
    number_elsewhere: bool
    change: str = ""  # "" | "update" | "delete"

    @property
    def roaming(self) -> bool:
        return self.work.scope == "roaming"

    def earlier(self, step: str) -> Mapping[str, Any]:
        return self.work.earlier.get(step, {})

    def evidence(self, step: str, back: str, **facts: Any) -> dict[str, Any]:
        sent = _sent(step, self.work)
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        exchange = [{"at": at, "port": NAME, "sent": sent, "back": back}]
        return {"element": NAME, "address": "", "simulated": True, "exchange": exchange, **facts}


def _sent(step: str, work: Work) -> str:
    return f"{step} {work.scope} IMSI {masked(work.target.imsi)}"


class Simulated:
    """The element of installations that are connected to no network."""

    name = NAME
    simulated = True

    def trouble(self) -> str:
        return ""

    def inspect(self, batch: Batch) -> list[Outcome]:
        return _run(batch, _inspect)

    def bar(self, batch: Batch) -> list[Outcome]:
        return _run(batch, _bar)

    def restore(self, batch: Batch) -> list[Outcome]:
        return _run(batch, _restore)

    def remove(self, batch: Batch) -> list[Outcome]:
        return _run(batch, _remove)

    def prove(self, batch: Batch) -> list[Outcome]:
        return _run(batch, _prove)

    def look(self, work: Work) -> Outcome:
        """Read our own table: nobody is waited for."""
        return self.inspect(Batch([work], datetime.now(UTC), inf))[0]

    def plan(self, work: Work) -> Sequence[Order]:
        """One word for each step, as its evidence has it."""
        return [Order(NAME, _sent(work.name, work))]


_FIELDS = ["nam_cs", "nam_ps", "vlr_number", "sgsn_number", "roaming", "visited"]


def _run(batch: Batch, verb: _Verb) -> list[Outcome]:
    with every_carrier():  # it plays a system outside, which knows nothing of our tenants
        rows, numbers = _rows_of(batch)
        cases = [_Case(work, _row(rows, work), _elsewhere(numbers, work)) for work in batch.works]
        outcomes = [_refusal(batch, case) or verb(case) for case in cases]
        changed = [case.row for case in cases if case.row is not None and case.change == "update"]
        gone = [case.row.pk for case in cases if case.row is not None and case.change == "delete"]
        _save(changed)
        if gone:
            SimulatedSubscriber.objects.filter(pk__in=gone).delete()
    return outcomes


def _save(changed: list[SimulatedSubscriber]) -> None:
    """One UPDATE for all rows that become alike: a barred batch is one statement."""
    alike: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for row in changed:
        alike[tuple(getattr(row, name) for name in _FIELDS)].append(row.pk)
    for values, keys in alike.items():
        SimulatedSubscriber.objects.filter(pk__in=keys).update(**dict(zip(_FIELDS, values, strict=True)))


def _rows_of(batch: Batch) -> tuple[_Rows, Mapping[tuple[int, str], str]]:
    targets = [work.target for work in batch.works]
    rows = SimulatedSubscriber.objects.filter(imsi__in={target.imsi for target in targets if target.imsi})
    holders = SimulatedSubscriber.objects.filter(msisdn__in={target.msisdn for target in targets if target.msisdn})
    return (
        {(row.carrier_id, row.imsi): row for row in rows},
        {(row.carrier_id, row.msisdn): row.imsi for row in holders},
    )


def _row(rows: _Rows, work: Work) -> SimulatedSubscriber | None:
    return rows.get((work.target.carrier_id, work.target.imsi))


def _elsewhere(numbers: Mapping[tuple[int, str], str], work: Work) -> bool:
    return numbers.get((work.target.carrier_id, work.target.msisdn), work.target.imsi) != work.target.imsi


def _refusal(batch: Batch, case: _Case) -> Outcome | None:
    row, target = case.row, case.work.target
    if case.work.scope not in ("line", "roaming"):
        return Outcome.stuck("element.no_such_service", **case.evidence("look", "not served here"))
    if not target.imsi:
        return Outcome.stuck("line.no_imsi", **case.evidence("look", "no IMSI"))
    if batch.expired:
        return Outcome.again("lease.expired", after=timedelta(0), **case.evidence("look", "not begun"))
    if row is not None and target.msisdn and row.msisdn not in ("", target.msisdn):
        return Outcome.stuck("network.other_subscriber", **case.evidence("look", "another number"))
    return None


def _inspect(case: _Case) -> Outcome:
    row = case.row
    if case.number_elsewhere:
        return Outcome.stuck("network.number_on_other_imsi", **case.evidence("inspect", "number on another IMSI"))
    if row is None:
        return Outcome.done(**case.evidence("inspect", "unknown", known=False))
    facts = {name: getattr(row, name) for name in _FIELDS}
    return Outcome.done(**case.evidence("inspect", "on record", known=True, msisdn=masked(row.msisdn), **facts))


def _bar(case: _Case) -> Outcome:
    row = case.row
    if row is None:
        was_known = case.earlier("inspect").get("known", True)
        detach = "not_seen" if was_known else "nobody"
        return Outcome.done(**case.evidence("bar", "unknown", known=False, detach=detach, serving={}, away=[]))
    if case.roaming:
        serving = {"visited": row.visited} if row.visited else {}
        row.roaming, row.visited = False, ""
    else:
        attached = {"cs": row.vlr_number, "ps": row.sgsn_number, "visited": row.visited}
        serving = {domain: name for domain, name in attached.items() if name}
        row.nam_cs = row.nam_ps = False
        row.vlr_number = row.sgsn_number = row.visited = ""
    case.change = "update"
    detach = "told" if serving else "nobody"
    return Outcome.done(**case.evidence("bar", "done", known=True, detach=detach, serving=serving, away=[]))


def _restore(case: _Case) -> Outcome:
    row, before = case.row, case.earlier("inspect")
    if row is None and before.get("known") is False:
        return Outcome.done(**case.evidence("restore", "unknown", known=False))
    if row is None:
        return Outcome.stuck("network.gone", **case.evidence("restore", "unknown"))
    if not isinstance(before.get("nam_cs"), bool):
        return Outcome.stuck("network.not_inspected", **case.evidence("restore", "not inspected"))
    if case.roaming:
        row.roaming = before.get("roaming") is True
    else:
        row.nam_cs, row.nam_ps = before["nam_cs"], before["nam_ps"]
    case.change = "update"
    return Outcome.done(**case.evidence("restore", "done", known=True))


def _remove(case: _Case) -> Outcome:
    if case.roaming:  # "bar" has ended the service; the line keeps its record
        return Outcome.done(**case.evidence("remove", "nothing to do", nothing_to_do=True))
    if case.row is None:
        return Outcome.done(**case.evidence("remove", "unknown", known=False, on_record=False))
    case.change = "delete"
    return Outcome.done(**case.evidence("remove", "deleted", known=True, keys="none", on_record=False))


def _prove(case: _Case) -> Outcome:
    causes = _answers_to_a_visited_network(case)
    if not causes:
        return Outcome.stuck("network.still_open", **case.evidence("prove", "accepted"))
    if case.row is not None and not case.roaming and "remove" in case.work.earlier:
        return Outcome.stuck("network.still_on_record", **case.evidence("prove", "on record", causes=causes))
    if case.row is None and case.number_elsewhere:
        return Outcome.stuck("network.number_on_other_imsi", **case.evidence("prove", "number on another IMSI"))
    on_record = case.row is not None
    facts = {"causes": causes, "on_record": on_record, "number_on_record": on_record}
    return Outcome.done(**case.evidence("prove", "rejected", reattach="rejected", **facts))


def _answers_to_a_visited_network(case: _Case) -> dict[str, int]:
    """The causes with which a network abroad (roaming) or any network (line) is refused; empty if it is not."""
    row = case.row
    if row is None:
        return {"cs": IMSI_UNKNOWN, "ps": IMSI_UNKNOWN}
    if case.roaming:
        return {} if row.roaming else {"cs": ROAMING_NOT_ALLOWED, "ps": ROAMING_NOT_ALLOWED}
    return {} if row.nam_cs or row.nam_ps else {"cs": PLMN_NOT_ALLOWED, "ps": GPRS_NOT_ALLOWED}
