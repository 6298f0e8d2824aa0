"""Does everybody find what is known of a carrier, who says it, and a way to correct it?"""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils.translation import override

from tests.guide.test_checks import DATA
from tests.portal.conftest import TABI
from tojimari.guide.corrections import FIELDS, FOLDER, Why
from tojimari.guide.directory import carriers
from tojimari.guide.facts import (
    CarrierKind,
    Channel,
    Confidence,
    Effective,
    LineKind,
    MonthCharge,
    Obsolete,
    Occasion,
    Topic,
)
from tojimari.platform.config import config
from tojimari.portal import clocks
from tojimari.portal import words_directory as words
from tojimari.portal.directory_shown import Mark, Row, Shown, Way, readable
from tojimari.rules.calendar import JST

LANGUAGES = ("ja", "en", "zh-CN", "zh-TW")
MOST_BYTES = 60 * 1024


def page(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return html.unescape(answer.content.decode())


def said(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_who_finds_no_carrier_is_led_to_the_directory(browser: Client) -> None:
    assert 'href="/guide/"' in page(browser, "/another-carrier/")


def test_every_carrier_is_in_the_list_and_has_a_page(browser: Client) -> None:
    listed = page(browser, "/guide/")
    for name, facts in carriers().items():
        assert f'href="/guide/carriers/{name}/"' in listed
        assert f'<h1 translate="no">{facts.name.en}</h1>' in page(browser, f"/guide/carriers/{name}/")
    assert browser.get("/guide/carriers/nobody/").status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=docomo", {"docomo", "ahamo"}),
        ("q=ＤＯＣＯＭＯ", {"docomo", "ahamo"}),
        ("q=そふとばんく", {"softbank", "softbank-simply"}),
        ("q=软银", {"softbank", "softbank-simply"}),
        ("q=軟銀", {"softbank", "softbank-simply"}),
        ("q=中国移动", {"china-mobile"}),
        ("q=uq mobile", {"uq-mobile"}),
        ("q=10086.cn", {"china-mobile"}),
        ("kind=rental", {"light-pocket", "genki-mobile", "japan-wireless"}),
        ("country=TW", {"fareastone", "chunghwa"}),
        ("q=mobile&country=CN", {"china-mobile"}),
        ("q=nobody+has+this+name", set()),
    ],
)
def test_a_search_finds_a_name_in_any_language(browser: Client, query: str, found: set[str]) -> None:
    listed = page(browser, f"/guide/?{query}")
    assert set(re.findall(r'href="/guide/carriers/([a-z0-9-]+)/"', listed)) == found
    assert f"{len(found)} carrier" in said(listed)


def test_a_search_that_makes_no_sense_shows_everything(browser: Client) -> None:
    assert len(re.findall(r'href="/guide/carriers/[a-z0-9-]+/"', page(browser, "/guide/?kind=shoe"))) == 42


def test_what_the_carrier_publishes_and_what_people_report_stand_apart(browser: Client) -> None:
    published, reported = page(browser, "/guide/carriers/docomo/").split("What people report")
    _, published = published.split("What the carrier publishes")
    reported, _ = reported.split("Sources</h2>")
    assert "The d ACCOUNT stays after closing" in published
    assert "may be charged 1,100 yen" in reported
    assert "may be charged 1,100 yen" not in published
    assert "cancelatlas.com" not in reported
    assert "kaiyaku.jp" not in published


def test_every_fact_has_its_source_its_date_and_how_sure_it_is(browser: Client) -> None:
    for name, facts in carriers().items():
        shown = said(page(browser, f"/guide/carriers/{name}/"))
        for closing in facts.closing:
            for each in closing.said:
                assert re.sub(r"\s+", " ", each.text.en) in shown, name
        for source in facts.sources.values():
            assert readable(source.url) in shown, name


def test_a_row_never_stands_without_a_source_beneath_it() -> None:
    with override("en"):
        for facts in carriers().values():
            shown = Shown(facts, datetime(2026, 11, 22, 12, tzinfo=JST))
            for side in (shown.published, shown.reported):
                for mark, row in [(None, row) for row in side.rows] + _rows_beneath(side.ways):
                    assert row.facts[-1].mark or mark, facts.id


def _rows_beneath(ways: Iterable[Way]) -> list[tuple[Mark | None, Row]]:
    """Each row of these ways with the source that stands above it."""
    return [(way.mark, row) for way in ways for row in way.rows]


@pytest.mark.parametrize(("day", "old"), [("2027-09-30", False), ("2027-10-02", True)])
def test_a_fact_that_nobody_read_for_a_year_says_so(browser: Client, day: str, old: bool) -> None:
    with time_machine.travel(f"{day}T03:00:00Z", tick=False):
        shown = page(browser, "/guide/carriers/globiz/")
    assert ('<span class="tag warn">Old</span>' in shown) is old


@pytest.mark.parametrize(
    ("at", "told"),
    [
        (
            "2026-11-24T10:59:00Z",
            "Open now, until: Tue, Nov 24, 2026 20:00 (Japan time) Shanghai: Tue, Nov 24, 2026 19:00",
        ),
        ("2026-11-24T11:00:00Z", "Closed now. It opens: Wed, Nov 25, 2026 09:00 (Japan time) Shanghai: Wed, Nov 25"),
        ("2026-12-31T12:00:00Z", "Closed now. It opens: Fri, Jan 1, 2027 09:00 (Japan time)"),  # every day, it says
    ],
)
def test_a_hotline_says_whether_it_is_open_on_both_clocks(browser: Client, at: str, told: str) -> None:
    browser.cookies["zone"] = "Asia/Shanghai"
    with time_machine.travel(at, tick=False):
        shown = said(page(browser, "/guide/carriers/docomo/"))
    assert told in shown
    assert "9:00–20:00 every day Shanghai: 08:00–19:00" in shown


def test_without_days_a_hotline_is_perhaps_open_and_outside_its_hours_closed(browser: Client) -> None:
    with time_machine.travel("2026-11-24T03:00:00Z", tick=False):
        assert "Perhaps open now: the sources do not say on which days." in page(browser, "/guide/carriers/au/")
    with time_machine.travel("2026-11-24T12:00:00Z", tick=False):
        shown = said(page(browser, "/guide/carriers/au/"))
    assert "by phone: Closed now" in shown
    assert "Perhaps open now" not in shown


def test_a_hotline_that_never_closes_is_open(browser: Client) -> None:
    assert "Open now" in page(browser, "/guide/carriers/smartone/")


def test_a_weak_fact_says_so(browser: Client) -> None:
    assert '<span class="tag warn">Weak</span>' in page(browser, "/guide/carriers/china-mobile/")
    assert '<span class="tag warn">Weak</span>' not in page(browser, "/guide/carriers/globiz/")


def test_only_the_carriers_own_addresses_are_links(browser: Client) -> None:
    for name, facts in carriers().items():
        own = facts.domains.names if facts.domains else ()
        for host in re.findall(r'href="https?://([^/"]+)', page(browser, f"/guide/carriers/{name}/")):
            assert any(host == each or host.endswith(f".{each}") for each in own), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_is_small_and_speaks_the_readers_language(language: str) -> None:
    browser = Client(SERVER_NAME=TABI, HTTP_ACCEPT_LANGUAGE=language)
    attribute = {"zh-CN": "zh_hans", "zh-TW": "zh_hant"}.get(language, language)
    for name in ("docomo", "rakuten-mobile", "china-mobile", "sakura-mobile"):
        answer = browser.get(f"/guide/carriers/{name}/")
        assert len(answer.content) < MOST_BYTES
        text = getattr(carriers()[name].closing[0].said[0].text, attribute)
        assert text in html.unescape(answer.content.decode())


@pytest.mark.parametrize("name", [name for name, facts in carriers().items() if facts.kind.value == "home_carrier"])
def test_roaming_at_a_home_carrier_says_what_the_phone_does_not_do(browser: Client, name: str) -> None:
    shown = page(browser, f"/guide/carriers/{name}/")
    assert "changes the phone only" in shown
    assert "Your line at home, your number and your plan stay as they are" in shown
    for line in carriers()[name].hotline:
        assert f'href="tel:{re.sub("[^+0-9]", "", line.number)}"' in shown
    if not carriers()[name].closing:
        assert "We do not guess" in shown


def test_the_number_from_abroad_stands_first(browser: Client) -> None:
    shown = page(browser, "/guide/carriers/china-mobile/")
    assert shown.index("+86 138 0010 0186") < shown.index('tel:10086"')


def test_a_carrier_that_is_gone_leads_on(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = carriers()["att"].model_copy(update={"obsolete": _obsolete()})
    monkeypatch.setattr("tojimari.portal.views.directory.carriers", lambda: {**carriers(), "att": gone})
    shown = page(browser, "/guide/carriers/att/")
    assert "It was merged into another carrier." in shown
    assert 'href="/guide/carriers/verizon/"' in shown
    assert "No longer there" in page(browser, "/guide/?country=US")


def _obsolete() -> Obsolete:
    return Obsolete(reason="merged", on=date(2026, 4, 1), successor="verizon", source="km")


@pytest.mark.parametrize("path", ["/guide/carriers.json", "/guide/schema.json"])
def test_the_files_are_open_to_every_site_and_are_fetched_once(browser: Client, path: str) -> None:
    answer = browser.get(path)
    assert json.loads(answer.content)
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "public" in answer["Cache-Control"]
    assert "max-age=3600" in answer["Cache-Control"]
    assert "Set-Cookie" not in answer
    assert browser.get(path, HTTP_IF_NONE_MATCH=answer["ETag"]).status_code == 304
    assert "Access-Control-Allow-Origin" not in browser.get("/guide/")


OWN = "https://www.docomo.ne.jp/support/cancel/fee/"
FEE = "/guide/carriers/docomo/correct/?fact=closing.web-or-shop.fee_jpy"


def test_a_correction_becomes_a_patch_to_take_along(browser: Client, tmp_path: Path) -> None:
    assert FEE.partition("=")[2] in page(browser, "/guide/carriers/docomo/correct/")
    typed = {"value": "1100", "url": OWN, "seen_on": "2026-11-20"}
    answer = browser.post(FEE, typed)
    assert "no-store" in answer["Cache-Control"]
    shown = html.unescape(answer.content.decode())
    assert "Your correction is ready" in shown
    assert "+fee_jpy = 1100" in shown
    file = browser.post(FEE, typed | {"file": "1"})
    assert file["Content-Disposition"] == 'attachment; filename="docomo.patch"'
    (tmp_path / FOLDER).mkdir(parents=True)
    target = tmp_path / FOLDER / "docomo.toml"
    target.write_bytes((DATA / "docomo.toml").read_bytes())
    (tmp_path / "docomo.patch").write_bytes(file.content)
    outside = os.environ | {"GIT_CEILING_DIRECTORIES": str(tmp_path.parent)}
    subprocess.run(["git", "apply", "docomo.patch"], cwd=tmp_path, check=True, env=outside)
    assert "fee_jpy = 1100" in target.read_text("utf-8")


def test_the_operators_address_stands_beside_the_patch(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    told = config().model_copy(update={"corrections_to": "facts@tabi.example"})
    monkeypatch.setattr("tojimari.portal.views.directory.config", lambda: told)
    answer = browser.post(FEE, {"value": "1100", "url": OWN, "seen_on": "2026-11-20"})
    assert 'href="mailto:facts@tabi.example?subject=docomo.patch"' in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"value": ""}, "Fill this in."),
        ({"value": "a lot"}, "Write a whole number"),
        ({"value": "0"}, "That is what the directory says already."),
        ({"value": "900000"}, "This value does not pass the rules of the directory:"),
        ({"url": ""}, "Fill this in."),
        ({"url": "docomo"}, "Give the whole address of the page"),
        ({"url": "https://blog.example/"}, "Only a page of the carrier can correct it."),
        ({"seen_on": ""}, "Fill this in."),
        ({"seen_on": "yesterday"}, "Write the day as 2026-11-30."),
        ({"seen_on": "2999-01-01"}, "This day has not come yet."),
    ],
)
def test_what_is_no_correction_is_said_beside_the_field(browser: Client, typed: dict[str, str], reason: str) -> None:
    answer = browser.post(FEE, {"value": "1100", "url": OWN, "seen_on": "2026-11-20"} | typed)
    shown = html.unescape(answer.content.decode())
    assert reason in said(shown)
    assert 'aria-invalid="true"' in shown
    assert "Your correction is ready" not in shown
    assert all(f'value="{value}"' in shown for value in typed.values() if value)


@pytest.mark.parametrize(
    ("place", "typed", "written"),
    [
        ("closing.web-or-shop.cutoff", {"cutoff_kind": "daily", "cutoff_time": "9:30"}, 'time = "09:30"'),
        ("closing.web-account.cutoff", {"cutoff_kind": "day_of_month", "cutoff_number": "20"}, "day = 20"),
        ("closing.web-or-shop.channels", {"value": ["web", "phone"]}, '+channels = ["web", "phone"]'),
        ("closing.web-or-shop.effective", {"value": "end_of_month"}, '+effective = "end_of_month"'),
        ("closing.web-or-shop.fee_jpy", {"gone": "on"}, "-fee_jpy = 0"),
        ("hotline.151", {"value": "113"}, '+number = "113"'),
        (
            "hotline.151.hours",
            {"hours_days": "weekdays", "hours_since": "09:30", "hours_until": "18:00"},
            '+hours = { ja = "平日 9:30〜18:00", en = "9:30–18:00 on weekdays"',
        ),
        (
            "hotline.151.hours",
            {"hours_days": "not_said", "hours_since": "0:30", "hours_until": "24:00"},
            '+open = { week = [{ since = "00:30", until = "24:00" }] }',
        ),
        ("hotline.151.hours", {"hours_days": "always"}, "+open = { always = true }"),
        (
            "hotline.151.hours",
            {"hours_days": "not_said", "hours_since": "20:00", "hours_until": "9:00"},
            "This must be later than the time before it.",
        ),
        ("hotline.151.hours", {"hours_days": "every_day", "hours_since": "9:00"}, "Fill this in."),
        (
            "closing.web-or-shop.said.1",
            {"text_ja": "新しい 文。", "text_en": "New.", "text_zh-hans": "新的。", "text_zh-hant": "新的。"},
            '+text.ja = "新しい 文。"',
        ),
    ],
)
def test_every_kind_of_fact_can_be_filled_in(
    browser: Client, place: str, typed: dict[str, object], written: str
) -> None:
    path = f"/guide/carriers/docomo/correct/?fact={place}"
    assert browser.get(path).status_code == 200
    answer = browser.post(path, {"url": OWN, "seen_on": "2026-11-20"} | typed)
    assert written in html.unescape(answer.content.decode())


def test_a_fact_that_is_not_there_leads_back_to_the_choice(browser: Client) -> None:
    shown = page(browser, "/guide/carriers/docomo/correct/?fact=domains.docomo.ne.jp")
    assert "There is no such fact any more" in shown


def test_every_word_of_the_shape_has_one_for_people() -> None:
    tables: list[tuple[Iterable[StrEnum], Mapping[Any, words.Text]]] = [
        (CarrierKind, words.CARRIER_KINDS),
        (LineKind, words.LINE_KINDS),
        (Channel, words.CHANNELS),
        (Occasion, words.OCCASIONS),
        (Effective, words.EFFECTIVE),
        (MonthCharge, words.MONTH_CHARGES),
        (Topic, words.TOPICS),
        (Confidence, words.CONFIDENCE),
        (Why, words.NOT_TAKEN),
    ]
    for enum, table in tables:
        assert {str(each.value) for each in enum} == {str(key) for key in table}, enum
    assert set(FIELDS) <= set(words.FIELDS)
    for facts in carriers().values():
        assert facts.country in words.COUNTRIES
        for line in facts.hotline:
            assert line.reached_from in words.FROM
            assert set(line.languages) <= set(words.LANGUAGES)


def test_dates_of_sources_are_as_exact_as_the_source() -> None:
    with override("en"):
        assert [clocks.as_exact(text) for text in ("2024", "2024-02", "2024-02-10", "")] == [
            "2024",
            "Feb 2024",
            "Feb 10, 2024",
            "",
        ]
    with override("zh-hant"):
        assert [clocks.as_exact(text) for text in ("2024", "2024-02", "2024-02-10")] == [
            "2024年",
            "2024年2月",
            "2024年2月10日",
        ]
