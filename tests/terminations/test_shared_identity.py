"""Is a neighbour's line left alone when it has the IMSI of one that ends, and no number tells them apart?"""

from __future__ import annotations

import pytest

from tests.cast import MakeLine
from tests.terminations.play import Clock, ask, work
from tojimari.lines.models import Carrier, LineState
from tojimari.network.looking import look
from tojimari.network.models import SimulatedSubscriber
from tojimari.network.seed import seed
from tojimari.terminations.models import Step, Termination

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_worker")]


def step(case: Termination) -> tuple[str, str, str]:
    found = Step.objects.get(termination=case, state__in=("stuck", "open"))
    return found.name, found.state, found.code


@pytest.mark.parametrize("state", [LineState.ACTIVE, LineState.TERMINATED])
def test_two_carriers_lines_without_a_number_and_with_one_imsi(
    make_line: MakeLine, tonari: Carrier, clock: Clock, state: LineState
) -> None:
    ours, alone = make_line(msisdn=""), make_line(msisdn="")
    theirs = make_line(carrier=tonari, msisdn="", imsi=ours.imsi, state=state)
    seed(line.target for line in (theirs, alone))
    cases = [ask(line, clock) for line in (ours, alone)]
    work(clock)
    for case in cases:
        case.refresh_from_db()
    assert cases[1].state == "completed"
    assert not SimulatedSubscriber.objects.filter(imsi=alone.imsi).exists()
    if state == LineState.TERMINATED:
        assert cases[0].state == "completed"
        return
    assert step(cases[0]) == ("inspect", "stuck", "network.other_subscriber")
    assert SimulatedSubscriber.objects.filter(imsi=theirs.imsi).exists()
    seen, clear = (look(["simulated"], line.target)[0] for line in (ours, make_line(msisdn="")))
    assert (seen.code, dict(seen.facts)) == ("network.other_subscriber", {}), "nor is it shown"
    assert clear.code == ""


def test_a_number_tells_whose_the_record_is(make_line: MakeLine, tonari: Carrier, clock: Clock) -> None:
    ours = make_line()
    make_line(carrier=tonari, imsi=ours.imsi)
    seed([ours.target])
    case = ask(ours, clock)
    work(clock)
    case.refresh_from_db()
    assert case.state == "completed"
