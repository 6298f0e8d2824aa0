"""Does the engine end an eSIM at its profile server and its HLR, before and after somebody has downloaded it?"""

from __future__ import annotations

import pytest

from tests.network.profile_server import Site
from tests.support.hlr import Hlr
from tests.support.smdp import Held, State
from tests.terminations.play import Clock, ask, states, work
from tojimari.lines.models import Carrier, Line, LineState
from tojimari.network.elements import element
from tojimari.network.elements.osmohlr.element import OsmoHlrElement
from tojimari.network.routing import bar_by_themselves, lanes_for
from tojimari.network.seed import seed
from tojimari.platform.config import config
from tojimari.platform.database.scope import every_carrier
from tojimari.proofs.queries import bundle, statement
from tojimari.terminations.models import CaseState
from tojimari.terminations.profiles import ProfileStands, standing_of

pytestmark = pytest.mark.django_db

SERVER_AND_NETWORK = {"esim": ["es2plus", "simulated"]}


@pytest.mark.parametrize(
    ("state", "after", "found", "stands"),
    [
        (State.RELEASED, State.UNAVAILABLE, "cancelled", ProfileStands.CANCELLED),
        (State.INSTALLED, State.INSTALLED, "installed", ProfileStands.WAITING),
    ],
)
def test_an_esim_is_closed_before_its_download_and_after(
    site: Site, esim_line: Line, state: State, after: State, found: str, stands: ProfileStands
) -> None:
    Carrier.objects.filter(pk=site.carrier.pk).update(elements=SERVER_AND_NETWORK)
    held = site.smdp.profiles[esim_line.iccid] = Held(state, esim_line.eid)
    with every_carrier():
        esim_line.refresh_from_db()
        seed([esim_line.target])
        clock = Clock()
        case = ask(esim_line, clock)
        work(clock)
        case.refresh_from_db()
        esim_line.refresh_from_db()
        assert case.state == CaseState.COMPLETED, states(case)
        standing = standing_of(case, list(case.steps.all()))
        signed = statement(bundle(case.reference)["certificate"])
    assert held.state is after
    assert esim_line.state == LineState.TERMINATED
    assert standing is not None
    assert (standing.stands, standing.confirmed) == (stands, False)
    assert signed["steps"]["remove@es2plus"]["profile"] == signed["steps"]["prove@es2plus"]["profile"] == found


@pytest.mark.hlr
def test_with_a_real_hlr_behind_it_the_network_itself_proves_the_end(
    site: Site, hlr: Hlr, esim_line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOJIMARI_OSMOHLR_HOST", hlr.host)
    config.cache_clear()
    element.cache_clear()
    Carrier.objects.filter(pk=site.carrier.pk).update(elements={"esim": ["es2plus", "osmohlr"]})
    held = site.smdp.profiles[esim_line.iccid] = Held(State.RELEASED, esim_line.eid)
    try:
        with every_carrier():
            esim_line.refresh_from_db()
            seed([esim_line.target])
            clock = Clock()
            case = ask(esim_line, clock)
            work(clock)
            case.refresh_from_db()
            assert case.state == CaseState.COMPLETED, states(case)
            signed = statement(bundle(case.reference)["certificate"])
    finally:
        real = element("osmohlr")
        element.cache_clear()
    assert isinstance(real, OsmoHlrElement)
    real.close()
    assert held.state is State.UNAVAILABLE
    assert signed["terminated"]["by"] == "network_proof"
    assert signed["simulated"] is False
    assert signed["steps"]["prove"]["reattach"] == "rejected"


def test_a_server_that_is_away_holds_the_line_up_and_moves_no_date(site: Site, esim_line: Line) -> None:
    Carrier.objects.filter(pk=site.carrier.pk).update(elements=SERVER_AND_NETWORK)
    site.smdp.profiles[esim_line.iccid] = Held(State.RELEASED, esim_line.eid)
    site.settings(port=1)
    with every_carrier():
        esim_line.refresh_from_db()
        seed([esim_line.target])
        clock = Clock()
        case = ask(esim_line, clock)
        ends_at = case.ends_at
        for _ in range(6):
            work(clock, forward=False)
            clock.move(hours=6)
        esim_line.refresh_from_db()
        assert esim_line.state == LineState.PENDING_TERMINATE
        site.settings()
        work(clock)
        case.refresh_from_db()
    assert (case.state, case.ends_at) == (CaseState.COMPLETED, ends_at)


def test_it_stands_before_what_holds_the_line_and_never_alone() -> None:
    assert element("es2plus").name == "es2plus"
    assert lanes_for(SERVER_AND_NETWORK, "esim", "line") == ("es2plus", "simulated")
    assert bar_by_themselves(["es2plus", "simulated"])
    assert not bar_by_themselves(["es2plus"])
    for alone in ("es2plus", ["simulated", "es2plus"]):
        with pytest.raises(LookupError, match="holds no line"):
            lanes_for({"esim": alone}, "esim", "line")
