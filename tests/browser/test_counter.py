"""Does a clerk get a visitor through by keyboard and scanner, in each language, and when the connection breaks?"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import segno

from tests.browser.conftest import ONE, Open, Visit
from tests.browser.test_desk_reviews import staff_at
from tests.browser.test_pages import problems
from tests.desk.test_counter_case import passport
from tests.terminations.play import Clock, ask, work
from tojimari.counter.demo import load_shops
from tojimari.counter.models import ReturnedCard, SignedForm
from tojimari.lines.models import Line
from tojimari.platform.database.scope import every_carrier
from tojimari.terminations.models import Step, Termination

pytestmark = pytest.mark.browser


def begin(line: Line) -> Termination:
    clock = Clock(datetime.now(UTC))
    load_shops(line.carrier)
    with every_carrier():
        case = ask(line, clock, channel="portal")
        work(clock, forward=False)
    return case


def at_counter(window: Visit, line: Line) -> None:
    """Sign a clerk in and choose the shop."""
    staff_at(window, line.carrier, "clerk", "鈴木", "花子")
    window.go("/desk/counter/")
    window.page.click('button[name="shop"][value="shinjuku"]')
    window.page.wait_for_selector("form:has([name=do][value=next])")


def scan(window: Visit, text: str) -> None:
    """What a hand scanner does: type, then Enter. Nobody holds a card under it before the page shows where it goes."""
    window.page.wait_for_function("document.activeElement.matches('input, textarea')")
    window.page.keyboard.insert_text(text)
    window.page.keyboard.press("Enter")


def done(case: Termination) -> bool:
    with every_carrier():
        names = ("visit", "papers", "form", "return_sim")
        return not Step.objects.filter(termination=case, name__in=names).exclude(state="done").exists()


@pytest.mark.parametrize("language", ONE)
def test_every_page_of_the_counter_can_be_used_by_everybody(
    visit: Open, people: tuple[Line, Line, Line], language: str
) -> None:
    line = people[2]
    case = begin(line)
    window = visit(language, width=320)
    page, wrong = window.page, {}

    def look(name: str) -> None:
        names = "['LI NA', 'TANAKA HANAKO']"  # of people: they stand as they are in every language
        if found := [one for one in problems(window, language) if names not in one]:
            wrong[name] = found

    at_counter(window, line)
    look("today, nobody")
    page.fill("#id_wanted", "0900000000")
    page.keyboard.press("Enter")
    page.wait_for_selector(".note.warn")
    look("not found")
    window.go(f"/desk/counter/{case.reference}/")
    for summary in page.locator("main summary").all():
        summary.click()
    look("visit")
    page.click("#counter-form .pair button")
    page.wait_for_selector(".error")
    look("visit, refused")
    page.fill("#id_mrz", passport("LI", "NA"))
    page.select_option("#id_receipt_or_contract", "receipt")
    page.click("#counter-form .pair button")
    page.wait_for_selector("#id_name_seen")
    look("visit, names differ")
    page.check("#id_name_seen")
    page.check("#id_signed")
    page.fill("#id_iccid", line.iccid)
    page.click("#counter-form .pair button")
    page.wait_for_selector("[data-draft-over]")
    look("visit, done")
    for path in (f"{case.reference}/form/", "", "waiting/", "bags/"):
        window.go(f"/desk/counter/{path}")
        look(path or "today")
    page.fill("#close-counted", "2")
    page.keyboard.press("Enter")
    page.wait_for_selector(".note.bad")
    look("bag, differs")
    page.fill("#close-why", "もう1枚")
    page.keyboard.press("Enter")
    page.check("main input[name=bag]")
    page.fill("#receiver", "リサイクル社")
    page.fill("#hand_over-counted", "1")
    page.keyboard.press("Enter")
    page.wait_for_url("**/bags/shinjuku/1/")
    look("hand-over")
    other = begin(people[0])
    window.go(f"/desk/counter/{other.reference}/visit/")
    look("booking")
    assert wrong == {}
    assert window.foreign == []
    assert [said for said in window.trouble if "409" not in said] == []


def test_a_prepared_visitor_with_keyboard_and_scanner_alone(visit: Open, people: tuple[Line, Line, Line]) -> None:
    line = people[0]
    case = begin(line)
    window = visit("ja", width=1280, height=900)
    page = window.page
    at_counter(window, line)
    window.go("/desk/counter/")
    pressed = 0

    def press(*keys: str) -> None:
        nonlocal pressed
        for key in keys:
            page.keyboard.press(key)
            pressed += 1

    scan(window, case.reference)
    page.wait_for_url(f"**/desk/counter/{case.reference}/")
    page.wait_for_function("document.activeElement.name === 'mrz'")
    page.keyboard.insert_text(passport())
    while page.evaluate("document.activeElement.name") != "receipt_or_contract":
        press("Tab")
    press("ArrowDown")
    while page.evaluate("document.activeElement.name") != "signed":
        press("Tab")
    press("Space")
    press("Tab")
    assert page.evaluate("document.activeElement.name") == "iccid"
    scan(window, line.iccid)
    page.wait_for_selector("[data-draft-over]")
    assert done(case)
    assert pressed <= 20
    assert page.evaluate("document.activeElement.closest('form') !== null")


def test_the_search_field_takes_what_is_scanned_wherever_the_page_was_touched(
    visit: Open, people: tuple[Line, Line, Line]
) -> None:
    line = people[0]
    case = begin(line)
    window = visit("en", width=1280, height=900)
    at_counter(window, line)
    window.page.click("h1")
    window.page.keyboard.type(case.reference)
    window.page.keyboard.press("Enter")
    window.page.wait_for_url(f"**/desk/counter/{case.reference}/")


def test_the_camera_reads_the_picture_of_a_case_and_opens_it(
    visit: Open, people: tuple[Line, Line, Line], tmp_path: Path
) -> None:
    line = people[0]
    case = begin(line)
    picture, card = tmp_path / "case.png", tmp_path / "card.png"
    segno.make_qr(case.reference, error="m").save(str(picture), scale=8)
    segno.make_qr(line.iccid, error="m").save(str(card), scale=8)
    window = visit("ja", width=1024, height=768)
    window.page.add_init_script("delete globalThis.BarcodeDetector;")
    at_counter(window, line)
    window.go("/desk/counter/")
    window.page.click(".scanner > p > button")
    window.page.set_input_files(".scanner input[type=file]", str(picture))
    window.page.wait_for_url(f"**/desk/counter/{case.reference}/")
    window.page.click(".scanner > p > button")
    window.page.set_input_files(".scanner input[type=file]", str(card))
    window.page.wait_for_function("document.querySelector('#id_iccid').value !== ''")
    assert window.page.input_value("#id_iccid") == line.iccid
    assert window.foreign == []


def test_a_connection_that_breaks_loses_nothing_and_no_passport_is_kept(
    visit: Open, people: tuple[Line, Line, Line]
) -> None:
    line = people[0]
    case = begin(line)
    window = visit("zh-Hans", width=1024, height=768)
    page = window.page
    at_counter(window, line)
    window.go(f"/desk/counter/{case.reference}/")
    page.fill("#id_mrz", passport())
    page.select_option("#id_receipt_or_contract", "receipt")
    page.fill("#id_iccid", line.iccid)
    page.context.set_offline(True)
    page.click("#counter-form .pair button")
    assert page.is_visible("#offline")
    assert page.input_value("#id_mrz") == passport()
    page.context.set_offline(False)
    kept = page.evaluate("JSON.stringify(sessionStorage)")
    assert line.iccid in kept
    assert "L898902C3" not in kept
    page.reload()
    assert page.input_value("#id_iccid") == line.iccid
    assert page.input_value("#id_receipt_or_contract") == "receipt"
    page.fill("#id_mrz", passport())
    page.check("#id_signed")
    page.click("#counter-form .pair button")
    page.wait_for_selector("[data-draft-over]")
    assert done(case)
    assert page.evaluate("sessionStorage.length") == 0


def test_a_finger_signs_on_the_screen_and_may_sign_again(visit: Open, people: tuple[Line, Line, Line]) -> None:
    line = people[0]
    case = begin(line)
    window = visit("ja", width=800, height=1000)
    page = window.page
    at_counter(window, line)
    window.go(f"/desk/counter/{case.reference}/")
    page.locator("#sign-field").scroll_into_view_if_needed()
    box = page.locator("#sign-field").bounding_box()
    assert box is not None

    def sign() -> None:
        page.mouse.move(box["x"] + 30, box["y"] + 30)
        page.mouse.down()
        page.mouse.move(box["x"] + 90, box["y"] + 60, steps=5)
        page.mouse.up()

    sign()
    assert page.input_value("#id_strokes").startswith("M")
    page.click("#sign-clear")
    assert page.input_value("#id_strokes") == ""
    sign()
    page.fill("#id_mrz", passport())
    page.select_option("#id_receipt_or_contract", "receipt")
    page.fill("#id_iccid", line.iccid)
    page.click("#counter-form .pair button")
    page.wait_for_selector("[data-draft-over]")
    with every_carrier():
        assert SignedForm.objects.get(case_id=case.pk).how == "screen"
    window.go(f"/desk/counter/{case.reference}/form/")
    assert page.locator(".signature svg path").count() == 1


def test_without_javascript_the_form_is_signed_on_paper(visit: Open, people: tuple[Line, Line, Line]) -> None:
    line = people[0]
    case = begin(line)
    window = visit("en", script=False)
    page = window.page
    at_counter(window, line)
    page.fill("#id_wanted", line.iccid)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/desk/counter/{case.reference}/")
    assert not page.is_visible("#sign")
    page.fill("#id_mrz", passport())
    page.select_option("#id_receipt_or_contract", "contract")
    page.check("#id_signed")
    page.fill("#id_iccid", line.iccid)
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-draft-over]")
    with every_carrier():
        assert SignedForm.objects.get(case_id=case.pk).how == "paper"
        assert ReturnedCard.objects.get(case_id=case.pk).bag is not None
