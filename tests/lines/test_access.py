"""Does what a person typed find their line, and never anybody else's?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import ProgrammingError

from tests.cast import MakeLine, a_subscriber
from tojimari.lines.access import NotFound, line_by_identifier, line_of_subscriber
from tojimari.lines.models import Carrier, Line, Subscriber
from tojimari.platform.database.scope import carrier_scope, every_carrier

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@pytest.fixture
def line(make_line: MakeLine, tabi: Carrier) -> Line:
    return make_line(carrier=tabi, msisdn="819012345678", iccid="8981100000000000010", order_number="T-Ab12-9")


@pytest.mark.usefixtures("as_worker")
@pytest.mark.parametrize(
    "typed",
    [
        "09012345678",
        "090-1234-5678",
        "０９０ー１２３４ー５６７８",
        " +81 90 1234 5678 ",
        "+81(0)90-1234-5678",
        "8981100000000000010",
        "8981 1000 0000 0000 010",
        "８９８１１００００００００００００１０",
        "8981100000000000010F",
        "T-Ab12-9",
        "tab129",
        "t ab12 9",
        "Ｔ－ＡＢ１２－９",
    ],
)
def test_finds_the_line_in_any_spelling(typed: str, line: Line, tabi: Carrier) -> None:
    assert line_by_identifier(tabi, typed) == line


@pytest.mark.usefixtures("as_worker", "line")
@pytest.mark.parametrize("typed", ["", " ", "-", "\x00", "09012345679", "8981100000000000011", "T-Ab12", "%", "'; --"])
def test_finds_nothing_for_what_is_nobodys(typed: str, tabi: Carrier) -> None:
    assert line_by_identifier(tabi, typed) is None


@pytest.mark.usefixtures("as_worker")
def test_a_line_without_number_or_order_number_is_not_found_by_emptiness(make_line: MakeLine, tabi: Carrier) -> None:
    make_line(carrier=tabi, msisdn="", order_number="")
    assert line_by_identifier(tabi, "") is None
    assert line_by_identifier(tabi, "---") is None


@pytest.mark.usefixtures("as_worker")
@pytest.mark.parametrize(
    "change", [{"number_off_at": NOW}, {"state": "terminated"}, {"state": "ported_out"}], ids=["off", "ended", "ported"]
)
def test_a_number_that_is_off_is_nobodys_login(change: dict[str, object], line: Line, tabi: Carrier) -> None:
    Line.objects.filter(pk=line.pk).update(**change)
    assert line_by_identifier(tabi, "09012345678") is None
    assert line_by_identifier(tabi, "8981100000000000010") == line, "its papers can still be fetched by ICCID"
    assert line_by_identifier(tabi, "T-Ab12-9") == line


@pytest.mark.usefixtures("as_worker")
def test_a_number_given_out_again_finds_the_new_line(line: Line, make_line: MakeLine, tabi: Carrier) -> None:
    Line.objects.filter(pk=line.pk).update(state="terminated", number_off_at=NOW)
    newer = make_line(carrier=tabi, msisdn="819012345678")
    assert line_by_identifier(tabi, "090-1234-5678") == newer


@pytest.mark.usefixtures("as_worker")
def test_an_order_for_several_lines_finds_one_that_runs(tabi: Carrier, wang: Subscriber, make_line: MakeLine) -> None:
    make_line(subscriber=wang, order_number="F-1", state="terminated")
    running = make_line(subscriber=wang, order_number="F-1")
    assert line_by_identifier(tabi, "f1") == running


@pytest.mark.usefixtures("as_worker")
def test_an_order_of_several_subscribers_finds_none(tabi: Carrier, make_line: MakeLine) -> None:
    make_line(carrier=tabi, order_number="F-2")
    make_line(carrier=tabi, order_number="F-2")
    assert line_by_identifier(tabi, "F-2") is None


@pytest.mark.parametrize("typed", ["09012345678", "8981100000000000010", "T-Ab12-9"])
def test_the_neighbour_finds_nothing(typed: str, line: Line, tabi: Carrier, tonari: Carrier) -> None:
    with every_carrier():
        assert line_by_identifier(tonari, typed) is None
    with carrier_scope(tonari.pk):
        assert line_by_identifier(tabi, typed) is None, "the second wall: the database shows nothing"
    assert line_by_identifier(tabi, typed) is None, "nobody's scope: nothing is visible"


@pytest.mark.usefixtures("as_worker")
def test_a_subscriber_has_their_own_lines_only(sim_line: Line, tanaka_line: Line, tonari_line: Line) -> None:
    assert line_of_subscriber(sim_line.subscriber_id, sim_line.pk) == sim_line
    for other in (tanaka_line, tonari_line):
        with pytest.raises(NotFound):
            line_of_subscriber(sim_line.subscriber_id, other.pk)


def test_a_row_cannot_be_written_for_another_carrier(tabi: Carrier, tonari: Carrier) -> None:
    with carrier_scope(tabi.pk), pytest.raises(ProgrammingError, match="row-level security"):
        Subscriber.objects.create(carrier=tonari, number="X")


@pytest.mark.usefixtures("as_worker")
def test_people_with_one_name_only_have_a_name(tabi: Carrier) -> None:
    assert a_subscriber(tabi, "1", name_latin="SUKARNO").name == "SUKARNO"
    assert a_subscriber(tabi, "2", name_kana="アケミ").name == "アケミ"
    assert a_subscriber(tabi, "3").name == "3"
