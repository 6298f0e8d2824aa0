"""Does the engine end roaming at a PyHSS and at an activation platform, and does the certificate say who proved it?"""

from __future__ import annotations

import json

import pytest

from tests.network.site_pyhss import HssSite
from tests.network.site_tmf640 import PlatformSite
from tests.support.hlr import batch
from tests.support.pyhss import ABROAD, HOME_REALM
from tests.support.setup_elements import WriteElements
from tests.support.tmf640 import BASE
from tests.terminations import play
from tests.terminations.play import Clock, ask, states, work
from tojimari.lines.models import Carrier, Line, LineState
from tojimari.network import elements
from tojimari.network.routing import bar_by_themselves, lanes_for
from tojimari.platform.database.scope import every_carrier
from tojimari.proofs.queries import bundle, statement
from tojimari.terminations.handlers import HOUSE
from tojimari.terminations.models import CaseState

pytestmark = pytest.mark.django_db

FILE = """
[hss-east]
kind = "pyhss"
endpoint = "http://127.0.0.1:{hss}"
home_realms = ["{realm}"]

[oss]
kind = "tmf640"
endpoint = "http://127.0.0.1:{platform}{base}"

[oss.scopes.roaming]
id = "cfs-{{imsi}}"
characteristic = "roaming"
off = "off"
identity = "msisdn"
"""


@pytest.fixture
def both(
    hss: HssSite, platform: PlatformSite, write_elements: WriteElements, monkeypatch: pytest.MonkeyPatch
) -> tuple[HssSite, PlatformSite]:
    """One of each kind, as an operator's file names them."""
    write_elements(FILE.format(hss=hss.hss.port, platform=platform.platform.port, base=BASE, realm=HOME_REALM))
    monkeypatch.setattr(play, "LANES", [*elements.names(), HOUSE])
    return hss, platform


def close(line: Line, named: dict[str, str | list[str]], scope: str = "roaming") -> dict[str, object]:
    """End a scope of a line at these elements, through the engine; return what the certificate states."""
    Carrier.objects.filter(pk=line.carrier_id).update(elements=named)
    with every_carrier():
        line.refresh_from_db()
        clock = Clock()
        case = ask(line, clock, scope=scope)
        work(clock)
        case.refresh_from_db()
        line.refresh_from_db()
        assert case.state == CaseState.COMPLETED, states(case)
        signed: dict[str, object] = statement(bundle(case.reference)["certificate"])
    return signed


def test_roaming_ends_at_an_hss_and_the_certificate_says_that_nothing_else_changed(
    both: tuple[HssSite, PlatformSite], sim_line: Line
) -> None:
    hss, _ = both
    target = sim_line.target
    hss.hss.add(target.imsi, target.msisdn, **ABROAD)
    signed = close(sim_line, {"roaming": "hss-east"})
    after = hss.hss.subscriber(target.imsi)
    assert (after["roaming_enabled"], after["enabled"], after["serving_mme"]) == (False, True, None)
    assert sim_line.state == LineState.ACTIVE
    assert signed["terminated"] == {"by": "network_proof", "element": "hss-east", "how": "read_back"}
    steps = json.loads(json.dumps(signed["steps"]))
    assert steps["bar"]["others_changed"] == []
    assert steps["bar"]["before"]["subscriber.apn_list"] == steps["bar"]["after"]["subscriber.apn_list"] == "1,2"
    assert (steps["prove"]["service"], steps["prove"]["abroad"]) == ("off", False)
    assert target.imsi not in json.dumps(signed)


def test_roaming_ends_at_a_platform_that_takes_its_time(both: tuple[HssSite, PlatformSite], sim_line: Line) -> None:
    _, platform = both
    target = sim_line.target
    platform.platform.add(f"cfs-{target.imsi}", roaming="on", msisdn=target.msisdn, plan="trip-20")
    platform.platform.later = True
    asked: list[str] = []

    def look(heard: object) -> None:
        asked.append(str(heard))
        if len(asked) % 9 == 0:
            platform.platform.work()

    platform.platform.before = look
    signed = close(sim_line, {"roaming": "oss"})
    assert platform.roaming(target) == "off"
    assert platform.platform.value(f"cfs-{target.imsi}", "plan") == "trip-20"
    assert platform.platform.effects() == [f"PATCH {BASE}/service/cfs-{target.imsi}"]
    assert signed["terminated"] == {"by": "network_proof", "element": "oss", "how": "read_back"}


def test_roaming_ends_at_both(both: tuple[HssSite, PlatformSite], sim_line: Line) -> None:
    hss, platform = both
    target = sim_line.target
    hss.hss.add(target.imsi, target.msisdn, **ABROAD)
    platform.platform.add(f"cfs-{target.imsi}", roaming="on", msisdn=target.msisdn)
    signed = close(sim_line, {"roaming": ["oss", "hss-east"]})
    assert (platform.roaming(target), hss.hss.subscriber(target.imsi)["roaming_enabled"]) == ("off", False)
    assert signed["terminated"] == {"by": "network_proof", "element": "hss-east, oss", "how": "read_back"}


def test_a_whole_line_ends_at_an_hss(both: tuple[HssSite, PlatformSite], esim_line: Line) -> None:
    hss, _ = both
    target = esim_line.target
    hss.hss.add(target.imsi, target.msisdn, **ABROAD)
    signed = close(esim_line, {"esim": "hss-east"}, "line")
    assert hss.hss.left(target.imsi) == []
    assert esim_line.state == LineState.TERMINATED
    assert signed["terminated"] == {"by": "network_proof", "element": "hss-east", "how": "read_back"}


def test_they_switch_by_themselves_and_bear_the_names_of_the_file(both: tuple[HssSite, PlatformSite]) -> None:
    assert bar_by_themselves(["hss-east", "oss"])
    assert lanes_for({"roaming": ["oss", "hss-east"]}, "esim", "roaming") == ("oss", "hss-east")
    hss, _ = both
    line = hss.line()
    assert elements.element("hss-east").inspect(batch(line, name="inspect"))[0].evidence["element"] == "hss-east"
    assert lanes_for({"roaming": "pyhss"}, "esim", "roaming", line.imsi) == ("hss-east",)  # the only one of its kind
