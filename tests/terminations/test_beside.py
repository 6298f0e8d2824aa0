"""Does a certificate say that nothing else was touched exactly when nothing else was?"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.cast import MakeLine
from tests.terminations.play import CLERK, Clock, ask, work
from tojimari.lines.models import Carrier, Line, LineState, RestingNumber, Service, ServiceKind, Subscriber
from tojimari.proofs.models import Certificate, Event
from tojimari.proofs.queries import statement
from tojimari.terminations import actions, beside
from tojimari.terminations.models import CaseState, Step, StepState, Termination

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_worker")]


def said(case: Termination) -> dict[str, Any]:
    return statement(Certificate.objects.get(case_id=case.pk).jws)


def roaming_off(line: Line, clock: Clock) -> Termination:
    """End roaming on a line, by a named hand."""
    case = ask(line, clock, scope=ServiceKind.ROAMING)
    work(clock)
    actions.complete_step(step=case.steps.get(name="bar"), given={"note": "HSS"}, acting=CLERK, at=clock.now)
    work(clock)
    return case


def test_what_the_person_has_besides_is_the_same_before_and_after(
    sim_line: Line, esim_line: Line, roaming: Service, clock: Clock
) -> None:
    case = roaming_off(sim_line, clock)
    found = said(case)["untouched"]
    assert found["same"] is True
    assert (found["lines"], found["changed_otherwise"], found["changed_by_other_cases"]) == (2, [], 0)
    assert found["before"] == found["after"] == Event.objects.get(case_id=case.pk, number=1).data["beside"]


def test_what_another_case_of_theirs_ended_is_counted_apart(sim_line: Line, esim_line: Line, clock: Clock) -> None:
    first, second = ask(sim_line, clock), ask(esim_line, clock)
    work(clock)
    found = [said(case)["untouched"] for case in (first, second)]
    assert [one["same"] for one in found] == [True, True]
    assert found[0]["changed_by_other_cases"] + found[1]["changed_by_other_cases"] >= 1
    assert any(one["before"] != one["after"] for one in found)


def test_a_change_that_no_case_explains_is_named(sim_line: Line, esim_line: Line, clock: Clock) -> None:
    case = ask(sim_line, clock)
    Line.objects.filter(pk=esim_line.pk).update(state=LineState.PORTED_OUT)
    work(clock)
    found = said(case)["untouched"]
    assert found["same"] is False
    assert found["changed_otherwise"] == [{"what": "line", "before": "active", "after": "ported_out"}]


def over(line: Line, *, state: CaseState, clock: Clock) -> Termination:
    """A case of the person that is over, as of now, without anything having been done."""
    case = ask(line, clock)
    Line.objects.filter(pk=line.pk).update(state=LineState.ACTIVE)
    Termination.objects.filter(pk=case.pk).update(state=state, finished_at=clock.now)
    Step.objects.filter(termination=case).update(state=StepState.SKIPPED)
    return case


def test_what_was_over_before_explains_nothing(sim_line: Line, esim_line: Line, clock: Clock) -> None:
    over(esim_line, state=CaseState.COMPLETED, clock=clock)
    clock.move(days=1)
    case = ask(sim_line, clock)
    Line.objects.filter(pk=esim_line.pk).update(state=LineState.TERMINATED)
    work(clock)
    found = said(case)["untouched"]
    assert (found["same"], found["changed_by_other_cases"]) == (False, 0)
    assert found["changed_otherwise"] == [{"what": "line", "before": "active", "after": "terminated"}]


@pytest.mark.parametrize("state", [CaseState.REJECTED, CaseState.CANCELLED])
def test_a_case_that_ended_nothing_explains_no_end(
    sim_line: Line, esim_line: Line, clock: Clock, state: CaseState
) -> None:
    case = ask(sim_line, clock)
    clock.move(minutes=1)
    over(esim_line, state=state, clock=clock)
    Line.objects.filter(pk=esim_line.pk).update(state=LineState.TERMINATED)
    work(clock)
    assert said(case)["untouched"]["same"] is False


def test_a_case_that_was_given_back_explains_that_a_line_goes_on(sim_line: Line, esim_line: Line, clock: Clock) -> None:
    other = ask(esim_line, clock)
    case = ask(sim_line, clock)
    clock.move(minutes=1)
    Line.objects.filter(pk=esim_line.pk).update(state=LineState.ACTIVE)
    Termination.objects.filter(pk=other.pk).update(state=CaseState.CANCELLED, finished_at=clock.now)
    Step.objects.filter(termination=other).update(state=StepState.SKIPPED)
    work(clock)
    found = said(case)["untouched"]
    assert (found["same"], found["changed_by_other_cases"]) == (True, 1)


def test_a_case_that_runs_does_not_explain_that_a_number_was_ported_out(
    sim_line: Line, esim_line: Line, clock: Clock
) -> None:
    case = ask(sim_line, clock)
    ask(esim_line, clock)
    Line.objects.filter(pk=esim_line.pk).update(state=LineState.PORTED_OUT)
    work(clock)
    found = said(case)["untouched"]
    assert {"what": "line", "before": "active", "after": "ported_out"} in found["changed_otherwise"]


def test_a_service_that_lives_on_is_looked_at_and_one_that_ends_with_its_line_is_not(
    sim_line: Line, roaming: Service, clock: Clock
) -> None:
    Service.objects.create(carrier_id=sim_line.carrier_id, line=sim_line, kind=ServiceKind.OPTION, lives_on=True)
    case = ask(sim_line, clock)
    work(clock)
    found = said(case)["untouched"]
    assert (found["same"], found["services"]) == (True, 1)


def test_a_company_with_many_lines_costs_no_more(
    wang: Subscriber, make_line: MakeLine, clock: Clock, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    lines = [make_line(subscriber=wang) for _ in range(beside.MOST + 5)]
    case = Termination(line=lines[0], scope="line", subscriber=wang)
    with django_assert_num_queries(1):
        beside.keep([case])
    assert len(case.beside["lines"]) == beside.MOST
    with django_assert_num_queries(3):
        found = beside.compare({1: case.beside, 2: case.beside}, {1: clock.now, 2: clock.now})
    assert found[1] == found[2]
    with django_assert_num_queries(0):
        assert beside.compare({3: {}}, {3: clock.now}) == {}


def test_the_certificate_says_what_stays_until_when_and_what_becomes_of_the_number(
    sim_line: Line, clock: Clock
) -> None:
    case = ask(sim_line, clock)
    work(clock)
    found = said(case)
    proved = found["times"]["proved_at"]
    assert set(found["times"]) == {"requested_at", "effective_at", "barred_at", "executed_at", "proved_at"}
    assert found["times"]["requested_at"].endswith("+09:00")
    assert found["times"]["barred_at"] <= found["times"]["executed_at"] <= proved
    assert found["number"]["fate"] == "rests"
    assert found["number"]["closed_on"] == proved[:10]
    assert found["number"]["free_from"] > proved[:10]
    kept = {row["item"]: row for row in found["kept"]}
    assert kept["identity_record"]["basis"] == "law"
    assert kept["identity_record"]["until"] > proved[:10]
    assert found["asked"] == {
        "by": "carrier:file",
        "channel": "file",
        "proved": [{"step": "verify", "method": "waived", "by": "carrier:file"}]
        + [{"step": name, "method": "waived", "by": "carrier:file"} for name in ("papers", "form", "return_sim")],
    }
    assert found["shown"] == {"none": "file"}
    assert {"about": "closed", "by": "email"}.items() <= found["messages"][-1].items()
    assert "to" not in found["messages"][-1]


def test_the_number_rests_as_long_as_its_carrier_says_and_no_import_gives_it_out_before(
    sim_line: Line, clock: Clock
) -> None:
    Carrier.objects.filter(pk=sim_line.carrier_id).update(rest_days=400)
    case = ask(sim_line, clock)
    work(clock)
    found, until = said(case)["number"], {row["item"]: date.fromisoformat(row["until"]) for row in said(case)["kept"]}
    assert (found["fate"], found["rest_days"]) == ("rests", 400)
    assert until["number_person_link"] == date.fromisoformat(found["free_from"]) - timedelta(days=1)
    kept = RestingNumber.objects.get()
    assert (kept.msisdn, kept.free_from.isoformat()) == (sim_line.msisdn, found["free_from"])


def test_a_number_that_was_ported_in_goes_back(sim_line: Line, clock: Clock) -> None:
    Line.objects.filter(pk=sim_line.pk).update(ported_in=True)
    case = ask(sim_line, clock)
    work(clock)
    found, records = said(case)["number"], [row["item"] for row in said(case)["kept"]]
    assert (found["fate"], "free_from" in found, "number_person_link" in records) == ("returns", False, False)
    assert not RestingNumber.objects.exists()


def test_only_its_own_evidence_begins_to_age_when_a_service_ends(
    sim_line: Line, roaming: Service, clock: Clock
) -> None:
    case = roaming_off(sim_line, clock)
    found = said(case)
    assert found["number"] == {"fate": "stays"}
    assert [row["item"] for row in found["kept"]] == ["closure_evidence"]
