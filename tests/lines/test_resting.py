"""Is a number given to nobody while it still rests after its last holder?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine
from django.utils import translation

from tests.lines.play import a_row, bad_rows, write
from tojimari.lines import actions
from tojimari.lines.imports import Summary, import_lines
from tojimari.lines.models import Carrier, Line, RestingNumber
from tojimari.platform.database.scope import carrier_scope

FREE_FROM = date(2027, 5, 29)
THE_DAY_BEFORE = datetime(2027, 5, 28, 14, 59, tzinfo=UTC)  # 23:59 in Japan
THAT_DAY = datetime(2027, 5, 28, 15, 0, tzinfo=UTC)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_worker")]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "lines.csv"


def rests(carrier: Carrier, number: str = "819011110002") -> None:
    actions.rest_numbers({(carrier.pk, number): FREE_FROM})


def taken_in(path: Path, carrier: Carrier, *, at: datetime, resting_too: bool = False) -> Summary:
    with time_machine.travel(at, tick=False):
        return import_lines(path, carrier=carrier, resting_too=resting_too)


def test_a_number_that_rests_comes_back_as_a_bad_row_with_the_day_when_it_is_free(path: Path, tabi: Carrier) -> None:
    rests(tabi)
    write(path, [a_row(1), a_row(2)])
    summary = taken_in(path, tabi, at=THE_DAY_BEFORE)
    assert (summary.imported, summary.bad) == (1, 1)
    assert [(row["msisdn"], row["reason"]) for row in bad_rows(summary.bad_path)] == [
        ("09011110002", "msisdn: still rests after its last holder; it may be given out from 2027-05-29")
    ]
    assert taken_in(path, tabi, at=THAT_DAY).imported == 1


def test_who_says_so_takes_resting_numbers_in_and_needs_not_say_it_again(path: Path, tabi: Carrier) -> None:
    rests(tabi)
    write(path, [a_row(2)])
    assert taken_in(path, tabi, at=THE_DAY_BEFORE, resting_too=True).imported == 1
    again = taken_in(path, tabi, at=THE_DAY_BEFORE)
    assert (again.already_there, again.bad) == (1, 0)


def test_a_line_that_runs_does_not_get_a_resting_number_either(path: Path, tabi: Carrier) -> None:
    write(path, [a_row(1)])
    taken_in(path, tabi, at=THE_DAY_BEFORE)
    rests(tabi)
    write(path, [a_row(1, msisdn="09011110002")])
    assert taken_in(path, tabi, at=THE_DAY_BEFORE).bad == 1
    with carrier_scope(tabi.pk):
        assert Line.objects.get().msisdn == "819011110001"


def test_the_line_that_held_it_is_found_as_ended_and_is_no_bad_row(path: Path, tabi: Carrier) -> None:
    write(path, [a_row(2)])
    taken_in(path, tabi, at=THE_DAY_BEFORE)
    actions.mark_terminated([Line.objects.get().pk], at=THE_DAY_BEFORE, ended_at=THE_DAY_BEFORE)
    rests(tabi)
    summary = taken_in(path, tabi, at=THE_DAY_BEFORE)
    assert (summary.ended, summary.bad) == (1, 0)


def test_a_number_rests_at_its_own_carrier_alone(path: Path, tabi: Carrier, tonari: Carrier) -> None:
    rests(tonari)
    write(path, [a_row(2)])
    assert taken_in(path, tabi, at=THE_DAY_BEFORE).imported == 1


def test_told_twice_the_later_day_counts(tabi: Carrier) -> None:
    rests(tabi)
    actions.rest_numbers({(tabi.pk, "819011110002"): date(2027, 1, 1)})
    actions.rest_numbers({})
    assert RestingNumber.objects.get().free_from == FREE_FROM


def test_a_ported_in_number_is_known_as_such_and_a_later_file_may_say_so(path: Path, tabi: Carrier) -> None:
    write(path, [a_row(1, ported_in="yes"), a_row(2)])
    taken_in(path, tabi, at=THE_DAY_BEFORE)
    assert list(Line.objects.order_by("msisdn").values_list("ported_in", flat=True)) == [True, False]
    write(path, [a_row(1), a_row(2, ported_in="1")])
    assert taken_in(path, tabi, at=THE_DAY_BEFORE).updated == 1
    assert list(Line.objects.values_list("ported_in", flat=True)) == [True, True], "an empty cell says nothing"
