"""Can a person open their case without the line, without a password, and without seeing anything else?"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import structlog
import time_machine
from django.test import Client

from tests.portal.conftest import TABI, TONARI, SignIn, newest_code
from tests.portal.following import NOON, WANG, a_case, code_on, link_of, open_by_code, stranger, text
from tojimari.codes.models import SavedCode
from tojimari.lines.models import Carrier, Line
from tojimari.messages.links import CASE, filled, token_of
from tojimari.messages.models import Message
from tojimari.platform.database.scope import every_carrier
from tojimari.platform.logging import hide
from tojimari.terminations.models import Termination

# The saved code.


def test_the_receipt_shows_a_saved_code_that_opens_this_case_from_any_browser(
    wang_here: Client, esim_line: Line
) -> None:
    case = a_case(esim_line)
    receipt = text(wang_here, f"/cases/{case.reference}/receipt/")
    code = code_on(receipt)
    assert code_on(text(wang_here, f"/cases/{case.reference}/receipt/")) == code  # a lost connection loses nothing
    assert wang_here.get(f"/cases/{case.reference}/receipt.json").json()["saved_code"] == code
    there = stranger()
    assert open_by_code(there, case.reference, code) == f"/cases/{case.reference}/"
    page = text(there, f"/cases/{case.reference}/")
    assert "Requested" in page
    assert "My lines" not in page
    assert "no-store" in there.get(f"/cases/{case.reference}/")["Cache-Control"]


def test_reference_and_code_are_taken_as_people_type_them(wang_here: Client, esim_line: Line) -> None:
    case = a_case(esim_line)
    code = code_on(text(wang_here, f"/cases/{case.reference}/receipt/"))
    wide = str.maketrans("0123456789-", "０１２３４５６７８９ー")
    typed = f" {case.reference.lower().translate(wide)} "
    spoken = code.replace("-", " ").lower().replace("0", "o").replace("1", "l").translate(wide)
    assert open_by_code(stranger(), typed, spoken) == f"/cases/{case.reference}/"


def test_a_wrong_reference_is_answered_as_a_wrong_code_is(wang_here: Client, esim_line: Line) -> None:
    case = a_case(esim_line)
    code = code_on(text(wang_here, f"/cases/{case.reference}/receipt/"))
    said = []
    for reference, typed in (
        (case.reference, "0000-0000-0000-0000"),
        ("TJ-0000-0000-0000", code),
        ("TJ-0000-0000-0000", "0000-0000-0000-0000"),
    ):
        page = open_by_code(stranger(), reference, typed)
        assert reference in page  # what was typed is kept
        assert typed in page
        said.append(re.findall(r'role="alert">([^<]*)<', page))
    assert said[0] == said[1] == said[2]
    assert "do not belong together" in said[0][0]


@pytest.mark.parametrize(("reference", "code", "why"), [("TJ-12", "", "12 letters"), ("", "ABCD", "16 letters")])
def test_what_cannot_be_right_is_said_beside_the_field(db: None, reference: str, code: str, why: str) -> None:
    page = open_by_code(stranger(), reference, code)
    assert why in page
    assert 'aria-invalid="true"' in page


def test_after_many_tries_one_waits_and_is_told_how_long(esim_line: Line) -> None:
    case = a_case(esim_line)
    for _ in range(10):
        open_by_code(stranger(), case.reference, "0000-0000-0000-0000")
    page = open_by_code(stranger(), case.reference, "0000-0000-0000-0000")
    assert re.search(r"Wait [0-9]+ minutes", page)


def test_the_code_is_shown_for_an_hour_and_a_new_one_makes_it_useless(
    browser: Client, sign_in: SignIn, esim_line: Line
) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        case = a_case(esim_line)
        sign_in(browser, esim_line)
        first = code_on(text(browser, f"/cases/{case.reference}/receipt/"))
        clock.shift(timedelta(minutes=61))
        sign_in(browser, esim_line)
        later = text(browser, f"/cases/{case.reference}/receipt/")
        assert first not in later
        assert browser.post(f"/cases/{case.reference}/saved-code/").status_code == 302
        second = code_on(text(browser, f"/cases/{case.reference}/receipt/"))
        assert second != first
        assert open_by_code(stranger(), case.reference, second) == f"/cases/{case.reference}/"
        assert "do not belong together" in open_by_code(stranger(), case.reference, first)


def test_a_copy_of_the_database_holds_no_code_and_no_link(wang_here: Client, esim_line: Line) -> None:
    case = a_case(esim_line)
    code = code_on(text(wang_here, f"/cases/{case.reference}/receipt/"))
    with every_carrier():
        row = SavedCode.objects.get()
        body = Message.objects.get(case_id=case.pk, key="receipt").body
    assert code.replace("-", "") not in repr(vars(row)).upper()
    assert CASE in body
    assert token_of(case.carrier_id, case.reference) not in body


def test_a_key_to_one_case_opens_nothing_else(wang_here: Client, esim_line: Line, sim_line: Line) -> None:
    case, other = a_case(esim_line), a_case(sim_line)
    code = code_on(text(wang_here, f"/cases/{case.reference}/receipt/"))
    there = stranger()
    open_by_code(there, case.reference, code)
    assert there.get(f"/cases/{other.reference}/")["Location"].startswith("/case/?")
    assert there.get("/lines/")["Location"].startswith("/sign-in/")
    assert there.get(f"/lines/{sim_line.pk}/close/")["Location"].startswith("/sign-in/")
    assert there.post(f"/cases/{case.reference}/saved-code/").status_code == 404
    assert code not in text(there, f"/cases/{case.reference}/receipt/")
    assert "saved_code" not in there.get(f"/cases/{case.reference}/receipt.json").json()


def test_the_key_is_forgotten_after_a_while_and_at_another_carrier(wang_here: Client, esim_line: Line) -> None:
    case = a_case(esim_line)
    code = code_on(text(wang_here, f"/cases/{case.reference}/receipt/"))
    there = stranger()
    open_by_code(there, case.reference, code)
    there.defaults["SERVER_NAME"] = TONARI
    assert there.get(f"/cases/{case.reference}/").status_code == 302
    there.defaults["SERVER_NAME"] = TABI
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=16), tick=False):
        assert there.get(f"/cases/{case.reference}/").status_code == 302


# The link of a mail.


def test_every_mail_about_a_case_carries_its_link_and_the_link_leaves_the_address_at_once(
    tabi: Carrier, esim_line: Line
) -> None:
    case = a_case(esim_line)
    tabi.refresh_from_db()
    with every_carrier():
        message = Message.objects.get(case_id=case.pk, key="receipt")
    assert f"http://{TABI}" in filled(message.body, tabi, case.reference)
    assert link_of(case) in filled(message.body, tabi, case.reference)
    there = stranger()
    answer = there.get(link_of(case))
    assert (answer.status_code, answer["Location"]) == (302, f"/cases/{case.reference}/")
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    assert case.reference in text(there, f"/cases/{case.reference}/")


def test_a_link_that_is_wrong_or_of_another_case_opens_nothing(esim_line: Line, sim_line: Line) -> None:
    case, other = a_case(esim_line), a_case(sim_line)
    for path in (
        f"/case/{case.reference}/open/{token_of(other.carrier_id, other.reference)}/",
        f"/case/{case.reference}/open/x/",
        f"/case/TJ-0000-0000-0000/open/{token_of(case.carrier_id, case.reference)}/",
    ):
        there = stranger()
        assert there.get(path)["Location"] == "/case/"
        assert "no longer opens" in text(there, "/case/")
        assert there.get(f"/cases/{case.reference}/").status_code == 302


def test_a_link_lives_until_ninety_days_after_the_end(esim_line: Line) -> None:
    case = a_case(esim_line)
    end = datetime.now(UTC)
    with every_carrier():
        Termination.objects.filter(pk=case.pk).update(state="completed", finished_at=end, ends_at=end)
    for days, opens in ((89, True), (91, False)):
        with time_machine.travel(end + timedelta(days=days), tick=False):
            assert (stranger().get(link_of(case))["Location"] != "/case/") is opens


def test_the_log_never_holds_a_link(esim_line: Line) -> None:
    case = a_case(esim_line)
    logged = hide(structlog.get_logger(), "warning", {"event": f"Internal Server Error: {link_of(case)}"})
    assert token_of(case.carrier_id, case.reference) not in str(logged)
    assert case.reference in str(logged)


def test_who_came_by_a_link_answers_a_code_before_anything_changes(esim_line: Line) -> None:
    case = a_case(esim_line)
    there = stranger()
    there.get(link_of(case))
    assert "send a code" in text(there, f"/cases/{case.reference}/withdraw/")
    assert there.post(f"/cases/{case.reference}/withdraw/")["Location"] == "/sign-in/code/"
    with every_carrier():
        assert Termination.objects.get(pk=case.pk).is_open
    answer = there.post("/sign-in/code/", {"code": newest_code(WANG)})
    assert answer["Location"] == f"/cases/{case.reference}/withdraw/"
    there.post(answer["Location"])
    assert "everything is as before" in text(there, f"/cases/{case.reference}/")


def test_who_came_by_a_fresh_code_takes_it_back_at_once_and_later_answers_another(
    wang_here: Client, esim_line: Line
) -> None:
    case = a_case(esim_line)
    code = code_on(text(wang_here, f"/cases/{case.reference}/receipt/"))
    there = stranger()
    open_by_code(there, case.reference, code)
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=6), tick=False):
        assert there.post(f"/cases/{case.reference}/withdraw/")["Location"] == "/sign-in/code/"
    assert there.post(f"/cases/{case.reference}/withdraw/")["Location"] == f"/cases/{case.reference}/"


# Another last day.


def test_the_last_day_is_changed_in_two_pages_with_the_yen_shown(wang_here: Client, esim_line: Line) -> None:
    case = a_case(esim_line)
    path = f"/cases/{case.reference}/change/"
    first = text(wang_here, path)
    assert "checked" not in first
    day = (case.ends_at + timedelta(days=20)).date()
    page = text(wang_here, f"{path}?end=date&date={day.isoformat()}")
    hidden = dict(re.findall(r'<input type="hidden" name="(effective|seen|shown)" value="([^"]*)"', page))
    assert hidden["effective"] == day.isoformat()
    assert "yen" in page
    for _ in range(2):  # a double tap
        assert wang_here.post(path, hidden)["Location"] == f"/cases/{case.reference}/"
    with every_carrier():
        changed = Termination.objects.get(pk=case.pk)
        assert Message.objects.filter(case_id=case.pk, key__startswith="end_changed").count() == 1
    assert changed.effective == day.isoformat()
    assert changed.requested_at == case.requested_at
    assert str(changed.quote["total_yen"]) == hidden["seen"].split()[1]


def test_a_day_that_is_not_offered_is_said_beside_the_choice(wang_here: Client, esim_line: Line) -> None:
    case = a_case(esim_line)
    path = f"/cases/{case.reference}/change/"
    page = text(wang_here, f"{path}?end=date&date=2020-01-01")
    assert 'id="end-error"' in page
    assert 'value="2020-01-01"' in page


def test_what_was_not_shown_is_not_changed(wang_here: Client, esim_line: Line) -> None:
    case = a_case(esim_line)
    path = f"/cases/{case.reference}/change/"
    day = (case.ends_at + timedelta(days=20)).date().isoformat()
    answer = wang_here.post(path, {"effective": day, "seen": f"{day} 1"})
    assert "have changed" in answer.content.decode()
    with every_carrier():
        assert Termination.objects.get(pk=case.pk).ends_at == case.ends_at


def test_when_the_day_is_fixed_the_page_says_so_and_names_people(wang_here: Client, sim_line: Line) -> None:
    case = a_case(sim_line, effective="now")
    assert "Change the last day" not in text(wang_here, f"/cases/{case.reference}/")
    page = text(wang_here, f"/cases/{case.reference}/change/")
    assert "can no longer be changed" in page
    assert "188" in page
    assert "tel:" in page
