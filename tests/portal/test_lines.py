"""Does a person see what each of their lines is, costs and owes, and what happens if they do nothing?"""

from __future__ import annotations

import re
from datetime import date
from xml.etree import ElementTree

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.cast import MakeLine
from tests.portal.conftest import SignIn
from tojimari.lines.models import Bill, Line, Plan, Service, Subscriber
from tojimari.money.forecast import forecast
from tojimari.platform.database.scope import every_carrier
from tojimari.portal.pictures import months_ahead
from tojimari.portal.templatetags.show import as_named
from tojimari.portal.views.lines import ON_A_PAGE

OF_EVERY_PAGE = 2
"""The carrier by its host, and the session."""


def said(browser: Client, path: str) -> str:
    """The page as one line of text, without its marks."""
    text = re.sub(r"<[^>]+>", " ", browser.get(path).content.decode())
    return re.sub(r"\s+", " ", text)


def test_each_line_says_what_it_is_and_never_its_whole_number(
    browser: Client, sign_in: SignIn, sim_line: Line, esim_line: Line
) -> None:
    with every_carrier():
        Line.objects.filter(pk=esim_line.pk).update(last_used_on=date(2026, 11, 20))
    sign_in(browser, sim_line)
    page = said(browser, "/lines/")
    for words in (
        f"Physical SIM ending in {sim_line.msisdn[-4:]}",
        f"eSIM ending in {esim_line.msisdn[-4:]}",
        "1,078 yen a month",
        "Data, Calls, Roaming",
        "Prepaid",
        "1,500 yen",
        "Thu, Dec 31, 2026",
        "Fri, Nov 20, 2026",
        "In use",
    ):
        assert words in page
    for whole in (sim_line.msisdn, sim_line.msisdn[2:], sim_line.iccid, sim_line.imsi):
        assert whole not in page


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("スマート3GB", '<span lang="ja">スマート3GB</span>'),
        ("Travel 30 days", "Travel 30 days"),
        ("<b>ア", '<span lang="ja">&lt;b&gt;ア</span>'),
    ],
)
def test_a_plan_with_a_japanese_name_is_said_to_be_japanese(name: str, shown: str) -> None:
    assert as_named(name) == shown


def test_an_unpaid_bill_leads_to_the_ways_to_pay_it(browser: Client, sign_in: SignIn, tanaka_line: Line) -> None:
    sign_in(browser, tanaka_line)
    page = said(browser, "/lines/")
    assert "Unpaid bills 1,078 yen" in page
    assert "How to pay, or leave it to the final bill" in page


def test_the_list_costs_the_same_queries_for_one_line_and_for_fifty(
    browser: Client,
    sign_in: SignIn,
    make_line: MakeLine,
    tanaka: Subscriber,
    tanaka_line: Line,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    sign_in(browser, tanaka_line)
    with django_assert_num_queries(OF_EVERY_PAGE + 5):
        browser.get("/lines/")
    lines = [make_line(subscriber=tanaka) for _ in range(49)]
    with every_carrier():
        Bill.objects.bulk_create(
            Bill(carrier=tanaka.carrier, line=line, month=date(2026, 10, 1), amount_yen=1, due_on=date(2026, 11, 30))
            for line in lines
        )
    with django_assert_num_queries(OF_EVERY_PAGE + 5):
        page = browser.get("/lines/").content.decode()
    assert page.count('class="card"') == ON_A_PAGE
    assert len(page.encode()) < 24 * 1024


def test_many_lines_are_paged_and_none_is_lost(
    browser: Client, sign_in: SignIn, make_line: MakeLine, tanaka: Subscriber, tanaka_line: Line
) -> None:
    sign_in(browser, tanaka_line)
    for _ in range(ON_A_PAGE):
        make_line(subscriber=tanaka)
    first, second = (browser.get(f"/lines/?page={n}").content.decode() for n in (1, 2))
    ids = [set(re.findall(r'id="line-(\d+)"', page)) for page in (first, second)]
    assert [len(found) for found in ids] == [ON_A_PAGE, 1]
    assert not ids[0] & ids[1]
    assert 'href="?page=2"' in first
    assert 'href="?page=1"' in second
    assert "There are no more lines." in said(browser, "/lines/?page=3")
    for odd in ("0", "-1", "x", "９", "9" * 30):
        assert browser.get("/lines/", {"page": odd}).content.decode().count('class="card"') == ON_A_PAGE


def test_a_year_ahead_is_drawn_and_told_by_the_same_figures(wang_here: Client, sim_line: Line) -> None:
    page = wang_here.get(f"/lines/{sim_line.pk}/if-not/")
    text = said(wang_here, f"/lines/{sim_line.pk}/if-not/")
    assert "no-store" in page["Cache-Control"]
    svg = re.search(r"<svg.*?</svg>", page.content.decode(), re.DOTALL)
    assert svg is not None
    picture = ElementTree.fromstring(svg[0])  # noqa: S314  (our own page)
    assert picture.get("role") == "img"
    assert len(picture.findall("rect[@class='fixed']")) == 12
    assert "12,936 yen in all" in (picture.findtext("desc") or "")
    assert text.count("1,078 yen") >= 12
    assert "Total, tax included 12,936 yen" in text
    assert "style=" not in page.content.decode()


def test_options_stand_in_picture_and_table_with_the_same_yen(
    browser: Client, sign_in: SignIn, make_line: MakeLine, wang: Subscriber
) -> None:
    line = make_line(subscriber=wang, services=("data", "option"))
    with every_carrier():
        Service.objects.filter(line=line, kind="option").update(monthly_fee_yen=550)
    sign_in(browser, line)
    assert "Data, Options (550 yen a month)" in said(browser, "/lines/")
    page, text = browser.get(f"/lines/{line.pk}/if-not/").content.decode(), said(browser, f"/lines/{line.pk}/if-not/")
    svg = re.search(r"<svg.*?</svg>", page, re.DOTALL)
    assert svg is not None
    picture = ElementTree.fromstring(svg[0])  # noqa: S314  (our own page)
    assert [len(picture.findall(f"rect[@class='{kind}']")) for kind in ("fixed", "beside")] == [12, 12]
    assert "19,536 yen in all" in (picture.findtext("desc") or "")
    assert "Total, tax included 12,936 yen 6,600 yen" in text
    assert "1,078 yen 550 yen" in text
    assert "Options in the last month" in said(browser, f"/lines/{line.pk}/close/confirm/?end=now")


def test_an_option_that_goes_on_is_said_to_before_closing_and_is_in_no_quote(
    browser: Client, sign_in: SignIn, make_line: MakeLine, wang: Subscriber
) -> None:
    line = make_line(subscriber=wang, services=("data", "option"))
    with every_carrier():
        Service.objects.filter(line=line, kind="option").update(monthly_fee_yen=330, lives_on=True)
    sign_in(browser, line)
    page = said(browser, f"/lines/{line.pk}/close/")
    stays = page[page.index("This does not end") :]
    assert "Options (330 yen a month): a contract of its own." in stays
    assert "Options" not in page[: page.index("This does not end")]
    assert "Options in the last month" not in said(browser, f"/lines/{line.pk}/close/confirm/?end=now")
    assert "and 330 yen a month for options" in said(browser, f"/lines/{line.pk}/if-not/")


def test_a_prepaid_line_is_told_that_nothing_is_charged(wang_here: Client, esim_line: Line) -> None:
    text = said(wang_here, f"/lines/{esim_line.pk}/if-not/")
    assert "This line is prepaid: nothing more is charged." in text
    assert "If you close it earlier, the balance lapses on that day." in text
    assert "Monthly fee" not in text


def test_a_plan_by_use_says_that_it_is_a_range_and_what_is_assumed(wang_here: Client, sim_line: Line) -> None:
    with every_carrier():
        Plan.objects.filter(pk=sim_line.plan_id).update(final_month_policy="usage_tier")
    text = said(wang_here, f"/lines/{sim_line.pk}/if-not/")
    assert "0 yen to 12,936 yen" in text
    assert "We assume that a month without use can cost as little as 0 yen." in text
    assert "Roaming is on." in text


def test_which_data_stay_is_told_for_both_ways(wang_here: Client, sim_line: Line) -> None:
    text = said(wang_here, f"/lines/{sim_line.pk}/if-not/")
    assert "The record that your identity was checked" in text
    assert "As long as the line runs, then 3 years" in text
    assert "There is none" in text
    assert "Each entry for 6 months" in text
    assert "携帯電話不正利用防止法" in text


def test_a_year_ahead_costs_the_same_queries_however_many_bills_there_are(
    wang_here: Client, sim_line: Line, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(OF_EVERY_PAGE + 10) as first:
        wang_here.get(f"/lines/{sim_line.pk}/if-not/")
    with every_carrier():
        Bill.objects.bulk_create(
            Bill(carrier=sim_line.carrier, line=sim_line, month=date(2025, n, 1), amount_yen=1, due_on=date(2026, n, 1))
            for n in range(1, 13)
        )
    with django_assert_num_queries(len(first)):
        assert "12 yen" in said(wang_here, f"/lines/{sim_line.pk}/if-not/")


def test_a_line_that_has_ended_has_no_year_ahead(wang_here: Client, sim_line: Line) -> None:
    with every_carrier():
        Line.objects.filter(pk=sim_line.pk).update(state="terminated")
    answer = wang_here.get(f"/lines/{sim_line.pk}/if-not/")
    assert (answer.status_code, answer["Location"]) == (302, "/lines/")


@pytest.mark.parametrize("word", ["!", "hurry", "last chance", "sorry to", "are you sure", "lose out"])
def test_nobody_is_pushed(wang_here: Client, sim_line: Line, word: str) -> None:
    assert word not in said(wang_here, f"/lines/{sim_line.pk}/if-not/").lower()


@pytest.mark.parametrize(("fee", "bars"), [(0, 0), (1, 12), (1078, 12), (999_999, 12)])
def test_bars_stay_inside_the_picture(fee: int, bars: int) -> None:
    plan = Plan(monthly_fee_yen=fee)
    drawn = months_ahead(forecast(Line(plan=plan), plan, [], today=date(2026, 11, 22)))
    tops = [float(y) for y in re.findall(r'<rect class="fixed" x="[\d.]+" y="([\d.]+)"', drawn)]
    assert len(tops) == bars
    assert all(0 <= top < 176 for top in tops)
    assert bool(drawn) == bool(bars)
