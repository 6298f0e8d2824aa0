"""When may we say that a line is closed?

When two visited networks have asked for it and were refused because the HLR does not know it, and the HLR itself,
read by IMSI and by number, says the same. Before the probe asks, the record is read: a line that would be accepted is
never asked for, because asking alone would put the probe on record as the network where the phone is.
"""

from __future__ import annotations

from tojimari.network.elements.osmohlr.gsup import ACCEPTED, BARRED, CS, IMSI_UNKNOWN, PS, Probe
from tojimari.network.elements.osmohlr.record import NO_SUCH, Record
from tojimari.network.elements.osmohlr.round import Line, Round, info_by_imsi, info_by_msisdn, read
from tojimari.network.elements.osmohlr.wire import Answer

_DOMAINS = {"cs": CS, "ps": PS}

Verdicts = dict[str, dict[str, str | int]]
"""domain -> IMSI -> cause of the refusal, "accepted", or the code of the trouble."""


def prove(round_: Round) -> None:
    """Prove that a removed line is unknown, or that a line that was only barred is refused."""
    round_.look()
    gone = {id(line) for line in round_.open if line.record is None}
    for line in round_.open:
        if line.record is None:
            continue
        if "remove" in line.work.earlier:
            line.stuck("network.still_on_record")
        elif line.record.mode != "none":
            line.stuck("network.still_open")
    verdicts, names = _ask_as_visited_networks(round_)
    numbers = _read_back(round_, names, gone)
    for line in round_.open:
        _judge(line, {domain: verdicts[domain][line.imsi] for domain in _DOMAINS}, id(line) in gone, numbers[id(line)])


def _ask_as_visited_networks(round_: Round) -> tuple[Verdicts, set[str]]:
    verdicts: Verdicts = {domain: {} for domain in _DOMAINS}
    names = set()
    asked = round_.open
    for domain, number in _DOMAINS.items():
        probe = Probe(round_.here.settings, number)
        names.add(probe.name)
        try:
            for line, (answer,) in round_.each(probe, lambda line: [line.imsi], asked, round_.go):
                verdicts[domain][line.imsi] = probe.verdict(answer)
            accepted = [line.imsi for line in asked if verdicts[domain][line.imsi] == ACCEPTED]
            if accepted:
                probe.leave(accepted)
        finally:
            probe.close()
    return verdicts, names


def _read_back(round_: Round, probes: set[str], gone: set[int]) -> dict[int, str]:
    """Read the record once more and who holds the number now: "nobody", "self" or "other"."""

    def requests(line: Line) -> list[str]:
        return [info_by_imsi(line), info_by_msisdn(line)] if line.msisdn else [info_by_imsi(line)]

    numbers: dict[int, str] = {}
    made: list[Line] = []
    for line, (answer, *by_number) in round_.each(round_.here.ctrl, requests):
        if not read(line, answer):
            continue
        if line.record is not None and id(line) in gone:
            made.append(line)
        numbers[id(line)] = _holder(line, by_number)
    _undo_what_the_probe_made(round_, [line for line in made if _made_by_us(line, probes)])
    for line in made:
        if line.outcome is None:
            line.stuck("network.still_on_record")
    return numbers


def _holder(line: Line, answers: list[Answer]) -> str:
    if not answers:
        return "nobody"  # a line without a number
    found = Record.of(answers[0].back)
    if found is not None:
        return "self" if found.imsi == line.imsi else "other"
    if answers[0].back not in NO_SUCH:
        line.again(answers[0].code or "network.unexpected_answer")
    return "nobody"


def _made_by_us(line: Line, probes: set[str]) -> bool:
    record = line.record
    return record is not None and not record.msisdn and {record.vlr, record.sgsn} <= {"", *probes}


def _undo_what_the_probe_made(round_: Round, lines: list[Line]) -> None:
    """An HLR that creates subscribers on demand has created one for the probe. Nothing is proved there."""
    round_.each(round_.here.ctrl, lambda line: [f"SET subscriber.delete {line.imsi}"], lines)
    for line in lines:
        line.stuck("network.creates_on_demand")


def _judge(line: Line, verdict: dict[str, str | int], gone: bool, number: str) -> None:
    causes = {domain: cause for domain, cause in verdict.items() if isinstance(cause, int)}
    trouble = [cause for cause in verdict.values() if isinstance(cause, str)]
    expected = {domain: IMSI_UNKNOWN if gone else BARRED[code] for domain, code in _DOMAINS.items()}
    if ACCEPTED in trouble:
        line.stuck("network.still_accepted", causes=causes)
    elif trouble:
        line.again(trouble[0], causes=causes)
    elif causes != expected:
        line.again("network.unexpected_answer", causes=causes)
    elif gone and number != "nobody":
        line.stuck("network.number_on_other_imsi", causes=causes)
    else:
        line.done(reattach="rejected", causes=causes, on_record=not gone, number_on_record=number != "nobody")
