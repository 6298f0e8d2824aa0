"""What does the engine hand to a room? Steps of cases as a worker would claim them, for tests of handlers.

The evidence has the shape that the network's elements give: enough of it to be certified.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from tojimari.lines.models import Line
from tojimari.platform.work import Batch, Evidence, Target, Work

_steps = itertools.count(1)

REQUESTED_AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
ENDS_AT = datetime(2026, 11, 30, 15, 0, tzinfo=UTC)  # 24:00 on 30 November in Japan
CLAIMED_AT = datetime(2026, 11, 30, 15, 1, tzinfo=UTC)

QUOTE: dict[str, Any] = {
    "lines": [
        {
            "code": "usage",
            "text_code": "charge.unpaid_bill",
            "amount_yen": 3278,
            "legal_basis": "contract terms",
            "month": "2026-10",
        },
        {
            "code": "usage",
            "text_code": "charge.final_month",
            "amount_yen": 1078,
            "legal_basis": "contract terms",
            "month": "2026-11",
        },
        {"code": "penalty", "text_code": "charge.penalty", "amount_yen": 0, "legal_basis": "contract terms"},
    ],
    "total_yen": 4356,
    "currency": "JPY",
    "tax_included": True,
    "last_day": "2026-11-30",
}

ELEMENT: Evidence = {"element": "osmohlr", "address": "127.0.0.1:4258", "simulated": False, "exchange": []}
REJECTED: Evidence = {**ELEMENT, "reattach": "rejected", "cause": 2}


def target_of(line: Line) -> Target:
    return Target(line.pk, line.carrier_id, line.kind, line.msisdn, line.imsi, line.iccid, line.eid)


def request_of(line: Line, **changed: Any) -> dict[str, Any]:
    """What was asked, as the engine tells it."""
    return {
        "kind": line.kind,
        "scope": "line",
        "channel": "portal",
        "requested_by": "subscriber:1",
        "requested_at": REQUESTED_AT.isoformat(),
        "effective": "month-end",
        "ends_at": ENDS_AT.isoformat(),
        "reason": "",
        "quote": QUOTE,
        "language": "ja",
        "email": "wang@mail.example",
        "carrier": {"slug": "tabi", "name_ja": "旅モバイル", "name_en": "Tabi Mobile"},
        **changed,
    }


def a_work(
    line: Line,
    name: str,
    *,
    case_id: int = 1,
    reference: str = "TJ-7K3M-9QXA-4C2T",
    steps: Mapping[str, Evidence] | None = None,
    chain: Mapping[str, Any] | None = None,
    **request: Any,
) -> Work:
    """A step of a case on `line`, with the evidence of the steps before it."""
    asked = request_of(line, **request)
    earlier: dict[str, Evidence] = {"request": asked, **(steps or {})}
    if chain is not None:
        earlier["chain"] = chain
    return Work(
        step_id=next(_steps),
        case_id=case_id,
        case=reference,
        name=name,
        scope=asked["scope"],
        target=target_of(line),
        attempt=1,
        earlier=earlier,
    )


def a_batch(*works: Work, at: datetime = CLAIMED_AT) -> Batch:
    return Batch(works=works, at=at, lease_ends=time.monotonic() + 100)
