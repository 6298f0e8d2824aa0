"""How does the case begin that ends a ghost line, and what is different about it?

The contract is over: the case has its end, nothing is quoted, billed or told, and the books stay as they are. What is
left are the steps of the network, at once and in their order, with their proof, and the certificate.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tojimari.lines.models import Line, LineState
from tojimari.lines.queries import imsis_of_others
from tojimari.network.models import Finding
from tojimari.platform.acting import Acting, Refused
from tojimari.platform.work import verb_of
from tojimari.rules.calendar import jst_date
from tojimari.terminations.models import CaseKind, Channel, Procedure, Repair, RepairWish, Termination
from tojimari.terminations.references import new_reference

STEPS = frozenset({"inspect", "bar", "remove", "prove", "certificate"})
"""What a repair does. Without the hold: the contract ended long ago, and two people have said yes."""


@dataclass(frozen=True, slots=True)
class Mending:
    """One finding that is to be put right, by a wish that two people agreed on."""

    finding: Finding
    wish: RepairWish

    def check(self, line: Line) -> None:
        """Refuse what would hit somebody else: a line that runs again, an identity that another line has by now."""
        if line.state != LineState.TERMINATED or line.ended_at is None:
            raise Refused("repair.not_closed")
        if imsis_of_others({line.pk: line.imsi}):
            raise Refused("repair.identity_in_use")

    def case(self, line: Line, procedure: Procedure, acting: Acting, at: datetime) -> Termination:
        """Return the case, not yet written. Its contract ended when the line's did."""
        if line.ended_at is None:
            raise Refused("repair.not_closed")
        return Termination(
            carrier_id=line.carrier_id,
            reference=new_reference(),
            line=line,
            subscriber=line.subscriber,
            kind=CaseKind(line.kind),
            scope="line",
            procedure=procedure,
            channel=Channel.REPAIR,
            requested_by=str(acting),
            requested_at=at,
            effective="now",
            ends_at=line.ended_at,
            reason=self.wish.reference,
            language=line.subscriber.language,
            quote=_nothing_to_pay(line.ended_at),
        )

    def begin(self, case: Termination) -> dict[str, str]:
        """Bind the case to its finding, once, in the transaction that begins it; return what the history says of it."""
        Repair.objects.create(carrier_id=case.carrier_id, wish=self.wish, finding_id=self.finding.pk, case_id=case.pk)
        return {"repair": self.wish.reference, "found_by": self.wish.run.reference}


def _nothing_to_pay(ended_at: datetime) -> dict[str, Any]:
    """The quote of a case that costs nothing: what ending cost stands in the case that ended the contract."""
    last_day = jst_date(ended_at - timedelta(microseconds=1))
    return {"lines": [], "total_yen": 0, "currency": "JPY", "tax_included": True, "last_day": last_day.isoformat()}


def skips(channel: str, step: str) -> bool:
    """Whether a case through this channel leaves a step out, whatever its procedure says."""
    return channel == Channel.REPAIR and verb_of(step) not in STEPS
