"""Is an address called ours only when it is, and a look-alike called what it is?"""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tojimari.rules.hosts import in_ascii
from tojimari.rules.links import MOST_ADDRESSES, Finding, Known, Why, check

OWN = Known.of({"tabi": ("close.tabimobile.co.jp", "tabi.example:8000")})


def only(text: str) -> tuple[str, str]:
    (verdict,) = check(text, OWN)
    assert verdict.whom in ((), ("tabi",))
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
        "https://tabi%2eexample/",
        "https:tabi.example",
        "ｈｔｔｐｓ：／／ｔａｂｉ．ｅｘａｍｐｌｅ／",
        "//tabi.example/",
        "https://tabi.example？それとも",
        "https://日本.tabi.example/",
        "https://xn--wgv71a.tabi.example/",
        "https:///tabi.example/",
    ],
)
def test_our_own_addresses_are_ours(text: str) -> None:
    assert only(text) == ("official", "host")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("https://tabi.example@evil.example/", Why.USER_PART),
        ("https://tabi.example%40evil.example/", Why.USER_PART),
        ("https://user:word@tabi.example/", Why.USER_PART),
        ("https://close.tabimobile.co.jp.dangsong.info/", Why.NAME_INSIDE),
        ("https://close-tabimobile-co-jp.shop/", Why.NAME_INSIDE),
        ("https://xtabi.example/", Why.NAME_INSIDE),
        ("https://evil.com\\@tabi.example", Why.BACKSLASH),
        ("https://tabi.example\\.evil.com", Why.BACKSLASH),
        ("https://tabi.example.中国/", Why.NAME_INSIDE),  # an ending that exists
        ("https://ta\u200dbi.example/", Why.HIDDEN),
        ("https://tabi.example\u202e.moc/", Why.HIDDEN),
        ("https://tabimobile.juffrt.shop/", Why.WORD),
        ("https://close.tabimobile.com/", Why.WORD),
        ("https://tabimobile-login.top/", Why.WORD),
        ("https://mytabimobilejp.xyz", Why.WORD),
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
def test_look_alikes_are_named_with_their_reason(text: str, why: Why) -> None:
    assert only(text) == ("looks_like", str(why))


@pytest.mark.parametrize(
    ("text", "finding", "why"),
    [
        ("https://www.evil.com/tabi.example/", Finding.NOT_LISTED, Why.ELSEWHERE),
        ("https://evil.com?https=tabi.example", Finding.NOT_LISTED, Why.ELSEWHERE),
        ("http://203.0.113.7/close", Finding.NOT_LISTED, Why.NUMBERS),
        ("http://[2001:db8::1]/", Finding.NOT_LISTED, Why.NUMBERS),
        ("ftp://tabi.example/", Finding.NOT_LISTED, Why.SCHEME),
        ("https://bit.ly/3abc", Finding.CANNOT_TELL, Why.SHORT),
        ("no-reply@tabi.example", Finding.CANNOT_TELL, Why.MAIL),
        ("请打开tabi.example谢谢", Finding.CANNOT_TELL, Why.GLUED),
        ("https://tabi.example。请尽快办理", Finding.CANNOT_TELL, Why.GLUED),
        ("请打开www.tabi.example谢谢", Finding.CANNOT_TELL, Why.GLUED),
        ("https://evil.com谢谢", Finding.NOT_LISTED, Why.ELSEWHERE),
        ("https://qrco.de/abc", Finding.CANNOT_TELL, Why.QR),
        ("https://abc.duckdns.org/", Finding.NOT_LISTED, Why.SHARED),
        ("https://www.tabimobile.co.jp/", Finding.NOT_LISTED, Why.SIBLING),
        ("https://аpple.com/", Finding.NOT_LISTED, Why.SCRIPTS),  # a Cyrillic а
        ("http://2130706433/", Finding.NOT_LISTED, Why.NUMBERS),
        ("http://0x7f.1/", Finding.NOT_LISTED, Why.NUMBERS),
        ("https://straße.example/", Finding.NOT_LISTED, Why.ELSEWHERE),
    ],
)
def test_the_rest_is_called_what_it_is(text: str, finding: Finding, why: Why) -> None:
    assert only(text) == (str(finding), str(why))


@pytest.mark.parametrize("text", ["", "...", "hello", "3.5 GB for 1.100 yen", "javascript:alert(1)", "Ok.", "a..b"])
def test_a_text_without_an_address_has_no_verdict(text: str) -> None:
    assert check(text, OWN) == []


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        ("お客様の料金が未払いです。下記よりお支払いください。", []),
        ("您的账单已逾期。请尽快支付。谢谢", []),
        ("お支払いはevil.comまで。ご確認ください", ["evil.com"]),
        ("今すぐ。a.exampleかb.exampleへ。", ["a.example", "b.example"]),
        ("https://evil.comをご覧ください。よろしく", ["evil.com"]),
        ("https://evil.com、または店舗へ。ご確認を", ["evil.com"]),
        ("例子.jp", ["例子.jp"]),
    ],
)
def test_sentences_without_spaces_are_not_taken_for_addresses(text: str, hosts: list[str]) -> None:
    assert [verdict.host for verdict in check(text, OWN)] == hosts


def test_a_long_text_is_read_to_its_end() -> None:
    for text in (
        "a" * 30_000,
        "あ" * 30_000 + ".",
        "a." * 15_000,
        "。あ" * 15_000 + "a",
        "://" * 8_000,
        "@." * 15_000,
    ):
        assert len(check(text, OWN)) <= MOST_ADDRESSES


def test_every_address_of_a_message_is_judged() -> None:
    text = "Tabi: your line ends. https://tabi.example/ok or\nhttps://tabi-example.top/x或https://evil.com"
    assert [verdict.finding for verdict in check(text, OWN)] == ["official", "looks_like", "not_listed"]
    assert [v.finding for v in check("evil.com/https://tabi.example", OWN)] == ["not_listed", "official"]
    many = " ".join(f"https://a{n}.net" for n in range(50))
    assert len(check(many, OWN)) == MOST_ADDRESSES


def test_without_names_of_our_own_nothing_is_ours() -> None:
    assert check("https://localhost:8000/ https://x.test", Known.of({"": [""]}))[0].finding == "not_listed"
    tried = Known.of({"": ["127.0.0.1:8000", "localhost:8000", "[::1]:8000"]})
    for text in ("http://127.0.0.1:8000/", "http://localhost:8000/", "http://[::1]:8000/"):
        assert check(text, tried)[0].finding == "official"
    assert check("http://x.localhost:8000/", tried)[0].finding == "not_listed"


MANY = Known.of(
    {
        "softbank": ["softbank.jp"],
        "au": ["au.com", "kddi.com"],
        "docomo": ["docomo.ne.jp", "nttdocomo.co.jp"],
        "biglobe": ["biglobe.ne.jp"],
        "rakuten": ["mobile.rakuten.co.jp"],
        "mineo": ["mineo.jp"],
        "povo": ["povo.jp"],
        "china": ["10086.cn"],
        "far": ["fetnet.net"],
        "sk": ["tworld.co.kr"],
        "att": ["att.com"],
        "y": ["ymobile.jp"],
        "visitor": ["iijmio.jp"],
        "travel": ["tr.iijmio.jp"],
        "idn": ["xn--fsqu00a.jp"],
    }
)


@pytest.mark.parametrize(
    ("host", "whom", "why"),
    [
        ("softbank.jp.dangsong.info", "softbank", Why.NAME_INSIDE),
        ("ips-au.com", "au", Why.NAME_INSIDE),
        ("my-softbank-jp.shop", "softbank", Why.NAME_INSIDE),
        ("www.au.com.au", "au", Why.NAME_INSIDE),
        ("xsoftbank.jp", "softbank", Why.NAME_INSIDE),
        ("docomo.ne.jp.duckdns.org", "docomo", Why.NAME_INSIDE),
        ("docomo.ne.jp／.evil.com", "docomo", Why.NAME_INSIDE),
        ("docomo.ne.jp⁄.evil.com", "docomo", Why.NAME_INSIDE),
        ("docomo.ne.jp℀.evil.com", "docomo", Why.NAME_INSIDE),
        ("docomo.ne.jp：evil.com", "docomo", Why.NAME_INSIDE),
        ("docomo.ne.jp:evil.com", "docomo", Why.NAME_INSIDE),
        ("docomo.ne.jp＠evil.com", "docomo", Why.NAME_INSIDE),
        ("docomo.ne.jp%2f.evil.com", "docomo", Why.NAME_INSIDE),
        ("docomo.ne.jp%20abc", "docomo", Why.NAME_INSIDE),
        ("docomo.ne.jp%00.evil.com", "docomo", Why.NAME_INSIDE),
        ("docomo.ne.jp%20.evil.com", "docomo", Why.NAME_INSIDE),
        ("docomo%252ene.jp", "docomo", Why.WORD),
        ("softbank.juffrt.shop", "softbank", Why.WORD),
        ("auone-jp.mistant.shop", "au", Why.WORD),
        ("au-pay.shop", "au", Why.WORD),
        ("login.au.xyz", "au", Why.WORD),
        ("kddi.co.jp", "au", Why.WORD),
        ("mypovologin.shop", "povo", Why.WORD),
        ("10086-bill.top", "china", Why.WORD),
        ("bill-att.com", "att", Why.NAME_INSIDE),
        ("docomo-pay.duckdns.org", "docomo", Why.WORD),
        ("rakuten-mobile.shop", "rakuten", Why.WORD),
        ("myymobile-login.top", "y", Why.WORD),
        ("ymobi1e.jp", "y", Why.LETTERS),
        ("bigiobe.xyz", "biglobe", Why.LETTERS),
        ("biglobb.com", "biglobe", Why.LETTERS),
        ("nttdocorno.com", "docomo", Why.LETTERS),
        ("clocomo.ne.jp", "docomo", Why.LETTERS),
        ("s0ftbank.jp", "softbank", Why.LETTERS),
        ("ｓ０ｆｔｂａｎｋ。jp", "softbank", Why.LETTERS),
        ("xn--dcomo-jua.ne.jp", "docomo", Why.LETTERS),
        ("dосоmо.ne.jp", "docomo", Why.LETTERS),  # Cyrillic о and с
    ],
)
def test_forged_addresses_of_every_known_pattern_name_whom_they_imitate(host: str, whom: str, why: Why) -> None:
    (verdict,) = check(f"https://{host}/", MANY)
    assert (verdict.finding, verdict.whom, verdict.why) == (Finding.LOOKS_LIKE, (whom,), why)


@pytest.mark.parametrize(
    "host",
    [
        "plateau.com",
        "matt.com",
        "my-au-pair.com",
        "example.com.au",
        "bestworld.com",
        "jetnet.com",
        "mineocean.com",
        "volvo.com",
        "mobile.de",
        "tmobile.com",
        "horizon.com",
        "google.com",
        "www.amazon.co.jp",
        "login.example.com",
        "mobile.example.jp",
    ],
)
def test_honest_names_are_not_called_imitations(host: str) -> None:
    (verdict,) = check(f"https://{host}/", MANY)
    assert (verdict.finding, verdict.whom) == (Finding.NOT_LISTED, ())


def test_the_longest_listed_name_says_whose_an_address_is() -> None:
    whose = {host: check(host, MANY)[0].whom for host in ("www.iijmio.jp", "a.tr.iijmio.jp", "例子.jp", "m.10086.cn")}
    assert whose == {
        "www.iijmio.jp": ("visitor",),
        "a.tr.iijmio.jp": ("travel",),
        "例子.jp": ("idn",),
        "m.10086.cn": ("china",),
    }
    (sibling,) = check("https://www.rakuten.co.jp/", MANY)
    assert (sibling.finding, sibling.why, sibling.whom) == (Finding.NOT_LISTED, Why.SIBLING, ("rakuten",))


def test_what_two_carriers_share_is_official_for_both_and_what_everybody_shares_for_nobody() -> None:
    shared = Known.of({"a": ["one.jp"], "b": ["one.jp"], "c": ["co.jp", "duckdns.org", "com"]})
    assert check("https://www.one.jp/", shared)[0].whom == ("a", "b")
    for text in ("https://x.co.jp/", "https://x.duckdns.org/", "https://x.com/", "https://duckdns.org/"):
        assert check(text, shared)[0].finding is Finding.NOT_LISTED


ANY = st.text(max_size=40)
NAMES = sorted(MANY.names)
WORDS = [
    *NAMES,
    "tabi.example",
    "close.tabimobile.co.jp",
    "evil.com",
    "https://",
    "http://",
    "//",
    "@",
    "%40",
    "%2e",
    "xn--",
]
HOSTILE = st.sampled_from([*WORDS, *".。/\\?#:-請аﬁ\u200b)）, []ßİ"])
TEXTS = st.one_of(ANY, st.lists(HOSTILE, max_size=9).map("".join))


@given(TEXTS)
def test_nothing_outside_our_names_is_ever_called_ours(text: str) -> None:
    for verdict in check(text, OWN):
        if verdict.finding is Finding.OFFICIAL:
            assert re.search(r"(^|\.)(close\.tabimobile\.co\.jp|tabi\.example)$", verdict.host)
            assert in_ascii(verdict.host).isascii()


@given(st.from_regex(r"[a-z0-9]{1,12}(-[a-z0-9]{1,8})?", fullmatch=True), st.sampled_from(["com", "shop", "co.jp"]))
def test_no_ending_makes_a_foreign_domain_ours(word: str, ending: str) -> None:
    for text in (f"https://tabi.example.{word}.{ending}/", f"https://tabi.example@{word}.{ending}/"):
        assert all(verdict.finding is not Finding.OFFICIAL for verdict in check(text, OWN))


@given(st.text(alphabet="/?#abc.@-=&%", max_size=30))
def test_whatever_follows_our_host_and_a_slash_it_stays_ours(rest: str) -> None:
    assert check(f"https://tabi.example/{rest}", OWN)[0].finding is Finding.OFFICIAL


@given(TEXTS)
def test_nothing_outside_the_lists_is_ever_official_and_no_list_is_mistaken(text: str) -> None:
    for verdict in check(text, MANY):
        if verdict.finding is Finding.OFFICIAL:
            host = in_ascii(verdict.host)
            assert host.isascii()
            fitting = [name for name in NAMES if f".{host}".endswith(f".{name}")]
            assert verdict.whom == MANY.names[max(fitting, key=len)]


LABEL = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True)


@given(
    st.lists(LABEL, max_size=4),
    st.sampled_from(NAMES),
    st.sampled_from(["https://{}/", "http://{}:8080/x?y", "{}", "({})"]),
)
def test_every_host_below_a_listed_name_is_official(labels: list[str], name: str, form: str) -> None:
    (verdict,) = check(form.format(".".join([*labels, name])), MANY)
    assert verdict.finding is Finding.OFFICIAL


@given(
    st.lists(LABEL, min_size=1, max_size=3),
    st.sampled_from(["com", "shop", "co.jp", "duckdns.org"]),
    st.sampled_from(NAMES),
)
def test_a_listed_name_in_any_other_place_is_never_official(labels: list[str], ending: str, name: str) -> None:
    foreign = ".".join([*labels, ending])
    for host in (foreign, f"{name}.{foreign}", f"{name}-{foreign}", f"{name}@{foreign}", f"{foreign}x{name}"):
        for verdict in check(f"https://{host}/", MANY):
            assert verdict.finding is not Finding.OFFICIAL or any(f".{verdict.host}".endswith(f".{n}") for n in NAMES)
