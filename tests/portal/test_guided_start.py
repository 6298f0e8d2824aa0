"""Does somebody whose carrier is not connected get from its name to the right plan?"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

from tests.portal.test_guided import ANSWERS, QUESTIONS, text
from tojimari.guide.answers import Answers
from tojimari.guide.deadlines import Act, Deadline, before_leaving
from tojimari.guide.directory import carriers
from tojimari.guide.facts import CarrierKind, Channel, Confidence
from tojimari.guide.reaching import Door
from tojimari.guide.say import Say, Unknown
from tojimari.platform.database.scope import every_carrier
from tojimari.portal.forms_guided import QuestionsForm
from tojimari.portal.views.guided_start import kinds_of
from tojimari.rules.calendar import jst_date
from tojimari.rules.hours import Hours, Opens
from tojimari.terminations.guided.models import GuidedCase

pytestmark = pytest.mark.django_db


def test_a_carrier_is_found_by_its_name_in_any_language(browser: Client) -> None:
    for query in ("docomo", "ドコモ", "DOCOMO"):
        assert "/guide/start/docomo/" in text(browser, f"/guide/start/?q={query}"), query
    assert 'href="/guide/start/' not in text(browser, "/guide/start/?q=zzzz")
    assert browser.get("/guide/start/?carrier=docomo")["Location"] == "/guide/start/docomo/"
    assert browser.get("/guide/start/nobody/").status_code == 404
    assert browser.get("/guide/start/docomo/nothing/").status_code == 404


def test_at_most_five_questions_lead_to_a_plan_and_none_is_ticked(browser: Client) -> None:
    page = text(browser, QUESTIONS)
    assert " checked" not in page
    asked = {
        name for name in re.findall(r'name="(\w+)"', page) if name not in ("csrfmiddlewaretoken", "language", "next")
    }
    assert len(asked - {"zone", "viewport"}) <= 5
    assert browser.post(QUESTIONS, ANSWERS)["Location"] == "/guide/plan/"
    plan = text(browser, "/guide/plan/")
    assert "Keep this plan" in plan
    assert "Only the carrier can say that your line is closed." in plan
    with every_carrier():
        assert not GuidedCase.objects.exists()


KINDS = sorted({(facts.id, kind) for facts in carriers().values() for kind in kinds_of(facts) if not facts.obsolete})


def test_every_carrier_and_kind_has_questions_and_a_plan_in_every_language(browser: Client) -> None:
    languages = ["ja", "en", "zh-hans", "zh-hant"]
    for number, (carrier, kind) in enumerate(KINDS):
        browser.cookies["django_language"] = languages[number % 4]
        where = f"/guide/start/{carrier}/{kind}/"
        answer = browser.get(where)
        if answer.status_code == 200:  # otherwise there is nothing to ask
            assert 0 < len(QuestionsForm(carriers()[carrier], kind).asked) <= 5, where
            answer = browser.post(where, {})
        assert answer["Location"] == "/guide/plan/", where
        assert carriers()[carrier].name.into(languages[number % 4]) in unescape(text(browser, "/guide/plan/")), where


def test_missing_a_deadline_that_costs_nothing_is_not_priced(browser: Client) -> None:
    leaving = (timezone.now() + timedelta(days=25)).date().isoformat()
    answers = {"keep_number": "no", "leaving_on": leaving, "monthly_fee_yen": "4928", "unpaid": "no"}
    browser.post(QUESTIONS, answers)
    priced = re.findall(r"If you miss it: (.+?) more", unescape(text(browser, "/guide/plan/")))
    assert priced
    assert [yen for yen in priced if not re.search("[1-9]", yen)] == []


@pytest.mark.parametrize(
    ("where", "answers", "card"),
    [
        ("docomo/physical_sim", {"keep_number": "no"}, "/guide/cards/close/"),
        ("docomo/physical_sim", {"keep_number": "yes"}, "/guide/cards/"),  # who moves a number must not ask to close
        ("china-mobile/roaming", {"where": "away"}, "/guide/cards/roaming/"),
        ("airalo/esim", {"term": "ends", "term_ends_on": "2020-01-31"}, "/guide/cards/"),
    ],
)
def test_the_plan_leads_to_its_own_card(browser: Client, where: str, answers: dict[str, str], card: str) -> None:
    browser.post(f"/guide/start/{where}/", answers)
    assert f'<a href="{card}">Words for the counter' in text(browser, "/guide/plan/")
    browser.post("/guide/plan/keep/")
    case = browser.get("/guide/case/mine/")["Location"]
    assert f'<a href="{card}">Words for the counter' in text(browser, case)


@pytest.mark.parametrize(("stated", "tried"), [(False, True), (True, False)])
def test_a_moment_that_passed_on_the_safe_side_only_is_worth_trying(stated: bool, tried: bool) -> None:
    now = timezone.now()
    due = Deadline(
        id="ask:today",
        act=Act.ASK,
        end=jst_date(now),
        too_late_at=now - timedelta(hours=1),
        itself=now - timedelta(hours=1),
        zone="Asia/Tokyo",
        stated=stated,
        passed=True,
        missing=Unknown(Say("unknown.month_charge")),
        closing_id="",
        sources=(),
    )
    page = render_to_string("portal/guided_deadline.html", {"due": due, "facts": None, "zone": ""})
    assert ("Try at once." in page) is tried


def test_every_channel_stands_with_its_own_last_moment_and_what_to_ask(browser: Client) -> None:
    leaving = (timezone.now() + timedelta(days=25)).date()
    given = {"keep_number": "no", "leaving_on": leaving.isoformat(), "zone": "Asia/Shanghai"}
    browser.post("/guide/start/docomo/physical_sim/", given)
    shown = text(browser, "/guide/plan/")
    assert "The last moment for each way:" in shown
    assert "When does the shop close on" in shown
    assert "Shanghai: 08:00–19:00" in shown  # the hotline, on the clock that was named


def test_a_moment_that_is_earlier_than_the_deadline_says_why() -> None:
    shop = Opens(10 * 60, 19 * 60, frozenset(range(7)))
    door = Door(Channel.SHOP, (Hours((shop,), holidays_open=True, new_year_open=True),))
    due = before_leaving(Answers(leaving_on=date(2026, 12, 20)), datetime(2026, 12, 1, tzinfo=UTC), (door,))
    page = render_to_string("portal/guided_deadline.html", {"due": due, "facts": None, "zone": "Asia/Shanghai"})
    assert "The deadline itself is Sat, Dec 19, 2026, 23:59 in Japan. The shop closes at 19:00." in page
    assert "Shanghai: Sat, Dec 19, 2026 17:59" in page


@pytest.mark.parametrize(("cookie", "explained"), [(None, True), ("Asia/Shanghai", False), ("Asia/Tokyo", False)])
def test_without_the_clock_of_the_browser_japans_is_chosen_and_explained(
    browser: Client, cookie: str | None, explained: bool
) -> None:
    if cookie:
        browser.cookies["zone"] = cookie
    page = text(browser, "/guide/start/docomo/physical_sim/")
    assert ("Your browser does not tell us its clock" in page) is explained
    assert ('<option value="Asia/Shanghai" selected' in page) is (cookie == "Asia/Shanghai")


def test_golden_a_visitor_plan_that_has_expired_asks_for_nothing_at_the_carrier(browser: Client) -> None:
    visitors = [facts for facts in carriers().values() if facts.kind == CarrierKind.VISITOR_PREPAID]
    looked_at = 0
    for facts in visitors:
        if any(closing.return_days for closing in facts.closing):  # the card has a deadline of its own
            continue
        for kind in kinds_of(facts):
            if "term_ends_on" in QuestionsForm(facts, kind).fields:
                browser.post(f"/guide/start/{facts.id}/{kind}/", {"term": "ends", "term_ends_on": "2020-01-31"})
                assert "Do it by:" not in text(browser, "/guide/plan/"), (facts.id, kind)
                looked_at += 1
    assert looked_at


def test_golden_roaming_at_home_is_led_from_abroad(browser: Client) -> None:
    browser.post("/guide/start/china-mobile/roaming/", {"where": "away", "zone": "Asia/Shanghai"})
    page = text(browser, "/guide/plan/")
    assert "tel:+8613800100186" in page or "+86" in page
    assert "Keep this plan" in page


def test_a_plan_marks_the_deadline_that_it_keeps_and_the_facts_that_are_weak(browser: Client) -> None:
    browser.post(QUESTIONS, ANSWERS)
    page = text(browser, "/guide/plan/")
    assert page.count("In your plan") == 1
    weak = '<span class="tag warn">Weak</span>'
    assert weak in page
    for source, facts in carriers()["docomo"].sources.items():  # and no fact of a strong source is called weak
        if facts.confidence is Confidence.HIGH:
            assert not re.search(rf"#source-{re.escape(source)}\"[^(]*{re.escape(weak)}", page)


def test_what_was_typed_wrongly_is_said_beside_the_field_and_kept(browser: Client) -> None:
    page = browser.post(QUESTIONS, ANSWERS | {"leaving_on": "31.12.", "monthly_fee_yen": "much"}).content.decode()
    assert "This is not a day of the calendar" in page
    slip = browser.post(QUESTIONS, ANSWERS | {"leaving_on": "0001-01-01"}).content.decode()
    assert "This is not a day of the calendar" in slip
    assert "Enter whole yen" in page
    assert 'value="much"' in page
