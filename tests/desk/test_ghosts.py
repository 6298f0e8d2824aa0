"""Can staff see what a comparison found, settle it, and have it repaired by two of them?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.cast import MakeLine
from tests.desk.conftest import TONARI, AsStaff
from tojimari.lines.models import Carrier, Line
from tojimari.network.models import Finding, Reconciliation, Settlement, SimulatedSubscriber
from tojimari.network.reconciling.inputs import Inputs
from tojimari.network.reconciling.runs import reconcile
from tojimari.platform.acting import SYSTEM
from tojimari.platform.database.scope import carrier_scope, every_carrier
from tojimari.terminations import repairs
from tojimari.terminations.models import RepairWish, Termination

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(tabi: Carrier, make_line: MakeLine) -> Reconciliation:
    """One line that is closed and alive, and one that runs and is gone."""
    at = datetime.now(UTC)
    long_ago = at - timedelta(days=9)
    closed = make_line(state="terminated", ended_at=long_ago, number_off_at=long_ago, changed_at=long_ago)
    make_line(changed_at=long_ago)
    with carrier_scope(tabi.pk):
        SimulatedSubscriber.objects.create(carrier_id=tabi.pk, imsi=closed.imsi, msisdn=closed.msisdn)
        return reconcile(tabi, Inputs(live=True), as_of=at, acting=SYSTEM, at=at)


def address(run: Reconciliation) -> str:
    return f"/desk/ghosts/{run.reference}/"


def test_the_page_shows_picture_and_figures_and_no_whole_number(as_staff: AsStaff, run: Reconciliation) -> None:
    lead = as_staff("lead")
    assert run.reference in lead.get("/desk/ghosts/").content.decode()
    page = lead.get(address(run)).content.decode()
    assert "Closed in the books, alive in the network" in page
    assert '<svg class="picture"' in page
    assert "not looked for" not in page
    with every_carrier():
        lines = list(Line.objects.all())
    for line in lines:
        assert line.imsi[-4:] in page or line.msisdn[-4:] in page
        assert not any(whole in page for whole in (line.imsi, line.msisdn, line.iccid))
    assert "The repair bars the card, removes keys and record" in page
    assert "no data, no calls" in page
    only = lead.get(address(run) + "?kind=active_gone").content.decode()
    assert only.count('<section class="card"') == 1


@pytest.mark.parametrize("role", ["clerk", "agent", "reviewer", "auditor"])
def test_only_who_holds_the_right_sees_ghosts(as_staff: AsStaff, run: Reconciliation, role: str) -> None:
    browser = as_staff(role)
    assert browser.get("/desk/ghosts/").status_code == 403
    assert browser.get(address(run)).status_code == 403
    assert browser.post(address(run) + "repair/", {"do": "ask"}).status_code == 403


def test_the_neighbour_finds_nothing(as_staff: AsStaff, tonari: Carrier, run: Reconciliation) -> None:
    neighbour = as_staff("admin", carrier=tonari, host=TONARI)
    assert run.reference not in neighbour.get("/desk/ghosts/").content.decode()
    assert neighbour.get(address(run)).status_code == 404
    assert neighbour.post(address(run) + "repair/", {"do": "ask"}).status_code == 404
    with every_carrier():
        finding = Finding.objects.filter(run=run).first()
    assert finding is not None
    assert neighbour.post(f"{address(run)}findings/{finding.pk}/", {"note": "x"}).status_code == 404


def test_two_people_agree_and_the_case_stands_beside_its_finding(as_staff: AsStaff, run: Reconciliation) -> None:
    lead, admin = as_staff("lead"), as_staff("admin")
    assert lead.post(address(run) + "repair/", {"do": "ask"}).status_code == 302
    with every_carrier():
        wish = RepairWish.objects.get()
    own = lead.post(address(run) + "repair/", {"do": "confirm", "wish": wish.reference})
    assert own.status_code == 409
    assert "You asked for this repair yourself." in own.content.decode()
    assert "A colleague must look at it" in lead.get(address(run)).content.decode()
    assert admin.post(address(run) + "repair/", {"do": "confirm", "wish": wish.reference}).status_code == 302
    assert "Ask for the repair" not in admin.get(address(run)).content.decode()  # a worker is about to do it
    with every_carrier():
        assert repairs.carry_out_all(at=datetime.now(UTC)) == 1
        case = Termination.objects.get()
    assert case.reference in lead.get(address(run)).content.decode()
    shown = lead.get(f"/desk/cases/{case.reference}/")
    assert shown.status_code == 200
    assert lead.get(f"/desk/cases/{case.reference}/as-customer/").status_code == 200


def test_a_finding_is_settled_by_name_with_a_note(as_staff: AsStaff, run: Reconciliation) -> None:
    lead = as_staff("lead")
    with every_carrier():
        finding = Finding.objects.get(run=run, kind="active_gone")
    place = f"{address(run)}findings/{finding.pk}/"
    empty = lead.post(place, {"note": " "})
    assert empty.status_code == 409
    assert f'aria-describedby="error-{finding.pk}"' in empty.content.decode()
    assert lead.post(place, {"note": "put back in the HLR"}).status_code == 302
    with every_carrier():
        assert Settlement.objects.get().name == "鈴木 花子"
    page = lead.get(address(run)).content.decode()
    assert "put back in the HLR" in page
    assert place not in page
