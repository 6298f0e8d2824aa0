"""Which element gets a line, how do handlers reach it, and what does the health check say of it?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.support.hlr import BadNetwork, Hlr, batch, host_for_this_process, results, target
from tojimari.network import handlers, health
from tojimari.network.elements import ELEMENTS, element
from tojimari.network.elements.osmohlr.ctrl import Ctrl
from tojimari.network.elements.osmohlr.wire import Trouble
from tojimari.network.routing import lane_for
from tojimari.network.seed import seed
from tojimari.platform.config import config


@pytest.fixture(autouse=True)
def _fresh_settings() -> Iterator[None]:
    """Settings and elements are read once per process; these tests change them."""
    config.cache_clear()
    element.cache_clear()
    yield
    config.cache_clear()
    element.cache_clear()


@pytest.fixture
def connected(hlr: Hlr, monkeypatch: pytest.MonkeyPatch) -> Hlr:
    """An installation that is connected to the test HLR."""
    monkeypatch.setenv("TOJIMARI_OSMOHLR_HOST", hlr.host)
    return hlr


def test_a_carrier_names_elements_by_kind_and_by_service() -> None:
    elements = {"esim": "osmohlr", "roaming": "by_hand", "physical_sim": "default"}
    assert lane_for(elements, "esim", "line") == "osmohlr"
    assert lane_for(elements, "esim", "roaming") == "by_hand"
    assert lane_for(elements, "physical_sim", "line") == "simulated"
    assert lane_for({}, "esim", "roaming") == "simulated"


def test_with_an_hlr_lines_go_there_and_single_services_to_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOJIMARI_OSMOHLR_HOST", "127.0.0.1")
    assert lane_for({}, "physical_sim", "line") == "osmohlr"
    assert lane_for({"roaming": "default"}, "esim", "roaming") == "by_hand"
    assert lane_for({"esim": "simulated"}, "esim", "line") == "simulated"


def test_an_unknown_element_is_refused_by_name() -> None:
    with pytest.raises(LookupError, match="'hss'"):
        lane_for({"esim": "hss"}, "esim", "line")
    with pytest.raises(LookupError, match="'hss'"):
        element("hss")


def test_every_element_of_the_registry_can_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOJIMARI_OSMOHLR_HOST", "127.0.0.1")
    for name in ELEMENTS:
        assert element(name).name == name
        assert element(name) is element(name)
        assert element(name).simulated == (name == "simulated")


def test_an_hlr_that_is_not_set_is_not_guessed() -> None:
    with pytest.raises(LookupError, match="TOJIMARI_OSMOHLR_HOST"):
        element("osmohlr")


def test_without_an_hlr_the_health_check_says_simulated() -> None:
    assert health.check() == (True, "simulated")


@pytest.mark.hlr
def test_handlers_close_a_line_in_the_connected_hlr(connected: Hlr) -> None:
    line = connected.new()
    assert health.check() == (True, "osmohlr")
    (inspected,) = handlers.inspect(batch(line), "osmohlr")
    earlier = {"inspect": inspected.evidence}
    for verb in (handlers.bar, handlers.restore, handlers.bar, handlers.remove):
        assert results(verb(batch(line, earlier=earlier), "osmohlr")) == [("done", "")]
    assert results(handlers.prove(batch(line, earlier={"remove": {}}), "osmohlr")) == [("done", "")]
    assert connected.record(line) is None


@pytest.mark.hlr
def test_health_names_the_port_that_does_not_answer(
    hlr: Hlr, bad_network: BadNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOJIMARI_OSMOHLR_HOST", hlr.host)
    for name in ("ctrl", "vty", "gsup"):
        monkeypatch.setenv(f"TOJIMARI_OSMOHLR_{name.upper()}_PORT", str(bad_network.port(name).port))
    assert health.check() == (True, "osmohlr")
    for name in ("ctrl", "vty", "gsup"):
        bad_network.port(name).arm("refuse")
        well, why = health.check()
        assert not well
        assert why.startswith(f"network.refused {name} {hlr.host}")
        bad_network.port(name).mend()


@pytest.mark.hlr
def test_seeding_gives_number_and_keys_and_completes_what_was_cut_off(hlr: Hlr) -> None:
    lines = [target(number) for number in range(50_000, 50_010)]
    hlr.ctrl(f"SET subscriber.create {lines[3].imsi}")  # as an interrupted run leaves it
    assert seed(lines[:6], hlr.settings) == 5
    assert seed(lines, hlr.settings) == 4
    records = [hlr.record(line) for line in lines]
    assert [record.msisdn for record in records if record] == [line.msisdn for line in lines]
    for line in lines:
        assert hlr.ctrl(f"GET subscriber.by-imsi-{line.imsi}.info-aud").endswith("(keys, not shown)")


@pytest.mark.hlr
def test_seeding_says_when_the_hlr_refuses_or_is_away(hlr: Hlr) -> None:
    taken = hlr.new()
    with pytest.raises(Trouble, match="unexpected_answer"):
        seed([target(60_000, msisdn=taken.msisdn)], hlr.settings)
    with pytest.raises(Trouble, match="refused"):
        seed([target(60_001)], replace(hlr.settings, host=host_for_this_process(offset=4)))


@pytest.mark.hlr
def test_an_idle_connection_that_the_hlr_has_dropped_is_not_used(hlr: Hlr) -> None:
    ctrl = Ctrl(hlr.settings)
    ctrl.ask_one("GET version")
    hlr.server.stop()
    hlr.server.start()
    assert ctrl.ask_one("GET version").startswith("ERROR")
    ctrl.close()
