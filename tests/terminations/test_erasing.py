"""Does what is personal go on its day, and not before, while history, evidence and certificate stay as they were?"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
import time_machine

from tests.terminations.play import CLERK, PERSON, PROOF, Clock, ask, given_for, in_a_child, show, work
from tojimari.codes.help import Written, ask_for_help
from tojimari.codes.help import answer as answer_help
from tojimari.codes.models import HelpRequest
from tojimari.counter.models import SignedForm
from tojimari.lines.models import Bill, Carrier, Line
from tojimari.messages.models import Message
from tojimari.network.seed import seed
from tojimari.platform.acting import Acting, Role
from tojimari.platform.database.scope import carrier_scope, every_carrier
from tojimari.proofs.chain import Entry, check_chain
from tojimari.proofs.models import Certificate, Event
from tojimari.proofs.queries import bundle
from tojimari.rules.calendar import day_start, jst_date
from tojimari.terminations import actions, erasing, reviewing, stuck
from tojimari.terminations.engine.record import digest
from tojimari.terminations.handed_over import name_of, signature_of, stand_in_of
from tojimari.terminations.models import (
    Channel,
    Handover,
    LateState,
    LateWish,
    Question,
    ShownScreen,
    StaffNote,
    StandIn,
    Step,
    Termination,
)
from tojimari.terminations.screens import Screen
from tojimari.terminations.staff_notes import notes_of
from tojimari.terminations.tasks import erase_every_night

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
NAME, SAID, NOTED = "LI NA", "My mother ordered it.", "She calls at three."
BESIDE = "Her sister Li Wei waits outside."
STROKES = "M10 100L20 20L30 100"
AUTHORITY = {"authority_kind": "letter", "authority_name": NAME}


def closed_sim(line: Line, clock: Clock) -> Termination:
    """A physical SIM closed at the counter by somebody who acted for its holder, with a hand-over on the way."""
    seed([line.target])
    case = ask(line, clock, effective="now", channel="portal")
    work(clock, forward=False)
    for name in ("visit", "papers", "form", "return_sim"):
        step = case.steps.select_related("termination__line").get(name=name)
        if name == "papers":
            colleague = Acting(Role.STAFF, "8", "佐藤 健")
            stuck.hand_over(step=step, to=colleague, note=NOTED, acting=CLERK, at=clock.now)
        more = AUTHORITY | {"note": BESIDE} if name == "papers" else {"strokes": STROKES} if name == "form" else {}
        show(case, name, clock, **given_for(step), **more)
    work(clock)
    return Termination.objects.get(pk=case.pk)


def closed_esim(line: Line, clock: Clock) -> Termination:
    """An eSIM closed after a question in staff's own words, and its answer."""
    seed([line.target])
    case = ask(line, clock, effective="3bd", channel="portal")
    work(clock, forward=False)
    step = case.steps.get(name="review")
    question = reviewing.ask_back(step=step, code="own", text="Who ordered this?", acting=CLERK, at=clock.now)
    reviewing.answer(question=question, text=SAID, proved=True, acting=PERSON, at=clock.now)
    show(case, "review", clock, approved="yes")
    work(clock)
    return Termination.objects.get(pk=case.pk)


def assert_still_proved(case: Termination) -> None:
    """The history is whole, it names the very evidence that is there, and the file to take home is as it was."""
    events = list(Event.objects.filter(case_id=case.pk).order_by("number"))
    entries = [
        Entry(e.reference, e.number, e.at, e.name, e.actor, e.data, bytes(e.prev), bytes(e.hash)) for e in events
    ]
    assert check_chain(entries).whole
    told = {event.data["step"]: event.data["digest"] for event in events if event.name == "step.done"}
    evidence = dict(Step.objects.filter(termination=case, state="done").values_list("name", "evidence"))
    assert told
    assert all(digest(evidence[name]) == said for name, said in told.items())
    assert bundle(case.reference)


def everything_for_ever(case: Termination) -> str:
    """What is never erased: history, evidence, certificate."""
    events = Event.objects.filter(case_id=case.pk).values_list("data", flat=True)
    evidence = case.steps.values_list("evidence", flat=True)
    return f"{list(events)} {list(evidence)} {bundle(case.reference)} {Certificate.objects.get(case_id=case.pk).jws}"


@pytest.mark.usefixtures("as_worker")
def test_signature_and_stand_in_go_after_five_years_and_leave_that_they_were(sim_line: Line, clock: Clock) -> None:
    case = closed_sim(sim_line, clock)
    assert case.state == "completed"
    form, stand_in = SignedForm.objects.get(case_id=case.pk), stand_in_of(case)
    assert stand_in is not None
    assert (signature_of(form), name_of(stand_in)) == (STROKES, NAME)
    said = case.steps.get(name="papers").evidence["acted_for_by"]
    assert said["name_sha256"] == sha256(bytes(stand_in.salt) + b":" + NAME.encode()).hexdigest()
    assert NAME not in everything_for_ever(case)
    before = everything_for_ever(case)

    ended = jst_date(case.ends_at)
    first_free = day_start(date(ended.year + 5, ended.month, ended.day) + timedelta(days=1))
    gone = erasing.erase(at=first_free - SECOND)
    assert (gone["signed_form"], gone["acted_for_by"]) == (0, 0)
    gone = erasing.erase(at=first_free)
    assert (gone["signed_form"], gone["acted_for_by"]) == (1, 1)
    assert set(erasing.erase(at=first_free).values()) == {0}, "the second look finds nothing"

    form.refresh_from_db()
    stand_in.refresh_from_db()
    assert (signature_of(form), form.how, name_of(stand_in), stand_in.authority) == ("", "screen", "", "letter")
    assert (bytes(stand_in.name), bytes(stand_in.salt)) == (b"", b"")
    assert everything_for_ever(case) == before
    assert_still_proved(case)


@pytest.mark.usefixtures("as_worker")
def test_the_words_of_the_confirmed_screen_go_after_five_years_and_their_digest_stays(
    esim_line: Line, clock: Clock
) -> None:
    seed([esim_line.target])
    read = Screen("Close this line?\n1,200 yen", "en", "portal/confirm.html", "0123456789abcdef")
    case = actions.request(
        line=esim_line,
        scope="line",
        effective="3bd",
        channel=Channel.PORTAL,
        acting=PERSON,
        at=clock.now,
        proof=PROOF,
        shown=read,
    )
    work(clock, forward=False)
    show(case, "review", clock, approved="yes")
    work(clock)
    before = everything_for_ever(case)
    assert read.digest in before
    ended = jst_date(Termination.objects.get(pk=case.pk).ends_at)
    first_free = day_start(date(ended.year + 5, ended.month, ended.day) + timedelta(days=1))
    assert erasing.erase(at=first_free - SECOND)["closure_evidence"] == 0
    assert ShownScreen.objects.get().text == read.text
    assert erasing.erase(at=first_free)["closure_evidence"] == 1
    kept = ShownScreen.objects.get()
    assert (kept.text, kept.sha256, kept.language) == ("", read.digest, "en")
    assert erasing.erase(at=first_free)["closure_evidence"] == 0, "the second look finds nothing"
    assert everything_for_ever(case) == before
    assert_still_proved(case)


@pytest.mark.usefixtures("as_worker")
def test_questions_notes_and_their_mails_go_thirty_days_after_the_case_is_over(
    sim_line: Line, esim_line: Line, clock: Clock
) -> None:
    cases = [closed_sim(sim_line, clock), closed_esim(esim_line, clock)]
    last = max(case.finished_at for case in cases if case.finished_at is not None)
    first_free = day_start(jst_date(last) + timedelta(days=31))
    for case in cases:
        for words in (NOTED, SAID, BESIDE):
            assert words not in everything_for_ever(case)
    beside = StaffNote.objects.get()
    assert notes_of(cases[0].pk) == {beside.digest: BESIDE}
    assert beside.digest == sha256(bytes(beside.salt) + b":" + BESIDE.encode()).hexdigest()
    assert cases[0].steps.get(name="papers").evidence["note_sha256"] == beside.digest
    erasing.erase(at=first_free - SECOND)
    assert Question.objects.get().erased is False
    with time_machine.travel(first_free, tick=False):
        erase_every_night(0)
    question, note = Question.objects.get(), Handover.objects.get()
    assert (bytes(question.text), bytes(question.answer), question.erased) == (b"", b"", True)
    assert (question.answered_by, question.proved) == (str(PERSON), True), "that it was answered stays"
    assert (bytes(note.note), note.given_by, note.to) == (b"", str(CLERK), "staff:8")
    beside.refresh_from_db()
    assert (bytes(beside.note), bytes(beside.salt), notes_of(cases[0].pk)) == (b"", b"", {})
    mail = Message.objects.get(case_id=cases[1].pk, key=f"question {question.pk}")
    assert (mail.body, mail.subject != "") == ("", True)
    assert Message.objects.get(case_id=cases[1].pk, key="closed").body, "other mails stay"
    assert signature_of(SignedForm.objects.get()), "its time is not over"
    for case in cases:
        assert_still_proved(case)


@pytest.mark.usefixtures("as_worker")
@pytest.mark.parametrize("still", ["open", "unpaid"])
def test_nothing_goes_while_a_case_is_open_or_its_line_owes(esim_line: Line, clock: Clock, still: str) -> None:
    case = closed_esim(esim_line, clock)
    if still == "open":
        Termination.objects.filter(pk=case.pk).update(state="held", finished_at=None)
    else:
        Bill.objects.create(
            carrier_id=case.carrier_id, line=esim_line, month=date(2026, 10, 1), amount_yen=1, due_on=date(2026, 11, 30)
        )
    assert erasing.erase(at=clock.now + timedelta(days=4000))["review_talk"] == 0


@pytest.mark.usefixtures("as_worker")
def test_a_case_that_was_taken_back_counts_from_then(sim_line: Line, clock: Clock) -> None:
    """Its contract may run for years: the end that was once asked for says nothing."""
    case = ask(sim_line, clock, effective="month-end", channel="portal")
    work(clock, forward=False)
    for name in ("visit", "papers"):
        show(case, name, clock, **given_for(case.steps.get(name=name)), **(AUTHORITY if name == "papers" else {}))
    actions.withdraw(termination=case, acting=PERSON, at=clock.now)
    over = day_start(date(clock.now.year + 5, clock.now.month, clock.now.day + 1))
    assert erasing.erase(at=over - SECOND)["acted_for_by"] == 0
    assert erasing.erase(at=over)["acted_for_by"] == 1


def a_wish(carrier: Carrier, number: int, answered_at: datetime | None) -> LateWish:
    return LateWish.objects.create(
        carrier=carrier,
        reference=f"TJ-0000-0000-{number:04}",
        asked_at=Clock().now,
        taken_in_at=Clock().now,
        effective="earliest",
        state=LateState.ANSWERED if answered_at else LateState.REVIEW,
        note=b"sealed" if answered_at else b"",
        answered_at=answered_at,
    )


@pytest.mark.usefixtures("as_worker")
def test_what_was_noted_of_a_wish_and_a_plea_goes_thirty_days_after_the_answer(tabi: Carrier, clock: Clock) -> None:
    wish, waiting = a_wish(tabi, 1, clock.now), a_wish(tabi, 2, None)
    plea = ask_for_help(
        carrier_id=tabi.pk, language="ja", written=Written("WANG", "x"), address="192.0.2.1", at=clock.now
    )
    answer_help(request_id=plea.pk, carrier_id=tabi.pk, note="Called.", acting=CLERK, at=clock.now)
    first_free = day_start(jst_date(clock.now) + timedelta(days=31))
    assert erasing.erase(at=first_free - SECOND)["late_wish"] == 0
    assert erasing.erase(at=first_free)["late_wish"] == 1
    wish.refresh_from_db()
    waiting.refresh_from_db()
    assert (bytes(wish.note), wish.state, waiting.state) == (b"", "answered", "review")
    found = HelpRequest.objects.get()
    assert (bytes(found.sealed), bytes(found.note), found.outcome) == (b"", b"", "noted")


def test_a_neighbour_erases_nothing(sim_line: Line, tonari: Carrier, clock: Clock) -> None:
    with every_carrier():
        case = closed_sim(sim_line, clock)
    with carrier_scope(tonari.pk):
        assert set(erasing.erase(at=clock.now + timedelta(days=4000)).values()) == {0}
    with every_carrier():
        assert name_of(StandIn.objects.get(case_id=case.pk)) == NAME


@pytest.mark.django_db(transaction=True)  # the killed process is another one: it sees only what is committed
@pytest.mark.usefixtures("as_worker")
def test_killed_midway_the_next_night_goes_on(
    tabi: Carrier, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        a_wish(tabi, number, clock.now)
    later = clock.now + timedelta(days=60)
    monkeypatch.setattr(erasing, "BATCH", 2)
    once: Callable[[datetime], int] = erasing.ERASERS["late_wish"]

    def killed() -> None:
        looks = iter((False, True))

        def deadly(before: datetime) -> int:
            gone = once(before)
            if next(looks):
                os.kill(os.getpid(), signal.SIGKILL)
            return gone

        erasing.ERASERS["late_wish"] = deadly
        erasing.erase(at=later)

    _, status = os.waitpid(in_a_child(killed, tmp_path / "told"), 0)
    assert os.WIFSIGNALED(status), (tmp_path / "told").read_text()
    assert LateWish.objects.filter(note=b"").count() == 2, "one batch is gone whole, the second not at all"
    assert erasing.erase(at=later)["late_wish"] == 3
    assert not LateWish.objects.exclude(note=b"").exists()
