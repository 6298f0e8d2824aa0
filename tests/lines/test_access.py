"""Does what a person typed find their line, and never anybody else's?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import ProgrammingError, connection
from django.test.utils import CaptureQueriesContext

from tests.cast import MakeLine, a_subscriber
from tojimari.lines.access import NotFound, line_by_identifier, line_by_papers, line_of_subscriber
from tojimari.lines.models import Carrier, ContactPoint, Line, Subscriber
from tojimari.lines.queries import number_for_code
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


@pytest.mark.usefixtures("as_worker")
def test_an_eid_finds_the_line_in_that_phone(tabi: Carrier, esim_line: Line, tonari: Carrier) -> None:
    assert line_by_identifier(tabi, f"EID {esim_line.eid[:8]} {esim_line.eid[8:]}") == esim_line
    assert line_by_identifier(tonari, esim_line.eid) is None


@pytest.mark.usefixtures("as_worker")
def test_a_phone_that_was_sold_belongs_to_its_present_owner(esim_line: Line, make_line: MakeLine) -> None:
    Line.objects.filter(pk=esim_line.pk).update(state="terminated")
    newer = make_line(carrier=esim_line.carrier, kind="esim", eid=esim_line.eid)
    assert line_by_identifier(esim_line.carrier, esim_line.eid) == newer
    make_line(carrier=esim_line.carrier, kind="esim", eid=esim_line.eid)
    assert line_by_identifier(esim_line.carrier, esim_line.eid) is None, "two people's lines run in this phone"


@pytest.mark.usefixtures("as_worker")
@pytest.mark.parametrize("name", ["msisdn", "iccid", "eid", "order_number"])
def test_looks_up_as_often_for_what_does_not_exist(name: str, tabi: Carrier, esim_line: Line) -> None:
    known = getattr(esim_line, name)
    unknown = {
        "msisdn": "819099999999",
        "iccid": "8981100000000000010",
        "eid": "89049032123451234512345678901235",
        "order_number": "T-99999999",
    }[name]
    counts = []
    for typed in (known, unknown):
        with CaptureQueriesContext(connection) as asked:
            found = line_by_identifier(tabi, typed)
        counts.append((found is not None, len(asked)))
    assert counts == [(True, counts[0][1]), (False, counts[0][1])]


@pytest.mark.usefixtures("as_worker")
def test_order_card_and_mail_together_name_a_line(tabi: Carrier, esim_line: Line, tanaka_line: Line) -> None:
    order, mail = esim_line.order_number.lower(), "Wang@MAIL.example"
    found = (esim_line, "wang@mail.example")
    assert line_by_papers(tabi, order=order, card_end=esim_line.eid[-6:], email=mail) == found
    assert line_by_papers(tabi, order=order, card_end=esim_line.iccid[-6:], email=mail) == found
    assert line_by_papers(tabi, order=order, card_end="000000", email=mail) is None
    assert line_by_papers(tabi, order=order, card_end=esim_line.iccid[-6:], email="tanaka@mail.example") is None
    assert line_by_papers(tabi, order=tanaka_line.order_number, card_end=esim_line.iccid[-6:], email=mail) is None
    for nothing in ({"order": ""}, {"card_end": ""}, {"email": ""}):
        given = {"order": order, "card_end": esim_line.iccid[-6:], "email": mail} | nothing
        assert line_by_papers(tabi, **given) is None


@pytest.mark.usefixtures("as_worker")
def test_a_code_by_sms_goes_to_another_number_before_the_lines_own(
    wang: Subscriber, sim_line: Line, esim_line: Line
) -> None:
    assert number_for_code(wang.pk, besides=sim_line.msisdn) == esim_line.msisdn
    ContactPoint.objects.create(carrier_id=wang.carrier_id, subscriber=wang, kind="sms", value="8613800138000")
    assert number_for_code(wang.pk, besides=sim_line.msisdn) == "8613800138000"
    ContactPoint.objects.filter(kind="sms").update(value=sim_line.msisdn)
    assert number_for_code(wang.pk, besides=sim_line.msisdn) == esim_line.msisdn
    Line.objects.filter(pk=esim_line.pk).update(number_off_at=NOW)
    assert number_for_code(wang.pk, besides=sim_line.msisdn) == sim_line.msisdn
    assert number_for_code(0, besides="") == ""


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
