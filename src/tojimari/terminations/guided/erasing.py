"""When does a case at another carrier go by itself?

Its evidence thirty days after the case was over, the rest after ninety (`rules.retention`), with the mails about it.
The person may delete everything long before. Nobody else keeps anything of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tojimari.codes import actions as codes
from tojimari.messages.models import Message
from tojimari.terminations.guided.fence import subject_of
from tojimari.terminations.guided.models import GuidedCase, GuidedEvidence

BATCH = 100
"""Pictures are large: fewer at once than of other records."""


def erase_uploads(before: datetime) -> int:
    """Erase the evidence of cases that were over before; return how many pieces."""
    due = GuidedEvidence.objects.filter(case__ended_at__lt=before).order_by("pk").values_list("pk", flat=True)
    gone, _ = GuidedEvidence.objects.filter(pk__in=list(due[:BATCH])).delete()
    return gone


def erase_cases(before: datetime) -> int:
    """Erase cases that were over before, with all that hangs on them; return how many."""
    due = GuidedCase.objects.filter(ended_at__lt=before).order_by("pk").values_list("pk", "reference")
    chosen = dict(due[:BATCH])
    _mails(chosen.values())
    GuidedCase.objects.filter(pk__in=chosen).delete()
    return len(chosen)


def _mails(references: Iterable[str]) -> None:
    """Mails about these cases, and the codes that confirmed where they go."""
    every = list(references)
    Message.objects.filter(reference__in=every).delete()
    codes.forget([subject_of(reference) for reference in every])
