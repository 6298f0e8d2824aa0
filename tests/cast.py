"""Who plays in the tests?

THE CARRIERS
    tabi      Tabi Mobile, our carrier: serves travellers and residents in Japan.
    tonari    Tonari Telecom, the neighbour. Runs on the same installation and must never see anything of tabi.

THE PEOPLE, subscribers of tabi
    wang      Wang Xiaoming 王小明, a traveller who reads Simplified Chinese. Holds a physical SIM with roaming on it
              (`sim_line`, `roaming`) and an eSIM (`esim_line`). Reached at wang@mail.example.
    tanaka    Tanaka Hanako 田中花子, a resident. Holds one physical SIM (`tanaka_line`) with an unpaid bill.

THE NEIGHBOUR'S PERSON
    yamada    Yamada Jiro 山田次郎, subscriber of tonari. Holds one line (`tonari_line`).

SCOPES
    Outside a scope the database shows nobody's rows. `as_worker` runs a test for every carrier, `as_tabi` and
    `as_tonari` for one; a test that enters scopes itself asks for none of them.

`make_line(...)` makes any other line: every argument has a default, every identifier is fresh and well-formed.
No one here is a real person, and no number is in use.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Protocol

import pytest

from tojimari.lines.models import Bill, Carrier, ContactPoint, Line, Plan, Service, Subscriber
from tojimari.platform.database.scope import carrier_scope, every_carrier
from tojimari.rules.identifiers import eid, iccid

_numbers = itertools.count(1)
"""Every identifier of a test session is made from its own number, so that two lines never share one by chance."""


def fresh_msisdn(number: int) -> str:
    """A number as it is stored: 81 and the national number without its 0."""
    return f"8190{10_000_000 + number:08d}"


def fresh_imsi(number: int) -> str:
    return f"44010{number:010d}"


def fresh_iccid(number: int) -> str:
    return iccid.with_check_digit(f"898199{number:012d}")


def fresh_eid(number: int) -> str:
    return eid.with_check_digits(f"89049032{number:022d}")


class MakeLine(Protocol):
    def __call__(
        self,
        *,
        carrier: Carrier | None = None,
        subscriber: Subscriber | None = None,
        kind: str = "physical_sim",
        services: Sequence[str] = ("data", "voice"),
        email: str = "",
        **fields: Any,
    ) -> Line: ...


def _carrier(slug: str, name_ja: str, name_en: str, name_zh_hans: str, name_zh_hant: str) -> Carrier:
    elements = {"physical_sim": "default", "esim": "default", "roaming": "by_hand"}
    carrier = Carrier.objects.create(
        slug=slug,
        name_ja=name_ja,
        name_en=name_en,
        name_zh_hans=name_zh_hans,
        name_zh_hant=name_zh_hant,
        elements=elements,
        hotline="+81312345678",
    )
    with every_carrier():
        Plan.objects.create(carrier=carrier, code="standard", name="スタンダード", monthly_fee_yen=1078)
        Plan.objects.create(
            carrier=carrier,
            code="travel-30",
            name="Travel 30 days",
            monthly_fee_yen=3300,
            final_month_policy="prepaid_none",
            prepaid=True,
        )
    return carrier


@pytest.fixture
def tabi(db: None) -> Carrier:
    return _carrier("tabi", "旅モバイル", "Tabi Mobile", "旅途移动", "旅途行動")


@pytest.fixture
def tonari(db: None) -> Carrier:
    return _carrier("tonari", "となりテレコム", "Tonari Telecom", "邻家电信", "鄰家電信")


def a_subscriber(carrier: Carrier, number: str, *, email: str = "", **names: Any) -> Subscriber:
    """Make a subscriber; runs for every carrier."""
    with every_carrier():
        subscriber = Subscriber.objects.create(carrier=carrier, number=number, **names)
        if email:
            ContactPoint.objects.create(carrier=carrier, subscriber=subscriber, kind="email", value=email)
    return subscriber


@pytest.fixture
def make_line(request: pytest.FixtureRequest) -> MakeLine:
    def make(
        *,
        carrier: Carrier | None = None,
        subscriber: Subscriber | None = None,
        kind: str = "physical_sim",
        services: Sequence[str] = ("data", "voice"),
        email: str = "",
        **fields: Any,
    ) -> Line:
        number = next(_numbers)
        carrier = carrier or (subscriber.carrier if subscriber else request.getfixturevalue("tabi"))
        subscriber = subscriber or a_subscriber(
            carrier, f"K{number:08d}", email=email, name_latin=f"Someone {number}", language="ja"
        )
        values: dict[str, Any] = {
            "msisdn": fresh_msisdn(number),
            "imsi": fresh_imsi(number),
            "iccid": fresh_iccid(number),
            "eid": fresh_eid(number) if kind == "esim" else "",
            "order_number": f"T-{number:08d}",
            "contract_on": date(2026, 4, 1),
        } | fields
        with every_carrier():
            plan = values.pop("plan", None) or Plan.objects.get(carrier=carrier, code="standard")
            line = Line.objects.create(carrier=carrier, subscriber=subscriber, plan=plan, kind=kind, **values)
            Service.objects.bulk_create(Service(carrier=carrier, line=line, kind=service) for service in services)
        return line

    return make


@pytest.fixture
def wang(tabi: Carrier) -> Subscriber:
    return a_subscriber(
        tabi, "W0001", email="wang@mail.example", name_latin="WANG XIAOMING", name_kanji="王小明", language="zh-hans"
    )


@pytest.fixture
def tanaka(tabi: Carrier) -> Subscriber:
    return a_subscriber(
        tabi,
        "T0001",
        email="tanaka@mail.example",
        name_latin="TANAKA HANAKO",
        name_kana="タナカ ハナコ",
        name_kanji="田中花子",
        language="ja",
    )


@pytest.fixture
def yamada(tonari: Carrier) -> Subscriber:
    return a_subscriber(
        tonari, "Y0001", email="yamada@mail.example", name_kana="ヤマダ ジロウ", name_kanji="山田次郎", language="ja"
    )


@pytest.fixture
def sim_line(wang: Subscriber, make_line: MakeLine) -> Line:
    """Wang's physical SIM. Roaming runs on it."""
    return make_line(subscriber=wang, services=("data", "voice", "roaming"))


@pytest.fixture
def roaming(sim_line: Line) -> Service:
    """Roaming on Wang's physical SIM."""
    with every_carrier():
        return Service.objects.get(line=sim_line, kind="roaming")


@pytest.fixture
def esim_line(wang: Subscriber, make_line: MakeLine) -> Line:
    """Wang's eSIM, prepaid and still valid."""
    with every_carrier():
        plan = Plan.objects.get(carrier_id=wang.carrier_id, code="travel-30")
    return make_line(
        subscriber=wang, kind="esim", services=("data",), plan=plan, valid_until=date(2026, 12, 31), balance_yen=1500
    )


@pytest.fixture
def tanaka_line(tanaka: Subscriber, make_line: MakeLine) -> Line:
    """Tanaka's physical SIM, with one month unpaid."""
    line = make_line(subscriber=tanaka)
    with every_carrier():
        Bill.objects.create(
            carrier_id=tanaka.carrier_id,
            line=line,
            month=date(2026, 10, 1),
            amount_yen=1078,
            due_on=date(2026, 11, 30),
        )
    return line


@pytest.fixture
def tonari_line(yamada: Subscriber, make_line: MakeLine) -> Line:
    """Yamada's line at the neighbour. Whatever tabi does, it stays as it is."""
    return make_line(subscriber=yamada)


@pytest.fixture
def as_worker(db: None) -> Iterator[None]:
    """Run the test as a worker or a command does: for every carrier."""
    with every_carrier():
        yield


@pytest.fixture
def as_tabi(tabi: Carrier) -> Iterator[Carrier]:
    """Run the test as a page of tabi does: rows of other carriers are invisible."""
    with carrier_scope(tabi.pk):
        yield tabi


@pytest.fixture
def as_tonari(tonari: Carrier) -> Iterator[Carrier]:
    """Run the test as a page of the neighbour does."""
    with carrier_scope(tonari.pk):
        yield tonari
