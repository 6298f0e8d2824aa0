"""How does staff open a case for somebody on the phone, so that everybody sees who did it and how the caller was known?

The case is asked for like every other, with the member of staff as who acts. What is told and noted of the call is
written in the same transaction (`called`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from tojimari.lines.models import Line
from tojimari.platform.acting import Acting, Refused
from tojimari.terminations.called import Known
from tojimari.terminations.intake import Answer, Ask, request_many
from tojimari.terminations.models import Channel, Termination


def open_for_caller(
    *,
    line: Line,
    scope: str,
    effective: str,
    known: Known,
    language: str,
    shown_yen: int,
    acting: Acting,
    at: datetime,
    note: Callable[[Termination], None],
) -> Termination:
    """Open the case that ends `scope` on a line for its subscriber, who is on the phone. Raises `Refused`.

    The case that is open already is returned as it is. Safe to call again: what was told and noted is so once. `note`
    writes the case down with the call, in the same transaction: no case without its call, whenever the process dies.
    """
    ask = Ask(
        line.pk,
        scope,
        effective,
        language=language,
        proof=known.evidence(acting.name or str(acting)),
        shown_yen=shown_yen,
        caller=known,
    )

    def then(answers: Sequence[Answer]) -> None:
        for one in answers:
            if one.termination is not None:
                note(one.termination)

    answer = request_many([ask], carrier=line.carrier, channel=Channel.DESK, acting=acting, at=at, then=then)[0]
    if answer.termination is None:
        raise answer.refused or Refused("line.unknown")
    return answer.termination
