"""Does the carrier's rule decide what it may, do staff decide the rest, and can nobody decide twice or unseen?"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier

import pytest
from django.db import connection

from tests.cast import MakeLine
from tests.terminations.play import CLERK, PERSON, Clock, ask, assert_closed_exactly_once, show, states, work
from tojimari.lines.models import Bill, Carrier, Line, Subscriber
from tojimari.messages.models import Message
from tojimari.platform.acting import Acting, Refused, Role
from tojimari.platform.config import config
from tojimari.platform.database.scope import every_carrier
from tojimari.proofs.models import Event
from tojimari.terminations import actions, procedures, reviewing, stuck
from tojimari.terminations.judging import judged
from tojimari.terminations.models import Question, Step, Termination
from tojimari.terminations.reasons import reason_text
from tojimari.terminations.review_words import QUESTIONS
from tojimari.terminations.staff_notes import notes_of

COLLEAGUE = Acting(Role.STAFF, "8", "佐藤 健")
YES = {"approved": "yes"}

alone = pytest.mark.usefixtures("as_worker")
pytestmark = pytest.mark.django_db


@pytest.fixture
def by_rule(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tabi: Carrier) -> Iterator[None]:
    """Tabi leaves its reviews to its rule, and asks for four eyes on debts too."""
    text = (Path(procedures.__file__).parent / "procedures" / "esim.toml").read_text("utf-8")
    text = text.replace('name = "review"', 'name = "review"\nactor = "system"', 1)
    text = text.replace('actor = "staff"\npromise', "promise", 1)
    text = text.replace('four_eyes = ["company_without_authority"]', 'four_eyes = ["debt"]')
    own = tmp_path / tabi.slug / "esim.toml"
    own.parent.mkdir()
    own.write_text(text, "utf-8")
    monkeypatch.setenv("TOJIMARI_PROCEDURES_DIR", str(tmp_path))
    config.cache_clear()
    yield
    monkeypatch.delenv("TOJIMARI_PROCEDURES_DIR")
    config.cache_clear()


@contextmanager
def refused(code: str) -> Iterator[None]:
    """What is inside is refused, with this code."""
    with pytest.raises(Refused) as caught:
        yield
    assert caught.value.code == code


def owe(line: Line, yen: int) -> None:
    with every_carrier():
        Bill.objects.create(
            carrier_id=line.carrier_id, line=line, month=date(2026, 9, 1), amount_yen=yen, due_on=date(2026, 10, 31)
        )


def begin(line: Line, clock: Clock) -> Termination:
    with every_carrier():
        case = ask(line, clock, effective="3bd", channel="portal")
        work(clock, forward=False)
        case.refresh_from_db()
    return case


def review_of(case: Termination) -> Step:
    with every_carrier():
        return case.steps.select_related("termination__line", "termination__procedure").get(name="review")


def approve(case: Termination, clock: Clock, by: Acting = CLERK, **given: str) -> None:
    with every_carrier():
        actions.complete_step(step=review_of(case), given=YES | given, acting=by, at=clock.now)


def names(case: Termination) -> list[str]:
    return list(Event.objects.filter(case_id=case.pk).order_by("number").values_list("name", flat=True))


@alone
def test_the_rule_decides_a_plain_request_at_once_and_says_why(by_rule: None, esim_line: Line, clock: Clock) -> None:
    case = begin(esim_line, clock)
    step = review_of(case)
    assert (step.state, step.done_by, step.done_at) == ("done", "system", clock.now)
    assert step.evidence["rule"]["version"] == case.procedure.digest
    assert step.evidence["findings"] == []
    assert step.evidence["not_known"] == ["name_mismatch", "minor"]
    work(clock)
    assert_closed_exactly_once(case)


@alone
def test_what_the_rule_finds_waits_for_staff_with_its_findings(by_rule: None, esim_line: Line, clock: Clock) -> None:
    owe(esim_line, 20_000)
    case = begin(esim_line, clock)
    step = review_of(case)
    assert (step.state, step.actor, step.due_at, step.code) == ("open", "staff", clock.now, "review.findings")
    assert step.evidence["findings"] == [{"code": "debt", "owed_yen": 20_000, "above_yen": 10_000}]
    assert "step.left_to_staff" in names(case)
    assert list(reviewing.waiting(case.carrier_id)) == [step]
    work(clock)
    step.refresh_from_db()
    assert (step.state, step.attempts) == ("open", 1)


@alone
def test_lines_of_one_person_asked_for_together_are_counted(
    by_rule: None, wang: Subscriber, make_line: MakeLine, clock: Clock
) -> None:
    cases = [begin(make_line(subscriber=wang, kind="esim"), clock) for _ in range(3)]
    assert [review_of(case).state for case in cases] == ["done", "done", "open"]
    clock.move(hours=25)
    assert review_of(begin(make_line(subscriber=wang, kind="esim"), clock)).state == "done"


@alone
def test_a_company_without_authority_and_a_new_contract_are_found(
    by_rule: None, wang: Subscriber, make_line: MakeLine, clock: Clock
) -> None:
    Subscriber.objects.filter(pk=wang.pk).update(corporate=True)
    case = begin(make_line(subscriber=wang, kind="esim", contract_on=date(2026, 11, 19)), clock)
    found = [one.code for one in judged([case.pk])[case.pk].judgement.findings]
    assert found == ["recent_sim_change", "company_without_authority"]


@alone
def test_a_carriers_own_file_is_not_reviewed(by_rule: None, esim_line: Line, clock: Clock) -> None:
    owe(esim_line, 20_000)
    case = ask(esim_line, clock)
    work(clock)
    assert states(case)["review"] == "skipped"
    assert_closed_exactly_once(case)


@alone
def test_staff_approve_and_the_evidence_says_what_they_saw(esim_line: Line, clock: Clock) -> None:
    owe(esim_line, 20_000)
    case = begin(esim_line, clock)
    approve(case, clock, seen=reviewing.look(review_of(case)).seen, note="Paid tomorrow, called.")
    step = review_of(case)
    assert (step.state, step.done_by) == ("done", "staff:7")
    assert "Paid tomorrow" not in str(step.evidence), "what staff note is no evidence: certificates never end"
    assert notes_of(case.pk)[step.evidence["note_sha256"]] == "Paid tomorrow, called."
    assert step.evidence["approvals"][0]["note_sha256"] == step.evidence["note_sha256"]
    assert [one["by"] for one in step.evidence["approvals"]] == ["staff:7"]
    assert step.evidence["findings"][0]["code"] == "debt"
    with refused("step.not_its_turn"):
        approve(case, clock)
    work(clock)
    assert_closed_exactly_once(case)


@alone
def test_a_debt_takes_two_different_people(by_rule: None, esim_line: Line, clock: Clock) -> None:
    owe(esim_line, 20_000)
    case = begin(esim_line, clock)
    approve(case, clock, note="first look")
    assert states(case)["review"] == "open"
    with refused("review.second_person"):
        approve(case, clock)
    assert reviewing.take_next(carrier_id=case.carrier_id, acting=CLERK, at=clock.now) is None
    assert reviewing.take_next(carrier_id=case.carrier_id, acting=COLLEAGUE, at=clock.now) == review_of(case)
    approve(case, clock, by=COLLEAGUE)
    step = review_of(case)
    assert step.state == "done"
    assert [one["by"] for one in step.evidence["approvals"]] == ["staff:7", "staff:8"]
    assert names(case).count("review.first_approval") == 1
    work(clock)
    assert_closed_exactly_once(case)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("second", "state", "answers"), [(CLERK, "open", ["", "review.second_person"]), (COLLEAGUE, "done", ["", ""])]
)
def test_two_approvals_at_the_same_moment_count_as_two_people_only_if_they_are(
    by_rule: None, esim_line: Line, clock: Clock, second: Acting, state: str, answers: list[str]
) -> None:
    owe(esim_line, 20_000)
    case = begin(esim_line, clock)
    barrier = Barrier(2)

    def one(by: Acting) -> str:
        barrier.wait()
        try:
            approve(case, clock, by=by)
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(one, (CLERK, second))) == answers
    assert review_of(case).state == state


@alone
def test_what_has_changed_since_it_was_seen_is_not_approved(esim_line: Line, clock: Clock) -> None:
    case = begin(esim_line, clock)
    seen = reviewing.look(review_of(case)).seen
    owe(esim_line, 20_000)
    with refused("review.changed"):
        approve(case, clock, seen=seen)
    assert states(case)["review"] == "open"


@alone
def test_two_reviewers_never_work_on_the_same_one(wang: Subscriber, make_line: MakeLine, clock: Clock) -> None:
    first, second = (begin(make_line(subscriber=wang, kind="esim"), clock) for _ in range(2))
    carrier = first.carrier_id
    mine = reviewing.take_next(carrier_id=carrier, acting=CLERK, at=clock.now)
    theirs = reviewing.take_next(carrier_id=carrier, acting=COLLEAGUE, at=clock.now)
    assert (mine, theirs) == (review_of(first), review_of(second))
    with refused("review.taken"):
        reviewing.take(step=review_of(first), acting=COLLEAGUE, at=clock.now)
    with refused("review.taken"):
        approve(first, clock, by=COLLEAGUE)
    clock.move(minutes=10)
    reviewing.take(step=review_of(first), acting=COLLEAGUE, at=clock.now)
    with refused("review.taken"):
        reviewing.ask_back(step=review_of(first), code="debt", acting=CLERK, at=clock.now)


@alone
def test_a_question_goes_out_and_its_answer_comes_back(esim_line: Line, clock: Clock) -> None:
    case = begin(esim_line, clock)
    before = review_of(case)
    question = reviewing.ask_back(step=before, code="right_line", acting=CLERK, at=clock.now)
    letter = Message.objects.get(case_id=case.pk, key=f"question {question.pk}")
    assert (letter.to, letter.language) == ("wang@mail.example", "zh-hans")
    asked = review_of(case)
    assert (asked.actor, asked.state) == ("subscriber", "open")
    assert list(reviewing.waiting(case.carrier_id)) == []
    assert list(reviewing.with_the_subscriber(case.carrier_id)) == [asked]
    assert reviewing.open_question(case) == question
    clock.move(days=2)
    reviewing.answer(question=question, text="Yes, 0900 1234 5678", proved=True, acting=PERSON, at=clock.now)
    back = review_of(case)
    assert (back.actor, back.due_at) == ("staff", (before.due_at or clock.now) + timedelta(days=2))
    (asked_now,) = reviewing.look(back).asked
    assert asked_now.text == str(QUESTIONS["right_line"])
    assert asked_now.answer.startswith("Yes")
    assert asked_now.question.proved
    assert reviewing.open_question(case) is None
    assert [name for name in names(case) if name.startswith("review.")] == ["review.asked", "review.answered"]
    case.refresh_from_db()
    assert case.requested_at == clock.now - timedelta(days=2)


@alone
def test_doubled_questions_and_answers_change_nothing(esim_line: Line, clock: Clock) -> None:
    case = begin(esim_line, clock)
    step = review_of(case)
    own = "Which shop sold it?"
    first = reviewing.ask_back(step=step, code="own", text=own, acting=CLERK, at=clock.now)
    assert reviewing.ask_back(step=step, code="own", text=own, acting=CLERK, at=clock.now) == first
    for other in ("name", "own"):
        with refused("step.not_its_turn"):
            reviewing.ask_back(step=step, code=other, text="Another?", acting=CLERK, at=clock.now)
    assert own.encode() not in bytes(first.text)
    assert own in Message.objects.get(key=f"question {first.pk}").body
    clock.move(hours=1)
    for _ in range(2):
        reviewing.answer(question=first, text="At Haneda.", proved=False, acting=PERSON, at=clock.now)
    with refused("review.no_question"):
        reviewing.answer(question=first, text="No, at Narita.", proved=False, acting=PERSON, at=clock.now)
    assert review_of(case).due_at == clock.now
    assert names(case).count("review.answered") == 1


@alone
def test_nobody_approves_while_the_person_is_asked_and_the_person_never_does(esim_line: Line, clock: Clock) -> None:
    case = begin(esim_line, clock)
    step = review_of(case)
    seen = reviewing.look(step).seen
    question = reviewing.ask_back(step=step, code="debt", acting=CLERK, at=clock.now)
    with refused("step.not_its_turn"):
        approve(case, clock)
    with refused("step.not_yours"):
        approve(case, clock, by=PERSON)
    reviewing.stop_waiting(step=step, acting=CLERK, at=clock.now)
    reviewing.stop_waiting(step=step, acting=CLERK, at=clock.now)
    with refused("review.no_question"):
        reviewing.answer(question=question, text="too late", proved=True, acting=PERSON, at=clock.now)
    with refused("review.changed"):
        approve(case, clock, seen=seen)
    approve(case, clock)
    assert names(case).count("review.not_waiting") == 1


@alone
@pytest.mark.parametrize(("code", "text"), [("made up", ""), ("own", "  "), ("", "")])
def test_a_question_must_ask_something(esim_line: Line, clock: Clock, code: str, text: str) -> None:
    case = begin(esim_line, clock)
    with refused("review.question_missing"):
        reviewing.ask_back(step=review_of(case), code=code, text=text, acting=CLERK, at=clock.now)
    assert not Question.objects.exists()


@alone
def test_a_case_taken_back_or_refused_waits_for_no_answer(esim_line: Line, clock: Clock) -> None:
    case = begin(esim_line, clock)
    question = reviewing.ask_back(step=review_of(case), code="debt", acting=CLERK, at=clock.now)
    actions.reject(termination=case, code="rejected.identity", acting=CLERK, at=clock.now)
    case.refresh_from_db()
    assert reviewing.open_question(case) is None
    with refused("review.no_question"):
        reviewing.answer(question=question, text="Yes", proved=True, acting=PERSON, at=clock.now)


@alone
def test_staff_take_a_case_back_only_with_a_reason(esim_line: Line, clock: Clock) -> None:
    case = begin(esim_line, clock)
    with refused("termination.unknown_reason"):
        actions.withdraw(termination=case, acting=CLERK, at=clock.now)
    for _ in range(2):
        actions.withdraw(termination=case, acting=CLERK, at=clock.now, reason="taken_back.asked")
    case.refresh_from_db()
    event = Event.objects.get(case_id=case.pk, name="termination.withdrawal_requested")
    assert (case.state, event.data["code"], event.actor) == ("cancelled", "taken_back.asked", "staff:7")


@alone
def test_a_step_in_trouble_is_listed_and_handed_over_with_a_note(esim_line: Line, clock: Clock) -> None:
    case = begin(esim_line, clock)
    show(case, "review", clock, approved="yes")
    Step.objects.filter(termination=case, name="settle").update(state="stuck", code="network.moved")
    (step,) = stuck.in_trouble(case.carrier_id)
    assert (step.name, stuck.trouble_of(step), stuck.handover_of(step)) == ("settle", "stuck", None)
    with refused("handover.note_missing"):
        stuck.hand_over(step=step, to=COLLEAGUE, note=" ", acting=CLERK, at=clock.now)
    for _ in range(2):
        stuck.hand_over(step=step, to=COLLEAGUE, note="The card was swapped.", acting=CLERK, at=clock.now)
    (step,) = stuck.in_trouble(case.carrier_id)
    handover = stuck.handover_of(step)
    assert handover is not None
    assert (handover.to, stuck.note_of(handover)) == ("staff:8", "The card was swapped.")
    assert names(case).count("step.handed_over") == 1
    Step.objects.filter(pk=step.pk).update(state="done")
    with refused("step.not_its_turn"):
        stuck.hand_over(step=step, to=CLERK, note="again", acting=COLLEAGUE, at=clock.now)


@alone
def test_a_step_that_keeps_failing_is_listed_after_three_tries(esim_line: Line, clock: Clock) -> None:
    case = begin(esim_line, clock)
    show(case, "review", clock, approved="yes")
    inspect = Step.objects.filter(termination=case, name="inspect")
    inspect.update(state="open", attempts=2, code="network.no_answer")
    assert list(stuck.in_trouble(case.carrier_id)) == []
    inspect.update(attempts=3)
    (step,) = stuck.in_trouble(case.carrier_id)
    assert stuck.trouble_of(step) == "failing"


def test_every_code_of_a_review_has_words_and_a_way_on() -> None:
    for code in ("review.taken", "review.changed", "review.second_person", "review.no_question", "handover.unknown"):
        what, way_on = reason_text(code)
        assert code not in what
        assert way_on
