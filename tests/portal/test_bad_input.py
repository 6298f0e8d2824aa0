"""Whatever goes wrong, is it said in each language, at its place, with what was typed kept and a way on?

Every state is looked at in all four languages here, and by a browser in `tests/browser`. While the database is away:
see `test_outage`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tests.portal.conftest import newest_code
from tests.portal.following import NOON, WANG, a_case, stranger
from tojimari.lines.models import Line, LineState
from tojimari.platform.database.scope import every_carrier
from tojimari.rules.identifiers import iccid

LANGUAGES = ["ja", "en", "zh-Hans", "zh-Hant"]
LATIN = re.compile(
    r"Tojimari|English|SIM|eSIM|ICCID|EID|MNP|NFC|QR|Travel 30 days|Tabi Mobile|Wi-Fi|[\w.…]+@\S+|TJ-?[0-9A-Z-]+"
    r"|[a-z_]+\.[a-z_.]+"  # reason codes
)
"""What may stand in Latin letters on a page of another language."""


def alone(page: str) -> str:
    """What is to be read on a page, without its frame."""
    main = page.partition("<main")[2].partition("</main>")[0]
    return html.unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<(script|style)\b.*?</\1>", "", main, flags=re.DOTALL)))


def check(page: str, language: str, *, field: str = "", typed: str = "", refused: bool = True) -> None:
    """Hold a page with something wrong on it to the rules that every such page keeps."""
    assert f'<html lang="{language}"' in page
    assert page.count("<h1") == 1
    if language != "en":
        assert re.findall(r"[A-Za-z]{2,}(?: [A-Za-z]+)+", LATIN.sub(" ", alone(page))) == []
    if field:
        (tag,) = re.findall(rf'<input[^>]*id="{field}"[^>]*>', page)
        assert 'aria-invalid="true"' in tag
        (described,) = re.findall(r'aria-describedby="([^"]+)"', tag)
        error = [name for name in described.split() if name.endswith("_error")]
        assert [page.count(f'id="{name}"') for name in error] == [1]
        assert not typed or f'value="{typed}"' in tag
    elif refused:
        assert "188" in page
    assert re.search(r'<a class="(?:button|row-link)|href="tel:|/sign-in/help/', page.partition("<main")[2])


def sign_in_says(browser: Client, typed: str) -> str:
    return browser.post("/sign-in/", {"identifier": typed}).content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "typed", ["", "12", "0901234567", "8981100000000000011", "+8613800138000", "我的手机", "wang@mail.example"]
)
def test_what_names_no_line_is_refused_at_its_field(tabi: object, language: str, typed: str) -> None:
    check(sign_in_says(stranger(language), typed), language, field="id_identifier", typed=typed)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_code_that_is_wrong_or_too_old_is_refused_at_its_field(sim_line: Line, language: str) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        browser = stranger(language)
        browser.post("/sign-in/", {"identifier": sim_line.order_number})
        right = newest_code(WANG)
        wrong = f"{(int(right) + 1) % 1_000_000:06d}"
        for typed in ("", "12", wrong):
            page = browser.post("/sign-in/code/", {"code": typed}).content.decode()
            check(page, language, field="id_code", typed=typed)
        clock.shift(timedelta(minutes=10, seconds=1))
        page = browser.post("/sign-in/code/", {"code": right}).content.decode()
        check(page, language, field="id_code", typed=right)
        assert sim_line.order_number in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sim_from_abroad_and_a_line_of_another_carrier_are_led_on(
    tonari_line: Line, sim_line: Line, language: str
) -> None:
    browser = stranger(language)
    for typed in (iccid.with_check_digit("894411006812345678"), tonari_line.msisdn, tonari_line.iccid):
        assert browser.post("/sign-in/", {"identifier": typed}).status_code == 302
        page = browser.get("/sign-in/code/").content.decode()
        check(page, language, refused=False)
        assert 'href="/another-carrier/"' in page


def closed(browser: Client, line: Line) -> str:
    with every_carrier():
        Line.objects.filter(pk=line.pk).update(state=LineState.TERMINATED)
    return browser.get(f"/lines/{line.pk}/close/").content.decode()


def ported(browser: Client, line: Line) -> str:
    with every_carrier():
        Line.objects.filter(pk=line.pk).update(state=LineState.PORTED_OUT)
    return browser.get(f"/lines/{line.pk}/close/confirm/?end=now").content.decode()


def being_closed(browser: Client, line: Line) -> str:
    a_case(line)
    return browser.get(f"/lines/{line.pk}/roaming/").content.decode()


def not_there(browser: Client, line: Line) -> str:
    return browser.get(f"/lines/{line.pk + 1_000_000}/close/").content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", [closed, ported, being_closed, not_there])
def test_a_line_that_cannot_be_closed_leads_on(
    sim_line: Line, roaming: object, language: str, state: Callable[[Client, Line], str]
) -> None:
    browser = stranger(language)
    browser.post("/sign-in/", {"identifier": sim_line.msisdn})
    browser.post("/sign-in/code/", {"code": newest_code(WANG)})
    check(state(browser, sim_line), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_line_with_a_case_leads_to_it_in_the_same_language(sim_line: Line, language: str) -> None:
    browser = stranger(language)
    browser.post("/sign-in/", {"identifier": sim_line.msisdn})
    browser.post("/sign-in/code/", {"code": newest_code(WANG)})
    case = a_case(sim_line)
    answer = browser.get(f"/lines/{sim_line.pk}/close/", follow=True)
    assert answer.redirect_chain == [(f"/cases/{case.reference}/", 302)]
    assert f'<html lang="{language}"' in answer.content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_case_that_nothing_opens_is_refused_at_its_field(tabi: object, language: str) -> None:
    browser = stranger(language)
    for field, typed in (
        ("id_reference", {"reference": "TJ-12", "code": "0123-4567-89AB-CDEF"}),
        ("id_code", {"reference": "TJ-0123-4567-89AB", "code": "12"}),
        ("id_code", {"reference": "TJ-0123-4567-89AB", "code": "0123-4567-89AB-CDEF"}),
    ):
        page = browser.post("/case/", typed).content.decode()
        check(page, language, field=field, typed=typed[field.removeprefix("id_")])
