"""Does the carrier decide what callers are asked, safely, and are answers judged as people write them?"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import date

import pytest
from django.test import Client

from tests.cast import MakeLine, a_subscriber
from tests.desk.conftest import AsStaff
from tojimari.desk import calls_words
from tojimari.desk.calls_questions import QUESTIONS, STANDARD, Facts, Policy, asked, facts_of, policy_of, right_ones
from tojimari.lines.models import Carrier, Change, Line
from tojimari.platform.database.scope import carrier_scope, every_carrier

PAGE = "/desk/settings/calls/"
GOOD = ["order_number", "contract_month"]


def text_of(browser: Client) -> str:
    return html.unescape(browser.get(PAGE).content.decode())


def send(browser: Client, do: str, keys: list[str], needed: int, at: str | None = None) -> tuple[int, str]:
    found = re.search(r'name="seen" value="(\d+)"', text_of(browser))
    assert found is not None
    given = {"do": do, "questions": keys, "needed": str(needed), "seen": found[1] if at is None else at}
    answer = browser.post(PAGE, given)
    return answer.status_code, html.unescape(answer.content.decode())


def counts(carrier: Carrier) -> Policy:
    with carrier_scope(carrier.pk):
        return policy_of(carrier.pk)


def test_a_change_is_shown_first_and_counts_once_it_is_saved(as_staff: AsStaff, tabi: Carrier, tonari: Carrier) -> None:
    admin = as_staff("admin")
    status, page = send(admin, "check", GOOD, 2)
    assert status == 200
    assert "Not saved yet. It would then be:" in page
    assert counts(tabi) == STANDARD
    assert send(admin, "save", GOOD, 2)[0] == 302
    assert counts(tabi) == Policy(2, ("order_number", "contract_month"))
    assert counts(tonari) == STANDARD
    page = text_of(admin).split("Changes until now")[1]
    assert "鈴木 花子" in page
    assert "2 right answers of: Order number · Year and month of the contract" in page
    assert as_staff("agent").get(PAGE).status_code == 403


@pytest.mark.parametrize(
    ("keys", "needed"),
    [(GOOD, 1), (GOOD, 3), (["name", "iccid_end"], 2), ([], 2), (["order_number"], 2), (["made up", "name"], 2)],
)
def test_what_would_not_be_safe_is_refused_and_stays_typed(
    as_staff: AsStaff, tabi: Carrier, keys: list[str], needed: int
) -> None:
    status, page = send(as_staff("admin"), "save", keys, needed)
    assert status == 409
    assert "This would not be safe enough." in page
    for key in set(keys) & set(QUESTIONS):
        assert re.search(rf'value="{key}" checked', page)
    assert counts(tabi) == STANDARD


def test_who_comes_second_is_told(as_staff: AsStaff, tabi: Carrier) -> None:
    admin = as_staff("admin")
    assert send(admin, "save", GOOD, 2)[0] == 302
    status, page = send(admin, "save", [*GOOD, "name"], 2, at="0")
    assert (status, counts(tabi).keys) == (409, tuple(GOOD))
    assert "A colleague has changed this setting meanwhile." in page
    with every_carrier():
        assert Change.objects.count() == 1


def test_every_question_has_its_words() -> None:
    assert list(QUESTIONS) == list(calls_words.QUESTIONS) == list(calls_words.SHORT)


@pytest.fixture
def facts(tabi: Carrier, make_line: MakeLine) -> Iterator[Facts]:
    person = a_subscriber(
        tabi,
        "K-0042",
        email="Wang@mail.example",
        name_latin="WANG XIAO MING",
        name_kana="オウ ガクメイ",
        name_kanji="王小明",
    )
    line: Line = make_line(subscriber=person, order_number="T-0042-AB", contract_on=date(2026, 4, 1))
    with every_carrier():
        yield facts_of(Line.objects.select_related("subscriber").get(pk=line.pk))


@pytest.mark.parametrize(
    ("key", "typed", "right"),
    [
        ("name", "Wang Xiaoming", True),
        ("name", "xiao-ming, wang", True),
        ("name", "ｗａｎｇ ｘｉａｏ ｍｉｎｇ", True),
        ("name", "王 小明", True),
        ("name", "おう がくめい", True),
        ("name", "おう かくめい", False),
        ("name", "Wang", False),
        ("name", "王", False),
        ("order_number", "t 0042 ab", True),
        ("order_number", "T-0042-A", False),
        ("customer_number", "k0042", True),
        ("email", " wang@MAIL.example ", True),
        ("email", "wang@mail", False),
        ("contract_month", "2026-04", True),
        ("contract_month", "2026年4月", True),
        ("contract_month", "4/2026", True),
        ("contract_month", "202604", True),
        ("contract_month", "2026", False),
        ("contract_month", "2026-04-2026-05", False),
        ("contract_month", "04", False),
    ],
)
def test_an_answer_is_judged_as_people_write_it(facts: Facts, key: str, typed: str, right: bool) -> None:
    assert bool(right_ones([key], facts, {key: typed})) is right


def test_the_end_of_a_card_needs_all_four_digits(facts: Facts) -> None:
    whole = facts.line.iccid
    for typed, right in (
        (whole[-4:], True),
        (whole, True),
        (whole[-3:], False),
        ("", False),
        ("x" + whole[-4:], False),
    ):
        assert bool(right_ones(["iccid_end"], facts, {"iccid_end": typed})) is right


def test_only_what_the_books_hold_is_asked_and_never_too_little(facts: Facts) -> None:
    assert asked(Policy(2, ("name", "order_number", "eid_end")), facts) == ["name", "order_number"]
    assert asked(Policy(2, ("order_number", "eid_end")), facts) == []
    assert not STANDARD.enough(["name", "iccid_end"])
    assert not STANDARD.enough(["order_number"])
    assert STANDARD.enough(["name", "order_number"])
