"""Is an address called ours only when it is, and a look-alike called what it is?"""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tojimari.rules.links import MOST_ADDRESSES, Finding, Why, check

OWN = ("close.tabimobile.co.jp", "tabi.example:8000")


def only(text: str) -> tuple[str, str]:
    (verdict,) = check(text, OWN)
    return str(verdict.finding), str(verdict.why)


@pytest.mark.parametrize(
    "text",
    [
        "https://close.tabimobile.co.jp/",
        "https://close.tabimobile.co.jp",
        "close.tabimobile.co.jp/sign-in/",
        "HTTPS://Close.TabiMobile.co.jp./lines/?a=b@c",
        "https://www.close.tabimobile.co.jp:8443/x",
        "https://tabi.example/case/#top",
        "https://ｔａｂｉ．ｅｘａｍｐｌｅ/",
        "https://tabi。example/",
        "(https://tabi.example)",
        "请打开（https://tabi.example）办理",
        "こちら→https://tabi.example、お願いします",
        "https://tabi.example。",
        "https://ta\u200bbi.example/",
        "https:///tabi.example/",
    ],
)
def test_our_own_addresses_are_ours(text: str) -> None:
    assert only(text) == ("ours", "host")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("https://tabi.example@evil.example/", Why.USER_PART),
        ("https://tabi.example%40evil.example/", Why.USER_PART),
        ("https://user:word@tabi.example/", Why.USER_PART),
        ("https://close.tabimobile.co.jp.dangsong.info/", Why.NAME_INSIDE),
        ("https://close-tabimobile-co-jp.shop/", Why.NAME_INSIDE),
        ("https://xtabi.example/", Why.NAME_INSIDE),
        ("https://evil.com\\@tabi.example", None),
        ("https://tabimobile.juffrt.shop/", Why.OUR_WORD),
        ("https://close.tabimobile.com/", Why.OUR_WORD),
        ("https://tabimobile-login.top/", Why.OUR_WORD),
        ("https://mytabimobilejp.xyz", Why.OUR_WORD),
        ("https://close.tabimobi1e.co.jp/", Why.LETTERS),
        ("https://close.tabirnobile.co.jp/", Why.LETTERS),
        ("https://close.tabmiobile.co.jp/", Why.LETTERS),
        ("https://close.tabimobil.co.jp/", Why.LETTERS),
        ("https://close.tаbimobile.co.jp/", Why.LETTERS),  # a Cyrillic а
        ("https://close.xn--tbimobile-0yh.co.jp/", Why.LETTERS),  # the same in punycode
        ("https://close.tabímobile.co.jp/", Why.LETTERS),
        ("https://tabi.example请看evil.com/", Why.NAME_INSIDE),
        ("https://tabi.example）.evil.com/", Why.NAME_INSIDE),
        ("https://tabi.example,evil.com/", Why.NAME_INSIDE),
    ],
)
def test_look_alikes_are_named_with_their_reason(text: str, why: Why | None) -> None:
    if why is None:  # a browser takes the backslash for a slash and goes to evil.com
        assert only(text) == ("not_ours", "elsewhere")
    else:
        assert only(text) == ("looks_like", str(why))


@pytest.mark.parametrize(
    ("text", "finding", "why"),
    [
        ("https://www.evil.com/tabi.example/", Finding.NOT_OURS, Why.ELSEWHERE),
        ("https://evil.com?https=tabi.example", Finding.NOT_OURS, Why.ELSEWHERE),
        ("http://203.0.113.7/close", Finding.NOT_OURS, Why.NUMBERS),
        ("http://[2001:db8::1]/", Finding.NOT_OURS, Why.NUMBERS),
        ("ftp://tabi.example/", Finding.NOT_OURS, Why.SCHEME),
        ("https://bit.ly/3abc", Finding.CANNOT_TELL, Why.SHORT),
        ("no-reply@tabi.example", Finding.CANNOT_TELL, Why.MAIL),
        ("请打开tabi.example谢谢", Finding.CANNOT_TELL, Why.GLUED),
        ("https://tabi.example。请尽快办理", Finding.CANNOT_TELL, Why.GLUED),
        ("https://tabi.example.中国/", Finding.CANNOT_TELL, Why.GLUED),
        ("https://straße.example/", Finding.NOT_OURS, Why.ELSEWHERE),
    ],
)
def test_the_rest_is_called_what_it_is(text: str, finding: Finding, why: Why) -> None:
    assert only(text) == (str(finding), str(why))


@pytest.mark.parametrize("text", ["", "...", "hello", "3.5 GB for 1.100 yen", "javascript:alert(1)", "Ok.", "a..b"])
def test_a_text_without_an_address_has_no_verdict(text: str) -> None:
    assert check(text, OWN) == []


def test_every_address_of_a_message_is_judged() -> None:
    text = "Tabi: your line ends. https://tabi.example/ok or\nhttps://tabi-example.top/x或https://evil.com"
    assert [verdict.finding for verdict in check(text, OWN)] == ["ours", "looks_like", "not_ours"]
    assert [v.finding for v in check("evil.com/https://tabi.example", OWN)] == ["not_ours", "ours"]
    many = " ".join(f"https://a{n}.net" for n in range(50))
    assert len(check(many, OWN)) == MOST_ADDRESSES


def test_without_names_of_our_own_nothing_is_ours() -> None:
    assert check("https://localhost:8000/ https://x.test", [""])[0].finding == "not_ours"
    assert check("http://127.0.0.1:8000/", ["127.0.0.1:8000"])[0].finding == "ours"


ANY = st.text(max_size=40)
WORDS = ["tabi.example", "close.tabimobile.co.jp", "evil.com", "https://", "http://", "//", "@", "%40", "%2e", "xn--"]
HOSTILE = st.sampled_from([*WORDS, *".。/\\?#:-請аﬁ\u200b)）, []ßİ"])
TEXTS = st.one_of(ANY, st.lists(HOSTILE, max_size=9).map("".join))


@given(TEXTS)
def test_nothing_outside_our_names_is_ever_called_ours(text: str) -> None:
    for verdict in check(text, OWN):
        if verdict.finding is Finding.OURS:
            assert re.search(r"(^|\.)(close\.tabimobile\.co\.jp|tabi\.example)$", verdict.host)
            assert verdict.host.isascii()


@given(st.from_regex(r"[a-z0-9]{1,12}(-[a-z0-9]{1,8})?", fullmatch=True), st.sampled_from(["com", "shop", "co.jp"]))
def test_no_ending_makes_a_foreign_domain_ours(word: str, ending: str) -> None:
    for text in (f"https://tabi.example.{word}.{ending}/", f"https://tabi.example@{word}.{ending}/"):
        assert all(verdict.finding is not Finding.OURS for verdict in check(text, OWN))


@given(st.text(alphabet="/?#abc.@-=&%", max_size=30))
def test_whatever_follows_our_host_and_a_slash_it_stays_ours(rest: str) -> None:
    assert check(f"https://tabi.example/{rest}", OWN)[0].finding is Finding.OURS
