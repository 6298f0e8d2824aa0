"""How do tests keep a plan at another carrier? With the directory's own facts, and a traveller's answers."""

from __future__ import annotations

from datetime import UTC, date, datetime

from tojimari.guide.answers import Answers, Where
from tojimari.guide.directory import carriers
from tojimari.guide.facts import LineKind
from tojimari.terminations.guided.actions import Wish, keep
from tojimari.terminations.guided.models import GuidedCase

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)  # a Friday, noon in Japan
LEAVING = Answers(keep_number=False, leaving_on=date(2026, 12, 10), monthly_fee_yen=2970, where=Where.JAPAN)


def a_plan(
    carrier: str = "docomo",
    kind: LineKind = LineKind.PHYSICAL_SIM,
    *,
    answers: Answers = LEAVING,
    at: datetime = AT,
    host_id: int | None = None,
    zone: str = "Asia/Shanghai",
) -> GuidedCase:
    """Keep a plan, as the page does."""
    return keep(Wish(carriers()[carrier], kind, answers, "zh-hans", zone, host_id), at=at)
