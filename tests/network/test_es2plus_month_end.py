"""What if the profile server is away over a month end? Dates and yen stand, the network ends, the rest follows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.utils.translation import override

from tests.cast import MakeLine
from tests.network.profile_server import Site, bodies
from tests.support.faultproxy import FaultProxy
from tests.support.hlr import Hlr
from tests.support.smdp import Held, State
from tests.terminations.play import Clock, ask, assert_closed_exactly_once, states, work
from tojimari.lines.models import Carrier, Line, LineState
from tojimari.messages.models import Message
from tojimari.money.models import FinalBill
from tojimari.network.elements import element
from tojimari.network.elements.es2plus import client
from tojimari.network.elements.es2plus.notices import read
from tojimari.network.elements.es2plus.settings import providers
from tojimari.network.elements.osmohlr.element import OsmoHlrElement
from tojimari.network.seed import seed
from tojimari.platform.config import config
from tojimari.platform.database.scope import every_carrier
from tojimari.proofs.paper_facts import Names, sections
from tojimari.proofs.queries import bundle, statement
from tojimari.terminations.models import Step, Termination
from tojimari.terminations.profiles import take_notice

pytestmark = [pytest.mark.django_db, pytest.mark.hlr]

ASKED_AT = datetime(2027, 1, 25, 3, 0, tzinfo=UTC)  # noon in Japan
GONE_AT = datetime(2027, 1, 31, 14, 50, tzinfo=UTC)  # 23:50, ten minutes before the contract ends
ENDS_AT = datetime(2027, 1, 31, 15, 0, tzinfo=UTC)
SLOW_AT = datetime(2027, 2, 1, 18, 0, tzinfo=UTC)  # 3:00 on 2 February
PERSON = "someone@mail.example"
BACK_AT = datetime(2027, 2, 2, 8, 0, tzinfo=UTC)  # 17:00 on 2 February


@pytest.fixture
def real(hlr: Hlr, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hlr]:
    """The carrier's lines live in a real HLR; answers that do not come are not waited for long."""
    monkeypatch.setattr(client, "ANSWER_WITHIN", 0.4)
    monkeypatch.setattr(client, "CONNECT_WITHIN", 0.4)
    monkeypatch.setenv("TOJIMARI_OSMOHLR_HOST", hlr.host)
    config.cache_clear()
    element.cache_clear()
    yield hlr
    used = element("osmohlr")
    element.cache_clear()
    assert isinstance(used, OsmoHlrElement)
    used.close()


def try_until(clock: Clock, until: datetime) -> None:
    """Let the worker do what is due, every four hours."""
    while clock.now < until:
        work(clock, forward=False)
        clock.move(hours=4)
    clock.now = until
    work(clock, forward=False)


def told_that_it_is_over(case: Termination) -> list[Message]:
    return list(Message.objects.filter(case_id=case.pk, key="closed"))


def downloaded(site: Site, line: Line) -> None:
    """Let the server tell that the profile is on a phone.

    After slow answers nothing else shows why its order cannot be cancelled: by a download, or by us before.
    """
    told = {
        "header": {"functionRequesterIdentifier": "2.5.4", "functionCallIdentifier": "N-1"},
        "iccid": line.iccid.ljust(20, "F"),
        "timestamp": "2026-04-02T10:00:00+09:00",
        "notificationPointId": 4,
        "notificationPointStatus": {"status": "Executed-Success"},
    }
    take_notice(read(json.dumps(told).encode(), providers()["smdp"]), carrier=site.carrier, at=ASKED_AT)


@pytest.mark.parametrize(
    ("profile", "after", "stands", "words"),
    [
        (State.RELEASED, State.UNAVAILABLE, "cancelled", "Cancelled before anybody downloaded it."),
        (State.INSTALLED, State.INSTALLED, "installed", "Still on the phone, until its chip confirms"),
    ],
)
def test_the_network_ends_the_line_in_time_and_the_rest_goes_on_by_itself(
    site: Site,
    bad_line: FaultProxy,
    real: Hlr,
    make_line: MakeLine,
    profile: State,
    after: State,
    stands: str,
    words: str,
) -> None:
    Carrier.objects.filter(pk=site.carrier.pk).update(elements={"esim": ["es2plus", "osmohlr"]})
    line = make_line(kind="esim", carrier=site.carrier, email=PERSON)
    held = site.smdp.profiles[line.iccid] = Held(profile, line.eid)
    clock = Clock(ASKED_AT)
    with every_carrier():
        line.refresh_from_db()
        seed([line.target])
        if profile is State.INSTALLED:
            downloaded(site, line)
        case = ask(line, clock, effective="month-end")
        yen = case.quote
        assert case.ends_at == ENDS_AT
        assert yen["total_yen"] > 0, "the month that is begun is paid whole"
        assert {row["month"] for row in yen["lines"] if "month" in row} == {"2027-01"}

        clock.now = GONE_AT
        bad_line.arm("refuse")
        work(clock, forward=False)
        assert states(case)["inspect@es2plus"] == "open", "the contract still runs"
        clock.now = ENDS_AT
        try_until(clock, SLOW_AT)
        # The contract is over: calls and data are off since then. What can be undone is kept until the server is back.
        record = real.record(line.target)
        assert record is not None
        assert (record.nam_cs, record.nam_ps) == (False, False)
        asking = Step.objects.get(termination=case, name="remove@es2plus")
        assert (asking.state, asking.code) == ("open", "network.refused"), states(case)
        assert states(case)["remove"] == "waiting"

        bad_line.arm("delay", delay=2.0)
        try_until(clock, BACK_AT)
        line.refresh_from_db()
        case.refresh_from_db()
        assert line.state == LineState.PENDING_TERMINATE
        assert (case.requested_at, case.ends_at, case.quote) == (ASKED_AT, ENDS_AT, yen)
        assert bodies(site) == []
        assert not told_that_it_is_over(case), "nobody is told before it is so"

        bad_line.mend()
        work(clock)
        assert_closed_exactly_once(case)
        assert (case.requested_at, case.ends_at, case.quote) == (ASKED_AT, ENDS_AT, yen)
        bill = FinalBill.objects.get(case_id=case.pk)
        assert (bill.total_yen, bill.lines) == (yen["total_yen"], yen["lines"])
        (letter,) = told_that_it_is_over(case)
        assert letter.to == PERSON
        assert "2027年1月31日 24:00" in letter.body
        assert f"合計：{yen['total_yen']:,}円" in letter.body
        signed = statement(bundle(case.reference)["certificate"])
    assert real.record(line.target) is None
    assert held.state is after
    calls = {body["header"]["functionCallIdentifier"] for body in bodies(site)}
    cancelled = [heard for heard in site.smdp.heard if heard.status == "Executed-Success"]
    assert len(cancelled) == (1 if profile is State.RELEASED else 0), "an order is cancelled once"
    assert len(calls) == len(bodies(site)) == (2 if profile is State.RELEASED else 1), "the proof asks once more"
    assert signed["times"]["requested_at"] == "2027-01-25T12:00:00+09:00"
    assert signed["times"]["effective_at"] == "2027-02-01T00:00:00+09:00"
    assert signed["times"]["barred_at"] == "2027-02-01T00:00:00+09:00"
    assert signed["times"]["executed_at"] >= "2027-02-02T17:00:00+09:00"
    assert signed["terminated"] == {"by": "network_proof", "element": "osmohlr"}
    assert signed["profile"] == {"stands": stands}
    assert signed["steps"]["prove"]["reattach"] == "rejected"
    with override("en"):
        shown = [value for _title, rows in sections(signed, {}, Names({}, {})) for _label, value in rows]
    assert any(words in value for value in shown)
