"""Can the administrator enter hotlines and domains safely, and do customers see what was entered?"""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.test import Client

from tests.desk.conftest import TABI, TONARI, AsStaff
from tojimari.lines import reach
from tojimari.lines.models import Carrier, Change
from tojimari.platform.database.scope import carrier_scope, every_carrier

DOMAINS, HOTLINES = "/desk/settings/domains/", "/desk/settings/hotlines/"
NEW = {"number_0": "+81 3-9876-5432", "from_0": "abroad", "hours_0": "9:00–18:00", "ja_0": "on", "en_0": "on"}


def read(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'type="hidden" name="(seen|shown)" value="(\w+)"', page))


def look(browser: Client, path: str, fields: dict[str, str]) -> str:
    answer = browser.post(path, {**fields, **hidden(read(browser.get(path))), "do": "check"})
    assert answer.status_code == 200
    return read(answer)


def save(browser: Client, path: str, fields: dict[str, str]) -> int:
    """Look at the preview, then confirm it."""
    return browser.post(path, {**fields, **hidden(look(browser, path, fields)), "do": "save"}).status_code


def changes() -> list[tuple[str, str, str]]:
    with every_carrier():
        return list(Change.objects.order_by("pk").values_list("setting", "before", "after"))


def test_hotlines_count_once_their_preview_was_confirmed(as_staff: AsStaff, tabi: Carrier) -> None:
    admin = as_staff("admin")
    page = look(admin, HOTLINES, NEW)
    assert "-+81312345678\n++81398765432; abroad; 9:00–18:00; ja, en\n" in page
    assert "From abroad" in page.split("What customers see")[1]
    assert changes() == []
    assert admin.post(HOTLINES, {**NEW, "do": "save", "seen": "0", "shown": "0"}).status_code == 200
    assert changes() == []
    assert save(admin, HOTLINES, NEW) == 302
    tabi.refresh_from_db()
    assert tabi.hotline == "+81398765432"
    assert changes() == [("hotline", "+81312345678", "+81398765432; abroad; 9:00–18:00; ja, en")]
    assert "鈴木 花子" in read(admin.get(HOTLINES)).split("Changes until now")[1]
    help_page = read(Client(SERVER_NAME=TABI, HTTP_ACCEPT_LANGUAGE="en").get("/is-it-real/"))
    assert "+81398765432</a> · From abroad · 9:00–18:00 · 日本語, English" in help_page


def test_several_hotlines_are_kept_in_order_and_an_emptied_one_goes(as_staff: AsStaff, tabi: Carrier) -> None:
    admin = as_staff("admin")
    assert save(admin, HOTLINES, {**NEW, "number_1": "+81120123456", "from_1": "japan"}) == 302
    tabi.refresh_from_db()
    with carrier_scope(tabi.pk):
        assert [one.number for one in reach.hotlines(tabi)] == ["+81398765432", "+81120123456"]
    assert save(admin, HOTLINES, {**NEW, "number_0": "", "number_1": "+81120123456"}) == 302
    tabi.refresh_from_db()
    with carrier_scope(tabi.pk):
        assert reach.hotlines(tabi) == [reach.Hotline("+81120123456")]


def test_a_number_that_the_installation_changed_afterwards_wins(as_staff: AsStaff, tabi: Carrier) -> None:
    save(as_staff("admin"), HOTLINES, NEW)
    Carrier.objects.filter(pk=tabi.pk).update(hotline="+81355555555")
    tabi.refresh_from_db()
    with carrier_scope(tabi.pk):
        assert reach.hotlines(tabi) == [reach.Hotline("+81355555555")]


@pytest.mark.parametrize("number", ["03-1234-5678", "+81", "+0123456789", "call us", "+81312345678901234"])
def test_what_is_no_international_number_is_refused_beside_its_field(
    as_staff: AsStaff, tabi: Carrier, number: str
) -> None:
    page = look(as_staff("admin"), HOTLINES, {**NEW, "number_1": number})
    assert "This is no phone number in international form." in page.split('id="problem_1"')[1].split("</div>")[0]
    assert f'value="{number}"' in page
    assert 'value="save"' not in page
    assert changes() == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"number_1": "+81398765432"}, "This number stands here twice."),
        ({"hours_0": "9;18"}, "without semicolons"),
        ({"hours_0": "x" * 101}, "at most 100 characters"),
    ],
)
def test_what_else_is_wrong_with_a_hotline_is_said(as_staff: AsStaff, fields: dict[str, str], said: str) -> None:
    assert said in look(as_staff("admin"), HOTLINES, {**NEW, **fields})


def test_domains_count_once_confirmed_and_links_below_them_are_then_called_ours(
    as_staff: AsStaff, tabi: Carrier
) -> None:
    admin, visitor = as_staff("admin"), Client(SERVER_NAME=TABI, HTTP_ACCEPT_LANGUAGE="en")
    link = {"text": "https://www.tabi-mobile.jp/close"}
    assert "This is one of our own addresses" not in read(visitor.post("/is-it-real/", link))
    typed = {"domains": "HTTPS://Tabi-Mobile.jp/\r\ntabi.example\r\n"}
    page = look(admin, DOMAINS, typed)
    assert "\n+tabi-mobile.jp\n" in page
    assert page.split("What customers see")[1].count("tabi-mobile.jp") >= 2
    assert changes() == []
    assert save(admin, DOMAINS, typed) == 302
    assert changes() == [("domains", "", "tabi-mobile.jp")]
    found = read(visitor.post("/is-it-real/", link))
    assert '<li class="mono" dir="ltr">tabi-mobile.jp</li>' in found
    assert 'class="note good"' in found
    tabi.refresh_from_db()
    assert tabi.hosts == ["tabi.example"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("tabi", "This is not the name of a domain."),
        ("tabi_mobile.jp", "This is not the name of a domain."),
        ("-tabi.jp", "This is not the name of a domain."),
        ("tabi.jp/close", "This is not the name of a domain."),
        ("192.0.2.1", "This is not the name of a domain."),
        ("тabi.jp", "This is not the name of a domain."),
        ("co.jp", "Many people share this name"),
        ("bit.ly", "Many people share this name"),
        ("tonari.example", "Pages of another carrier stand under tonari.example."),
        ("shop.tonari.example", "Pages of another carrier stand under shop.tonari.example."),
    ],
)
def test_what_is_no_domain_of_the_carriers_own_is_refused_and_stays_typed(
    as_staff: AsStaff, tonari: Carrier, typed: str, said: str
) -> None:
    page = look(as_staff("admin"), DOMAINS, {"domains": f"good.jp\n{typed}"})
    assert said in page
    assert f"good.jp\n{typed}</textarea>" in page
    assert 'value="save"' not in page
    assert changes() == []


def test_who_comes_second_is_told_and_nothing_is_overwritten(as_staff: AsStaff, tabi: Carrier) -> None:
    admin = as_staff("admin")
    second = hidden(look(admin, DOMAINS, {"domains": "second.jp"}))
    assert save(admin, DOMAINS, {"domains": "first.jp"}) == 302
    answer = admin.post(DOMAINS, {"domains": "second.jp", **second, "do": "save"})
    assert answer.status_code == 409
    assert "A colleague has changed this setting meanwhile." in read(answer)
    assert "second.jp</textarea>" in read(answer)
    late = hidden(look(admin, HOTLINES, {"number_0": "+81311111111"}))
    assert save(admin, HOTLINES, NEW) == 302
    assert admin.post(HOTLINES, {"number_0": "+81311111111", **late, "do": "save"}).status_code == 409
    with carrier_scope(tabi.pk):
        assert reach.domains(tabi.pk) == ["first.jp"]
        assert reach.hotlines(Carrier.objects.get(pk=tabi.pk))[0].number == "+81398765432"


def test_nobody_but_the_administrator_of_this_carrier_changes_them(
    as_staff: AsStaff, tabi: Carrier, tonari: Carrier
) -> None:
    for role in ("clerk", "agent", "reviewer", "lead", "auditor"):
        browser = as_staff(role)
        assert {browser.get(path).status_code for path in (DOMAINS, HOTLINES)} == {403}
        assert browser.post(HOTLINES, {**NEW, "do": "save"}).status_code == 403
    neighbour = as_staff("admin", carrier=tonari, host=TONARI)
    assert save(neighbour, DOMAINS, {"domains": "neighbour.jp"}) == 302
    with every_carrier():
        assert (reach.domains(tabi.pk), reach.domains(tonari.pk)) == ([], ["neighbour.jp"])
