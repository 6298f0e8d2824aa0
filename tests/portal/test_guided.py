"""Is somebody led out of a line at another carrier, from its name to the record of their steps, without an account?"""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from icalendar import Calendar
from PIL import Image

from tests.portal.conftest import TABI, newest_code, sent_to
from tests.portal.following import code_on
from tojimari.lines.models import Carrier
from tojimari.messages.links import guided_token
from tojimari.messages.models import Message
from tojimari.platform import uploads
from tojimari.platform.database.scope import every_carrier
from tojimari.proofs.formats import RECORD_FORMAT
from tojimari.terminations.engine.ticks import every_hour
from tojimari.terminations.guided import pictures
from tojimari.terminations.guided.fence import inside
from tojimari.terminations.guided.models import GuidedCase, GuidedEvidence, GuidedStep

pytestmark = pytest.mark.django_db

LI = "li@mail.example"
QUESTIONS = "/guide/start/docomo/physical_sim/"
ANSWERS = {"keep_number": "no", "leaving_on": "2099-12-10", "zone": "Asia/Shanghai", "monthly_fee_yen": "2970"}


def kept(browser: Client, **answers: str) -> str:
    """Keep a plan for a docomo SIM the way a person does; return its reference."""
    assert browser.post(QUESTIONS, ANSWERS | answers)["Location"] == "/guide/plan/"
    answer = browser.post("/guide/plan/keep/")
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"]).split("/")[3]


def text(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, (path, answer.status_code, answer.get("Location"))
    return answer.content.decode()


def stranger() -> Client:
    return Client(SERVER_NAME=TABI, HTTP_ACCEPT_LANGUAGE="en")


def photo() -> bytes:
    """A photo as a phone takes it: with place and device in it."""
    picture = Image.new("RGB", (64, 48), "navy")
    hidden = Image.Exif()
    hidden[0x010F] = "PhoneMaker"
    hidden.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=hidden)
    return out.getvalue()


def test_a_plan_is_kept_without_a_name_and_opens_by_its_code_alone(browser: Client) -> None:
    reference = kept(browser)
    page = text(browser, f"/guide/cases/{reference}/")
    assert "Your turn" in page
    code, other = code_on(page), stranger()
    assert other.get(f"/guide/cases/{reference}/")["Location"].startswith("/guide/case/?next=")
    wrong = other.post("/guide/case/", {"reference": reference, "code": "0000-0000-0000-0000"}).content.decode()
    absent = other.post("/guide/case/", {"reference": "TJ-0000-0000-0000", "code": code}).content.decode()
    said = "No plan opens with this reference and this code."
    assert said in wrong
    assert said in absent
    opened = other.post("/guide/case/", {"reference": reference.lower(), "code": code.lower()})
    assert opened["Location"] == f"/guide/cases/{reference}/"
    assert "Your turn" in text(other, f"/guide/cases/{reference}/")
    assert browser.get(f"/guide/cases/{reference}/")["Cache-Control"] == "no-store, private"


def test_an_open_plan_opens_no_other_one(browser: Client) -> None:
    other = stranger()
    mine, theirs = kept(browser), kept(other)
    assert browser.get(f"/guide/cases/{theirs}/").status_code == 302
    assert browser.post(f"/guide/cases/{theirs}/end/", {"wish": "delete"}).status_code == 302
    assert "Your turn" in text(other, f"/guide/cases/{theirs}/")
    assert mine != theirs


def test_the_link_of_a_mail_opens_it_and_a_changed_link_does_not(browser: Client) -> None:
    reference = kept(browser)
    right = stranger().get(f"/guide/cases/{reference}/open/{guided_token(reference)}/")
    wrong = stranger().get(f"/guide/cases/{reference}/open/{'0' * 32}/")
    assert right["Location"] == f"/guide/cases/{reference}/"
    assert right["Referrer-Policy"] == "no-referrer"
    assert wrong["Location"] == "/guide/case/"


def test_a_step_is_done_with_number_picture_and_mail(browser: Client) -> None:
    reference = kept(browser)
    where = f"/guide/cases/{reference}/steps/1/"
    given = {
        "deed": "done",
        "done_on": "2026-01-05",
        "done_time": "17:30",
        "receipt_number": "A-4711",
        "mail": "ご解約を承りました",
        "picture": SimpleUploadedFile("IMG_1.HEIC", photo(), "text/html"),
    }
    assert browser.post(where, given)["Location"] == f"/guide/cases/{reference}/"
    page = text(browser, where)
    assert "A-4711" in page
    assert "ご解約を承りました" in page
    with inside(reference):
        step = GuidedStep.objects.get(case__reference=reference, number=1)
        rows = {row.kind: row for row in GuidedEvidence.objects.all()}
    assert step.done_at == datetime(2026, 1, 5, 8, 30, tzinfo=UTC)
    assert set(rows) == {"receipt_number", "picture", "mail"}
    assert b"A-4711" not in bytes(rows["receipt_number"].sealed)
    shown = browser.get(f"/guide/cases/{reference}/evidence/{rows['picture'].pk}/")
    assert shown["Content-Type"] == "image/jpeg"
    assert shown["Cache-Control"] == "no-store, private"
    assert b"PhoneMaker" not in shown.content
    with Image.open(io.BytesIO(shown.content)) as found:
        assert found.size == (64, 48)
        assert not found.getexif()
    gone = f"/guide/cases/{reference}/evidence/{rows['picture'].pk}/remove/"
    assert browser.post(gone, {"step": "1"})["Location"] == where
    assert browser.get(f"/guide/cases/{reference}/evidence/{rows['picture'].pk}/").status_code == 404


def test_a_form_that_would_fill_the_disk_is_refused_before_it_is_read(browser: Client) -> None:
    where = f"/guide/cases/{kept(browser)}/steps/1/"
    assert uploads.KEPT_IN_MEMORY > pictures.MOST_BYTES  # what is kept never lies on the disk
    size = str(uploads.MOST + 1)
    refused = browser.post(where, {"deed": "add", "picture": SimpleUploadedFile("a.png", b"a")}, CONTENT_LENGTH=size)
    assert refused.status_code == 400


@pytest.mark.parametrize("name", ["page.html", "picture.png"])
def test_what_is_no_picture_is_refused_beside_its_field_and_the_rest_is_kept(browser: Client, name: str) -> None:
    reference = kept(browser)
    bad = SimpleUploadedFile(name, b"<html><script>alert(1)</script></html>", "image/png")
    page = browser.post(
        f"/guide/cases/{reference}/steps/1/", {"deed": "done", "receipt_number": "A-1", "picture": bad}
    ).content.decode()
    assert "This is not a picture that we can read" in page
    with inside(reference):
        assert [row.kind for row in GuidedEvidence.objects.all()] == ["receipt_number"]
        assert GuidedStep.objects.get(case__reference=reference, number=1).done_at is None


def test_a_deadline_is_extended_blocked_and_opened_again(browser: Client) -> None:
    reference = kept(browser)
    where = f"/guide/cases/{reference}/steps/1/"
    later = (datetime.now(UTC) + timedelta(days=20)).date()
    assert "This moment is over." in browser.post(where, {"deed": "extend", "to": "2020-01-01"}).content.decode()
    assert "Choose the day." in browser.post(where, {"deed": "extend", "to": ""}).content.decode()
    assert browser.post(where, {"deed": "extend", "to": later.isoformat()}).status_code == 302
    assert "Extended to:" in text(browser, f"/guide/cases/{reference}/")
    assert browser.post(where, {"deed": "block", "why": "Only in Japanese"}).status_code == 302
    assert "Something is in the way" in text(browser, f"/guide/cases/{reference}/")
    assert "Only in Japanese" in text(browser, where)
    assert browser.post(where, {"deed": "open_again"}).status_code == 302
    assert "Your turn" in text(browser, f"/guide/cases/{reference}/")


def test_deadlines_go_into_the_calendar_and_a_moved_one_keeps_its_entry(browser: Client) -> None:
    reference = kept(browser)
    with inside(reference):
        step = GuidedStep.objects.filter(due_at__isnull=False).order_by("number").first()
    assert step is not None
    path = f"/guide/cases/{reference}/steps/{step.number}/"
    before = Calendar.from_ical(browser.get(f"{path}deadline.ics").content).walk("VEVENT")
    later = (datetime.now(UTC) + timedelta(days=25)).date().isoformat()
    browser.post(path, {"deed": "extend", "to": later})
    after = Calendar.from_ical(browser.get(f"{path}deadline.ics").content).walk("VEVENT")
    assert len(before) == len(after) == 1
    assert before[0]["uid"] == after[0]["uid"]
    assert after[0].decoded("dtend").strftime("%Y-%m-%d %H:%M:%S") == f"{later} 23:59:59"
    assert len(after[0].walk("VALARM")) == 2


def test_reminders_go_only_to_an_address_that_was_confirmed(browser: Client) -> None:
    reference = kept(browser)
    where = f"/guide/cases/{reference}/reminders/"
    assert "This is not an e-mail address." in browser.post(where, {"deed": "ask", "email": "li"}).content.decode()
    assert browser.post(where, {"deed": "ask", "email": LI}).status_code == 302
    assert LI not in text(browser, where)
    assert "This is not the code." in browser.post(where, {"deed": "confirm", "code": "000000"}).content.decode()
    assert browser.post(where, {"deed": "confirm", "code": newest_code(LI)}).status_code == 302
    assert "Reminders: on" in text(browser, f"/guide/cases/{reference}/")
    with inside(reference):
        case = GuidedCase.objects.get(reference=reference)
    assert LI.encode() not in bytes(case.email)
    assert browser.post(where, {"deed": "remove"}).status_code == 302
    assert sent_to(LI) == []
    with inside(reference):
        assert not bytes(GuidedCase.objects.get(reference=reference).email)


def test_the_record_is_signed_and_never_says_closed(browser: Client) -> None:
    reference = kept(browser)
    browser.post(f"/guide/cases/{reference}/steps/1/", {"deed": "done", "receipt_number": "A-4711"})
    answer = browser.get(f"/guide/cases/{reference}/record.json")
    file = json.loads(answer.content)
    assert file["format"] == RECORD_FORMAT
    assert "certificate" not in file
    assert "attachment" in answer["Content-Disposition"]


def test_who_is_charged_after_the_end_gets_a_letter_with_the_evidence(browser: Client) -> None:
    reference = kept(browser)
    browser.post(f"/guide/cases/{reference}/steps/1/", {"deed": "done", "receipt_number": "A-4711"})
    charged = f"/guide/cases/{reference}/charged/"
    assert "Enter whole yen" in browser.post(charged, {"on": "2026-10-01", "yen": "0"}).content.decode()
    assert browser.post(charged, {"on": "2026-10-01", "yen": "2970", "what": "ﾄﾞｺﾓ"}).status_code == 302
    assert "2,970" in text(browser, charged)
    writer = {"name": "LI NA", "email": LI, "number": "09012345678"}
    letter = browser.post(f"/guide/cases/{reference}/complaint/", writer).content.decode()
    for part in ("LI NA", "2,970円", "A-4711", "NTTドコモ", "SHA-256"):
        assert part in letter, part
    with every_carrier():
        assert not Message.objects.exists()
    missing = browser.post(f"/guide/cases/{reference}/complaint/", {"name": ""}).content.decode()
    assert "Type your name" in missing


def test_a_plan_is_put_aside_taken_up_and_deleted_for_good(browser: Client) -> None:
    reference = kept(browser)
    end = f"/guide/cases/{reference}/end/"
    browser.post(end, {"wish": "aside"})
    assert "Put aside" in text(browser, f"/guide/cases/{reference}/")
    browser.post(end, {"wish": "again"})
    code = code_on(text(browser, f"/guide/cases/{reference}/"))
    browser.post(f"/guide/cases/{reference}/reminders/", {"deed": "ask", "email": LI})
    assert browser.post(end, {"wish": "delete"})["Location"] == "/guide/case/gone/"
    with every_carrier():
        assert not GuidedCase.objects.exists()
    assert sent_to(LI) == []
    answer = stranger().post("/guide/case/", {"reference": reference, "code": code}).content.decode()
    assert "No plan opens" in answer
    assert browser.get(f"/guide/cases/{reference}/").status_code == 302


def test_closing_it_in_the_browser_and_planning_anew(browser: Client) -> None:
    reference = kept(browser)
    assert "stays" in text(browser, f"/guide/cases/{reference}/anew/")
    assert browser.post(f"/guide/cases/{reference}/anew/")["Location"] == f"/guide/cases/{reference}/"
    assert browser.get("/guide/case/mine/")["Location"] == f"/guide/cases/{reference}/"
    assert browser.post(f"/guide/cases/{reference}/leave/").status_code == 302
    assert browser.get(f"/guide/cases/{reference}/").status_code == 302
    assert browser.get("/guide/case/mine/")["Location"] == "/guide/case/"


def test_answers_that_were_never_kept_go_with_the_session(browser: Client) -> None:
    browser.post(QUESTIONS, ANSWERS)
    every_hour(0)
    assert "docomo" in text(browser, "/guide/plan/")  # while it lasts, nothing is lost
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    every_hour(0)
    assert not Session.objects.exists()


def test_guessing_codes_comes_to_an_end(browser: Client) -> None:
    reference = kept(browser)
    guess = {"reference": reference, "code": "0000-0000-0000-0000"}
    said = [stranger().post("/guide/case/", guess).content.decode() for _ in range(11)]
    assert "This was tried too often." in said[-1]
    others = [stranger().post("/guide/case/", guess | {"reference": f"TJ-0000-0000-{n:04}"}) for n in range(30)]
    assert "This was tried too often." in others[-1].content.decode()


def test_it_works_where_no_carrier_answers_too(tabi: Carrier) -> None:
    nobody = Client(SERVER_NAME="nobody.example", HTTP_ACCEPT_LANGUAGE="en")
    reference = kept(nobody)
    assert "not possible here" in text(nobody, f"/guide/cases/{reference}/reminders/")
