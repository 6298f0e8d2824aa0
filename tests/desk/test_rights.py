"""Does everybody at the desk see and do what their role is for, and nothing else?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client

from tests.counter.conftest import a_shop
from tests.desk.conftest import TABI, TONARI, AsStaff
from tests.terminations.play import Clock, ask, work
from tojimari.counter.models import Visit
from tojimari.desk.access import RIGHT_FOR_STEP, RIGHTS, Right, Staff, cases_elsewhere, right_for
from tojimari.desk.models import StaffRole
from tojimari.lines.models import Carrier, Line
from tojimari.platform.database.scope import every_carrier
from tojimari.terminations.models import Actor, Step, Termination
from tojimari.terminations.procedures import STEPS

NOON = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def visit_of(line: Line) -> Step:
    """The visit that a case of this line waits for."""
    clock = Clock(datetime.now(UTC))
    with every_carrier():
        case = ask(line, clock, channel="portal")
        work(clock, forward=False)
        return case.steps.get(name="visit")


def test_every_role_has_its_rights_and_every_right_somebody() -> None:
    assert set(RIGHTS) == set(StaffRole)
    assert set().union(*RIGHTS.values()) == set(Right)
    assert RIGHTS[StaffRole.AUDITOR] == {Right.SEE, Right.FIND, Right.AUDIT}
    assert not {Right.AUDIT, Right.SETTINGS, Right.STAFF} & RIGHTS[StaffRole.LEAD]


def test_every_step_that_staff_can_have_needs_a_right_of_its_own() -> None:
    theirs = {name for name, actors in STEPS.items() if Actor.STAFF in actors}
    assert theirs == set(RIGHT_FOR_STEP)
    assert right_for("bar", "system") == Right.ATTEST


@pytest.mark.parametrize(
    ("role", "may"), [("clerk", True), ("agent", False), ("reviewer", False), ("lead", True), ("auditor", False)]
)
def test_only_roles_for_the_counter_complete_a_visit(as_staff: AsStaff, sim_line: Line, role: str, may: bool) -> None:
    step = visit_of(sim_line)
    browser = as_staff(role)
    page = browser.get(f"/desk/steps/{step.pk}/").content.decode()
    assert ("does not wait for you" in page) is not may
    answer = browser.post(f"/desk/steps/{step.pk}/", {"came": "on"})
    with every_carrier():
        step.refresh_from_db()
    assert (answer.status_code, step.state) == ((302, "done") if may else (409, "open"))


@pytest.mark.parametrize(("state", "binds"), [("booked", True), ("came", True), ("held", False), ("cancelled", False)])
def test_a_visit_binds_its_case_to_its_shop_and_an_offer_that_nobody_took_does_not(
    tabi: Carrier, sim_line: Line, state: str, binds: bool
) -> None:
    case = visit_of(sim_line).termination_id
    with every_carrier():
        Visit.objects.create(
            carrier=tabi,
            shop=a_shop(tabi, "shinjuku"),
            case_id=case,
            reference="TJ-0000-0000",
            code="V-0000-0000",
            starts_at=NOON,
            ends_at=NOON + timedelta(minutes=20),
            seat=1,
            state=state,
            held_until=NOON if state == "held" else None,
            booked_by="staff:7",
            created_at=NOON,
            changed_at=NOON,
        )
        elsewhere = Staff(7, "鈴木 花子", StaffRole.CLERK, tabi, frozenset({"haneda"}))
        assert (cases_elsewhere(elsewhere, [case], NOON) == {case}) is binds


@pytest.mark.parametrize("deed", ["hold", "resume", "reject"])
def test_an_auditor_changes_nothing(as_staff: AsStaff, sim_line: Line, deed: str) -> None:
    step = visit_of(sim_line)
    with every_carrier():
        case = Termination.objects.get(pk=step.termination_id)
    answer = as_staff("auditor").post(f"/desk/cases/{case.reference}/{deed}/", {"code": "hold.request"})
    assert answer.status_code == 403
    with every_carrier():
        case.refresh_from_db()
    assert case.state == "in_progress"


def test_staff_of_the_neighbour_find_nothing_here(as_staff: AsStaff, tonari: Carrier, sim_line: Line) -> None:
    step = visit_of(sim_line)
    with every_carrier():
        reference = Termination.objects.get(pk=step.termination_id).reference
    neighbour = as_staff("admin", carrier=tonari, host=TONARI)
    assert neighbour.get("/desk/").status_code == 200
    assert sim_line.subscriber.name not in neighbour.get("/desk/").content.decode()
    paths = [f"/desk/steps/{step.pk}/", f"/desk/cases/{reference}/"]
    assert [neighbour.get(path).status_code for path in paths] == [404, 404]
    assert neighbour.post(f"/desk/steps/{step.pk}/retry/").status_code == 404
    assert neighbour.post(f"/desk/steps/{step.pk}/try-now/").status_code == 404
    found = neighbour.post("/desk/find/", {"wanted": sim_line.iccid}).content.decode()
    assert "Nothing is known under that." in found


def test_a_place_at_one_carrier_opens_no_other(as_staff: AsStaff, tonari: Carrier) -> None:
    assert as_staff("admin", carrier=tonari, host=TABI).get("/desk/").status_code == 404


def test_an_account_without_any_place_is_told_nothing(tabi: Carrier) -> None:
    browser = Client(SERVER_NAME=TABI)
    browser.force_login(User.objects.create_user("nobody", "nobody@mail.example", "x"))
    assert browser.get("/desk/").status_code == 404


def test_without_a_second_factor_the_desk_stays_shut_outside_a_demonstration(
    as_staff: AsStaff, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = __import__("tojimari.platform.config", fromlist=["config"]).config()
    strict = real.model_copy(update={"demo": False})
    monkeypatch.setattr("tojimari.desk.access.config", lambda: strict)
    answer = as_staff("lead").get("/desk/")
    assert answer["Location"] == "/desk/second-factor/"


def test_a_desk_left_alone_for_an_hour_asks_for_the_sign_in_again(as_staff: AsStaff) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        browser = as_staff("lead")
        assert browser.get("/desk/").status_code == 200
        clock.shift(timedelta(minutes=59))
        assert browser.get("/desk/").status_code == 200
        clock.shift(timedelta(minutes=61))
        assert browser.get("/desk/")["Location"].startswith("/staff/login/?next=/desk/")


def test_nobody_signs_up_as_staff(tabi: Carrier) -> None:
    browser = Client(SERVER_NAME=TABI, HTTP_ACCEPT_LANGUAGE="en")
    answer = browser.post("/staff/signup/", {"email": "me@mail.example", "password1": "aB3-xyz-long-enough"})
    assert answer.status_code == 200
    assert not User.objects.filter(email="me@mail.example").exists()
