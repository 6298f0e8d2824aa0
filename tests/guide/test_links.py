"""Is each link answered with whose it is, who says so, and the right address beside?"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tojimari.guide.directory import carriers
from tojimari.guide.facts import CarrierFacts
from tojimari.guide.links import MOST_NAMED, OWN, Answer, judge, named, outward_problem
from tojimari.rules.links import Finding, Why


def facts(id: str, names: tuple[str, ...] = (), ja: str = "", en: str = "", **more: Any) -> CarrierFacts:
    """Build a carrier of the directory."""
    name = {"ja": ja or id, "en": en or id, "zh-hans": en or id, "zh-hant": en or id}
    source = {"url": f"https://www.{id}.test/", "kind": "secondary", "confidence": "medium", "read_on": "2026-09"}
    whole = {"id": id, "kind": "mno", "country": "JP", "name": name, "sources": {"faq": source}, **more}
    if names:
        whole["domains"] = {"names": names, "source": "faq"}
    return CarrierFacts.model_validate(whole)


SOFTBANK = facts("softbank", ("softbank.jp",), "ソフトバンク", "SoftBank")
PREPAID = facts("softbank-simply", (), "ソフトバンク シンプルスタイル", "SoftBank prepaid")
AU = facts("au", ("au.com", "kddi.com"), "au（KDDI）", "au (KDDI)")
CHINA = facts("china-mobile", ("10086.cn",), "中国移動（チャイナモバイル）", "China Mobile")
DIRECTORY = {one.id: one for one in (SOFTBANK, PREPAID, AU, CHINA)}


def ask(text: str, language: str = "en") -> list[Answer]:
    return judge(text, DIRECTORY, language=language, own_name="Tabi Mobile", own_hosts=["tabi.example:8000"])


def test_an_official_link_names_the_carrier_its_source_and_the_date() -> None:
    (answer,) = ask("https://www.softbank.jp/mobile/", "ja")
    assert (answer.finding, answer.name, answer.beside) == (Finding.OFFICIAL, "ソフトバンク", ())
    (whom,) = answer.whom
    assert whom.source == SOFTBANK.sources["faq"]
    assert whom.said_on == "2026-09"


def test_the_site_s_own_carrier_is_one_more_carrier() -> None:
    own, like = ask("https://tabi.example/ https://tabi.example.evil.test/")
    assert (own.finding, own.whom[0].id, own.whom[0].source) == (Finding.OFFICIAL, OWN, None)
    assert (like.finding, like.name, like.beside[0].addresses) == (
        Finding.LOOKS_LIKE,
        "Tabi Mobile",
        ("tabi.example",),
    )


def test_a_link_on_no_list_has_the_right_address_of_whom_the_text_names_beside() -> None:
    (answer,) = ask("【ソフトバンク】料金未払い https://x1.test/pay")
    assert (answer.finding, answer.why, answer.whom) == (Finding.NOT_LISTED, Why.ELSEWHERE, ())
    assert [(whom.id, whom.addresses) for whom in answer.beside] == [("softbank", ("softbank.jp",))]
    (nobody,) = ask("Your parcel: https://x1.test/")
    assert nobody.beside == ()
    (own,) = ask("TABI MOBILE: https://x1.test/")
    assert own.beside[0].id == OWN


def test_a_carrier_without_a_known_address_is_named_without_one() -> None:
    (answer,) = ask("SoftBank prepaid: https://x1.test/")
    assert [(whom.id, whom.addresses) for whom in answer.beside] == [("softbank-simply", ())]


def test_beside_an_imitation_stands_whom_it_imitates_and_not_whom_the_text_names() -> None:
    like, short = ask("SoftBank: https://ips-au.com/ https://bit.ly/au")
    assert (like.finding, like.name) == (Finding.LOOKS_LIKE, "au (KDDI)")
    assert [whom.id for whom in like.beside] == ["au"]
    assert [whom.id for whom in short.beside] == ["softbank"]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("ソフトバンク シンプルスタイル", ["softbank-simply"]),
        ("SOFTBANK and au", ["softbank", "au"]),
        ("ｓｏｆｔｂａｎｋの料金", ["softbank"]),
        ("restaurant, Audi, because", []),
        ("您的中国移動账单", ["china-mobile"]),
        ("チャイナモバイル", ["china-mobile"]),
        ("10086", []),
        ("https://softbank.jp.example.info/ or softbank.example", []),
    ],
)
def test_carriers_are_found_by_the_names_that_people_use(text: str, ids: list[str]) -> None:
    assert named(text, DIRECTORY) == ids


def test_at_most_three_carriers_stand_beside() -> None:
    (answer,) = ask("SoftBank au 中国移動 Tabi Mobile https://x1.test/")
    assert len(answer.beside) == MOST_NAMED


def test_the_names_of_a_carrier_that_is_gone_are_nobody_s() -> None:
    gone = facts("old", ("old-mobile.jp",), obsolete={"reason": "closed", "on": date(2025, 3, 31), "source": "faq"})
    (answer,) = judge("https://www.old-mobile.jp/", {"old": gone}, language="en")
    assert (answer.finding, answer.whom) == (Finding.NOT_LISTED, ())


@pytest.mark.parametrize(
    "url",
    [
        "http://www.softbank.jp/",
        "https://softbank.jp.evil.test/",
        "https://www.softbank.jp@evil.test/",
        "https://evil.test\\@softbank.jp/",
        "https://softbank.jp\\@evil.test/",
        "https://www.ｓoftbank.jp/",
        "https://www.softbank.jp/ https://evil.test/",
        "https://bit.ly/x",
        "https://www.softbank.jp:evil.test/",
        "www.softbank.jp",
        "javascript:alert(1)",
        "",
    ],
)
def test_a_page_elsewhere_must_not_be_linked_to(url: str) -> None:
    assert outward_problem(url, SOFTBANK)


def test_a_page_on_the_carrier_s_own_addresses_may_be_linked_to_and_nobody_else_s() -> None:
    assert outward_problem("https://www.softbank.jp/mobile/support/?q=1#close", SOFTBANK) == ""
    assert outward_problem("https://www.softbank.jp/", AU)
    assert outward_problem("https://www.softbank.jp/", PREPAID)


def test_every_name_in_the_directory_is_official_for_its_carrier_and_no_carrier_imitates_another() -> None:
    directory = carriers()
    for one in directory.values():
        for name in one.domains.names if one.domains and not one.obsolete else ():
            (answer,) = judge(f"https://www.{name}/", directory, language="en")
            assert answer.finding is Finding.OFFICIAL
            assert one.id in {whom.id for whom in answer.whom}


def test_every_page_that_the_directory_sends_people_to_is_official() -> None:
    pages = [(closing.page, one) for one in carriers().values() for closing in one.closing if closing.page]
    assert pages
    assert [problem for page, one in pages if (problem := outward_problem(page, one))] == []
