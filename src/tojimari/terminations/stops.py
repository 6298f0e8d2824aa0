"""When was a line off before its contract ended? Read from the history, which nobody can change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from tojimari.proofs.models import Event
from tojimari.rules.calendar import jst_date
from tojimari.rules.stops import Stop, stretches

OFF, ON = "line.off_early", "line.on_again"


def stops_of(case_ids: Iterable[int]) -> dict[int, Sequence[Stop]]:
    """Return the stretches in which lines were off early, by case; a case without one is not among them. One query."""
    told = Event.objects.filter(case_id__in=list(case_ids), name__in=(OFF, ON)).order_by("case_id", "number")
    switched: dict[int, list[tuple[date, bool]]] = defaultdict(list)
    for case_id, name, at in told.values_list("case_id", "name", "at"):
        switched[case_id].append((jst_date(at), name == ON))
    found = {case_id: stretches(days) for case_id, days in switched.items()}
    return {case_id: stops for case_id, stops in found.items() if stops}
