"""How do lines get into a test HLR?

For development and benchmarks only: an operator's HLR has its subscribers already. The keys are random and nobody keeps
them: no card belongs to them.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from tojimari.network.elements.osmohlr.ctrl import Ctrl
from tojimari.network.elements.osmohlr.record import NO_SUCH, Record
from tojimari.network.elements.osmohlr.wire import Answer, Settings, Trouble
from tojimari.platform.work import Target


def seed(lines: Iterable[Target], settings: Settings) -> int:
    """Create the lines that the HLR lacks, with number and MILENAGE keys, about 1,500 a second; how many were created.

    A line that an interrupted run has left without its number is completed. Raises Trouble if the HLR does not answer
    or refuses (a number that another IMSI has).
    """
    ctrl = Ctrl(settings)
    try:
        return _seed(ctrl, list(lines))
    finally:
        ctrl.close()


def _seed(ctrl: Ctrl, lines: list[Target]) -> int:
    seen = [_answered(answer) for answer in ctrl.ask([f"GET subscriber.by-imsi-{line.imsi}.info" for line in lines])]
    orders: list[str] = []
    created = 0
    for line, answer in zip(lines, seen, strict=True):
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


def _equip(line: Target) -> list[str]:
    """Keys first: a subscriber with a number is complete."""
    name = f"subscriber.by-imsi-{line.imsi}"
    keys = f"SET {name}.aud3g milenage,{secrets.token_hex(16)},opc,{secrets.token_hex(16)}"
    return [keys, f"SET {name}.msisdn {line.msisdn}"] if line.msisdn else [keys]


def _answered(answer: Answer) -> str:
    if answer.code:
        raise Trouble(answer.code)
    return answer.back
