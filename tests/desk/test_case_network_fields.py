"""Do staff see of a whole record what changed, and that the rest is as it was before the case?"""

from __future__ import annotations

import pytest

from tests.desk.conftest import AsStaff
from tests.support.setup_elements import WriteElements, write_elements
from tests.support.tmf640 import Tmf640
from tests.terminations import play
from tests.terminations.play import Clock, ask, states, work
from tojimari.lines.models import Carrier, Line
from tojimari.platform.database.scope import every_carrier
from tojimari.terminations.in_network import AtElement, in_network
from tojimari.terminations.models import Termination

__all__ = ["write_elements"]


def test_fields_of_a_record_stand_side_by_side_and_what_differs_comes_first(
    as_staff: AsStaff, sim_line: Line, tabi: Carrier, write_elements: WriteElements, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(play, "LANES", [*play.LANES, "oss"])
    with Tmf640() as platform:
        platform.add(f"cfs-{sim_line.imsi}", roaming="on", msisdn=sim_line.msisdn, plan="trip-20")
        write_elements(
            f'[oss]\nkind = "tmf640"\nendpoint = "{platform.base}"\n'
            '[oss.scopes.roaming]\nid = "cfs-{imsi}"\ncharacteristic = "roaming"\noff = "off"\nidentity = "msisdn"\n'
        )
        Carrier.objects.filter(pk=tabi.pk).update(elements={"roaming": "oss"})
        with every_carrier():
            case = ask(Line.objects.get(pk=sim_line.pk), clock := Clock(), scope="roaming")
            work(clock)
            assert states(case)["certificate"] == "done"
        at = in_network_now(case)
        page = as_staff("lead").get(f"/desk/cases/{case.reference}/network/").content.decode()
    same = [field for field in at.fields if not field.differs]
    came_with_the_change, switch = "operatingStatus", "serviceCharacteristic.roaming.value"
    assert [field.name for field in at.fields if field.differs] == [came_with_the_change, switch]
    assert [field.name for field in at.fields[:2]] == [came_with_the_change, switch]
    assert "serviceCharacteristic.plan.value" in {field.name for field in same}
    assert all(field.before == field.now == field.after for field in same)  # digests too: they are of one case
    assert 'serviceCharacteristic.roaming.value</span> <span class="tag">differs</span>' in page
    assert f"Every field of the record, as compared ({len(at.fields)})" in page
    assert "before." not in page


def in_network_now(case: Termination) -> AtElement:
    with every_carrier():
        found = Termination.objects.select_related("line__carrier").get(pk=case.pk)
        (at,) = in_network(found, list(found.steps.order_by("number")), live=True)
    return at
