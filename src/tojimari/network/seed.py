"""How do lines get into a test HLR?

For development and benchmarks only: an operator's HLR has its subscribers already. The keys are random and nobody keeps
them: no card belongs to them.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from itertools import islice

from tojimari.network.elements.osmohlr.ctrl import Ctrl
from tojimari.network.elements.osmohlr.element import settings_from_config
from tojimari.network.elements.osmohlr.record import NO_SUCH, Record
from tojimari.network.elements.osmohlr.wire import Answer, Settings, Trouble
from tojimari.network.models import SimulatedSubscriber
from tojimari.platform.config import config
from tojimari.platform.database.scope import every_carrier
from tojimari.platform.work import Target

_AT_ONCE = 2_000


def seed(lines: Iterable[Target], settings: Settings | None = None) -> int:
    """Create the lines that the test network does not have. Returns how many were created.

    The network is the HLR of `settings`, or the one of this installation, or, if it has none, the simulated one. Can
    be run again after an interruption. Raises Trouble if the HLR does not answer or refuses (a number that another
    IMSI has).
    """
    if settings is None and config().osmohlr_host is None:
        return _seed_simulated(lines)
    ctrl = Ctrl(settings or settings_from_config())
    try:
        return sum(_seed_hlr(ctrl, part) for part in _parts(lines))
    finally:
        ctrl.close()


def _seed_hlr(ctrl: Ctrl, part: list[Target]) -> int:
    """With number and MILENAGE keys, about 1,500 lines a second; a line cut off before its number is completed."""
    seen = [_answered(answer) for answer in ctrl.ask([f"GET subscriber.by-imsi-{line.imsi}.info" for line in part])]
    orders: list[str] = []
    created = 0
    for line, answer in zip(part, seen, strict=True):
        record = Record.of(answer)
        if answer in NO_SUCH:
            orders += [f"SET subscriber.create {line.imsi}", *_equip(line)]
            created += 1
        elif record is not None and line.msisdn and not record.msisdn:
            orders += _equip(line)
    for answered in ctrl.ask(orders):
        if _answered(answered).startswith("ERROR "):
            raise Trouble("network.unexpected_answer", answered.back)
    return created


def _seed_simulated(lines: Iterable[Target]) -> int:
    created = 0
    with every_carrier():
        for part in _parts(lines):
            before = SimulatedSubscriber.objects.count()
            SimulatedSubscriber.objects.bulk_create(
                [SimulatedSubscriber(carrier_id=line.carrier_id, imsi=line.imsi, msisdn=line.msisdn) for line in part],
                ignore_conflicts=True,
            )
            created += SimulatedSubscriber.objects.count() - before
    return created


def _equip(line: Target) -> list[str]:
    name = f"subscriber.by-imsi-{line.imsi}"
    keys = f"SET {name}.aud3g milenage,{secrets.token_hex(16)},opc,{secrets.token_hex(16)}"
    return [keys, f"SET {name}.msisdn {line.msisdn}"] if line.msisdn else [keys]


def _answered(answer: Answer) -> str:
    if answer.code:
        raise Trouble(answer.code)
    return answer.back


def _parts(lines: Iterable[Target]) -> Iterator[list[Target]]:
    rest = (line for line in lines if line.imsi)
    while part := list(islice(rest, _AT_ONCE)):
        yield part
