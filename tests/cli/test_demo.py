"""Is there something to try after the first start, and does it stay as one left it?"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User

from tests.lines.play import everything
from tests.terminations.play import Clock, ask, work
from tojimari.cli import CommandError, demo, demo_day
from tojimari.counter.models import Visit
from tojimari.lines import actions
from tojimari.lines.access import carrier_by_slug, line_by_identifier
from tojimari.lines.models import Carrier, Line
from tojimari.money.models import FinalBill, Supplement
from tojimari.network.models import SimulatedSubscriber
from tojimari.platform.config import config
from tojimari.platform.database.scope import carrier_scope, every_carrier
from tojimari.terminations.models import Termination

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@pytest.fixture
def loaded(db: None) -> None:
    demo.load()


@pytest.mark.usefixtures("loaded")
def test_there_are_lines_of_each_kind_and_people_of_each_language() -> None:
    with every_carrier():
        lines = list(Line.objects.select_related("subscriber").prefetch_related("services"))
    assert {line.kind for line in lines} == {"physical_sim", "esim"}
    assert {line.subscriber.language for line in lines} == {"ja", "en", "zh-hans", "zh-hant"}
    assert any(service.kind == "roaming" for line in lines for service in line.services.all())
    assert len({line.subscriber_id for line in lines}) == 12


@pytest.mark.usefixtures("loaded")
def test_lines_that_somebody_imported_to_try_do_not_hide_the_demo_s_own(capsys: pytest.CaptureFixture[str]) -> None:
    with every_carrier():
        Line.objects.filter(order_number="DEMO-0003").update(order_number="ORD-0003")
    assert demo.run(argparse.Namespace(verb="lines")) == 0
    told = capsys.readouterr().out
    assert "DEMO-0001" in told
    assert "ORD-0003" not in told


@pytest.mark.usefixtures("loaded")
def test_wang_is_found_by_what_the_welcome_names() -> None:
    carrier = carrier_by_slug("demo")
    told = "\n".join(demo.words("http://127.0.0.1:8000"))
    assert "060-9999-0001" in told
    assert "DEMO-0001" in told
    with carrier_scope(carrier.pk):
        line = line_by_identifier(carrier, "060-9999-0001")
        assert line is not None
        assert line == line_by_identifier(carrier, "DEMO-0001") == line_by_identifier(carrier, "8981990000000000013")
        assert line.subscriber.name == "王小明"


@pytest.mark.usefixtures("loaded")
def test_the_clerk_of_the_welcome_can_sign_in() -> None:
    [words] = [words for words in demo.words("") if "clerk@demo.example" in words]
    clerk = User.objects.get(email="clerk@demo.example")
    assert clerk.check_password(words.rpartition("password ")[2])


@pytest.mark.usefixtures("loaded")
def test_loading_again_changes_nothing_that_was_tried() -> None:
    with every_carrier():
        line = Line.objects.get(msisdn="816099990001")
        actions.mark_terminated([line.pk], at=NOW, ended_at=NOW)
        SimulatedSubscriber.objects.filter(imsi=line.imsi).delete()
        before = everything()
        demo.load()
        assert everything() == before
    assert User.objects.filter(email="clerk@demo.example").count() == 1
    with every_carrier():
        assert not SimulatedSubscriber.objects.filter(imsi=line.imsi).exists(), "a line that has ended stays out of it"
        assert SimulatedSubscriber.objects.filter(imsi="440109999900002").exists()


@pytest.mark.usefixtures("loaded")
def test_loading_again_leaves_the_network_that_somebody_has_named() -> None:
    named = {"elements": {"roaming": "simulated"}, "hotline": "+81 3-1111-1111", "hosts": ["try.example"]}
    Carrier.objects.filter(slug="demo").update(**named)
    demo.load()
    assert Carrier.objects.filter(slug="demo").values(*named).get() == named


@pytest.mark.usefixtures("loaded")
def test_the_list_shows_every_line(capsys: pytest.CaptureFixture[str]) -> None:
    demo._print_lines()
    printed = capsys.readouterr().out
    for number in range(1, 16):
        assert f"060-9999-{number:04d}" in printed
    assert "王小明" in printed


@pytest.mark.django_db
def test_the_list_tells_how_to_get_one() -> None:
    with pytest.raises(CommandError, match="tojimari demo load"):
        demo._print_lines()


def test_a_site_in_earnest_has_no_demonstration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOJIMARI_DEMO", "false")
    config.cache_clear()
    try:
        with pytest.raises(CommandError, match="switched off"):
            demo.run(argparse.Namespace(verb="load"))
    finally:
        monkeypatch.undo()
        config.cache_clear()


@pytest.mark.usefixtures("loaded")
def test_a_day_brings_visitors_and_reviews_once() -> None:
    demo._fill_day(NOW)
    with every_carrier():
        cases = list(Termination.objects.all())
        booked = list(Visit.objects.all())
        demo._fill_day(NOW)
        assert len(cases) == demo_day.VISITORS + demo_day.REVIEWS == Termination.objects.count()
        assert {visit.case_id for visit in booked} == {case.pk for case in cases if case.effective == "now"}
        assert len(booked) == demo_day.VISITORS == Visit.objects.count()
    quotes = [case.quote for case in cases]
    assert any(quote["early_exit"] for quote in quotes)
    assert any(quote["total_yen"] < 0 for quote in quotes), "money goes back"
    assert any(one["text_code"] == "apart.instalments" for quote in quotes for one in quote["apart"])


@pytest.mark.usefixtures("loaded")
def test_roaming_records_of_a_line_that_has_ended_come_late_and_once(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock(NOW)
    with every_carrier():
        case = ask(Line.objects.get(order_number="DEMO-0012"), clock)
        work(clock)
        assert FinalBill.objects.filter(case_id=case.pk).exists()
    for _ in range(2):
        demo._late_use(clock.now)
    assert "1 supplementary bills for late roaming, 550 yen; 0 were there." in capsys.readouterr().out
    with every_carrier():
        assert Supplement.objects.get().bill.case_id == case.pk
