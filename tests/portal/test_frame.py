"""Does every page say whose it is, in the reader's language, and what is only a demonstration?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client, RequestFactory
from django.utils.translation import override

import tojimari
from tests.portal.conftest import TABI
from tojimari.lines.models import Carrier
from tojimari.platform.config import config
from tojimari.portal import clocks, errors
from tojimari.portal.context import is_simulated

PACKAGE = Path(tojimari.__file__).parent
TEMPLATES = sorted(PACKAGE.rglob("*.html"))


@pytest.mark.parametrize(
    ("browser_says", "lang", "heading"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans", "注销您的手机线路"),
        ("zh-SG", "zh-Hans", "注销您的手机线路"),
        ("zh-TW,zh;q=0.9,en-US;q=0.8", "zh-Hant", "註銷您的手機門號"),
        ("zh-HK", "zh-Hant", "註銷您的手機門號"),
        ("zh", "zh-Hans", "注销您的手机线路"),
        ("en-AU,en;q=0.9", "en", "Close your mobile line"),
        ("ja-JP", "ja", "携帯電話の回線を解約"),
        ("fr", "ja", "携帯電話の回線を解約"),
    ],
)
def test_speaks_the_language_that_the_browser_asks_for(browser_says: str, lang: str, heading: str) -> None:
    page = Client(SERVER_NAME=TABI, HTTP_ACCEPT_LANGUAGE=browser_says).get("/").content.decode()
    assert f'<html lang="{lang}">' in page
    assert f"<h1>{heading}</h1>" in page


def test_the_carrier_is_named_in_the_language_of_the_page() -> None:
    page = Client(SERVER_NAME=TABI, HTTP_ACCEPT_LANGUAGE="zh-TW").get("/").content.decode()
    assert "旅途行動" in page


@pytest.mark.parametrize("path", ["/", "/sign-in/", "/verify/", "/demo/messages/", "/staff/login/", "/nowhere/"])
def test_every_page_says_that_the_network_is_simulated(browser: Client, path: str) -> None:
    page = browser.get(path).content.decode()
    assert "Simulated network" in page
    assert "Demonstration" in page


def test_a_carrier_with_an_element_of_its_own_is_not_called_simulated(tabi: Carrier) -> None:
    tabi.elements = {"physical_sim": "osmohlr", "esim": "osmohlr", "roaming": "by_hand"}
    assert not is_simulated(tabi)
    tabi.elements["esim"] = "simulated"
    assert is_simulated(tabi)


def test_there_is_no_page_of_sent_messages_outside_a_demonstration(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    strict = config().model_copy(update={"demo": False})
    monkeypatch.setattr("tojimari.portal.views.demo.config", lambda: strict)
    assert browser.get("/demo/messages/").status_code == 404


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ja", "システムにエラーが発生しました"),
        ("en", "Something went wrong on our side"),
        ("zh-hans", "系统出了问题"),
        ("zh-hant", "系統發生問題"),
    ],
)
@pytest.mark.parametrize("handler", ["bad_request", "permission_denied", "page_not_found", "server_error"])
def test_every_error_page_speaks_every_language_and_leads_on(handler: str, language: str, said: str) -> None:
    with override(language):
        answer = getattr(errors, handler)(RequestFactory().get("/x/"))
    page = answer.content.decode()
    assert "188" in page
    assert 'href="/"' in page
    assert (said in page) == (handler == "server_error")


@pytest.mark.parametrize("handler", ["permission_denied", "page_not_found", "server_error"])
def test_an_error_at_the_desk_leads_back_to_the_desk(handler: str) -> None:
    page = getattr(errors, handler)(RequestFactory().get("/desk/x/")).content.decode()
    assert re.findall(r'class="button[^"]*" href="([^"]+)"', page) == ["/desk/", "/desk/find/"]
    assert "Start from your lines" not in page


def test_even_without_templates_an_error_leads_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise OSError("no disk")

    monkeypatch.setattr(errors, "render", broken)
    answer = errors.server_error(RequestFactory().get("/x/"))
    assert answer.status_code == 500
    assert all(lang in answer.content.decode() for lang in ('lang="ja"', 'lang="zh-Hans"', 'lang="zh-Hant"'))


def test_personal_pages_are_kept_in_no_cache(wang_here: Client) -> None:
    assert "no-store" in wang_here.get("/lines/")["Cache-Control"]


def test_nothing_inline_and_nothing_from_elsewhere_is_allowed(browser: Client) -> None:
    policy = browser.get("/")["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_templates_have_nothing_inline(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r'(src|href)="(https?:)?//', text)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_htmx_is_used_only_in_ways_that_its_next_version_keeps(template: Path) -> None:
    """htmx 4 inherits nothing by itself and drops these attributes; every element says its own target and swap."""
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"hx-(ext|vars|disable|inherit|on)", text)
    for tag in re.findall(r"<[^>]*hx-(?:get|post)[^>]*>", text):
        assert "hx-target" in tag
        assert "hx-swap" in tag


SHAMING = re.compile(
    r"are you sure|don't go|we('| a)re sorry to see|miss you|lose out|stay with us"
    r"|本当によろしいですか|もったいない|引き続きご利用|お得な|確定要离开|真的要|舍不得|挽留|優惠|优惠|捨不得",
    re.IGNORECASE,
)


def test_no_text_persuades_anybody_to_stay() -> None:
    files = [*TEMPLATES, *PACKAGE.glob("locale/*/LC_MESSAGES/django.po"), PACKAGE / "messages" / "texts.py"]
    assert len(files) > 20
    for file in files:
        assert not SHAMING.search(file.read_text(encoding="utf-8")), file


@pytest.mark.parametrize(
    ("cookie", "shown"),
    [("Asia/Shanghai", True), ("Asia%2FShanghai", True), ("Asia/Tokyo", False), ("../etc/passwd", False), ("", False)],
)
def test_shows_the_readers_own_time_only_for_a_real_zone(cookie: str, *, shown: bool) -> None:
    request = RequestFactory().get("/")
    request.COOKIES["zone"] = cookie
    assert (clocks.reader_zone(request) is not None) is shown
