"""Do the pages keep the rules of a fair way out, for each kind of line and in each language?

The rules follow from the law against obstructing a cancellation (特定商取引法 12-6, 13-2; BGB 312k; Directive (EU)
2023/2673, 11a; DSA 25): as easy to leave as to join, one ask for one choice, everything said once and before, and a
receipt at once. Each test is one rule. The walks they look at are in `walks`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.urls import reverse
from playwright.sync_api import Locator

from tests.browser.conftest import Open, Visit
from tests.browser.test_journeys import sign_in
from tests.browser.test_pages import problems
from tests.browser.walks import KINDS, LANGUAGES, WANG, Walk, act_of, said, walk
from tests.portal.away import database_away
from tests.portal.conftest import newest_code, sent_to
from tests.portal.test_frame import SHAMING
from tojimari.lines.models import Line
from tojimari.platform.database.scope import every_carrier
from tojimari.terminations import late
from tojimari.terminations.models import LateWish, Termination
from tojimari.terminations.procedures import read_text, shipped

pytestmark = pytest.mark.browser

People = tuple[Line, Line, Line]
_walks: dict[tuple[str, str], Walk] = {}
"""Walks that this process has taken. All languages of one kind are walked in one process, to be compared."""

RULES: list[Callable[[Walk], None]] = []


def rule(check: Callable[[Walk], None]) -> Callable[[Walk], None]:
    """Have a rule looked at on every walk."""
    RULES.append(check)
    return check


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_rule_holds_on_every_way_out(
    visit: Open, people: People, worker: Callable[[], None], subtests: pytest.Subtests, kind: str, language: str
) -> None:
    met = walk(visit(language), people[1] if kind == "esim" else people[0], kind, language, worker)
    assert any(met.reference in subject for subject in sent_to(WANG)), "the receipt goes out by itself"
    _walks[kind, language] = met
    for check in RULES:
        with subtests.test(check.__name__.replace("_", " ")):
            check(met)


@rule
def ui_01_the_way_out_is_seen_at_once_and_is_one_tap_away(met: Walk) -> None:
    assert met.entry_bottom <= 640
    assert met.screens["sign-in"].path == reverse("portal:sign_in")
    verbs = {"ja": "解約", "en": "Close", "zh-Hans": "注销", "zh-Hant": "註銷"}
    assert verbs[met.language] in said(met.language, "Close my line")


@rule
def ui_02_two_screens_lead_from_the_list_of_lines_to_the_receipt(met: Walk) -> None:
    until = met.loads.index(met.screens["receipt"].path)
    assert [met.screens["what happens"].path, met.screens["confirm"].path] == met.loads[:until]
    must_choose = 0 if met.kind == "roaming" else 1
    needed = {one["name"] for one in met.screens["what happens"].fields if one["type"] == "radio"}
    assert len(needed) == must_choose
    assert [one for one in met.screens["confirm"].fields if one["type"] != "checkbox"] == []


@rule
def ui_03_closing_asks_no_more_steps_than_signing_up_did(met: Walk) -> None:
    """A step is a screen after the code, the list of lines first, or a choice or a field that must be filled in."""
    screens = ["lines", "what happens", "confirm"]
    shown = [met.screens["lines"].path, *met.loads[: met.loads.index(met.screens["receipt"].path)]]
    must = {
        (name, one["name"])
        for name in screens
        for one in met.screens[name].fields
        if one["required"] or one["type"] == "radio"
    }
    assert len(shown) + len(must) <= steps_of_signing_up(met.kind), (shown, must)


def steps_of_signing_up(kind: str) -> int:
    """What the demo carrier's procedures say. Roaming has no sign-up of its own: the shortest of any line counts."""
    lines = [kind] if kind != "roaming" else [one for one in KINDS if one != "roaming"]
    return min(int(read_text(shipped("demo", one).text, one)["sign_up_steps"]) for one in lines)


@rule
def ui_04_no_password_is_asked_for_and_who_has_no_number_finds_another_way(met: Walk) -> None:
    assert "password" not in {one["type"] for screen in met.screens.values() for one in screen.fields}
    assert any(link.startswith(reverse("portal:help_in")) for link in met.screens["sign-in"].links)


@rule
def ui_05_nobody_persuades_asks_why_or_asks_again(met: Walk) -> None:
    for name, screen in met.screens.items():
        assert not SHAMING.search(screen.text), name
        assert screen.timers == 0, name
        assert [one for one in screen.fields if one["type"] in ("select-one", "textarea")] == [], name


@rule
def ui_06_both_buttons_weigh_the_same_and_nothing_is_ticked_before(met: Walk) -> None:
    for one in ("width", "height", "size", "weight"):
        assert met.confirm[one] == met.back[one], one
    assert min(met.confirm["contrast"], met.back["contrast"]) >= 4.5
    assert abs(met.confirm["top"] - met.back["top"]) < 2 * met.confirm["height"]
    # The way a code is sent may be set before; what is ended, and when, never.
    assert [met.screens[name].checked for name in ("lines", "what happens", "confirm")] == [0, 0, 0]


@rule
def ui_07_only_what_is_needed_is_asked_for(met: Walk) -> None:
    asked = {one["name"] for screen in met.screens.values() for one in screen.fields}
    assert asked - {""} <= {"identifier", "by", "code", "end", "date", "stop"}


@rule
def ui_08_every_end_has_its_day_and_its_yen_and_the_earliest_is_first(met: Walk) -> None:
    screen = met.screens["what happens"]
    if met.kind == "roaming":
        assert screen.ends == []
        return
    fixed = [end for end in screen.ends if end["time"]]
    assert fixed
    assert [end["time"] for end in fixed] == sorted(end["time"] for end in fixed)
    money = re.escape(said(met.language, "%(amount)s yen")).replace(re.escape("%(amount)s"), "[0-9,]+")
    assert all(re.search(money, end["text"]) for end in fixed)


@rule
def ui_09_what_is_lost_is_said_once_before_the_last_button(met: Walk) -> None:
    words = said(met.language, "This ends")
    saying = [name for name, screen in met.screens.items() if words in screen.text.split("\n")]
    assert saying == ["what happens"]


@rule
def ui_10_the_last_button_says_what_it_does(met: Walk) -> None:
    assert met.confirm["height"] >= 44
    verb = {
        "line": {"ja": "解約する", "en": "Close", "zh-Hans": "注销", "zh-Hant": "註銷"},
        "roaming": {"ja": "停止", "en": "off", "zh-Hans": "关闭", "zh-Hant": "關閉"},
    }
    assert verb[met.scope][met.language] in said(met.language, act_of(met.kind))


@rule
def ui_11_the_receipt_has_number_times_line_and_a_file(met: Walk) -> None:
    receipt = met.screens["receipt"]
    assert met.reference in receipt.text
    assert len([time for time in receipt.times if re.search(r"T.*\+09:00$", time)]) >= 2
    assert reverse("portal:receipt_file", args=[met.reference]) in receipt.links
    assert any(link.startswith("tel:") for link in met.screens["status"].links + receipt.links) or "@" in receipt.text


@rule
def ui_12_until_the_network_has_spoken_nothing_is_called_closed(met: Walk) -> None:
    closed = {
        "ja": "解約済み|解約しました",
        "en": "(?m)^Closed|has been closed|We have closed",
        "zh-Hans": "已注销",
        "zh-Hant": "已註銷",
    }
    for name in ("receipt", "status"):
        assert met.screens[name].head
        assert not re.search(closed[met.language], met.screens[name].head), name


@rule
def ui_13_taking_it_back_is_one_link_away(met: Walk) -> None:
    way = reverse("portal:withdraw", args=[met.reference])
    assert way in met.screens["status"].links
    assert said(met.language, "Take the request back") in met.screens["status"].text


@rule
def ui_16_the_way_and_the_yen_are_the_same_in_every_language(met: Walk) -> None:
    for (kind, language), other in _walks.items():
        if kind != met.kind:
            continue
        assert list(met.screens) == list(other.screens), language
        assert len(met.loads) == len(other.loads), language
        for name in ("what happens", "confirm", "receipt"):
            ours, theirs = met.screens[name], other.screens[name]
            assert _amounts(ours.text) == _amounts(theirs.text), (language, name)
            assert [one["name"] for one in ours.fields] == [one["name"] for one in theirs.fields], (language, name)


def _amounts(text: str) -> list[str]:
    return sorted(re.findall(r"[0-9]{1,3}(?:,[0-9]{3})+", text))


@rule
def ui_17_keeping_the_number_is_offered_once(met: Walk) -> None:
    way = reverse("portal:keep_number")
    asking = [name for name, screen in met.screens.items() if any(link.startswith(way) for link in screen.links)]
    assert asking == ([] if met.kind == "roaming" else ["what happens"])


@rule
def ui_18_deleting_the_esim_is_not_called_the_end(met: Walk) -> None:
    if met.kind != "esim":
        return
    words = {
        "ja": r"削除.*(解約|契約)|(解約|契約).*削除",
        "en": r"[Dd]eleting the eSIM.*not end|[Dd]eleting.*ends nothing",
        "zh-Hans": "删除.*(不会|并不)",
        "zh-Hant": "刪除.*(不會|並不)",
    }
    assert re.search(words[met.language], met.screens["what happens"].text)


@rule
def nothing_is_too_wide_at_320_pixels_or_at_twice_the_size_of_text(met: Walk) -> None:
    screens = met.screens
    assert {name: screen.narrow for name, screen in screens.items() if screen.narrow} == {}
    assert {name: screen.large for name, screen in screens.items() if screen.large} == {}


@rule
def nothing_is_fetched_from_elsewhere_and_no_script_complains(met: Walk) -> None:
    assert (met.foreign, met.trouble) == ([], [])


def test_ui_14_while_the_database_is_away_the_request_is_taken(visit: Open, people: People) -> None:
    language = "zh-Hans"
    window = visit(language, script=False)
    page = window.page
    window.go("/")
    before = set(late.spool().waiting())
    with database_away():
        window.go("/sign-in/")
        wrong = {one: problems(visit_with_script(visit, one, "/sign-in/"), one) for one in LANGUAGES}
        page.get_by_role("button", name=said(language, "Send my request")).click()
        assert page.get_by_role("alert").count() == 3
        page.get_by_role("textbox").nth(0).fill(people[0].iccid)
        page.get_by_role("radio").first.check()
        page.get_by_role("textbox").nth(1).fill(WANG)
        page.get_by_role("button", name=said(language, "Send my request")).click()
        page.wait_for_url("**/outage/receipt/**", timeout=5000)
        assert said(language, "We will write to you. The time of your request stands.") in page.inner_text("main")
    receipt = page.inner_text("main")
    until_it_is_back(window)
    (path,) = set(late.spool().waiting()) - before
    reference = late.spool().read(path).key
    assert reference in receipt
    with every_carrier():
        assert late.take_in(at=datetime.now(UTC)) == 1
    confirming = visit(language, width=320)
    sign_in(confirming, people[0])
    confirming.go(reverse("portal:late", args=[reference]))
    for one in LANGUAGES:
        speak(confirming, one)
        wrong[f"late, {one}"] = problems(confirming, one)
    speak(confirming, language)
    confirming.page.get_by_role("button", name=said(language, "Close this line"), exact=True).click()
    confirming.page.wait_for_url("**/receipt/")
    with every_carrier():
        assert Termination.objects.get().requested_at < LateWish.objects.get().taken_in_at
    assert {name: found for name, found in wrong.items() if found} == {}
    assert (window.foreign, [text for text in window.trouble if "503" not in text]) == ([], [])


def speak(window: Visit, language: str) -> None:
    """Show the same page in another language."""
    window.page.context.add_cookies([{"name": "django_language", "value": language.lower(), "url": window.url}])
    window.page.reload()


def until_it_is_back(window: Visit) -> None:
    """The site leaves a database alone for a moment that did not answer; ask until it has asked again."""
    for _ in range(200):
        answer = window.page.goto(f"{window.url}/")
        if answer is not None and answer.ok:
            return
        window.page.wait_for_timeout(100)
    raise AssertionError("the site does not come back")


def visit_with_script(visit: Open, language: str, path: str) -> Visit:
    """The same page in a window that can run the checks, which are a script."""
    window = visit(language, width=320)
    window.go(path)
    return window


def test_ui_15_every_refusal_leads_on(visit: Open, people: People) -> None:
    windows = {language: visit(language) for language in LANGUAGES}
    for language, window in windows.items():
        for path in ("/nowhere/", "/outage/receipt/?of=x"):
            window.go(path)
            assert "188" in window.page.inner_text("main"), (language, path)
            assert window.page.locator("main a").count() >= 1, path
    with database_away():
        for language, window in windows.items():
            window.go("/lines/")
            assert "188" in window.page.inner_text("main"), language
            assert window.page.locator('main a[href^="tel:"]').count() == 1
    until_it_is_back(windows["ja"])
    for language, window in windows.items():
        page = window.page
        page.context.clear_cookies()
        window.go("/sign-in/")
        page.context.clear_cookies()
        page.get_by_role("textbox").first.press("Enter")  # a form whose page was open for too long
        page.wait_for_load_state()
        assert "188" in page.inner_text("main"), language


def _tab_to(window: Visit, target: Locator) -> None:
    """Press Tab until the target has the focus, as somebody without a mouse does."""
    for _ in range(90):
        if target.evaluate("element => element === document.activeElement"):
            return
        window.page.keyboard.press("Tab")
    raise AssertionError(f"no way to {target} by keyboard")


@pytest.mark.parametrize("kind", KINDS)
def test_the_whole_way_is_open_to_the_keyboard_alone(visit: Open, people: People, kind: str) -> None:
    window, line = visit("en"), people[1] if kind == "esim" else people[0]
    page = window.page
    window.go("/")
    _tab_to(window, page.get_by_role("link", name="Close my line", exact=True).first)
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in/**")
    _tab_to(window, page.get_by_role("textbox").first)
    page.keyboard.type(line.iccid)
    page.keyboard.press("Enter")
    page.wait_for_url("**/code/")
    _tab_to(window, page.get_by_role("textbox").first)
    page.keyboard.type(newest_code(WANG))
    page.keyboard.press("Enter")
    page.wait_for_url("**/lines/")
    first = reverse("portal:roaming" if kind == "roaming" else "portal:close", args=[line.pk])
    _tab_to(window, page.locator(f'a[href="{first}"]').first)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{first}")
    if kind == "roaming":
        _tab_to(window, page.get_by_role("link", name="Continue", exact=True))
    else:
        _tab_to(window, page.get_by_role("radio").first)
        page.keyboard.press("Space")
        _tab_to(window, page.get_by_role("button", name="Continue", exact=True))
    page.keyboard.press("Enter")
    page.wait_for_url("**/confirm/**")
    _tab_to(window, page.get_by_role("button", name=act_of(kind), exact=True))
    page.keyboard.press("Enter")
    page.wait_for_url("**/receipt/")
    with every_carrier():
        assert Termination.objects.count() == 1


@pytest.mark.parametrize("kind", KINDS)
def test_the_whole_way_needs_no_javascript(visit: Open, people: People, worker: Callable[[], None], kind: str) -> None:
    window, line = visit("zh-Hant", script=False), people[1] if kind == "esim" else people[0]
    page = window.page
    window.go("/sign-in/")
    page.get_by_role("textbox").first.fill(line.iccid)
    page.get_by_role("textbox").first.press("Enter")
    page.get_by_role("textbox").first.fill(newest_code(WANG))
    page.get_by_role("textbox").first.press("Enter")
    page.wait_for_url("**/lines/")
    first = reverse("portal:roaming" if kind == "roaming" else "portal:close", args=[line.pk])
    page.locator(f'a[href="{first}"]').first.click()
    if kind == "roaming":
        page.get_by_role("link", name=said("zh-Hant", "Continue"), exact=True).click()
    else:
        page.get_by_role("radio").first.check()
        page.get_by_role("button", name=said("zh-Hant", "Continue"), exact=True).click()
    page.get_by_role("button", name=said("zh-Hant", act_of(kind)), exact=True).click()
    page.wait_for_url("**/receipt/")
    with every_carrier():
        case = Termination.objects.get()
    window.go(reverse("portal:withdraw", args=[case.reference]))
    page.get_by_role("button", name=said("zh-Hant", "Take the request back")).click()
    page.wait_for_load_state()
    worker()
    with every_carrier():
        case.refresh_from_db()
    assert case.state == "cancelled"
