"""What is a person told of their final bill after the end? That something was billed beside it, and a day to pay.

Late use comes in files of many records. So what was billed beside a bill is told once an hour at most, in one mail for
each case, whatever it was made of; what the newest mail has told already is the number in its key.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max

from tojimari.lines.queries import emails_of
from tojimari.messages import bill_texts
from tojimari.messages.actions import Letter, put_many
from tojimari.messages.models import Message, MessageKind
from tojimari.messages.texts import About, Written
from tojimari.money.models import FinalBill, Supplement
from tojimari.money.queries import balances
from tojimari.terminations.engine.cases import Cases
from tojimari.terminations.letters import PEOPLE
from tojimari.terminations.models import Channel, Termination
from tojimari.terminations.reminders import about, with_simulated

BATCH = 200
LOOK_BACK = timedelta(days=14)
"""For how long it is made up for, when no worker ran, that nobody was told what was billed."""

_BESIDE = "billed_beside "

Write = Callable[[Termination, About, Mapping[str, Any]], tuple[str, Written]]
"""Makes the key under which a case is told once, and the text, of a case, its facts and how it stands with its bill."""


def days_named(days: Mapping[int, date], *, at: datetime) -> None:
    """Tell, in the caller's transaction, of bills whose day to pay is known now; `days` is that day, by case."""

    def written(case: Termination, facts: About, bill: Mapping[str, Any]) -> tuple[str, Written]:
        text = bill_texts.day_named(case.language, facts, bill=bill, quote=case.quote)
        return f"day_named {days[case.pk].isoformat()}", text

    _put(list(FinalBill.objects.filter(case_id__in=list(days))), written, at)


def billed_beside(*, at: datetime) -> int:
    """Tell of what was billed beside final bills and nobody was told yet; return how many mails are new.

    Runs for every carrier. Safe to run twice, and while more is being billed: that is told the next time.
    """
    recent = Supplement.objects.filter(issued_at__gte=at - LOOK_BACK).values("bill__case_id")
    newest = dict(recent.annotate(newest=Max("pk")).values_list("bill__case_id", "newest"))
    told = _told(newest)
    untold = sorted(case_id for case_id, number in newest.items() if number > told.get(case_id, 0))
    batches = (untold[first : first + BATCH] for first in range(0, len(untold), BATCH))
    return sum(_billed_beside(batch, at) for batch in batches)


def _billed_beside(case_ids: Sequence[int], at: datetime) -> int:
    with transaction.atomic():
        Cases(case_ids)  # whoever is just billing is waited for, so that numbers are in order
        told, fresh = _told(case_ids), defaultdict[int, list[Supplement]](list)
        for one in Supplement.objects.filter(bill__case_id__in=case_ids).select_related("bill").order_by("pk"):
            if one.pk > told.get(one.bill.case_id, 0):
                fresh[one.bill.case_id].append(one)

        def written(case: Termination, facts: About, bill: Mapping[str, Any]) -> tuple[str, Written]:
            added: dict[str, int] = defaultdict(int)
            for one in fresh[case.pk]:
                added[one.text_code] += one.amount_yen
            text = bill_texts.billed_beside(case.language, facts, added=added, bill=bill, quote=case.quote)
            return f"{_BESIDE}{fresh[case.pk][-1].pk}", text

        return _put(list(FinalBill.objects.filter(case_id__in=list(fresh))), written, at)


def _told(case_ids: Sequence[int] | Mapping[int, int]) -> dict[int, int]:
    """Up to which supplement each case was told already; nothing of a case that was told of none. One query."""
    told: dict[int, int] = defaultdict(int)
    mails = Message.objects.filter(case_id__in=list(case_ids), key__startswith=_BESIDE)
    for case_id, key in mails.values_list("case_id", "key"):
        told[case_id or 0] = max(told[case_id or 0], int(key.split()[1]))
    return told


def _put(bills: Sequence[FinalBill], written: Write, at: datetime) -> int:
    """Put one mail down for each bill, to whoever is told of an end as well; return how many are new. Some queries.

    Who asked for the end and has no address is put down too: another way is then looked for, or staff see to it.
    """
    found = Termination.objects.filter(pk__in=[bill.case_id for bill in bills]).exclude(channel=Channel.REPAIR)
    cases = {case.pk: case for case in with_simulated(found).select_related("line", "carrier")}
    emails, stands = emails_of(case.subscriber_id for case in cases.values()), balances(bills)
    letters = []
    for bill in bills:
        case = cases.get(bill.case_id)
        to = emails.get(case.subscriber_id, "") if case else ""
        if case is not None and (to or case.channel in PEOPLE):
            key, text = written(case, about(case), stands[bill.pk].said)
            letters.append(Letter(case.carrier_id, MessageKind.EMAIL, to, text, case.pk, case.reference, key=key))
    return put_many(letters, at=at)
