"""Do our texts say the right thing in every language, with Japan's time and whole numbers of yen?"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils.translation import override

from tests.works import ENDS_AT, QUOTE, REQUESTED_AT
from tojimari.messages import texts
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
        assert {code: str(text) for code, text in texts.CHARGES.items()} == {
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
    assert "Unpaid bill 2026-10: 3,278 yen (tax included)" in body
    assert "Cancellation fee: 0 yen (tax included)" in body
    assert "Total: 4,356 yen (tax included)" in body


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
