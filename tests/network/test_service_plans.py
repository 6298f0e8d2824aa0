"""Does a plan say what is then really sent to a PyHSS and to an activation platform? And does it send nothing?"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.network.site_pyhss import HssSite
from tests.network.site_tmf640 import PlatformSite
from tests.support.hlr import batch
from tests.support.pyhss import ABROAD
from tojimari.network.elements.pyhss.element import PyHss
from tojimari.network.elements.tmf640.element import Tmf640
from tojimari.network.planning import Order, Plans
from tojimari.platform.work import Outcome, Target

pytestmark = pytest.mark.django_db

VERBS = ("inspect", "bar", "remove", "prove")


def planned(site: HssSite | PlatformSite, line: Target, verb: str) -> Sequence[Order]:
    (work,) = batch(line, name=verb, scope=site.scope, earlier=dict(site.evidence)).works
    element: PyHss | Tmf640 = site.element
    assert isinstance(element, Plans)
    return element.plan(work)


def requests(outcome: Outcome) -> set[str]:
    """Method and path of all that was sent, without what looks for a record in a second way or for a sign of life."""
    sent = {entry["sent"].partition(" {")[0] for entry in outcome.evidence["exchange"]}
    return {one for one in sent if "msisdn/" not in one and "/auc/imsi" not in one and "/apn/list" not in one}


@pytest.mark.parametrize("scope", ["roaming", "line"])
def test_a_plan_names_what_a_pyhss_is_sent(hss: HssSite, scope: str) -> None:
    hss.scope = scope
    line = hss.line(where=ABROAD)
    before = [str(order.sent) for verb in VERBS for order in planned(hss, line, verb)]
    assert hss.hss.heard == []
    assert any("{auc_id}" in sent for sent in before)
    assert line.imsi not in str(before)
    hss.walk(line, "inspect")
    for verb in ("bar", "restore", *VERBS[2:]):
        if verb == "remove":
            hss.walk(line, "bar")
        orders = planned(hss, line, verb)
        assert {order.sent.partition(" {")[0] for order in orders} == requests(hss.do(verb, line))


@pytest.mark.parametrize("scope", ["roaming", "line"])
def test_a_plan_names_what_a_platform_is_sent(platform: PlatformSite, scope: str) -> None:
    platform.scope = scope
    line = platform.line()
    for verb in (*VERBS[:2], "restore", *VERBS[1:]):
        heard = len(platform.platform.heard)
        orders = [order for order in planned(platform, line, verb) if order.note != "if_later"]
        assert len(platform.platform.heard) == heard
        sent = {order.sent.partition(" {")[0] for order in orders}
        assert sent == requests(platform.do(verb, line))
        assert line.imsi not in str(sent)


def test_there_is_no_plan_for_what_does_not_end_there(hss: HssSite, platform: PlatformSite) -> None:
    for site in (hss, platform):
        site.scope = "data"
        assert list(planned(site, hss.line(number=3), "bar")) == []
        hss.hss.tables = {name: {} for name in hss.hss.tables}


def test_a_change_is_shown_with_its_value(platform: PlatformSite) -> None:
    sent = [order.sent for order in planned(platform, platform.line(), "bar")]
    assert sent[1] == 'PATCH /service/cfs-…0001 {"serviceCharacteristic": [{"name": "roaming", "value": "off"}], …}'
