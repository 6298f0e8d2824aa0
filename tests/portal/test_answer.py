"""Can a person answer what staff ask them, once, about their own case only, while our clock stands still?"""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.test import Client

from tests.portal.conftest import TABI, SignIn
from tests.terminations.play import CLERK, Clock, ask, work
from tojimari.lines.models import Line
from tojimari.messages.links import token_of
from tojimari.platform.database.scope import every_carrier
from tojimari.terminations import reviewing
from tojimari.terminations.models import Question, Termination


@pytest.fixture
def asked(esim_line: Line) -> Question:
    """Staff ask Wang in words of their own about the eSIM."""
    clock = Clock(datetime.now(UTC))
    with every_carrier():
        case = ask(esim_line, clock, effective="3bd", channel="portal")
        work(clock, forward=False)
        step = case.steps.get(name="review")
        return reviewing.ask_back(step=step, code="own", text="Which <shop> sold it?", acting=CLERK, at=clock.now)


def case_of(question: Question) -> Termination:
    with every_carrier():
        return Termination.objects.get(steps__questions=question)


def now(question: Question) -> Question:
    with every_carrier():
        return Question.objects.select_related("step").get(pk=question.pk)


def answer(browser: Client, question: Question, text: str) -> tuple[int, str]:
    path = f"/cases/{case_of(question).reference}/answer/"
    given = browser.post(path, {"question": str(question.pk), "answer": text})
    return given.status_code, given.content.decode()


def test_the_case_shows_the_question_and_that_it_is_the_persons_turn(wang_here: Client, asked: Question) -> None:
    reference = case_of(asked).reference
    page = wang_here.get(f"/cases/{reference}/").content.decode()
    assert "Which &lt;shop&gt; sold it?" in page
    assert "the time in which we promised to look at it stands still" in page
    assert "<dt>Who must act</dt><dd>You</dd>" in page
    assert "By when" not in page
    assert f"/cases/{reference}/answer/" in page
    assert "Which &lt;shop&gt; sold it?" in wang_here.get(f"/cases/{reference}/answer/").content.decode()


def test_an_answer_goes_back_to_staff_with_how_sure_we_are_of_its_sender(wang_here: Client, asked: Question) -> None:
    status, _ = answer(wang_here, asked, "Haneda")
    assert status == 302
    page = wang_here.get(f"/cases/{case_of(asked).reference}/").content.decode()
    assert "Thank you." in page
    assert "Our staff looks at your request." in page
    assert (now(asked).proved, now(asked).step.actor) == (True, "staff")
    assert (
        "We have no question to you now."
        in wang_here.get(f"/cases/{case_of(asked).reference}/answer/").content.decode()
    )


def test_whoever_came_by_the_link_of_a_mail_answers_too_and_staff_see_it(asked: Question) -> None:
    case = case_of(asked)
    browser = Client(SERVER_NAME=TABI, HTTP_ACCEPT_LANGUAGE="en")
    path = f"/case/{case.reference}/open/{token_of(case.carrier_id, case.reference)}/"
    opened = browser.get(path)
    if opened.status_code == 200:
        opened = browser.post(path)
    assert opened.status_code == 302
    assert answer(browser, asked, "Haneda")[0] == 302
    assert not now(asked).proved


def test_the_same_twice_is_once_and_another_answer_comes_too_late(wang_here: Client, asked: Question) -> None:
    assert [answer(wang_here, asked, "Haneda")[0] for _ in range(2)] == [302, 302]
    status, page = answer(wang_here, asked, "Narita")
    assert status == 409
    assert "This question is not open any more." in page


@pytest.mark.parametrize(("text", "said"), [("  ", "The answer is empty."), ("x" * 1001, "That is too long.")])
def test_what_is_no_answer_is_refused_beside_the_field_and_stays(
    wang_here: Client, asked: Question, text: str, said: str
) -> None:
    status, page = answer(wang_here, asked, text)
    assert status == 200
    assert said in page
    assert re.search(r"<textarea[^>]*aria-invalid=\"true\"", page)
    assert now(asked).answered_at is None


def test_nobody_answers_for_somebody_else(browser: Client, sign_in: SignIn, tanaka_line: Line, asked: Question) -> None:
    reference = case_of(asked).reference
    assert browser.get(f"/cases/{reference}/answer/").status_code == 302
    sign_in(browser, tanaka_line)
    assert browser.get(f"/cases/{reference}/answer/").status_code == 404
    assert answer(browser, asked, "Haneda")[0] == 404
    with every_carrier():
        own = ask(tanaka_line, Clock(datetime.now(UTC)), effective="month-end", channel="portal")
    for key in (str(asked.pk), "", "x", "9" * 30):
        given = browser.post(f"/cases/{own.reference}/answer/", {"question": key, "answer": "Haneda"})
        assert given.status_code == 409
    assert now(asked).answered_at is None
