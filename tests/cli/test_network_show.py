"""Does `tojimari network show` tell what each element of a line says, and no more than it knows?"""

from __future__ import annotations

import argparse

import pytest

from tests.network.profile_server import Site, pki, site
from tests.support.setup_elements import WriteElements, write_elements
from tests.support.tmf640 import Tmf640
from tojimari.cli import CommandError, network
from tojimari.lines.models import Carrier, Line

__all__ = ["pki", "site", "write_elements"]

pytestmark = pytest.mark.django_db


def shown(carrier: Carrier, line: Line, *more: str) -> int:
    parser = argparse.ArgumentParser()
    network.add_arguments(parser)
    return network.run(parser.parse_args(["show", line.msisdn, "--carrier", carrier.slug, *more]))


def named(carrier: Carrier, **elements: str | list[str]) -> None:
    Carrier.objects.filter(pk=carrier.pk).update(elements=elements)


def test_of_a_profile_that_nothing_was_heard_of_nothing_is_claimed(
    site: Site, tabi: Carrier, esim_line: Line, capsys: pytest.CaptureFixture[str]
) -> None:
    named(tabi, esim=["es2plus", "simulated"])
    assert shown(tabi, esim_line) == 1  # the profile server has no question for it, so it does not say "known"
    assert network.run(argparse.Namespace(verb="seed", carrier="tabi")) == 0
    capsys.readouterr()
    assert shown(tabi, esim_line) == 0
    said = capsys.readouterr().out
    assert "  eSIM profile: nothing heard" in said
    assert "simulated (simulated)" in said
    assert said.count("On record: Yes") == 1


def test_a_service_is_asked_for_where_it_ends(
    write_elements: WriteElements, tabi: Carrier, sim_line: Line, capsys: pytest.CaptureFixture[str]
) -> None:
    with Tmf640() as platform:
        write_elements(
            f'[oss]\nkind = "tmf640"\nendpoint = "{platform.base}"\n'
            '[oss.scopes.roaming]\nid = "cfs-{imsi}"\ncharacteristic = "roaming"\noff = "off"\nidentity = "msisdn"\n'
        )
        named(tabi, roaming="oss")
        platform.add(f"cfs-{sim_line.imsi}", roaming="on", msisdn=sim_line.msisdn)
        assert shown(tabi, sim_line, "--scope", "roaming") == 0
        said = capsys.readouterr().out
        assert "  What the switch stands at: on\n" in said
        assert "  Every field, as compared:\n    category: #" in said
        assert "    serviceCharacteristic.roaming.value: on\n" in said
        assert platform.effects() == []


def test_an_element_that_is_away_does_not_hide_the_others(
    write_elements: WriteElements, tabi: Carrier, sim_line: Line, capsys: pytest.CaptureFixture[str]
) -> None:
    with Tmf640() as platform:
        write_elements(
            f'[oss]\nkind = "tmf640"\nendpoint = "{platform.base}"\n[oss.scopes.line]\nid = "cfs-{{imsi}}"\n'
        )
    named(tabi, physical_sim=["oss", "simulated"])
    with pytest.raises(CommandError, match=r"oss could not say: network\.refused"):
        shown(tabi, sim_line)
    assert "simulated > inspect line" in capsys.readouterr().out
