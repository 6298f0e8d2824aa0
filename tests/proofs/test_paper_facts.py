"""Does a paper say what was signed: who issued it, what the person read, and what they were told?"""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.translation import gettext, override

from tojimari.proofs import content
from tojimari.proofs.paper_facts import Names, sections, verdict

NAMES = Names(charges={}, records={})
CARRIER = {
    "slug": "tabi",
    "name_ja": "旅モバイル",
    "name_en": "Tabi Mobile",
    "name_zh_hans": "旅行移动",
    "name_zh_hant": "旅行行動",
}
COMPANY = {"legal_name": "旅モバイル株式会社", "registration": "第123号"}


def rows(said: dict[str, Any], title: str, *, language: str = "en") -> list[tuple[str, str]]:
    with override(language):
        return dict(sections(said, {}, NAMES)).get(title, [])


def test_the_company_that_issued_it_stands_on_the_paper_where_it_is_known() -> None:
    found = dict(rows({"carrier": CARRIER | COMPANY}, "What has ended"))
    assert found["Company that issued this"] == "旅モバイル株式会社"
    assert found["Registered as a telecommunications carrier under"] == "第123号"
    assert "Company that issued this" not in dict(rows({"carrier": CARRIER}, "What has ended"))


@pytest.mark.parametrize(
    ("language", "title", "expected"),
    [
        ("en", "What is asked for", [("fee, Nov 2026", "1,078 yen"), ("back", "-5,000 yen")]),
        ("ja", "料金", [("fee（2026年11月）", "1,078円"), ("back", "-5,000円")]),
        ("zh-hans", "费用", [("fee（2026年11月）", "1,078日元"), ("back", "-5,000日元")]),
    ],
)
def test_a_month_is_written_as_its_reader_writes_it_and_what_goes_back_is_called_so(
    language: str, title: str, expected: list[tuple[str, str]]
) -> None:
    lines = [{"code": "fee", "month": "2026-11", "amount_yen": 1078}, {"code": "back", "amount_yen": -5000}]
    found = rows({"quote": {"lines": lines, "total_yen": -3922}}, title, language=language)
    assert found[:2] == expected
    with override(language):
        back = gettext("%(amount)s back to you") % {"amount": gettext("%(amount)s yen") % {"amount": "3,922"}}
    assert found[2][1] == back


@pytest.mark.parametrize("language", ["ja", "en", "zh-hans", "zh-hant"])
def test_every_reader_finds_the_carrier_by_the_name_they_know(language: str) -> None:
    with override(language):
        written = [value for _title, found in sections({"carrier": CARRIER}, {}, NAMES) for _label, value in found]
    assert CARRIER["name_" + language.replace("-", "_")] in written


def test_a_certificate_names_its_issuer_as_far_as_the_books_know_it() -> None:
    assert content.issuer({"carrier": CARRIER | COMPANY}) == CARRIER | COMPANY
    assert content.issuer({"carrier": CARRIER | {"legal_name": "", "registration": ""}}) == CARRIER


def test_the_words_that_were_read_are_named_by_their_digest() -> None:
    found = dict(rows({"shown": {"sha256": "ab" * 32, "language": "ja"}}, "How it is known"))
    assert "ab" * 32 in found["The screen before they confirmed"]


@pytest.mark.parametrize(
    ("channel", "words"),
    [
        ("file", "the carrier asked for it in a file"),
        ("desk", "staff asked for it"),
        ("api", "another system"),
        ("portal", "while our system was away"),
    ],
)
def test_where_nobody_was_shown_a_screen_the_paper_says_so(channel: str, words: str) -> None:
    said = content.shown({"shown": {}, "channel": channel})
    assert said == {"none": channel}
    assert words in dict(rows({"shown": said}, "How it is known"))["The screen before they confirmed"]


def test_an_older_certificate_that_says_nothing_of_a_screen_has_no_row_of_it() -> None:
    assert rows({"shown": {}}, "How it is known") == rows({}, "How it is known") == []


def test_each_message_stands_there_with_how_it_went_and_how_far_it_came() -> None:
    at = "2026-11-20T12:00:00+09:00"
    told = [
        {"about": "receipt", "by": "email", "state": "sent", "delivery": "unknown", "at": at},
        {"about": "question 12", "by": "sms", "state": "sent", "delivery": "delivered", "at": at},
        {"about": "waiting 3 over", "by": "email", "state": "failed", "delivery": "", "at": at},
    ]
    found = rows({"messages": told}, "What the person was told")
    assert [label for label, _value in found] == [
        "That the request was taken",
        "A question of our staff",
        "A message about the case",
    ]
    assert [value.partition("(Japan time), ")[2] for _label, value in found] == [
        "by e-mail: sent",
        "by SMS: delivered",
        "by e-mail: could not be sent",
    ]
    assert rows({}, "What the person was told") == []


@pytest.mark.parametrize("language", ["ja", "en", "zh-hans", "zh-hant"])
def test_each_stretch_in_which_the_line_was_off_early_stands_on_the_paper(language: str) -> None:
    stopped = [{"last_day_of_use": "2026-11-20", "on_again": "2026-11-23"}, {"last_day_of_use": "2026-11-26"}]
    with override(language):
        written = [
            value for _title, found in sections({"stopped": stopped}, {}, NAMES) for _label, value in found if value
        ]
    assert len(written) == 2
    assert "20" in written[0]
    assert "23" in written[0]
    assert "26" in written[1]
    if language == "en":
        assert written[1] == "Data and calls were off after Thu, Nov 26, 2026, until the end."


MOMENT = "2026-11-20T12:00:00+09:00"


@pytest.mark.parametrize(
    ("terminated", "scope", "label"),
    [
        ({"by": "network_proof", "element": "osmohlr"}, "line", "Tried again and rejected"),
        ({"by": "network_proof", "element": "pyhss", "how": "read_back"}, "line", "Read again, and no longer there"),
        ({"by": "network_proof", "element": "osmohlr"}, "roaming", "Read again, and no longer offered"),
        ({"by": "attested_by_hand", "name": "lead"}, "line", "Attested by a member of staff"),
        ({"by": "simulated"}, "line", "Tried again in the simulation"),
        ({}, "line", "Confirmed at the end"),
    ],
)
def test_the_moment_of_the_proof_is_called_by_what_was_done_then(
    terminated: dict[str, str], scope: str, label: str
) -> None:
    said = {"case": {"scope": scope}, "terminated": terminated, "times": {"proved_at": MOMENT}}
    assert [name for name, _value in rows(said, "When")] == [label]


def test_what_a_person_attested_and_what_became_of_a_service_alone_is_not_called_removed_from_the_network() -> None:
    times = {"barred_at": MOMENT, "executed_at": MOMENT}
    by_hand = [{"step": "bar", "attested_by": "lead"}, {"step": "remove@by_hand", "attested_by": "lead"}]
    assert [name for name, _value in rows({"times": times, "attestations": by_hand}, "When")] == [
        "Switched off (attested by a member of staff)",
        "Removed (attested by a member of staff)",
    ]
    assert [name for name, _value in rows({"times": times, "case": {"scope": "roaming"}}, "When")] == [
        "Switched off",
        "Service taken off the line",
    ]
    assert [name for name, _value in rows({"times": times}, "When")] == ["Switched off", "Removed from the network"]


def test_one_who_answers_for_every_step_stands_on_the_paper_once() -> None:
    proved = [{"step": step, "method": "waived"} for step in ("verify", "papers", "form", "return_sim")]
    assert rows({"asked": {"proved": proved}}, "How it is known") == [
        ("How the person showed that they may", "The carrier answers for it")
    ]


@pytest.mark.parametrize("language", ["ja", "en", "zh-hans", "zh-hant"])
@pytest.mark.parametrize("by", ["network_proof", "attested_by_hand"])
def test_of_a_service_that_ended_alone_no_verdict_says_that_a_line_was_closed(language: str, by: str) -> None:
    with override(language):
        told = verdict({"case": {"scope": "roaming"}, "terminated": {"by": by}})
        assert told
        assert not any(word in told for word in ("解約", "注销", "註銷", "closed"))
        assert verdict({"case": {"scope": "line"}, "terminated": {"by": by}}) != told


def test_where_there_was_nothing_to_remove_neither_certificate_nor_paper_names_a_moment_of_it() -> None:
    """A certificate of before names one; its paper leaves it out all the same."""
    at = {"bar": MOMENT, "remove": MOMENT, "prove": MOMENT}
    steps: dict[str, Any] = {"bar": {"attested_by": "lead"}, "remove": {"nothing_to_do": True}, "prove": {}}
    request = {"requested_at": MOMENT, "ends_at": MOMENT}
    assert "executed_at" not in content.times(request, steps, at)
    assert "executed_at" in content.times(request, {**steps, "remove@osmohlr": {"on_record": False}}, at)
    times = {"barred_at": MOMENT, "executed_at": MOMENT}
    assert [name for name, _value in rows({"times": times, "steps": steps}, "When")] == ["Switched off"]


@pytest.mark.parametrize("language", ["ja", "en", "zh-hans", "zh-hant"])
def test_where_a_service_alone_ended_no_row_says_that_the_contract_did(language: str) -> None:
    times = {"requested_at": MOMENT, "effective_at": MOMENT, "barred_at": MOMENT, "proved_at": MOMENT}
    said = {"times": times, "terminated": {"by": "network_proof"}, "case": {"scope": "roaming"}}
    with override(language):
        labels = [label for _title, found in sections(said, {}, NAMES) for label, _value in found]
    assert len(labels) == 7
    assert not any(word in label for label in labels for word in ("契約", "合约", "合約", "contract"))
