"""Can the administrator write the carrier's own mails safely: looked at first, sent then, and with their history?"""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from tests.desk.conftest import TONARI, AsStaff
from tests.desk.test_settings_reach import changes, hidden, look, read, save
from tests.terminations.play import Clock, ask
from tojimari.lines.models import Carrier, Line
from tojimari.messages.checking import with_check
from tojimari.messages.examples import REFERENCE
from tojimari.messages.models import Message
from tojimari.messages.own_texts import shown, standard
from tojimari.messages.segments import segments
from tojimari.platform.database.scope import every_carrier

PAGE = "/desk/settings/texts/receipt/zh-hans/"
STANDARD = standard("receipt", "zh-hans")
OWN = {"subject": "已收到 {reference}", "body": STANDARD.body.replace("{carrier}", "旅途移动客服中心")}


def test_an_own_text_is_looked_at_first_and_sent_once_it_was_confirmed(as_staff: AsStaff, sim_line: Line) -> None:
    admin = as_staff("admin")
    page = look(admin, PAGE, OWN)
    assert "<strong>已收到 TJ-0000-0000</strong>" in page
    assert "\n+旅途移动客服中心\n" in page
    assert "https://tabi.example/is-it-real/" in page or "http://tabi.example:" in page
    assert changes() == []
    assert admin.post(PAGE, {**OWN, "do": "save", "seen": "0"}).status_code == 200
    assert changes() == []
    assert save(admin, PAGE, OWN) == 302
    assert [(setting, after.partition("\n")[0]) for setting, _, after in changes()] == [
        ("text.receipt.zh-hans", "已收到 {reference}")
    ]
    with every_carrier():
        case = ask(sim_line, Clock(datetime.now(UTC)), channel="portal")
        mail = Message.objects.get(case_id=case.pk, key="receipt")
    assert (mail.language, mail.subject) == ("zh-hans", f"已收到 {case.reference}")
    assert "旅途移动客服中心" in mail.body
    assert "(own words)" in read(admin.get("/desk/settings/texts/"))
    assert "鈴木 花子" in read(admin.get(PAGE)).split("Changes until now")[1]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"body": OWN["body"] + "\n{datum}"}, "The placeholder {datum} does not exist in this text."),
        ({"body": OWN["body"].replace("{ends}", "")}, "The placeholder {ends} is missing"),
        ({"subject": "", "body": OWN["body"]}, "This must not be empty."),
        ({"body": OWN["body"] + "\nhttps://tabi-close.jp/"}, "tabi-close.jp is not one of your official domains."),
        ({"subject": "x", "body": OWN["body"].replace("{reference}", "")}, "The placeholder {reference} is missing"),
    ],
)
def test_a_wrong_text_stays_typed_with_row_and_reason_and_cannot_be_saved(
    as_staff: AsStaff, fields: dict[str, str], said: str
) -> None:
    admin, wrong = as_staff("admin"), {**OWN, **fields}
    page = look(admin, PAGE, wrong)
    assert said in page
    assert ("datum" not in said) or f"Line {wrong['body'].count(chr(10)) + 1}:" in page
    assert wrong["body"].rpartition("\n")[2] in page
    assert 'value="save"' not in page
    assert admin.post(PAGE, {**wrong, **hidden(page), "do": "save"}).status_code == 200
    assert changes() == []


def test_one_can_go_back_after_a_look_and_the_history_keeps_everything(as_staff: AsStaff) -> None:
    admin = as_staff("admin")
    save(admin, PAGE, OWN)
    page = read(admin.post(PAGE, {"do": "back", **hidden(read(admin.get(PAGE)))}))
    assert "\n+{carrier}\n" in page
    assert len(changes()) == 1
    assert admin.post(PAGE, {"do": "back", **hidden(page)}).status_code == 302
    assert changes()[1] == ("text.receipt.zh-hans", changes()[0][2], "")
    assert "back to the standard" in read(admin.get(PAGE))
    assert "(own words)" not in read(admin.get("/desk/settings/texts/"))


def test_who_comes_second_is_told_and_keeps_what_they_typed(as_staff: AsStaff) -> None:
    admin, mine = as_staff("admin"), {**OWN, "subject": "另一个 {reference}"}
    second = hidden(look(admin, PAGE, mine))
    assert save(admin, PAGE, OWN) == 302
    answer = admin.post(PAGE, {**mine, **second, "do": "save"})
    assert answer.status_code == 409
    assert "A colleague has changed this setting meanwhile." in read(answer)
    assert 'value="另一个 {reference}"' in read(answer)
    assert len(changes()) == 1


def test_only_the_administrator_of_this_carrier_changes_its_texts(
    as_staff: AsStaff, tabi: Carrier, tonari: Carrier, sim_line: Line
) -> None:
    for role in ("clerk", "agent", "reviewer", "lead", "auditor"):
        assert as_staff(role).post(PAGE, {**OWN, "do": "check"}).status_code == 403
    assert save(as_staff("admin", carrier=tonari, host=TONARI), PAGE, OWN) == 302
    with every_carrier():
        case = ask(sim_line, Clock(datetime.now(UTC)), channel="portal")
        assert "已收到 " not in Message.objects.get(case_id=case.pk, key="receipt").subject
    admin = as_staff("admin")
    assert admin.get("/desk/settings/texts/receipt/fr/").status_code == 404
    assert admin.get("/desk/settings/texts/fax/ja/").status_code == 404


def test_the_preview_of_an_sms_says_how_many_it_takes(as_staff: AsStaff) -> None:
    page, own = "/desk/settings/texts/code_by_sms/zh-hans/", standard("code_by_sms", "zh-hans")
    admin = as_staff("admin")
    assert "With these facts it is one SMS: " in read(admin.get(page))
    longer = {"body": own.body + "请妥善保管。" * 3}
    assert "With these facts it is 2 SMS, which the phone joins into one text: " in look(admin, page, longer)
    assert "SMS: " not in read(admin.get(PAGE))


def test_the_preview_of_an_sms_about_a_case_counts_the_line_by_which_it_is_checked(as_staff: AsStaff) -> None:
    page = read(as_staff("admin").get("/desk/settings/texts/visit_soon_by_sms/zh-hans/"))
    found = re.search(r"With these facts it is [^:]*: (\d+) of \d+ places", page)
    assert found is not None
    with every_carrier():
        tabi = Carrier.objects.get(slug="tabi")
        text = shown(tabi, "visit_soon_by_sms", "zh-hans", standard("visit_soon_by_sms", "zh-hans")).body
    whole = segments(with_check(text, tabi, f"{REFERENCE}-0000"))
    assert int(found[1]) == whole.places > segments(text).places + len("0000-0000")


def test_a_mail_is_shown_as_a_page_too(as_staff: AsStaff) -> None:
    page = as_staff("admin").get("/desk/settings/texts/receipt/ja/").content.decode()
    shown = page.split("<details>", 1)[1].split("</details>")[0]
    assert "TJ-0000-0000" in shown
    assert "<p>" in shown
    assert "style=" not in shown
