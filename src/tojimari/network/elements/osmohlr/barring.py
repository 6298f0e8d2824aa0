"""How does OsmoHLR let go of a phone, and how is that undone?

`update network-access-mode none` on the console is the only thing that sends Delete Subscriber Data, and it has three
traps: it is sent only for a domain that was still on, so a half-done try must switch on again before it switches off;
it is dropped in silence when the visited network is not connected, so the list of connections is read before and
after; and the console says nothing on success, so the record is read back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from tojimari.network.element import BAR_TRIES_FOR_AN_ABSENT_NETWORK
from tojimari.network.elements.osmohlr.record import Record, mode_of
from tojimari.network.elements.osmohlr.round import Line, Round, info_by_imsi, read
from tojimari.network.elements.osmohlr.wire import Answer

SHOW_PEERS = "show gsup-connections"

_PEER = re.compile(r"^ *'(?P<name>[^']*)' from (?P<address>[^,\s]+)", re.MULTILINE)


def bar(round_: Round) -> None:
    """Bar every line of the round. Twice is safe: a message that was sent already is sent once more."""
    round_.look()
    for line in round_.open:
        if line.record is None:  # gone, by somebody else's hand: nobody can say whether a phone is still attached
            was_known = line.earlier("inspect").get("known", True)
            line.done(known=False, detach="not_seen" if was_known else "nobody", serving={}, away=[])
    bar_lines(round_, round_.open)
    for line in round_.open:
        line.done(known=True, nam_cs=False, nam_ps=False)


def bar_lines(round_: Round, lines: list[Line]) -> None:
    """Bar lines whose record has just been read. Those that are barred stay open, with `detach` among their facts."""
    before, trouble = _peers(round_, lines)
    for line in [line for line in lines if trouble and _record(line).serving]:
        line.again(trouble)
    lines = [line for line in lines if line.outcome is None]
    orders = {id(line): _orders(line, before) for line in lines}
    answers = _give(round_, lines, orders)
    after, trouble = _peers(round_, lines)
    connected = {name for name, address in before.items() if after.get(name) == address}
    _read_back(round_, lines, answers, connected, trouble)


def restore(round_: Round) -> None:
    """Set the access mode that "inspect" recorded. The phone attaches again by itself."""
    round_.look()
    for line in round_.open:
        mode = mode_of(line.earlier("inspect"))
        if line.earlier("inspect").get("known") is False and line.record is None:
            line.done(known=False)
        elif line.record is None:
            line.stuck("network.gone")
        elif not mode:
            line.stuck("network.not_inspected")
        elif line.record.mode == mode:
            line.done(known=True, mode=mode)
    order = round_.each(round_.here.vty, lambda line: [set_mode(line, mode_of(line.earlier("inspect")))], go=round_.go)
    codes = {id(line): answer.code for line, (answer,) in order}
    for line, (answer,) in round_.each(round_.here.ctrl, lambda line: [info_by_imsi(line)]):
        if not read(line, answer):
            continue
        mode = mode_of(line.earlier("inspect"))
        if line.record is None:
            line.stuck("network.gone")
        elif line.record.mode == mode:
            line.done(known=True, mode=mode)
        else:
            line.again(codes[id(line)] or "network.not_restored")


def _record(line: Line) -> Record:
    """The record that has been read; lines without one never come here."""
    if line.record is None:
        raise LookupError("the record of this line was not read")
    return line.record


def set_mode(line: Line, mode: str) -> str:
    """The order by which the console sets a line's access mode."""
    return f"subscriber imsi {line.imsi} update network-access-mode {mode}"


def _peers(round_: Round, lines: list[Line]) -> tuple[Mapping[str, str], str]:
    """The visited networks that are connected, name to address, asked only if somebody needs it; and the trouble."""
    served = [line for line in lines if _record(line).serving]
    if not served:
        return {}, ""
    answer = round_.here.vty.ask([SHOW_PEERS])[0]
    for line in served:
        line.note([_only_about(line, answer)])
    return {found["name"]: found["address"] for found in _PEER.finditer(answer.back)}, answer.code


def _only_about(line: Line, answer: Answer) -> Answer:
    """The part of the list that is about this line's networks: the evidence of one line is not the map of all."""
    names = set(_record(line).serving.values())
    kept = [found[0] for found in _PEER.finditer(answer.back) if found["name"] in names]
    return Answer(answer.port, answer.sent, "\n".join(kept), answer.code, answer.at)


def _orders(line: Line, connected: Mapping[str, str]) -> list[str]:
    """What to tell the console so that a message goes out for every domain in which a network has the line."""
    record = _record(line)
    on = {"cs": record.nam_cs, "ps": record.nam_ps}
    silent = [domain for domain in record.serving if not on[domain]]
    reachable = any(name in connected for name in record.serving.values())
    if silent and reachable and line.earlier("bar").get("detach") != "told":
        return [set_mode(line, "cs+ps"), set_mode(line, "none")]
    return [] if record.mode == "none" else [set_mode(line, "none")]


def _give(round_: Round, lines: list[Line], orders: Mapping[int, list[str]]) -> dict[int, list[Answer]]:
    # The lease is asked before a line's first order only: between "on" and "off" there is no stopping.
    first = [number == 0 for line in lines for number, _ in enumerate(orders[id(line)])]
    given = round_.each(round_.here.vty, lambda line: orders[id(line)], lines, lambda i: not first[i] or round_.go())
    return {id(line): answers for line, answers in given}


def _read_back(
    round_: Round, lines: list[Line], answers: Mapping[int, list[Answer]], connected: set[str], trouble: str
) -> None:
    before = {id(line): _record(line).serving for line in lines}
    for line, (answer,) in round_.each(round_.here.ctrl, lambda line: [info_by_imsi(line)], lines):
        if not read(line, answer):
            continue
        unanswered = next((given.code for given in answers[id(line)] if given.code), "")
        if line.record is None:
            line.again("network.changed_meanwhile")
        elif line.record.mode != "none":
            line.again(unanswered or "network.not_barred")
        elif not before[id(line)] and not line.record.serving:
            line.facts |= {"detach": "nobody", "serving": {}, "away": []}
        elif unanswered or trouble:
            line.again(unanswered or trouble)  # switched off, but nobody knows whether the message went out
        elif line.record.serving != before[id(line)]:
            line.again("network.moved")
        else:
            _say_who_was_told(line, connected)


def _say_who_was_told(line: Line, connected: set[str]) -> None:
    serving = dict(_record(line).serving)
    away = sorted({name for name in serving.values() if name not in connected})
    if away and line.work.attempt <= BAR_TRIES_FOR_AN_ABSENT_NETWORK:
        line.again("network.visited_network_away", serving=serving, away=away)
    else:
        line.facts |= {"detach": "not_seen" if away else "told", "serving": serving, "away": away}
