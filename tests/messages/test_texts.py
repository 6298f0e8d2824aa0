"""Do our texts say the right thing in every language, with Japan's time and whole numbers of yen?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils.translation import override

from tests.works import ENDS_AT, QUOTE, REQUESTED_AT
from tojimari.messages import costs, texts
from tojimari.messages.texts import About, Written
from tojimari.money import words
from tojimari.platform.work import Target

LANGUAGES = ("ja", "en", "zh-hans", "zh-hant")
TARGET = Target(1, 1, "physical_sim", "819012345678", "440101234567890", "8981100000000000010", "")


def about(**changed: Any) -> About:
    values = {"reference": "TJ-1", "carrier": "Tabi Mobile", "scope": "line"} | changed
    return About.of(TARGET, **values)


def every_text(language: str, scope: str = "line") -> list[Written]:
    on = about(scope=scope)
    quote = QUOTE if scope == "line" else {}
    return [
        texts.code(language, carrier="Tabi Mobile", digits="012345", until=ENDS_AT),
        texts.receipt(language, on, requested_at=REQUESTED_AT, ends_at=ENDS_AT, quote=quote),
        texts.withdrawn(language, on),
        texts.closed(language, on, ends_at=ENDS_AT, quote=quote),
        texts.rejected(language, on, reason="Because.", way_on="Ask again."),
    ]


@pytest.mark.parametrize("scope", ["line", "roaming"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_whole_in_every_language(language: str, scope: str) -> None:
    for written in every_text(language, scope):
        assert written.language == language
        assert written.subject
        assert "\n" not in written.subject
        assert "%(" not in written.subject + written.body
        assert TARGET.msisdn not in written.body
        assert TARGET.iccid not in written.body


def test_each_language_has_its_own_words() -> None:
    for texts_of_one_kind in zip(*(every_text(language) for language in LANGUAGES), strict=True):
        assert len({written.body for written in texts_of_one_kind}) == len(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mail_names_each_charge_as_the_page_and_the_bill_do(language: str) -> None:
    with override(language):
        assert {code: str(text) for code, text in costs.CHARGES.items()} == {
            code: str(text) for code, text in words.CHARGES.items()
        }


def test_the_code_stands_in_the_body_alone() -> None:
    written = texts.code("ja", carrier="旅モバイル", digits="012345", until=ENDS_AT)
    assert "012345" in written.body
    assert "012345" not in written.subject


def test_a_receipt_says_that_nothing_is_closed_yet() -> None:
    body = texts.receipt("en", about(), requested_at=REQUESTED_AT, ends_at=ENDS_AT, quote=QUOTE).body
    assert "It is not closed yet" in body
    assert "Received: Nov 22, 2026 12:00 (Japan time)" in body
    assert "Your contract ends: Nov 30, 2026 24:00 (Japan time)" in body
    assert "Unpaid bill, Oct 2026: 3,278 yen (tax included)" in body
    assert "Cancellation fee: 0 yen (tax included)" in body
    assert "Total: 4,356 yen (tax included)" in body


PAYING = {"pay_days": 30, "pay_not_before": "2027-01-04"}


def test_before_the_end_a_mail_says_until_when_it_can_be_paid_at_the_least() -> None:
    def body(**quote: Any) -> str:
        return texts.receipt("en", about(), requested_at=REQUESTED_AT, ends_at=ENDS_AT, quote=QUOTE | quote).body

    assert "you have 30 days from the final bill, so at least until Jan 4, 2027." in body(**PAYING)
    assert "30 days from the final bill. It names the day." in body(**PAYING | {"pay_not_before": None})
    assert "We pay it back within 14 days of the final bill." in body(total_yen=-500, refund_days=14)
    assert "final bill" not in body()


def test_interest_on_what_is_late_is_named_only_where_the_terms_ask_for_it() -> None:
    rate = {"late_percent": "14.6"}
    named = "From the day after the last day to pay, interest of 14.6% a year is added, by our terms."
    quote = QUOTE | PAYING | rate
    assert named in texts.receipt("en", about(), requested_at=REQUESTED_AT, ends_at=ENDS_AT, quote=quote).body

    def closed(**bill: Any) -> str:
        return texts.closed("en", about(), ends_at=ENDS_AT, quote=quote, bill=bill).body

    assert named in closed(left_yen=1078, due_on="2027-01-05")
    assert "interest" not in closed(left_yen=1078), "without a day nothing is ever late"
    assert "interest" not in closed(total_yen=0)
    assert "interest" not in after("en", left_yen=1078, due_on="2027-01-05")


def after(language: str, **bill: Any) -> str:
    return texts.closed(language, about(), ends_at=ENDS_AT, quote=QUOTE | PAYING, bill={"total_yen": 4356} | bill).body


REFUND = {"amount_yen": 1922, "due_on": "2026-12-16"}


def test_the_confirmation_names_the_day_and_what_is_to_be_paid_and_no_earlier_terms() -> None:
    body = after("en", left_yen=1078, due_on="2027-01-05")
    assert "Please pay 1,078 yen (tax included) by Jan 5, 2027 (Japan time)." in body
    assert "The page of your final bill says how." in body
    assert "at least until" not in body
    parts = [{"left_yen": 1078, "due_on": "2027-01-05"}, {"left_yen": 550, "due_on": None}]
    body = after("en", left_yen=1628, due_on="2027-01-05", parts=parts)
    assert "by Jan 5, 2027 (Japan time).\nPlease pay 550 yen (tax included).\n" in body
    assert "1,628" not in body
    assert "Please pay 1,078 yen (tax included).\n" in after("en", left_yen=1078)
    nothing = after("en")
    assert "Please pay" not in nothing
    assert "pay back" not in nothing


def test_the_confirmation_says_when_and_how_money_comes_back() -> None:
    body = after("en", refunds=[REFUND])
    assert (
        "We pay back 1,922 yen (tax included), on Dec 16, 2026 (Japan time) at the latest.\nIt comes by bank transfer."
        in body
    )
    assert "Please pay" not in body


@pytest.mark.parametrize(
    ("language", "due", "back"),
    [
        ("ja", "2027年1月5日", "2026年12月16日"),
        ("zh-hans", "2027年1月5日", "2026年12月16日"),
        ("zh-hant", "2027年1月5日", "2026年12月16日"),
        ("en", "Jan 5, 2027", "Dec 16, 2026"),
    ],
)
def test_every_language_writes_the_days_its_own_way(language: str, due: str, back: str) -> None:
    body = after(language, left_yen=1078, due_on="2027-01-05", refunds=[REFUND])
    assert due in body
    assert back in body
    assert "%(" not in body


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (datetime(2026, 11, 30, 15, 0, tzinfo=UTC), "Nov 30, 2026 24:00 (Japan time)"),
        (datetime(2026, 11, 30, 14, 59, 59, tzinfo=UTC), "Nov 30, 2026 23:59 (Japan time)"),
        (datetime(2026, 11, 30, 15, 0, 0, 1, tzinfo=UTC), "Dec 1, 2026 00:00 (Japan time)"),
    ],
)
def test_an_end_at_midnight_is_24_00_of_the_last_day(at: datetime, text: str) -> None:
    assert f"ended: {text}" in texts.closed("en", about(), ends_at=at, quote=QUOTE).body


def test_a_line_without_a_number_is_named_by_its_card() -> None:
    target = Target(1, 1, "esim", "", "", TARGET.iccid, "")
    on = About.of(target, reference="TJ-1", carrier="Tabi", scope="line")
    assert "the line with the ICCID …0010" in texts.withdrawn("en", on).body


def test_a_name_of_two_lines_does_not_break_the_subject() -> None:
    written = texts.code("en", carrier="Tabi\r\nBcc: all@mail.example", digits="1", until=ENDS_AT)
    assert written.subject == "Your code for Tabi Bcc: all@mail.example"


@pytest.mark.parametrize(
    ("spelling", "tag"),
    [
        ("ja", "ja"),
        ("zh-Hans", "zh-hans"),
        ("zh_CN", "zh-hans"),
        ("zh-TW", "zh-hant"),
        ("zh-HK", "zh-hant"),
        ("zh", "zh-hans"),
        ("fr", "en"),
        ("", "en"),
    ],
)
def test_languages_are_known_by_their_usual_spellings(spelling: str, tag: str) -> None:
    assert texts.tag(spelling) == tag


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_roaming_alone_ended_no_mail_speaks_of_a_line_that_was_closed(language: str) -> None:
    written = texts.closed(language, about(scope="roaming"), ends_at=ENDS_AT, quote={})
    for word in ("解約", "注销", "註銷", "closed"):
        assert word not in written.subject + written.body


def test_of_a_line_without_a_number_nobody_is_told_what_becomes_of_its_number() -> None:
    later = "The number may later be given to somebody else."
    assert later in texts.closed("en", about(), ends_at=ENDS_AT, quote=QUOTE).body
    assert later not in texts.closed("en", replace(about(), number=""), ends_at=ENDS_AT, quote=QUOTE).body


def test_a_sentence_begins_with_a_capital_where_the_line_is_named_first() -> None:
    paragraphs = texts.delete_profile("en", about()).body.split("\n\n")
    assert paragraphs[0].startswith("We have closed the line …")
