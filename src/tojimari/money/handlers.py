"""What does the system do about money in a case: settle before the end, bill at the end?"""

from __future__ import annotations

from collections.abc import Sequence

from tojimari.money.actions import Ended, bill
from tojimari.money.queries import balances
from tojimari.platform.work import Batch, Outcome, Work


def settle(batch: Batch, lane: str) -> Sequence[Outcome]:
    """Put what is unpaid on the final bill, and say which bills these are. Nothing is written: safe to run twice.

    An unpaid bill never keeps a line from being closed (電気通信事業法施行規則 22-2-13-2(1)(i): without delay).
    """
    return [Outcome.done(on_final_bill=_unpaid(work)) for work in batch.works]


def final_bill(batch: Batch, lane: str) -> Sequence[Outcome]:
    """Bill each case with the yen of its quote, never computed again. Safe to run twice: the first bill stays."""
    quoted = [work for work in batch.works if "total_yen" in _quote(work)]
    bills = bill(
        [Ended(work.target.carrier_id, work.case_id, work.case, work.target.line_id, _quote(work)) for work in quoted],
        at=batch.at,
    )
    stands = balances(list(bills.values()))
    return [
        Outcome.done(total_yen=found.total_yen, currency="JPY", rows=len(found.lines), **stands[found.pk].said)
        if (found := bills.get(work.case_id)) is not None
        else Outcome.stuck("money.no_quote")
        for work in batch.works
    ]


def _quote(work: Work) -> dict[str, object]:
    return dict(work.earlier["request"].get("quote") or {})


def _unpaid(work: Work) -> list[dict[str, object]]:
    rows = (work.earlier["request"].get("quote") or {}).get("lines", [])
    return [
        {"month": row["month"], "amount_yen": row["amount_yen"]}
        for row in rows
        if row["text_code"] == "charge.unpaid_bill"
    ]
