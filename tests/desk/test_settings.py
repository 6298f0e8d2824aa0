"""Can the administrator change a procedure safely: checked, looked at, kept with its history, and never by others?"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from tests.cast import MakeLine
from tests.desk.conftest import TONARI, AsStaff
from tests.terminations.play import Clock, ask, states
from tojimari.desk.settings_shared import print_of
from tojimari.lines.models import Carrier, Change
from tojimari.platform.config import config
from tojimari.platform.database.scope import carrier_scope, every_carrier
from tojimari.terminations import procedures
from tojimari.terminations.models import Procedure
from tojimari.terminations.own_procedures import plain
from tojimari.terminations.procedures import shipped

PAGE = "/desk/settings/procedures/esim/"
STANDARD = shipped("tabi", "esim").text
LONGER = STANDARD.replace("wait_hours = 24", "wait_hours = 48")


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime.now(UTC))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The installation has a folder of procedure files."""
    monkeypatch.setenv("TOJIMARI_PROCEDURES_DIR", str(tmp_path))
    config.cache_clear()
    yield tmp_path
    monkeypatch.undo()
    config.cache_clear()


def text_of(browser: Client, path: str = PAGE) -> str:
    return html.unescape(browser.get(path).content.decode())


def seen(browser: Client) -> str:
    found = re.search(r'name="seen" value="(\d+)"', text_of(browser))
    assert found is not None
    return found[1]


def send(browser: Client, do: str, text: str = "", at: str | None = None) -> tuple[int, str]:
    """Ask for something as the page does, with the preview seen that it would have shown before."""
    shown = print_of(plain(STANDARD if do == "back" else text))
    answer = browser.post(PAGE, {"do": do, "text": text, "shown": shown, "seen": seen(browser) if at is None else at})
    return answer.status_code, html.unescape(answer.content.decode())


def changes() -> list[tuple[str, str, str]]:
    with every_carrier():
        return list(Change.objects.order_by("pk").values_list("setting", "before", "after"))


def hold_hours(carrier: Carrier) -> int:
    with carrier_scope(carrier.pk):
        return procedures.spec(procedures.read(carrier, "esim")).step("hold").wait_hours


def test_a_change_is_looked_at_first_and_counts_once_it_is_saved(as_staff: AsStaff, tabi: Carrier) -> None:
    admin = as_staff("admin")
    status, page = send(admin, "check", LONGER.replace("\n", "\r\n"))
    assert status == 200
    assert "\n-wait_hours = 24\n+wait_hours = 48\n" in page
    assert "48 hours after the step before" in page
    assert (hold_hours(tabi), changes()) == (24, [])
    status, _ = send(admin, "save", LONGER.replace("\n", "\r\n"))
    assert (status, hold_hours(tabi)) == (302, 48)
    assert changes() == [("procedure.esim", STANDARD, LONGER)]
    page = text_of(admin)
    assert "Written here by your administrator." in page
    assert "鈴木 花子" in page.split("Changes until now")[1]
    assert "48 hours after the step before" in page


def test_a_running_case_keeps_the_version_it_began_with(as_staff: AsStaff, make_line: MakeLine, clock: Clock) -> None:
    with every_carrier():
        before = ask(make_line(kind="esim"), clock, channel="portal", effective="3bd")
    without_review = re.sub(r'\[\[step\]\]\nname = "review".*?\n\n', "", STANDARD, flags=re.DOTALL)
    assert send(as_staff("admin"), "save", without_review)[0] == 302
    with every_carrier():
        after = ask(make_line(kind="esim"), clock, channel="portal", effective="3bd")
        before.refresh_from_db()
        assert "review" in states(before)
        assert "review" not in states(after)
        assert procedures.spec(before.procedure).step("review").promise_business_days == 1
        assert Procedure.objects.filter(kind="esim").count() == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('kind = "esim"\nbroken', "Line 2: not TOML"),
        (STANDARD.replace('name = "inspect"', 'name = "inspekt"'), "step 4 (inspekt): unknown step"),
        (STANDARD.replace('kind = "esim"', 'kind = "physical_sim"'), "Line 3: kind is 'physical_sim'"),
        (STANDARD.replace('"month-end", "date"', '"sometime"'), "Line 5: effective.offer: 'sometime' is no end"),
        (STANDARD.replace("[effective]", "[effektive]"), "unknown key 'effektive'"),
        ("effective = 3\nstep = 4\n", "Line 1: effective must be a table"),
        ('kind = "esim"\nstep = [1]', "step must be a list of tables"),
        (STANDARD.replace('waived_for = ["file", "api"]', "waived_for = 3", 1), "waived_for must be a list"),
        (STANDARD.replace("earliest_business_days = 3", "earliest_business_days = 1.5"), "a whole number from 0"),
        (STANDARD.replace("recent_days = 3 ", 'recent_days = "x" '), "review: "),
        ("", "kind is ''"),
        ("x" * 20_001, "longer than 20000 characters"),
    ],
)
def test_a_wrong_text_is_refused_with_line_and_reason_and_nothing_is_saved(
    as_staff: AsStaff, tabi: Carrier, text: str, said: str
) -> None:
    admin = as_staff("admin")
    status, page = send(admin, "check", text)
    assert status == 200
    assert said in re.sub(r"<[^>]+>", "", page)
    status, page = send(admin, "save", text)
    assert status == 409
    assert "Nothing was saved." in page
    assert (hold_hours(tabi), changes()) == (24, [])


def test_the_line_of_a_wrong_step_is_the_one_where_it_begins(as_staff: AsStaff) -> None:
    wrong = STANDARD.replace('name = "inspect"', 'name = "inspekt"')
    line = wrong[: wrong.index('name = "inspekt"')].count("\n")
    _, page = send(as_staff("admin"), "check", wrong)
    assert f"Line {line}:" in page


def test_who_comes_second_is_told_and_sending_twice_is_the_same_as_once(as_staff: AsStaff, tabi: Carrier) -> None:
    admin = as_staff("admin")
    first = seen(admin)
    assert send(admin, "save", LONGER, first)[0] == 302
    assert send(admin, "save", LONGER, first)[0] == 302
    status, page = send(admin, "save", LONGER.replace("= 48", "= 72"), first)
    assert status == 409
    assert "A colleague has changed this setting meanwhile." in page
    assert "wait_hours = 72" in page
    assert (hold_hours(tabi), len(changes())) == (48, 1)


def test_one_can_go_back_to_the_standard_and_the_history_keeps_everything(as_staff: AsStaff, tabi: Carrier) -> None:
    admin = as_staff("admin")
    send(admin, "save", LONGER)
    assert send(admin, "back")[0] == 302
    assert hold_hours(tabi) == 24
    assert changes() == [("procedure.esim", STANDARD, LONGER), ("procedure.esim", LONGER, "")]
    assert send(admin, "back")[0] == 302
    assert len(changes()) == 2
    send(admin, "save", LONGER)
    assert hold_hours(tabi) == 48
    page = text_of(admin)
    assert page.count("Whole text before") == 3
    assert "back to the standard" in page


def test_a_file_of_the_installation_wins_and_the_page_says_so(as_staff: AsStaff, tabi: Carrier, folder: Path) -> None:
    admin = as_staff("admin")
    send(admin, "save", LONGER)
    file = folder / "tabi" / "esim.toml"
    file.parent.mkdir()
    file.write_text(STANDARD.replace("wait_hours = 24", "wait_hours = 36"), "utf-8")
    assert hold_hours(tabi) == 36
    page = text_of(admin)
    assert str(file) in page
    assert 'name="do"' not in page
    assert send(admin, "save", STANDARD, "0")[0] == 409
    file.unlink()
    assert hold_hours(tabi) == 48
    assert len(changes()) == 1


def test_nobody_but_the_administrator_of_this_carrier_changes_anything(
    as_staff: AsStaff, tabi: Carrier, tonari: Carrier
) -> None:
    for role in ("clerk", "agent", "reviewer", "lead", "auditor"):
        browser = as_staff(role)
        assert browser.get(PAGE).status_code == browser.get("/desk/settings/").status_code == 403
        assert browser.post(PAGE, {"do": "save", "text": LONGER, "seen": "0"}).status_code == 403
    neighbour = as_staff("admin", carrier=tonari, host=TONARI)
    assert send(neighbour, "save", LONGER)[0] == 302
    assert (hold_hours(tabi), hold_hours(tonari)) == (24, 48)
    assert "None." in text_of(as_staff("admin")).split("Changes until now")[1]


def test_what_was_written_down_can_neither_be_changed_nor_removed(as_staff: AsStaff) -> None:
    send(as_staff("admin"), "save", LONGER)
    with every_carrier():
        for deed in (lambda: Change.objects.update(after="x"), lambda: Change.objects.all().delete()):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                deed()
    assert changes() == [("procedure.esim", STANDARD, LONGER)]


def test_settings_name_every_procedure_and_a_kind_that_is_none_is_not_found(as_staff: AsStaff) -> None:
    admin = as_staff("admin")
    page = text_of(admin, "/desk/settings/")
    assert [kind for kind in ("physical_sim", "esim", "roaming") if f"procedures/{kind}/" not in page] == []
    assert page.count("The standard one that ships with the installation.") == 3
    assert admin.get("/desk/settings/procedures/fax/").status_code == 404


def test_nothing_counts_before_its_preview_was_shown(as_staff: AsStaff, tabi: Carrier) -> None:
    admin = as_staff("admin")
    for sent in ({"do": "save", "text": LONGER}, {"do": "save", "text": LONGER, "shown": print_of(STANDARD)}):
        page = html.unescape(admin.post(PAGE, {**sent, "seen": "0"}).content.decode())
        assert "\n-wait_hours = 24\n+wait_hours = 48\n" in page
    assert (hold_hours(tabi), changes()) == (24, [])
    found = re.search(r'name="shown" value="(\w+)"', page)
    assert found is not None
    assert admin.post(PAGE, {"do": "save", "text": LONGER, "seen": "0", "shown": found[1]}).status_code == 302
    page = html.unescape(admin.post(PAGE, {"do": "back", "seen": seen(admin)}).content.decode())
    assert "\n-wait_hours = 48\n+wait_hours = 24\n" in page
    assert (hold_hours(tabi), len(changes())) == (48, 1)


def fill_in(browser: Client, **fields: object) -> str:
    asked_for = {"text": STANDARD, "fill_in": "yes", "look_at": ["debt"], "four_eyes": [], **fields}
    return html.unescape(browser.post(PAGE, asked_for).content.decode())


def test_waiting_times_and_the_review_rule_are_changed_without_writing_toml(as_staff: AsStaff, tabi: Carrier) -> None:
    admin = as_staff("admin")
    page = fill_in(admin, hold_hours="48", review_days="2", debt_above_yen="5000", earliest_business_days="4")
    for line in ("+wait_hours = 48", "+promise_business_days = 2", "+debt_above_yen = 5000     # unpaid bills"):
        assert line in page
    assert '+look_at = ["debt"]' in page
    assert "+four_eyes = []   # for these" in page
    assert "+earliest_business_days = 4" in page
    assert changes() == []
    text = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert text is not None
    assert send(admin, "save", text[1])[0] == 302
    with carrier_scope(tabi.pk):
        found = procedures.spec(procedures.read(tabi, "esim"))
    assert (found.step("hold").wait_hours, found.review.look_at, found.review.debt_above_yen) == (48, ("debt",), 5000)
    assert "# The standard procedure for a line on an eSIM." in changes()[0][2]


def test_a_number_that_is_none_is_refused_beside_its_field(as_staff: AsStaff) -> None:
    page = fill_in(as_staff("admin"), hold_hours="two days")
    assert "This is no whole number." in page.split('id="hold_hours_error"')[1].split("</div>")[0]
    assert 'value="two days"' in page
    assert 'value="save"' not in page
