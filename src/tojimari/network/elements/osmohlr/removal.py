"""How does a line's record leave OsmoHLR, and its secret keys with it?

Keys first. A delete is three commits there (record, 2G keys, 3G keys) and row numbers are used again: after a crash
between them, the next subscriber would get the closed line's secret key. So the keys are taken away, seen to be away,
and only then the record.
"""

from __future__ import annotations

from tojimari.network.elements.osmohlr.barring import bar_lines
from tojimari.network.elements.osmohlr.ctrl import KEYS_HIDDEN, NO_KEYS
from tojimari.network.elements.osmohlr.round import Line, Round, info_by_imsi, read


def remove(round_: Round) -> None:
    """Take keys and record away. Twice is safe: what is gone already is only read."""
    round_.look()
    for line in round_.open:
        if line.record is None:
            line.done(known=False, on_record=False)
    # The console is asked again if somebody has opened the line during the hold: nothing may be left attached.
    bar_lines(round_, [line for line in round_.open if line.record is not None and line.record.mode != "none"])
    _take_keys_away(round_)
    order = round_.each(round_.here.ctrl, lambda line: [delete(line)], go=round_.go)
    codes = {id(line): answer.code for line, (answer,) in order}
    for line, (answer,) in round_.each(round_.here.ctrl, lambda line: [info_by_imsi(line)]):
        if not read(line, answer):
            continue
        if line.record is None:
            line.done(known=True, keys="none", on_record=False)
        else:
            line.again(codes[id(line)] or "network.still_on_record")


def delete(line: Line) -> str:
    """The order that takes a record away."""
    return f"SET subscriber.delete {line.imsi}"


def without_keys(line: Line) -> list[str]:
    """The orders that take both kinds of keys away, and the look whether any is left."""
    name = f"subscriber.by-imsi-{line.imsi}"
    return [f"SET {name}.aud2g none", f"SET {name}.aud3g none", f"GET {name}.info-aud"]


def _take_keys_away(round_: Round) -> None:
    # "Update aud2g failed." is the answer when there are none: only the reading afterwards counts.
    for line, (*_, seen) in round_.each(round_.here.ctrl, without_keys, go=round_.go):
        if seen.back.endswith(NO_KEYS):
            continue
        if seen.back.endswith(KEYS_HIDDEN):
            line.again("network.keys_left")
        else:
            line.again(seen.code or "network.unexpected_answer")
