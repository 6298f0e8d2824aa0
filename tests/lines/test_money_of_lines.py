"""Does what the books say of a line's money come in with its file, and stay when a later file is silent?"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.utils import translation

from tests.lines.play import a_row, bad_rows, write
from tojimari.lines.imports import Summary, import_lines
from tojimari.lines.models import Carrier, Line, LineMoney, Plan
from tojimari.lines.terms import read_terms, set_terms
from tojimari.platform.acting import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_worker")]


def counts(summary: Summary) -> tuple[int, int, int, int]:
    return summary.imported, summary.updated, summary.already_there, summary.bad


def test_what_is_said_comes_in_and_what_is_not_said_stays(tmp_path: Path, tabi: Carrier) -> None:
    path = tmp_path / "lines.csv"
    said = a_row(1, usage_yen="1,234円", used_month="2026年11月", used_mb="3,072", deposit_yen="3000")
    assert counts(import_lines(write(path, [said, a_row(2)]), carrier=tabi)) == (2, 0, 0, 0)
    money = LineMoney.objects.get()  # none for the line of which nothing is said
    assert (money.usage_yen, money.used_month, money.used_mb) == (1234, date(2026, 11, 1), 3072)
    assert (money.deposit_yen, money.started_on, money.carrier_id) == (3000, None, tabi.pk)
    later = a_row(1, usage_yen="0", started_on="2026-11-20", documents_on="2026/11/21", bound_until="2028-11-30")
    assert counts(import_lines(write(path, [later, a_row(2)]), carrier=tabi)) == (0, 1, 1, 0)
    money.refresh_from_db()
    assert (money.usage_yen, money.used_mb, money.deposit_yen) == (0, 3072, 3000)
    assert (money.started_on, money.documents_on) == (date(2026, 11, 20), date(2026, 11, 21))
    assert counts(import_lines(path, carrier=tabi)) == (0, 0, 2, 0)


def test_a_line_that_is_about_to_end_keeps_its_money(tmp_path: Path, tabi: Carrier) -> None:
    path = tmp_path / "lines.csv"
    import_lines(write(path, [a_row(1, deposit_yen="3000")]), carrier=tabi)
    Line.objects.update(state="pending_terminate")
    assert counts(import_lines(write(path, [a_row(1, deposit_yen="1")]), carrier=tabi)) == (0, 0, 1, 0)
    assert LineMoney.objects.get().deposit_yen == 3000


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        ("deposit_yen", "-1", "less than nothing"),
        ("usage_yen", "12.5", "whole yen"),
        ("used_mb", "3.5", "whole number"),
        ("used_mb", "100", "both the month and the MB"),
        ("used_month", "2026-11", "both the month and the MB"),
        ("documents_on", "yesterday", "is not a date"),
    ],
)
def test_what_cannot_be_meant_comes_back(tmp_path: Path, tabi: Carrier, column: str, cell: str, reason: str) -> None:
    with translation.override("en"):
        summary = import_lines(write(tmp_path / "lines.csv", [a_row(1, **{column: cell})]), carrier=tabi)
    assert counts(summary) == (0, 0, 0, 1)
    assert reason in bad_rows(summary.bad_path)[0]["reason"]


TERMS = """
[standard]
penalty_yen = 1078
contract_cost_yen = 3850
early_exit = "initial_cancellation"
rounding = "half_up"
tiers = [{ up_to_mb = 3072, fee_yen = 1078 }, { fee_yen = 3278 }]

[travel-30]
refunds_balance = true
"""


def test_the_terms_of_plans_come_from_a_file(tabi: Carrier) -> None:
    assert set_terms(TERMS, carrier=tabi) == ["standard", "travel-30"]
    plan = Plan.objects.get(code="standard")
    assert (plan.penalty_yen, plan.contract_cost_yen, plan.early_exit) == (1078, 3850, "initial_cancellation")
    assert (plan.rounding, plan.tiers, plan.refunds_balance) == ("half_up", [[3072, 1078], [None, 3278]], False)
    set_terms("[standard]\npenalty_yen = 0", carrier=tabi)
    plan.refresh_from_db()
    assert (plan.penalty_yen, plan.contract_cost_yen) == (0, 3850)


@pytest.mark.parametrize(
    "text",
    [
        "[standard",
        "standard = 1",
        "[standard]\npenalty = 1",
        "[standard]\npenalty_yen = -1",
        "[standard]\npenalty_yen = true",
        '[standard]\nearly_exit = "perhaps"',
        "[standard]\ntiers = [{ up_to_mb = 3072, fee_yen = 1078 }]",
        "[standard]\ntiers = [{ fee_yen = 1 }, { up_to_mb = 5, fee_yen = 2 }]",
        "[standard]\ntiers = [{ up_to_mb = 5, fee_yen = 1 }, { up_to_mb = 5, fee_yen = 2 }, { fee_yen = 3 }]",
    ],
)
def test_terms_that_cannot_be_meant_are_refused(text: str) -> None:
    with pytest.raises(Refused) as caught:
        read_terms(text)
    assert caught.value.code == "plan.terms"


def test_terms_of_an_unknown_plan_change_nothing(tabi: Carrier) -> None:
    with pytest.raises(Refused):
        set_terms("[standard]\npenalty_yen = 1078\n[nobody]\npenalty_yen = 1", carrier=tabi)
    assert Plan.objects.get(code="standard").penalty_yen == 0
