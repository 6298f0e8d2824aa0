"""Is only that asked whose answer changes the plan, and do answers come back as they were given?"""

from __future__ import annotations

from datetime import date

import pytest

from tojimari.guide.answers import Answers, Term
from tojimari.guide.directory import carriers
from tojimari.guide.facts import LineKind
from tojimari.guide.questions import MOST, Ask, questions

SIM, ESIM, ROAMING = LineKind.PHYSICAL_SIM, LineKind.ESIM, LineKind.ROAMING


@pytest.mark.parametrize(
    ("carrier_id", "kind", "asked"),
    [
        ("docomo", SIM, [Ask.KEEP_NUMBER, Ask.CONTRACTED_ON, Ask.LEAVING, Ask.MONTHLY_FEE, Ask.UNPAID]),
        ("mobal", SIM, [Ask.KEEP_NUMBER, Ask.TERM, Ask.CONTRACTED_ON, Ask.LEAVING, Ask.MONTHLY_FEE]),
        ("iij-japan-travel-sim", SIM, [Ask.TERM_ENDS_ON]),
        ("airalo", ESIM, [Ask.TERM, Ask.MONTHLY_FEE]),
        ("china-mobile", ROAMING, [Ask.WHERE]),
        ("travel-tech-lab", SIM, [Ask.TERM_ENDS_ON, Ask.LEAVING, Ask.CARD]),
    ],
)
def test_only_what_changes_the_plan_is_asked(carrier_id: str, kind: LineKind, asked: list[Ask]) -> None:
    assert list(questions(carriers()[carrier_id], kind)) == asked


@pytest.mark.parametrize(
    ("carrier_id", "kind"), [("docomo", SIM), ("mobal", SIM), ("sakura-mobile", ESIM), ("china-mobile", ROAMING)]
)
def test_each_of_them_asks_at_most_five_questions(carrier_id: str, kind: LineKind) -> None:
    assert len(questions(carriers()[carrier_id], kind)) <= MOST


def test_no_carrier_of_the_directory_needs_more_than_five_or_asks_twice() -> None:
    for facts in carriers().values():
        for kind in LineKind:
            asked = questions(facts, kind)
            assert len(asked) <= MOST
            assert len(set(asked)) == len(asked)


def test_answers_come_back_from_json_as_they_were() -> None:
    answers = Answers(
        keep_number=False, term=Term.RENEWS, leaving_on=date(2026, 12, 18), zone="Asia/Taipei", monthly_fee_yen=0
    )

    assert Answers.from_json(answers.to_json()) == answers


@pytest.mark.parametrize(("field", "value"), [("zone", "Mars/Base"), ("monthly_fee_yen", -1)])
def test_an_answer_that_cannot_be_is_refused(field: str, value: object) -> None:
    with pytest.raises(ValueError, match=r"no such time zone|not below 0"):
        Answers.from_json({field: value})
