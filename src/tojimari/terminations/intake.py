"""How does a wish become a case?

`request_many` is the only way in, for one line and for a file of a million: it locks the lines, checks each wish, and
writes the cases, their steps and their history in one transaction. `requested_at` is the `at` it is given, for ever.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from tojimari.lines import actions as lines
from tojimari.lines.models import Carrier, Line, LineState, Service, ServiceKind, ServiceState
from tojimari.money.books import Books, books_for_quote
from tojimari.money.quotes import quote
from tojimari.platform.acting import Acting, Refused, Role
from tojimari.platform.work import Evidence, verb_of
from tojimari.rules import effective as effective_rules
from tojimari.rules.calendar import add_business_days, jst_date
from tojimari.terminations import beside, called, late_time, letters, procedures, screens
from tojimari.terminations.across import elements_of, spread
from tojimari.terminations.bell import ring
from tojimari.terminations.called import BY_PHONE, Known
from tojimari.terminations.engine import books
from tojimari.terminations.engine.cases import Cases
from tojimari.terminations.engine.record import digest, open_next
from tojimari.terminations.helped import Helped
from tojimari.terminations.models import (
    OPEN_STATES,
    CaseKind,
    Channel,
    LateWish,
    Procedure,
    StepState,
    Termination,
)
from tojimari.terminations.procedures import NO_RETURN, ProcedureSpec
from tojimari.terminations.references import new_reference
from tojimari.terminations.repairing import Mending, skips
from tojimari.terminations.screens import Screen
from tojimari.terminations.sql import sql


@dataclass(frozen=True, slots=True)
class Ask:
    """One wish: end this line, or the service `scope` on it.

    `proof` is how the asking person proved who they are. `shown_yen` is the total that was shown to them before they
    confirmed; when it is not what ending costs at the instant of the request (midnight passed, a bill was paid), the
    wish is refused with `quote.changed` instead of being taken at a price nobody saw. `late` is the wish of the same
    subscriber that was taken while the database was away: the case is then requested at its instant. `helped` is the
    request for help that staff answer by opening this case; its instant counts too. `caller` is how somebody on the
    phone was known, for whom staff open it. `shown` is the screen that the person confirmed. `repair` is the ghost line
    that two people want to be rid of.
    """

    line_id: int
    scope: str
    effective: str
    reason: str = ""
    language: str = ""
    proof: Evidence = field(default_factory=dict)
    shown_yen: int | None = None
    late: LateWish | None = None
    helped: Helped | None = None
    caller: Known | None = None
    shown: Screen | None = None
    repair: Mending | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a wish: a new case, the case that was open already, or a refusal with its reason code."""

    ask: Ask
    termination: Termination | None
    created: bool = False
    refused: Refused | None = None


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a case begun now at this carrier would follow."""

    procedure: Procedure
    spec: ProcedureSpec


class _Plans:
    """The current procedures of one carrier, each read once, and written when a case is to begin with it."""

    def __init__(self, carrier: Carrier, *, write: bool) -> None:
        self.carrier = carrier
        self._read = procedures.current if write else procedures.read
        self._known: dict[str, _Plan] = {}

    def __getitem__(self, kind: str) -> _Plan:
        if kind not in self._known:
            row = self._read(self.carrier, kind)
            self._known[kind] = _Plan(row, procedures.spec(row))
        return self._known[kind]


def kind_of(line: Line, scope: str) -> CaseKind:
    """Return which of the three kinds of case ends `scope` on a line."""
    return CaseKind(line.kind) if scope == books.LINE else CaseKind.ROAMING


def earliest_day(spec: ProcedureSpec, at: datetime) -> Any:
    """Return the first day (in Japan) on which a line may end by this procedure, None when there is no such rule."""
    days = spec.earliest_business_days
    return add_business_days(jst_date(at), days) if days else None


def request_many(
    asks: Sequence[Ask],
    *,
    carrier: Carrier,
    channel: Channel,
    acting: Acting,
    at: datetime,
    then: Callable[[Sequence[Answer]], None] | None = None,
) -> list[Answer]:
    """Open a case for each wish, or say why not; answers come in the order of the asks.

    Asking again for the same line and scope gives the case that is open. Safe to run twice and at the same time: the
    lines are locked in the order of their ids, and a unique index allows one open case per line and scope. `then`
    writes what must not be without the cases, nor they without it, in the same transaction; what it raises undoes all.
    """
    with transaction.atomic(durable=True):
        plans = _Plans(carrier, write=True)
        locked = {line.pk: line for line in _lines(carrier, asks).select_for_update(of=("self",))}
        answers = _judge(asks, locked, plans, channel, acting, at)
        fresh = [(one.ask, one.termination) for one in answers if one.created and one.termination]
        if fresh:
            _write(fresh, plans, locked, acting, at)
            ring()
        if then is not None:
            then(answers)
    return answers


def preview(asks: Sequence[Ask], *, carrier: Carrier, channel: Channel, acting: Acting, at: datetime) -> list[Answer]:
    """Say what `request_many` would answer now, and write nothing. The cases of the answers are not in the database."""
    lines = {line.pk: line for line in _lines(carrier, asks)}
    return _judge(asks, lines, _Plans(carrier, write=False), channel, acting, at)


def _judge(
    asks: Sequence[Ask],
    lines_by_id: Mapping[int, Line],
    plans: _Plans,
    channel: Channel,
    acting: Acting,
    at: datetime,
) -> list[Answer]:
    """Answer each wish; new cases are made but not written."""
    opened = _open_cases(lines_by_id)
    services = _services(lines_by_id)
    read = partial(books_for_quote, carrier_id=plans.carrier.pk)
    books_of = read(list(lines_by_id), at=at)
    answers: list[Answer] = []
    for ask in asks:
        line = lines_by_id.get(ask.line_id)
        known = opened.get((ask.line_id, ask.scope))
        if known is not None:
            answers.append(Answer(ask, known))
            continue
        try:
            if line is None:
                raise Refused("line.unknown")
            _check(line, ask, services, opened)
            requested_at = at
            if ask.late is not None:  # its row is read again: the line is locked, so nobody else confirms it meanwhile
                ask.late.refresh_from_db()
                requested_at = late_time.asked_at(ask.late, line, ask.scope, at, by_staff=acting.role == Role.STAFF)
            if ask.helped is not None:
                requested_at = ask.helped.asked_at(line, at)
            said = books_of if requested_at == at else read([line.pk], at=requested_at)
            case = _case(line, ask, plans, said[line.pk], channel, acting, requested_at)
        except Refused as refused:
            answers.append(Answer(ask, None, refused=refused))
            continue
        opened[ask.line_id, ask.scope] = case
        answers.append(Answer(ask, case, created=True))
    return answers


def _lines(carrier: Carrier, asks: Sequence[Ask]) -> QuerySet[Line]:
    ids = sorted({ask.line_id for ask in asks})
    related = ("plan", "subscriber", "carrier")
    return Line.objects.select_related(*related).filter(carrier=carrier, pk__in=ids).order_by("pk")


def _open_cases(found: Mapping[int, Line]) -> dict[tuple[int, str], Termination]:
    rows = Termination.objects.filter(line_id__in=list(found), state__in=OPEN_STATES)
    return {(case.line_id, case.scope): case for case in rows}


def _services(found: Mapping[int, Line]) -> dict[tuple[int, str], str]:
    rows = Service.objects.filter(line_id__in=list(found)).values_list("line_id", "kind", "state")
    return {(line_id, kind): state for line_id, kind, state in rows}


def _check(
    line: Line,
    ask: Ask,
    services: Mapping[tuple[int, str], str],
    opened: Mapping[tuple[int, str], Termination],
) -> None:
    """Refuse what cannot end: a line that is over, a service that is not there."""
    if ask.repair is not None:
        ask.repair.check(line)
        return
    if line.state == LineState.TERMINATED:
        raise Refused("line.already_terminated")
    if line.state == LineState.PORTED_OUT:
        raise Refused("line.ported_out")
    if ask.scope == books.LINE:
        return
    if (line.pk, books.LINE) in opened:
        raise Refused("line.already_ending", reference=opened[line.pk, books.LINE].reference)
    if ask.scope != CaseKind.ROAMING:
        raise Refused("service.not_ended_here", service=ask.scope)
    if services.get((line.pk, ask.scope)) != ServiceState.ACTIVE:
        raise Refused("service.not_active", service=ask.scope)


def _quote(line: Line, owing: Books, at: datetime, ends_at: datetime) -> dict[str, Any]:
    return quote(
        line,
        line.plan,
        owing.bills,
        requested_at=at,
        ends_at=ends_at,
        options_yen=owing.options_yen,
        said=owing.said,
        paying=owing.paying,
    )


def _case(
    line: Line, ask: Ask, plans: _Plans, owing: Books, channel: Channel, acting: Acting, at: datetime
) -> Termination:
    """Return the case, not yet written. Raises `Refused` when the end that was asked for cannot be had."""
    kind = kind_of(line, ask.scope)
    plan = plans[kind]
    if ask.repair is not None:
        return ask.repair.case(line, plan.procedure, acting, at)
    wish = effective_rules.parse(ask.effective)
    # An operator's own file may end a line at once; a person chooses among what the carrier offers.
    free = channel == Channel.FILE
    offered = {"date" if isinstance(wish, effective_rules.OnDate) else str(wish)}
    if not free and not offered & set(plan.spec.offer):
        raise Refused("effective.not_offered", offered=", ".join(plan.spec.offer))
    ends_at = effective_rules.ends_at(
        wish, at, plan.spec.cutoff if not free else None, None if free else earliest_day(plan.spec, at)
    )
    elements_of(line, ask.scope)  # refused here where no element holds the line
    yen = _quote(line, owing, at, ends_at) if ask.scope == books.LINE else {}
    if ask.shown_yen is not None and ask.shown_yen != yen.get("total_yen", 0):
        raise Refused("quote.changed", shown_yen=ask.shown_yen, total_yen=yen.get("total_yen", 0))
    return Termination(
        carrier=plans.carrier,
        reference=new_reference(),
        line=line,
        subscriber=line.subscriber,
        kind=kind,
        scope=ask.scope,
        procedure=plan.procedure,
        channel=channel,
        requested_by=str(acting),
        requested_at=at,
        effective=str(wish),
        ends_at=ends_at,
        reason=ask.reason,
        language=ask.language or line.subscriber.language,
        quote=yen,
    )


def _write(
    fresh: Sequence[tuple[Ask, Termination]], plans: _Plans, locked: Mapping[int, Line], acting: Acting, at: datetime
) -> None:
    """Write new cases with their steps and history, and open the first step of each."""
    beside.keep([case for _, case in fresh])
    Termination.objects.bulk_create([case for _, case in fresh], batch_size=500)
    screens.keep([(ask.shown, case.carrier_id, case.pk) for ask, case in fresh], at=at)
    groups: dict[tuple[str, tuple[str, ...], str], list[Termination]] = defaultdict(list)
    for ask, case in fresh:
        lanes = elements_of(locked[case.line_id], case.scope)
        groups[case.kind, lanes, json.dumps(dict(ask.proof), sort_keys=True)].append(case)
    for (kind, lanes, proof), alike in groups.items():
        _write_steps(alike, plans[kind].spec, lanes, json.loads(proof), acting, at)
    cases = Cases(case.pk for _, case in fresh)
    for ask, case in fresh:
        note = {"scope": case.scope, "kind": case.kind, "effective": case.effective, "channel": case.channel}
        if ask.late is not None:
            note |= {"late_wish": ask.late.reference, "asked_at": case.requested_at.isoformat()}
            late_time.use_up(ask.late, case)
        if ask.helped is not None:
            note |= ask.helped.begin(case, acting=acting, at=at)
        if ask.shown is not None:
            note |= {"shown": ask.shown.digest, "language": ask.shown.language}
        if ask.repair is not None:
            note |= ask.repair.begin(case)
        note |= beside.facts(case)
        cases.note(
            cases[case.pk],
            "termination.requested",
            actor=acting,
            at=at,
            **note,
            ends_at=case.ends_at.isoformat(),
            procedure=case.procedure.digest,
            quote=digest(case.quote),
            proof=digest(ask.proof),
        )
        if ask.caller is not None:
            cases.note(cases[case.pk], BY_PHONE, actor=acting, at=at, **ask.caller.facts())
    whole = [case.line_id for ask, case in fresh if case.scope == books.LINE and ask.repair is None]
    lines.mark_pending(whole)
    services: dict[str, list[int]] = defaultdict(list)
    for _, case in fresh:
        if case.scope != books.LINE:
            services[case.scope].append(case.line_id)
    for service, line_ids in services.items():
        lines.mark_service_pending(line_ids, kind=ServiceKind(service))
    open_next(list(cases.by_id.values()), at=at)
    cases.save()
    for ask, case in fresh:
        letters.receipt(case, at=at)
        if ask.helped is not None:
            ask.helped.tell(case, at=at)
        if ask.caller is not None:
            called.tell(case, at=at)


def _write_steps(
    cases: Sequence[Termination],
    spec: ProcedureSpec,
    lanes: Sequence[str],
    proof: Evidence,
    acting: Acting,
    at: datetime,
) -> None:
    """Write the steps of cases that are alike. What the channel does not ask for is skipped, and says so."""
    columns: dict[str, list[Any]] = defaultdict(list)
    channel = cases[0].channel
    for number, (step, lane) in enumerate(spread(spec.steps, lanes), 1):
        state, code, evidence = StepState.WAITING, "", {}
        if channel in step.waived_for or skips(channel, step.name):
            state, code, evidence = StepState.SKIPPED, "waived.by_channel", {"channel": channel, "by": str(acting)}
        elif step.name == "verify" and proof:
            state, evidence = StepState.DONE, dict(proof)
        columns["numbers"].append(number)
        columns["names"].append(step.name)
        columns["actors"].append(step.actor)
        columns["lanes"].append(lane)
        columns["no_returns"].append(verb_of(step.name) == NO_RETURN)
        columns["waits"].append(step.wait_hours * 3600)
        columns["effectives"].append(step.when_effective)
        columns["states"].append(state)
        columns["codes"].append(code)
        columns["evidence"].append(json.dumps(evidence))
    with connection.cursor() as cursor:
        params: dict[str, Any] = {
            "carrier": cases[0].carrier_id,
            "cases": [case.pk for case in cases],
            "at": at,
            "by": str(acting),
        }
        cursor.execute(sql("steps"), params | columns)
