"""Does a plan at another carrier stay its owner's alone, and does it always say how it stands?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from tests.terminations.guided_play import AT, LEAVING, a_plan
from tojimari.guide import directory
from tojimari.guide.directory import carriers
from tojimari.guide.facts import Text
from tojimari.lines.models import Carrier, Line
from tojimari.platform.acting import Refused
from tojimari.platform.database.scope import carrier_scope, every_carrier, guided_scope
from tojimari.terminations.guided import actions
from tojimari.terminations.guided.fence import code_opens, fence_of, inside, saved_code
from tojimari.terminations.guided.models import GuidedCase, GuidedEnd, GuidedEvidence, GuidedStep
from tojimari.terminations.guided.queries import CaseView, answers_of, case_view, code_now, found_case
from tojimari.terminations.guided.states import Stand, next_deadline

pytestmark = pytest.mark.django_db


def seen(case: GuidedCase, **later: float) -> CaseView:
    """The case as its page shows it, some time after it was kept."""
    found = found_case(case.reference)
    assert found is not None
    return case_view(found, AT + timedelta(**later))


def test_a_plan_is_seen_in_the_scope_of_its_own_case_alone(tabi: Carrier, sim_line: Line) -> None:
    mine, other = a_plan(host_id=tabi.pk), a_plan("mobal")
    assert GuidedCase.objects.count() == 0
    with carrier_scope(tabi.pk):
        assert not GuidedCase.objects.exists()
        assert not GuidedStep.objects.exists()
    with inside(mine.reference):
        assert [case.reference for case in GuidedCase.objects.all()] == [mine.reference]
        assert set(GuidedStep.objects.values_list("case_id", flat=True)) == {mine.pk}
        assert not Line.objects.exists()
    with every_carrier():
        assert GuidedCase.objects.count() == 2
    assert fence_of(mine.reference) != fence_of(other.reference)


def test_within_one_fence_nothing_of_another_case_can_be_written() -> None:
    mine, other = a_plan(), a_plan("mobal")
    with inside(mine.reference):
        assert GuidedCase.objects.filter(pk=other.pk).update(carrier_key="x") == 0
        assert GuidedCase.objects.filter(pk=other.pk).delete()[0] == 0


def test_a_scope_that_is_no_fence_is_refused() -> None:
    with pytest.raises(ValueError, match="above zero"), guided_scope(0):
        pass


def test_only_its_saved_code_opens_it_and_the_database_holds_no_code() -> None:
    case, other = a_plan(), a_plan()
    code = saved_code(case.reference, bytes(case.nonce))
    assert code_opens(case.reference, code.lower().replace("-", " "))
    assert not code_opens(case.reference, saved_code(other.reference, bytes(other.nonce)))
    assert not code_opens("TJ-0000-0000-0000", code)
    with every_carrier(), connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM terminations_guidedcase t")
        assert all(code not in row and code.replace("-", "") not in row for (row,) in cursor.fetchall())


def test_its_code_is_shown_for_an_hour() -> None:
    case = a_plan()
    assert code_now(case, AT + timedelta(minutes=59)) == saved_code(case.reference, bytes(case.nonce))
    assert code_now(case, AT + timedelta(minutes=61)) == ""


def test_what_was_answered_is_sealed_and_comes_back() -> None:
    case = a_plan()
    assert b"2026-12-10" not in bytes(case.answers)
    assert answers_of(case) == LEAVING


def test_a_plan_walks_through_its_states() -> None:
    case = a_plan()
    with inside(case.reference):
        view = seen(case)
        assert view.plan is not None
        assert len(view.steps) == len(view.plan.steps) > 2
        assert view.standing.stand == Stand.YOUR_TURN
        due = next_deadline([step.row for step in view.steps], AT)
        assert due is not None
        assert due.due is not None
        late = case_view(case, due.due + timedelta(seconds=1))
        assert late.standing.stand == Stand.OVERDUE
        actions.extend(case, due.number, to=due.due + timedelta(days=40), at=AT)
        assert case_view(case, due.due + timedelta(seconds=1)).steps[due.number - 1].stand != Stand.OVERDUE
        actions.block(case, due.number, why="店員が断った", at=AT)
        blocked = seen(case)
        assert blocked.standing.stand == Stand.BLOCKED
        assert blocked.steps[due.number - 1].why_blocked == "店員が断った"
        assert "店員".encode() not in bytes(blocked.steps[due.number - 1].row.why_blocked)
        for step in view.steps:
            actions.mark_done(case, step.row.number, done_at=AT, at=AT)
        done = seen(case)
        assert done.standing.stand == Stand.DONE
        assert done.case.ended == GuidedEnd.DONE
        actions.open_again(case, 1, at=AT)
        assert seen(case).case.ended == ""


def test_a_plan_that_was_put_aside_takes_nothing_until_it_is_taken_up_again() -> None:
    case = a_plan()
    with inside(case.reference):
        actions.give_up(case, at=AT)
        assert seen(case).standing.stand == Stand.ABANDONED
        with pytest.raises(Refused) as caught:
            actions.mark_done(case, 1, done_at=AT, at=AT)
        assert caught.value.code == "guided.ended"
        actions.take_up_again(case, at=AT)
        actions.mark_done(case, 1, done_at=AT, at=AT)


@pytest.mark.parametrize(
    ("deed", "code"),
    [
        (lambda case: actions.mark_done(case, 1, done_at=AT + timedelta(hours=1), at=AT), "guided.in_the_future"),
        (lambda case: actions.extend(case, 1, to=AT, at=AT), "guided.extended_to_the_past"),
        (lambda case: actions.extend(case, 1, to=AT + timedelta(days=900), at=AT), "guided.extended_too_far"),
        (lambda case: actions.mark_done(case, 99, done_at=AT, at=AT), "guided.no_such_step"),
        (lambda case: actions.block(case, 99, why="", at=AT), "guided.no_such_step"),
    ],
)
def test_what_cannot_be_is_refused(deed: object, code: str) -> None:
    case = a_plan()
    with inside(case.reference), pytest.raises(Refused) as caught:
        deed(case)  # type: ignore[operator]  # one of the deeds above
    assert caught.value.code == code


def corrected(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the directory know better than it did."""
    now = carriers()["docomo"]
    name = Text.model_validate(now.name.model_dump(by_alias=True) | {"en": "NTT docomo (corrected)"})
    known = dict(carriers()) | {"docomo": now.model_copy(update={"name": name})}
    monkeypatch.setattr("tojimari.terminations.guided.queries.carriers", lambda: known)


def test_corrected_facts_are_told_and_change_nothing_by_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    case = a_plan()
    with inside(case.reference):
        assert seen(case).news == ""
        corrected(monkeypatch)
        view = seen(case)
    assert view.news == "corrected"
    assert view.facts is not None
    assert view.facts.name.en == directory.carriers()["docomo"].name.en


def test_planned_anew_keeps_what_was_done_and_moves_the_deadlines() -> None:
    case = a_plan()
    with inside(case.reference):
        before = seen(case)
        actions.mark_done(case, 1, done_at=AT, at=AT)
        later = AT + timedelta(days=30)
        actions.plan_anew(case, facts=carriers()["docomo"], answers=LEAVING, at=later)
        after = seen(case)
        assert after.case.planned_at == later
        by_name = {step.row.name: step.row for step in after.steps}
        assert by_name[before.steps[0].row.name].done_at == AT
        assert [step.row.number for step in after.steps] == list(range(1, len(after.steps) + 1))
        ahead = next_deadline([step.row for step in after.steps], later)
        assert ahead is None or (ahead.due is not None and ahead.due >= later)


def test_a_deleted_plan_leaves_no_row_behind() -> None:
    case = a_plan()
    with inside(case.reference):
        actions.delete(case)
    with every_carrier():
        assert not GuidedCase.objects.exists()
        assert not GuidedStep.objects.exists()
        assert not GuidedEvidence.objects.exists()
    with inside(case.reference), pytest.raises(Refused) as caught:
        actions.mark_done(case, 1, done_at=AT, at=AT)
    assert caught.value.code == "guided.gone"
