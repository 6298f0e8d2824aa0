"""How does somebody try the staff's side, who has no customers yet? With a day's worth of people who do not exist.

Thirteen travellers with a physical SIM come to a shop: who finds a free time today has booked it, the others stand in
the queue. Forty more want their eSIM closed; most of them give the carrier's rule a reason to have somebody look: an
unpaid bill, a contract of yesterday (within its first days), a company. Some have a deposit, so that money goes back
once their line has ended, others pay a device by instalments. All lines come in by the import and all cases through the
intake, as those of real people do. Asked twice on a day, it is the same people again.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from tojimari.cli import CommandError
from tojimari.counter.models import Shop
from tojimari.counter.queries import Wish, shops_near
from tojimari.lines.columns import NAMES
from tojimari.lines.imports import import_lines
from tojimari.lines.models import Carrier, Line, Plan
from tojimari.lines.sample import Sample
from tojimari.lines.terms import set_terms
from tojimari.money.models import FinalBill
from tojimari.platform.acting import SYSTEM, Acting, Role
from tojimari.rules.calendar import jst_date
from tojimari.terminations import actions, visits
from tojimari.terminations.late_use_file import Taken, bill_file
from tojimari.terminations.models import Channel, Termination

VISITORS = 13
REVIEWS = 40
_OF_A_PORTAL = {"how": "code", "to": "email"}

Row = dict[str, str]


def fill(carrier: Carrier, *, at: datetime) -> None:
    """Make the day's people, lines, cases and visits; call it within the carrier's scope."""
    rows = list(islice(_rows(at), VISITORS + REVIEWS))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "day.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, NAMES)
            writer.writeheader()
            writer.writerows(rows)
        summary = import_lines(path, carrier=carrier)
    if summary.bad:
        raise CommandError(f"{summary.bad} of the demo's own rows were refused")
    _first_days(carrier)
    lines = Line.objects.filter(carrier=carrier, iccid__in=[row["iccid"] for row in rows]).select_related("subscriber")
    by_iccid = {line.iccid: line for line in lines}
    shop = shops_near(carrier.pk, Wish(), at=at).shops[0].shop
    for row in rows:
        line = by_iccid[row["iccid"]]
        if line.kind == "physical_sim":
            _come(_ask(line, "now", at), shop, at)
        else:
            _ask(line, "3bd", at)


def _rows(at: datetime) -> Iterator[Row]:
    """Yield rows like those of any carrier, a customer each, made into what this day needs."""
    today = jst_date(at)
    seen: set[str] = set()
    number = 0
    for cells in Sample(seed=today.toordinal(), bad_share=0, encoding="utf-8").rows():
        row = dict(zip(NAMES, cells, strict=True))
        visitor = number < VISITORS
        corporate = row["corporate"] == "yes"
        if row["customer"] in seen or (row["kind"] == "physical_sim") != visitor or (visitor and corporate):
            continue
        seen.add(row["customer"])
        row |= {"order_number": f"DAY-{row['order_number'][-10:]}", "valid_until": ""}
        row |= {"unpaid_month": "", "unpaid_yen": "", "unpaid_due_on": ""}
        if number % 4 == 0:
            owed = today.replace(day=1) - timedelta(days=1)
            row |= {"unpaid_month": f"{owed:%Y-%m}", "unpaid_yen": "2178", "unpaid_due_on": today.isoformat()}
        elif number % 4 in (1, 2) and not visitor:
            yesterday = (today - timedelta(days=1)).isoformat()
            row |= {"contract_on": yesterday, "started_on": yesterday, "documents_on": yesterday}
        if number % 4 == 3:
            row |= {"deposit_yen": "5000"}
        elif number % 4 == 2:
            row |= {"instalments_left_yen": "24000"}
        number += 1
        yield row


def _first_days(carrier: Carrier) -> None:
    """Let contracts on the ordinary plans be left in their first days (初期契約解除)."""
    plans = Plan.objects.filter(carrier=carrier, prepaid=False).exclude(final_month_policy="daily_prorata")
    terms = 'early_exit = "initial_cancellation"\ncontract_cost_yen = 3300\n'
    set_terms("\n".join(f'["{code}"]\n{terms}' for code in plans.values_list("code", flat=True)), carrier=carrier)


def late_use(carrier: Carrier, *, at: datetime) -> Taken:
    """Let roaming records of lines that have ended come in late, by the file that every carrier uses; call it within
    the carrier's scope. The first three bills that are still provisional get one each."""
    bills = FinalBill.objects.filter(carrier=carrier, settled_at=None, provisional_until__gte=jst_date(at))
    cases = Termination.objects.filter(pk__in=bills.order_by("pk").values("case_id")[:3])
    with TemporaryDirectory() as folder:
        path = Path(folder) / "roaming.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["record", "what", "amount_yen", "used_on", "bill"])
            for case in cases:
                writer.writerow([f"TAP-{case.reference}", "roaming", "550", case.quote["last_day"], case.reference])
        return bill_file(path, carrier=carrier, acting=SYSTEM, at=at)


def _ask(line: Line, effective: str, at: datetime) -> Termination:
    return actions.request(
        line=line,
        scope="line",
        effective=effective,
        channel=Channel.PORTAL,
        acting=Acting(Role.SUBSCRIBER, str(line.subscriber_id)),
        at=at,
        language=line.subscriber.language,
        proof=_OF_A_PORTAL,
    )


def _come(case: Termination, shop: Shop, at: datetime) -> None:
    free = next((near for near in shops_near(case.carrier_id, Wish(), at=at).shops if near.shop == shop), None)
    if not visits.needs_visit(case):
        return
    if free is not None and free.next_free is not None and jst_date(free.next_free) == jst_date(at):
        visits.book(case=case, shop=shop, starts_at=free.next_free, acting=SYSTEM, at=at)
    else:
        visits.walk_in(case=case, shop=shop, acting=SYSTEM, at=at)
