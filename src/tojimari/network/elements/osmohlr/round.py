"""How is a whole batch worked on at once without one bad line harming the others?

A step goes through phases (look, act, read back); each phase asks for all lines that are still open, many requests in
flight. A line leaves the round as soon as its outcome is settled. Answers to an effect are only news: what counts is
what is read back afterwards on a connection that is not in doubt.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from tojimari.network.elements.osmohlr.ctrl import Ctrl
from tojimari.network.elements.osmohlr.record import NO_SUCH, Record
from tojimari.network.elements.osmohlr.transcript import entry
from tojimari.network.elements.osmohlr.vty import Vty
from tojimari.network.elements.osmohlr.wire import Answer, Pipeline, Settings, always
from tojimari.network.masking import masked
from tojimari.platform.work import Batch, Outcome, Work

NAME = "osmohlr"


class Connections(threading.local):
    """The console and CTRL connections to one HLR, a pair for each thread: answers must not cross."""

    def __init__(self, settings: Settings, name: str = NAME) -> None:
        self.settings = settings
        self.name = name  # of the HLR, where there are several
        self.ctrl = Ctrl(settings)
        self.vty = Vty(settings)


class Line:
    """One work on its way through a step."""

    def __init__(self, work: Work, address: str, element: str = NAME) -> None:
        self.work = work
        self.imsi = work.target.imsi
        self.msisdn = work.target.msisdn
        self.record: Record | None = None
        self.facts: dict[str, Any] = {}
        self.outcome: Outcome | None = None
        self._address = address
        self._element = element
        self._exchange: list[dict[str, str]] = []

    def note(self, answers: Iterable[Answer]) -> None:
        self._exchange.extend(entry(answer) for answer in answers)

    def done(self, **facts: Any) -> None:
        self.outcome = Outcome.done(**self._evidence(facts))

    def again(self, code: str, *, after: timedelta | None = None, **facts: Any) -> None:
        if code == "lease.expired":  # nothing is wrong with the line or the HLR
            after = timedelta(0)
        self.outcome = Outcome.again(code, after=after, **self._evidence(facts))

    def stuck(self, code: str, **facts: Any) -> None:
        self.outcome = Outcome.stuck(code, **self._evidence(facts))

    def earlier(self, step: str) -> Mapping[str, Any]:
        return self.work.earlier.get(step, {})

    def _evidence(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "element": self._element,
            "address": self._address,
            "simulated": False,
            "exchange": self._exchange,
            **self.facts,
            **facts,
        }


class Round:
    """One batch in one step of one HLR."""

    def __init__(self, batch: Batch, here: Connections) -> None:
        self._batch = batch
        self.here = here
        self.lines = [Line(work, here.settings.address, here.name) for work in batch.works]
        for line in self.lines:
            _refuse_what_cannot_be_asked(line)

    @property
    def open(self) -> list[Line]:
        return [line for line in self.lines if line.outcome is None]

    def outcomes(self) -> list[Outcome]:
        for line in self.open:
            line.stuck("network.no_outcome")
        return [line.outcome for line in self.lines if line.outcome is not None]

    def go(self, _index: int = 0) -> bool:
        """May another effect begin? Not after the lease: another worker may have taken the line over."""
        return not self._batch.expired

    def look(self) -> None:
        """Read every open line's record; settle those that cannot be read or belong to somebody else."""
        for line, (answer,) in self.each(self.here.ctrl, lambda line: [info_by_imsi(line)]):
            if read(line, answer) and belongs_to_other(line):
                line.stuck("network.other_subscriber")

    def each(
        self,
        port: Pipeline,
        requests_of: Callable[[Line], Sequence[str]],
        lines: Sequence[Line] | None = None,
        go: Callable[[int], bool] = always,
    ) -> list[tuple[Line, list[Answer]]]:
        """Ask a few requests about each line, all lines at once, and note the answers with the lines."""
        asked = [(line, requests_of(line)) for line in (self.open if lines is None else lines)]
        answers = iter(port.ask([request for _, requests in asked for request in requests], go=go))
        paired = [(line, [next(answers) for _ in requests]) for line, requests in asked]
        for line, noted in paired:
            line.note(noted)
        return paired


def info_by_imsi(line: Line) -> str:
    return f"GET subscriber.by-imsi-{line.imsi}.info"


def info_by_msisdn(line: Line) -> str:
    return f"GET subscriber.by-msisdn-{line.msisdn}.info"


def read(line: Line, answer: Answer) -> bool:
    """Take the record from an answer. False, and the line settled, if the answer does not tell."""
    line.record = Record.of(answer.back)
    if line.record is None and answer.back not in NO_SUCH:
        line.again(answer.code or "network.unexpected_answer")
        return False
    return True


def belongs_to_other(line: Line) -> bool:
    """True if the HLR now holds another number under this IMSI: the IMSI was given to somebody else."""
    if line.record is None:
        return False
    if line.msisdn:
        return line.record.msisdn not in ("", line.msisdn)
    inspected = line.earlier("inspect")  # a line without a number: as it was when it was inspected
    return inspected.get("known") is True and inspected.get("msisdn") != masked(line.record.msisdn)


def _refuse_what_cannot_be_asked(line: Line) -> None:
    scope = line.work.scope
    if scope != "line":
        line.stuck("element.no_roaming_switch" if scope == "roaming" else "element.no_such_service")
    elif not line.imsi:
        line.stuck("line.no_imsi")
    elif not _digits(line.imsi, 6, 15) or (line.msisdn and not _digits(line.msisdn, 1, 15)):
        line.stuck("line.identifier_invalid")  # it would end up inside a command


def _digits(text: str, least: int, most: int) -> bool:
    return text.isascii() and text.isdecimal() and least <= len(text) <= most
