"""What does the engine call for the steps of the network?

One function per verb; each passes the batch to the element that the lane names. All can be called twice for the same
step.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from tojimari.lines.queries import imsis_of_others
from tojimari.network.elements import element
from tojimari.platform.work import Batch, Outcome, Target

UNCLEAR = "network.other_subscriber"
"""The reason code of lines that are `unclear`."""


def unclear(targets: Iterable[Target]) -> set[int]:
    """Return which of these lines have no number, and the IMSI of another line that runs, be it a neighbour's.

    Nothing in an element tells whose the record is. One query or none.
    """
    return imsis_of_others({target.line_id: target.imsi for target in targets if not target.msisdn})


def inspect(batch: Batch, lane: str) -> list[Outcome]:
    """Record what the element holds, so that the line can be put back as it was. Changes nothing.

    A line that is `unclear` goes no further.
    """
    doubtful = unclear(work.target for work in batch.works)
    clear = [work for work in batch.works if work.target.line_id not in doubtful]
    told = iter(element(lane).inspect(replace(batch, works=clear)) if clear else ())
    return [Outcome.stuck(UNCLEAR) if work.target.line_id in doubtful else next(told) for work in batch.works]


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
