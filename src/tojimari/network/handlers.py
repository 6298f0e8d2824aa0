"""What does the engine call for the steps of the network?

One function per verb; each passes the batch to the element that the lane names. All can be called twice for the same
step.
"""

from __future__ import annotations

from dataclasses import replace

from tojimari.lines.queries import imsis_of_others
from tojimari.network.elements import element
from tojimari.platform.work import Batch, Outcome


def inspect(batch: Batch, lane: str) -> list[Outcome]:
    """Record what the element holds, so that the line can be put back as it was. Changes nothing.

    A line without a number goes no further where another line that runs has its IMSI, be it a neighbour's: nothing in
    the element tells whose the record is.
    """
    nameless = {work.target.line_id: work.target.imsi for work in batch.works if not work.target.msisdn}
    doubtful = imsis_of_others(nameless)
    clear = [work for work in batch.works if work.target.line_id not in doubtful]
    told = iter(element(lane).inspect(replace(batch, works=clear)) if clear else ())
    return [
        Outcome.stuck("network.other_subscriber") if work.target.line_id in doubtful else next(told)
        for work in batch.works
    ]


def bar(batch: Batch, lane: str) -> list[Outcome]:
    """Nobody attaches any more, and whoever is attached is sent away. Reversible."""
    return element(lane).bar(batch)


def restore(batch: Batch, lane: str) -> list[Outcome]:
    """Undo "bar" after a withdrawal during the hold."""
    return element(lane).restore(batch)


def remove(batch: Batch, lane: str) -> list[Outcome]:
    """Take keys and record away. The point of no return lies before this."""
    return element(lane).remove(batch)


def prove(batch: Batch, lane: str) -> list[Outcome]:
    """A visited network asks and is refused, and the record is read back as gone."""
    return element(lane).prove(batch)
