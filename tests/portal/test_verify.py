"""Does the page tell anybody in plain words whether a certificate is genuine, and keep nothing of it?"""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.translation import gettext, override

from tests.certified import Kept
from tests.portal.conftest import TABI, TONARI
from tests.terminations.play import Clock, ask, work
from tests.works import CLAIMED_AT
from tojimari.lines.models import Line
from tojimari.messages.links import token_of
from tojimari.platform.database.scope import every_carrier
from tojimari.platform.typesetting import can_draw
from tojimari.portal.forms_verify import MOST
from tojimari.portal.views import verify as view
from tojimari.proofs import keys, words
from tojimari.proofs.paper import digest_of
from tojimari.proofs.records import signed_record
from tojimari.terminations import papers
from tojimari.terminations.models import Termination

needs_font = pytest.mark.skipif(not can_draw(), reason="no Japanese font; on Debian: apt-get install fonts-noto-cjk")
LANGUAGES = ("ja", "en", "zh-hans", "zh-hant")


def said(answer: Any) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def hand_in(data: bytes, *, name: str = "certificate.json", language: str = "en") -> Any:
    browser = Client(SERVER_NAME=TABI, HTTP_ACCEPT_LANGUAGE=language)
    return browser.post("/verify/", {"file": SimpleUploadedFile(name, data)})


@pytest.fixture
def closed(sim_line: Line) -> Termination:
    """Wang's line, closed on the carrier's word in a simulated network."""
    with every_carrier():
        case = ask(sim_line, Clock())
        work(Clock())
        case.refresh_from_db()
        return case


def test_a_genuine_certificate_is_said_to_be_genuine_with_what_it_proves_and_what_not(kept: Kept) -> None:
    answer = hand_in(kept.data)
    page = said(answer)
    assert answer.status_code == 200
    assert "This certificate is genuine" in page
    assert "The network rejected it when it was tried again" in page
    assert "What it does not prove" in page
    assert "TJ-7K3M-9QXA-4C2T" in page
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_it_in_its_own_words(kept: Kept, language: str) -> None:
    with override(language):
        title = str(gettext("This certificate is genuine"))
    page = said(hand_in(kept.data, language=language))
    assert title in page
    assert (title == "This certificate is genuine") == (language == "en")


def test_a_changed_history_names_the_entry_and_the_way_on(kept: Kept) -> None:
    kept.file["events"][1]["data"]["n"] = 3
    page = said(hand_in(kept.data))
    assert "This certificate is not valid" in page
    assert "An entry of the history was changed." in page
    assert "chain.hash" in page
    assert "entry 2" in page
    assert "Do not rely on it" in page
    assert "What the signed file says" not in page


def test_a_certificate_of_another_operator_is_told_apart(kept: Kept, tmp_path: Any, monkeypatch: Any) -> None:
    home = tmp_path / "other"
    home.mkdir()
    monkeypatch.setattr(keys, "folder", lambda: home)
    assert "check it on the page of that carrier" in said(hand_in(kept.data))


def test_a_record_of_steps_is_not_taken_for_a_certificate(keys_home: Any, tabi: Any) -> None:
    facts = {"reference": "TG-1", "carrier": {}, "steps": []}
    record = signed_record(facts, keys.signer(), at=CLAIMED_AT)
    page = said(hand_in(json.dumps(record).encode()))
    assert "This is not a certificate." in page
    assert "record.what" in page


def test_nonsense_and_no_file_are_answered_kindly(tabi: Any) -> None:
    assert "The file is no JSON" in said(hand_in(b"\x00\x01"))
    assert "No certificate of ours lies in this PDF." in said(hand_in(b"%PDF-1.7 scan", name="scan.pdf"))
    empty = Client(SERVER_NAME=TABI, HTTP_ACCEPT_LANGUAGE="en").post("/verify/", {})
    assert empty.status_code == 400
    assert "Choose a file first." in said(empty)
    assert "more than 2 MB" in said(hand_in(b" " * (MOST + 1)))


def test_too_many_at_once_are_told_to_come_again(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    held = [view._places.acquire(blocking=False) for _ in range(view.AT_ONCE)]
    try:
        answer = hand_in(kept.data)
    finally:
        for _ in held:
            view._places.release()
    assert answer.status_code == 503
    assert "Try again in a minute" in said(answer)


def test_every_reason_leads_on_in_every_language() -> None:
    good = ("keys.", "network_proof", "profile.")
    codes = {code for code in words.TEXTS if "." in code and not code.startswith(good)}
    for language in LANGUAGES:
        with override(language):
            for code in codes - {"record.genuine"}:
                told, way_on = gettext(words.TEXTS[code]), gettext(words.way_on(code))
                assert told, code
                assert way_on, code
                if language != "en":
                    assert way_on != words.way_on(code), (language, code)


# The code on the paper -----------------------------------------------------------------------------------------------


def test_the_code_on_a_paper_opens_what_it_says(kept: Kept, browser: Client) -> None:
    digest = digest_of(kept.file["certificate"])
    answer = browser.get(f"/verify/TJ-7K3M-9QXA-4C2T/{digest}/")
    assert "This certificate is genuine" in said(answer)
    assert "no-store" in answer["Cache-Control"]


def test_a_wrong_digest_says_no_more_than_an_unknown_reference(kept: Kept, browser: Client) -> None:
    digest = digest_of(kept.file["certificate"])
    wrong = browser.get(f"/verify/TJ-7K3M-9QXA-4C2T/{'0' * 64}/")
    unknown = browser.get(f"/verify/TJ-AAAA-BBBB-CCCC/{digest}/")
    assert wrong.status_code == unknown.status_code == 404
    csrf = r'name="csrfmiddlewaretoken" value="[^"]*"'
    bodies = [re.sub(csrf, "", one.content.decode()) for one in (wrong, unknown)]
    bodies[0] = bodies[0].replace("0" * 64, digest).replace("TJ-7K3M-9QXA-4C2T", "TJ-AAAA-BBBB-CCCC")
    assert bodies[0] == bodies[1]
    assert "We issued no certificate with this reference" in said(wrong)


def test_a_neighbour_does_not_answer_for_our_certificates(kept: Kept) -> None:
    digest = digest_of(kept.file["certificate"])
    there = Client(SERVER_NAME=TONARI).get(f"/verify/TJ-7K3M-9QXA-4C2T/{digest}/")
    assert there.status_code == 404


# From the status page to the paper and back --------------------------------------------------------------------------


@needs_font
def test_the_paper_is_saved_from_the_status_page_and_is_genuine(closed: Termination, browser: Client) -> None:
    browser.get(f"/case/{closed.reference}/open/{token_of(closed.carrier_id, closed.reference)}/")
    page = browser.get(f"/cases/{closed.reference}/").content.decode()
    assert f"/cases/{closed.reference}/certificate.pdf" in page
    answer = browser.get(f"/cases/{closed.reference}/certificate.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    checked = said(hand_in(answer.content, name="certificate.pdf"))
    assert "This certificate is genuine" in checked
    assert "The pages of this PDF are as we made them." in checked
    assert "This proves nothing about a real line." in checked  # the network was simulated


@needs_font
def test_a_paper_with_changed_pages_still_shows_what_was_signed(closed: Termination) -> None:
    with every_carrier():
        data = papers.paper_of(closed, language="en")
    page = said(hand_in(data.replace(b"/Marked true", b"/Marked  rue", 1), name="certificate.pdf"))
    assert "The pages of this PDF were changed." in page
    assert "This certificate is not valid" in page
    assert "What the signed file says" in page


def test_too_many_papers_at_once_lead_back_to_the_case(
    closed: Termination, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.get(f"/case/{closed.reference}/open/{token_of(closed.carrier_id, closed.reference)}/")
    for _ in range(papers.AT_ONCE):
        assert papers._places.acquire(blocking=False)
    try:
        answer = browser.get(f"/cases/{closed.reference}/certificate.pdf", follow=True)
    finally:
        for _ in range(papers.AT_ONCE):
            papers._places.release()
    assert "Many PDFs are being made at this moment." in said(answer)


def test_without_a_certificate_there_is_no_paper(wang_here: Client, sim_line: Line) -> None:
    with every_carrier():
        case = ask(sim_line, Clock(), channel="portal", effective="month-end")
    assert wang_here.get(f"/cases/{case.reference}/certificate.pdf").status_code == 404
