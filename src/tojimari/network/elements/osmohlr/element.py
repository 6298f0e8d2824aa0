"""How do the five verbs reach an OsmoHLR?

Each verb is a round over the batch: `barring`, `removal` and `proof` hold what the HLR demands, this file only names
them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from tojimari.network.elements.osmohlr.barring import SHOW_PEERS, bar, restore
from tojimari.network.elements.osmohlr.ctrl import Ctrl
from tojimari.network.elements.osmohlr.planning import plan
from tojimari.network.elements.osmohlr.proof import prove
from tojimari.network.elements.osmohlr.record import NO_SUCH, Record
from tojimari.network.elements.osmohlr.removal import remove
from tojimari.network.elements.osmohlr.round import (
    NAME,
    Connections,
    Line,
    Round,
    belongs_to_other,
    info_by_imsi,
    info_by_msisdn,
    read,
)
from tojimari.network.elements.osmohlr.vty import Vty
from tojimari.network.elements.osmohlr.wire import Link, Settings, Trouble
from tojimari.network.masking import masked
from tojimari.network.planning import Order
from tojimari.platform.config import config
from tojimari.platform.work import Batch, Outcome, Work

_SIGN_OF_LIFE = 1.0  # seconds


class OsmoHlrElement:
    """OsmoHLR by VTY, CTRL and GSUP. Ends whole lines; has no switch for roaming.

    Safe to use from many threads; each has its own connections.
    """

    simulated = False

    def __init__(self, settings: Settings, name: str = NAME) -> None:
        self.name = name
        self._here = Connections(settings, name)

    def inspect(self, batch: Batch) -> list[Outcome]:
        return self._run(_inspect, batch)

    def bar(self, batch: Batch) -> list[Outcome]:
        return self._run(bar, batch)

    def restore(self, batch: Batch) -> list[Outcome]:
        return self._run(restore, batch)

    def remove(self, batch: Batch) -> list[Outcome]:
        return self._run(remove, batch)

    def prove(self, batch: Batch) -> list[Outcome]:
        return self._run(prove, batch)

    def plan(self, work: Work) -> Sequence[Order]:
        """What a step would send for one line."""
        return plan(work)

    def trouble(self) -> str:
        """Ask all three ports for a sign of life, on connections of their own and with little patience."""
        hurried = replace(self._here.settings, connect_within=_SIGN_OF_LIFE, answer_within=_SIGN_OF_LIFE)
        for port, request in ((Ctrl(hurried), "GET version"), (Vty(hurried), SHOW_PEERS)):
            code = port.ask([request])[0].code
            port.close()
            if code:
                return f"{code} {port.port} {hurried.address}"
        try:
            Link(hurried.host, hurried.gsup_port, hurried).close()
        except Trouble as trouble:
            return f"{trouble.code} gsup {hurried.address}"
        return ""

    def close(self) -> None:
        """Close this thread's connections; the next batch opens new ones."""
        self._here.ctrl.close()
        self._here.vty.close()

    def _run(self, verb: Callable[[Round], None], batch: Batch) -> list[Outcome]:
        round_ = Round(batch, self._here)
        verb(round_)
        return round_.outcomes()


def settings_from_config() -> Settings:
    """Where this installation's OsmoHLR listens. LookupError if none is set."""
    set_up = config()
    if set_up.osmohlr_host is None:
        raise LookupError("TOJIMARI_OSMOHLR_HOST is not set")
    return Settings(
        host=set_up.osmohlr_host,
        ctrl_port=set_up.osmohlr_ctrl_port,
        vty_port=set_up.osmohlr_vty_port,
        gsup_port=set_up.osmohlr_gsup_port,
    )


def from_config() -> OsmoHlrElement:
    return OsmoHlrElement(settings_from_config())


def _inspect(round_: Round) -> None:
    """Record what the HLR holds, so that "restore" can put it back; find the line's number under another IMSI."""

    def requests(line: Line) -> list[str]:
        return [info_by_imsi(line), info_by_msisdn(line)] if line.msisdn else [info_by_imsi(line)]

    for line, (answer, *by_number) in round_.each(round_.here.ctrl, requests):
        if not read(line, answer):
            continue
        holder = Record.of(by_number[0].back) if by_number else None
        if by_number and holder is None and by_number[0].back not in NO_SUCH:
            line.again(by_number[0].code or "network.unexpected_answer")
        elif belongs_to_other(line):
            line.stuck("network.other_subscriber")
        elif holder is not None and holder.imsi != line.imsi:
            line.stuck("network.number_on_other_imsi")
        elif line.record is None:
            line.done(known=False)
        else:
            found = line.record
            line.done(
                known=True,
                nam_cs=found.nam_cs,
                nam_ps=found.nam_ps,
                vlr_number=found.vlr,
                sgsn_number=found.sgsn,
                msisdn=masked(found.msisdn),
            )
