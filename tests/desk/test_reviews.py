"""Does a reviewer get through the queue with the screen alone, and can nobody decide what is not theirs to decide?"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.cast import MakeLine
from tests.desk.conftest import TONARI, AsStaff
from tests.terminations.play import PERSON, Clock, ask, work
from tojimari.lines.models import Bill, Carrier, Line, Subscriber
from tojimari.platform.database.scope import every_carrier
from tojimari.proofs.models import Event
from tojimari.terminations import reviewing
from tojimari.terminations.models import Question, Step, Termination

MONDAY = datetime(2026, 11, 16, 3, 0, tzinfo=UTC)  # noon in Japan


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime.now(UTC))


def begin(line: Line, clock: Clock) -> Step:
    """The review that a case of this line waits for."""
    with every_carrier():
        case = ask(line, clock, effective="3bd", channel="portal")
        work(clock, forward=False)
        return case.steps.select_related("termination__procedure").get(name="review")


def owe(line: Line, yen: int) -> None:
    with every_carrier():
        Bill.objects.create(
            carrier_id=line.carrier_id, line=line, month=date(2026, 9, 1), amount_yen=yen, due_on=date(2026, 10, 31)
        )


def fresh(step: Step) -> Step:
    with every_carrier():
        return Step.objects.select_related("termination").get(pk=step.pk)


def text_of(browser: Client, path: str) -> str:
    return browser.get(path).content.decode()


def seen(browser: Client, step: Step) -> str:
    """What the page of a review sends back with a decision."""
    found = re.search(r'name="seen" value="(\w+)"', text_of(browser, f"/desk/reviews/{step.pk}/"))
    assert found is not None
    return found[1]


def test_the_oldest_opens_first_and_after_a_decision_the_next_one(
    as_staff: AsStaff, make_line: MakeLine, clock: Clock
) -> None:
    steps = []
    for _ in range(3):
        steps.append(begin(make_line(kind="esim"), clock))
        clock.move(seconds=1)
    browser = as_staff("reviewer")
    assert browser.post("/desk/reviews/next/").headers["Location"] == f"/desk/reviews/{steps[0].pk}/"
    decisions = [
        {"do": "approve", "seen": seen(browser, steps[0])},
        {"do": "ask", "question": "debt"},
        {"do": "refuse", "code": "rejected.wrong_line"},
    ]
    onwards = [f"/desk/reviews/{steps[1].pk}/", f"/desk/reviews/{steps[2].pk}/", "/desk/reviews/"]
    for step, decision, onward in zip(steps, decisions, onwards, strict=True):
        answer = browser.post(f"/desk/reviews/{step.pk}/", decision)
        assert (answer.status_code, answer.headers.get("Location")) == (302, onward), answer.content.decode()
    assert [fresh(step).state for step in steps] == ["done", "open", "cancelled"]
    page = text_of(browser, "/desk/reviews/")
    assert "No request waits for a review." in page
    assert "Waiting for the customer's answer" in page


def test_a_page_shows_what_was_found_and_why(as_staff: AsStaff, esim_line: Line, clock: Clock) -> None:
    owe(esim_line, 20_000)
    step = begin(esim_line, clock)
    browser = as_staff("reviewer")
    for path in ("/desk/reviews/", f"/desk/reviews/{step.pk}/"):
        assert "Bills of 20,000 yen are unpaid; the rule asks for a look above 10,000 yen." in text_of(browser, path)
    page = text_of(browser, f"/desk/reviews/{step.pk}/")
    assert "3 or more lines within 24 hours" in page
    assert "The birth date is not in the books" in page
    assert step.termination.procedure.digest[:12] in page
    browser.post(f"/desk/reviews/{step.pk}/", {"do": "approve", "seen": seen(browser, step)})
    case = text_of(browser, f"/desk/cases/{step.termination.reference}/")
    assert "Bills of 20,000 yen are unpaid" in case
    assert "Approved by 鈴木 花子" in case


@pytest.mark.parametrize(("later", "tags"), [(0, (False, False)), (1, (True, False)), (2, (False, True))])
def test_a_breach_is_shown_before_it_happens(
    as_staff: AsStaff, esim_line: Line, later: int, tags: tuple[bool, bool]
) -> None:
    with time_machine.travel(MONDAY, tick=False):
        begin(esim_line, Clock(MONDAY))
    with time_machine.travel(MONDAY + timedelta(days=later), tick=False):
        page = text_of(as_staff("reviewer"), "/desk/reviews/")
    assert (">Due today</span>" in page, ">Late</span>" in page) == tags


def test_what_a_colleague_looks_at_cannot_be_decided(as_staff: AsStaff, esim_line: Line, clock: Clock) -> None:
    step = begin(esim_line, clock)
    mine, theirs = as_staff("reviewer"), as_staff("lead")
    path = f"/desk/reviews/{step.pk}/"
    shown = seen(theirs, step)
    assert mine.post(f"{path}take/").status_code == 302
    assert "is looking at it" in text_of(theirs, path)
    assert "is looking at it" in text_of(theirs, "/desk/reviews/")
    for decision in (
        {"do": "approve", "seen": shown},
        {"do": "ask", "question": "debt"},
        {"do": "refuse", "code": "rejected.identity"},
    ):
        answer = theirs.post(path, decision)
        assert answer.status_code == 409
        assert "A colleague is looking at this one." in answer.content.decode()
    assert theirs.post(f"{path}take/").status_code == 409
    assert theirs.post("/desk/reviews/next/").headers["Location"] == "/desk/reviews/"
    assert fresh(step).state == "open"
    assert mine.post(path, {"do": "approve", "seen": seen(mine, step)}).status_code == 302


def test_a_stale_page_decides_nothing_and_a_doubled_request_only_once(
    as_staff: AsStaff, esim_line: Line, clock: Clock
) -> None:
    step = begin(esim_line, clock)
    browser, path = as_staff("reviewer"), f"/desk/reviews/{step.pk}/"
    stale = seen(browser, step)
    owe(esim_line, 20_000)
    for old in (stale, ""):
        answer = browser.post(path, {"do": "approve", "seen": old, "note": "looked"})
        assert answer.status_code == 409
        assert "Something has changed since you opened this page." in answer.content.decode()
        assert 'value="looked"' in answer.content.decode()
    now = seen(browser, step)
    assert [browser.post(path, {"do": "approve", "seen": now}).status_code for _ in range(2)] == [302, 409]
    with every_carrier():
        done = Event.objects.filter(case_id=step.termination_id, name="step.done", data__step="review")
        assert done.count() == 1


def test_a_company_takes_two_different_people(as_staff: AsStaff, esim_line: Line, clock: Clock) -> None:
    with every_carrier():
        Subscriber.objects.filter(pk=esim_line.subscriber_id).update(corporate=True)
    step = begin(esim_line, clock)
    first, second, path = as_staff("reviewer"), as_staff("lead"), f"/desk/reviews/{step.pk}/"
    assert "Two different people must approve this one." in text_of(first, path)
    shown = seen(first, step)
    answer = first.post(path, {"do": "approve", "seen": shown, "note": "The paper is with us."}, follow=True)
    assert "A colleague must approve it too." in answer.content.decode()
    assert first.post(path, {"do": "approve", "seen": shown}).status_code == 409
    assert fresh(step).state == "open"
    page = text_of(second, path)
    assert "The paper is with us." in page
    assert second.post(path, {"do": "approve", "seen": seen(second, step)}).status_code == 302
    assert fresh(step).state == "done"


def test_an_answer_comes_back_to_the_queue_marked(as_staff: AsStaff, esim_line: Line, clock: Clock) -> None:
    step = begin(esim_line, clock)
    browser, path = as_staff("reviewer"), f"/desk/reviews/{step.pk}/"
    assert browser.post(path, {"do": "ask", "question": "own", "text": "哪家店?"}).status_code == 302
    page = text_of(browser, path)
    assert "Our promise stands still until then." in page
    assert "No answer yet" in page
    with every_carrier():
        question = Question.objects.get(step=step)
        reviewing.answer(question=question, text="<b>羽田</b>", proved=False, acting=PERSON, at=datetime.now(UTC))
    assert "Answered</span>" in text_of(browser, "/desk/reviews/")
    page = text_of(browser, path)
    assert "&lt;b&gt;羽田&lt;/b&gt;" in page
    assert "Answered without a fresh code" in page


def test_an_empty_question_is_refused_and_what_was_typed_stays(
    as_staff: AsStaff, esim_line: Line, clock: Clock
) -> None:
    step = begin(esim_line, clock)
    browser, path = as_staff("reviewer"), f"/desk/reviews/{step.pk}/"
    assert browser.post(path, {"do": "ask", "question": "own", "text": " "}).status_code == 409
    answer = browser.post(path, {"do": "ask", "question": "", "text": "Which shop?"})
    assert (answer.status_code, "Which shop?</textarea>" in answer.content.decode()) == (409, True)
    assert browser.post(path, {"do": "refuse", "code": "made.up"}).status_code == 409
    assert browser.post(path, {"do": "something"}).status_code == 409
    assert fresh(step).state == "open"


def test_staff_go_on_without_an_answer(as_staff: AsStaff, esim_line: Line, clock: Clock) -> None:
    step = begin(esim_line, clock)
    browser, path = as_staff("reviewer"), f"/desk/reviews/{step.pk}/"
    browser.post(path, {"do": "ask", "question": "name"})
    assert browser.post(path, {"do": "stop_waiting"}).status_code == 302
    assert fresh(step).actor == "staff"


@pytest.mark.parametrize("role", ["clerk", "agent", "auditor"])
def test_other_roles_do_not_review(as_staff: AsStaff, esim_line: Line, clock: Clock, role: str) -> None:
    step = begin(esim_line, clock)
    browser = as_staff(role)
    assert browser.get("/desk/reviews/").status_code == 403
    assert browser.get(f"/desk/reviews/{step.pk}/").status_code == 403
    for path in ("next/", f"{step.pk}/take/", f"{step.pk}/"):
        assert browser.post(f"/desk/reviews/{path}", {"do": "ask", "question": "debt"}).status_code == 403
    assert fresh(step).lease_owner == ""


def test_the_neighbours_reviewer_finds_nothing(
    as_staff: AsStaff, tonari: Carrier, esim_line: Line, clock: Clock
) -> None:
    step = begin(esim_line, clock)
    browser = as_staff("lead", carrier=tonari, host=TONARI)
    assert step.termination.reference not in text_of(browser, "/desk/reviews/")
    assert browser.get(f"/desk/reviews/{step.pk}/").status_code == 404
    for path in (f"reviews/{step.pk}/", f"reviews/{step.pk}/take/", f"steps/{step.pk}/hand-over/"):
        assert browser.post(f"/desk/{path}", {"do": "ask", "question": "debt"}).status_code == 404
    take_back = f"/desk/cases/{step.termination.reference}/take-back/"
    assert browser.post(take_back, {"reason": "taken_back.asked"}).status_code == 404
    assert browser.post("/desk/reviews/next/").headers["Location"] == "/desk/reviews/"
    assert (fresh(step).lease_owner, fresh(step).state) == ("", "open")


def test_the_queue_costs_the_same_for_one_and_for_many(
    as_staff: AsStaff, make_line: MakeLine, clock: Clock, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(6):
        begin(make_line(kind="esim"), clock)
    browser = as_staff("reviewer")
    browser.get("/desk/reviews/")
    with django_assert_max_num_queries(12):
        assert text_of(browser, "/desk/reviews/").count("/take/") == 6


# What does not get on ----------------------------------------------------------------------------------------------


def stuck_step(line: Line, clock: Clock) -> Step:
    """A case whose line cannot be looked at in the network."""
    step = begin(line, clock)
    with every_carrier():
        Step.objects.filter(termination_id=step.termination_id, name__in=("settle", "review")).update(
            state="done", done_at=clock.now
        )
        at = Step.objects.filter(termination_id=step.termination_id, name="inspect")
        at.update(state="stuck", code="network.other_subscriber", attempts=1, due_at=clock.now)
        return at.select_related("termination").get()


def test_a_stuck_step_says_in_words_what_the_element_said_and_what_to_do(
    as_staff: AsStaff, esim_line: Line, clock: Clock
) -> None:
    step = stuck_step(esim_line, clock)
    lead = as_staff("lead")
    page = text_of(lead, "/desk/stuck/")
    assert "The network holds somebody else&#x27;s data under this identifier." in page
    for way in (f"steps/{step.pk}/retry/", f'"/desk/steps/{step.pk}/"', "hand-over", "take-back"):
        assert way in page
    assert lead.post(f"/desk/steps/{step.pk}/retry/").status_code == 302
    assert fresh(step).state == "open"
    assert "Everything gets on." in text_of(lead, "/desk/stuck/")


def test_a_delayed_step_is_tried_now_from_its_case_or_with_all_of_its_element(
    as_staff: AsStaff, esim_line: Line, clock: Clock
) -> None:
    step = stuck_step(esim_line, clock)
    lead, later = as_staff("lead"), datetime.now(UTC) + timedelta(hours=1)
    own, all_of_it = f"/desk/steps/{step.pk}/try-now/", "/desk/stuck/try-now/"

    def delay() -> None:
        with every_carrier():
            Step.objects.filter(pk=step.pk).update(
                state="open", attempts=3, code="network.no_answer", due_at=later, when_effective=False
            )

    assert lead.post(own).status_code == 409, "what is stuck does not wait"
    delay()
    assert own in text_of(lead, f"/desk/cases/{step.termination.reference}/")
    page = text_of(lead, "/desk/stuck/")
    assert own in page
    assert all_of_it in page
    agent = as_staff("agent")
    assert own not in text_of(agent, f"/desk/cases/{step.termination.reference}/")
    assert [agent.post(path, {"element": step.lane}).status_code for path in (own, all_of_it)] == [403, 403]
    assert lead.post(own).status_code == 302
    assert (fresh(step).due_at or later) < later
    delay()
    assert lead.post(all_of_it, {"element": step.lane}).status_code == 302
    assert (fresh(step).due_at or later) < later
    assert all_of_it not in text_of(lead, "/desk/stuck/")
    assert "Nothing waits" in lead.post(all_of_it, {"element": step.lane}, follow=True).content.decode()


def test_a_step_is_handed_over_and_stands_first_for_the_colleague(
    as_staff: AsStaff, make_line: MakeLine, clock: Clock
) -> None:
    steps = [stuck_step(make_line(kind="esim"), clock) for _ in range(2)]
    lead, agent = as_staff("lead"), as_staff("agent")
    path, to = f"/desk/steps/{steps[1].pk}/hand-over/", agent.session["_auth_user_id"]
    for given in ({"to": to, "note": ""}, {"to": "999999", "note": "x"}, {"note": "x"}):
        assert lead.post(path, given).status_code == 409
    for _ in range(2):
        assert lead.post(path, {"to": to, "note": "The card was swapped."}).status_code == 302
    page = text_of(agent, "/desk/stuck/")
    references = [step.termination.reference for step in steps]
    assert page.index(references[1]) < page.index(references[0])
    assert "The card was swapped." in page
    assert "Handed over to you" in page
    assert "hand-over/" not in page
    assert agent.post(path, {"to": to, "note": "back"}).status_code == 403


def test_a_lead_takes_a_case_back_for_the_customer_only_with_a_reason(
    as_staff: AsStaff, esim_line: Line, clock: Clock
) -> None:
    case = stuck_step(esim_line, clock).termination
    lead, path = as_staff("lead"), f"/desk/cases/{case.reference}/take-back/"
    assert as_staff("agent").post(path, {"reason": "taken_back.asked"}).status_code == 403
    assert lead.post(path, {"reason": "because"}).status_code == 409
    for _ in range(2):
        assert lead.post(path, {"reason": "taken_back.asked"}).status_code == 302
    with every_carrier():
        asked = Event.objects.filter(case_id=case.pk, name="termination.withdrawal_requested")
        assert [event.data["code"] for event in asked] == ["taken_back.asked"]
        assert Termination.objects.get(pk=case.pk).state == "cancelled"


def test_staffs_own_steps_are_listed_when_they_are_late(as_staff: AsStaff, esim_line: Line) -> None:
    with time_machine.travel(MONDAY, tick=False):
        step = begin(esim_line, Clock(MONDAY))
    with time_machine.travel(MONDAY + timedelta(days=1), tick=False):
        assert step.termination.reference not in text_of(as_staff("reviewer"), "/desk/stuck/")
    with time_machine.travel(MONDAY + timedelta(days=2), tick=False):
        assert step.termination.reference in text_of(as_staff("lead"), "/desk/stuck/")
