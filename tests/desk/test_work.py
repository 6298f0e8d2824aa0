"""Does a member of staff get a case through, with what was typed kept and every refusal beside its field?"""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.cast import MakeLine
from tests.desk.conftest import AsStaff
from tests.terminations.play import Clock, ask, work
from tojimari.lines.models import Line, Service
from tojimari.platform.database.scope import every_carrier
from tojimari.proofs.models import Event
from tojimari.terminations.models import Step, Termination


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime.now(UTC))


def begin(line: Line, clock: Clock, *, scope: str = "line", effective: str = "now") -> Termination:
    with every_carrier():
        case = ask(line, clock, scope=scope, effective=effective, channel="portal")
        work(clock, forward=False)
    return case


def waiting(browser: Client) -> list[str]:
    """Steps that the first page offers to open, in its order."""
    return re.findall(r"/desk/steps/(\d+)/", browser.get("/desk/").content.decode())


def test_takes_a_physical_sim_from_the_visit_to_the_returned_card(
    as_staff: AsStaff, sim_line: Line, clock: Clock
) -> None:
    case = begin(sim_line, clock)
    browser = as_staff("clerk")
    given = [
        {"came": "on", "place": "羽田"},
        {"passport_or_residence_card": "passport", "receipt_or_contract": "receipt", "not_expired": "on"},
        {"signed": "on"},
        {"condition": "returned", "iccid": sim_line.iccid},
    ]
    for fields in given:
        (step,) = waiting(browser)
        answer = browser.post(f"/desk/steps/{step}/", fields)
        assert answer.status_code == 302, answer.content.decode()
    assert waiting(browser) == []
    with every_carrier():
        work(clock)
        case.refresh_from_db()
    assert case.state == "completed"
    page = browser.get(f"/desk/cases/{case.reference}/").content.decode()
    assert "A visited network asked for the line and was rejected." in page
    assert "鈴木 花子" in page
    assert sim_line.iccid not in page


def test_shows_a_refusal_beside_its_field_and_keeps_what_was_typed(
    as_staff: AsStaff, sim_line: Line, tanaka_line: Line, clock: Clock
) -> None:
    case = begin(sim_line, clock)
    with every_carrier():
        Step.objects.filter(termination=case, name__in=("visit", "papers", "form")).update(state="done")
        Step.objects.filter(termination=case, name="return_sim").update(state="open")
        step = Step.objects.get(termination=case, name="return_sim")
    page = as_staff("clerk").post(
        f"/desk/steps/{step.pk}/", {"condition": "returned", "iccid": tanaka_line.iccid, "note": "from the red bag"}
    )
    text = page.content.decode()
    assert "This is the card of another line." in text
    assert re.search(r'id="id_iccid"[^>]*aria-invalid="true"|aria-invalid="true"[^>]*id="id_iccid"', text)
    assert tanaka_line.iccid in text
    assert "from the red bag" in text


def test_says_everything_that_a_paper_check_misses(as_staff: AsStaff, sim_line: Line, clock: Clock) -> None:
    case = begin(sim_line, clock)
    with every_carrier():
        Step.objects.filter(termination=case, name="visit").update(state="done")
        Step.objects.filter(termination=case, name="papers").update(state="open")
        step = Step.objects.get(termination=case, name="papers")
    browser = as_staff("clerk")
    path = f"/desk/steps/{step.pk}/"
    assert "A paper has not been seen yet." in browser.post(path, {}).content.decode()
    half = {"passport_or_residence_card": "passport", "receipt_or_contract": "receipt"}
    assert "Nobody has looked whether the document has expired." in browser.post(path, half).content.decode()
    wrong = browser.post(path, half | {"mrz": "P<CHN"}).content.decode()
    assert "The check digits of these lines do not fit" in wrong


def test_a_reviewer_approves_an_esim(as_staff: AsStaff, esim_line: Line, clock: Clock) -> None:
    begin(esim_line, clock, effective="3bd")
    browser = as_staff("reviewer")
    (step,) = waiting(browser)
    assert browser.post(f"/desk/steps/{step}/", {}).status_code == 200
    assert browser.post(f"/desk/steps/{step}/", {"approved": "on"}).status_code == 302
    assert waiting(browser) == []


def test_a_reviewer_does_not_accept_a_case_and_says_why(as_staff: AsStaff, esim_line: Line, clock: Clock) -> None:
    case = begin(esim_line, clock, effective="3bd")
    browser = as_staff("reviewer")
    assert browser.post(f"/desk/cases/{case.reference}/reject/", {"code": "made.up"}).status_code == 409
    assert browser.post(f"/desk/cases/{case.reference}/reject/", {"code": "rejected.wrong_line"}).status_code == 302
    with every_carrier():
        case.refresh_from_db()
        esim_line.refresh_from_db()
    assert (case.state, case.code, esim_line.state) == ("rejected", "rejected.wrong_line", "active")


def test_roaming_ends_by_hand_with_a_name(as_staff: AsStaff, sim_line: Line, roaming: Service, clock: Clock) -> None:
    case = begin(sim_line, clock, scope="roaming")
    browser = as_staff("agent")
    (step,) = waiting(browser)
    path = f"/desk/steps/{step}/"
    assert "This is switched off by hand." in browser.get(path).content.decode()
    assert "Write down what you did." in browser.post(path, {"note": ""}).content.decode()
    assert browser.post(path, {"note": "Switched off in the core console.", "reference": "R-77"}).status_code == 302
    with every_carrier():
        work(clock)
        case.refresh_from_db()
        roaming.refresh_from_db()
    assert (case.state, roaming.state) == ("completed", "terminated")
    assert "Attested by 鈴木 花子" in browser.get(f"/desk/cases/{case.reference}/").content.decode()


def test_a_lead_holds_a_case_and_lets_it_go_on(as_staff: AsStaff, sim_line: Line, clock: Clock) -> None:
    case = begin(sim_line, clock)
    browser = as_staff("lead")
    browser.post(f"/desk/cases/{case.reference}/hold/", {"code": "hold.dispute"})
    page = browser.get(f"/desk/cases/{case.reference}/").content.decode()
    assert "A question about the contract or the bill is being looked into." in page
    assert "Let it go on" in page
    browser.post(f"/desk/cases/{case.reference}/resume/")
    with every_carrier():
        case.refresh_from_db()
        actors = set(Event.objects.filter(case_id=case.pk, name="termination.held").values_list("actor", flat=True))
    assert case.state == "in_progress"
    assert all(actor.startswith("staff:") for actor in actors)


@pytest.mark.parametrize("spelling", ["reference", "small letters", "number", "card"])
def test_finds_a_case_by_whatever_is_at_hand(as_staff: AsStaff, sim_line: Line, clock: Clock, spelling: str) -> None:
    case = begin(sim_line, clock)
    wanted = {
        "reference": case.reference,
        "small letters": case.reference.lower().replace("-", " "),
        "number": f"0{sim_line.msisdn[2:]}",
        "card": sim_line.iccid,
    }[spelling]
    answer = as_staff("clerk").post("/desk/find/", {"wanted": wanted})
    assert f"/desk/cases/{case.reference}/" in answer.content.decode()


def test_nobody_leafs_through_the_numbers_on_any_page(as_staff: AsStaff, sim_line: Line, clock: Clock) -> None:
    clerk = as_staff("clerk")
    for _ in range(60):
        clerk.post("/desk/find/", {"wanted": "09000000000"})
    page = clerk.post("/desk/find/", {"wanted": sim_line.iccid}).content.decode()
    assert "You have searched very often within an hour. Wait 1 minutes" in page
    assert "王小明" not in page


def test_lists_what_waits_in_few_queries(
    as_staff: AsStaff, make_line: MakeLine, clock: Clock, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(6):
        begin(make_line(), clock)
    browser = as_staff("clerk")
    browser.get("/desk/")
    with django_assert_max_num_queries(7):
        page = browser.get("/desk/").content.decode()
    assert page.count("/desk/steps/") == 6
