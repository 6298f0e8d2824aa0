"""Does the overview show what happened, to staff of this carrier alone, and as a file as well?"""

from __future__ import annotations

import csv
import re
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from tests.cast import MakeLine
from tests.counter.conftest import a_shop
from tests.desk.conftest import TONARI, AsStaff
from tests.terminations.play import CLERK, Clock, ask, work
from tojimari.counter.models import Visit
from tojimari.desk.overview import chosen_month, months_to_choose
from tojimari.lines.models import Carrier
from tojimari.platform.database.scope import every_carrier
from tojimari.terminations import actions
from tojimari.terminations.models import Termination

NOON = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@pytest.fixture
def played(make_line: MakeLine) -> Termination:
    """One closed, one rejected, one that waits for a visit, one that waits for the end of the month."""
    clock = Clock(NOON - timedelta(days=3))
    with every_carrier():
        ask(make_line(kind="esim"), clock)
        rejected = ask(make_line(kind="esim"), clock, channel="portal", effective="3bd")
        work(clock)
        step = rejected.steps.get(name="review")
        assert step.state == "open"
        actions.reject(termination=rejected, code="rejected.duplicate", acting=CLERK, at=clock.now)
        clock.now = NOON
        visit = ask(make_line(), clock, channel="portal")
        ask(make_line(), clock, effective="month-end")
        work(clock, forward=False)
    return visit


def figures(page: str, section: str) -> list[str]:
    """The cells of the first table after a heading."""
    table = page.split(section, 1)[1].split("<table", 1)[1].split("</table>", 1)[0]
    return [re.sub(r"<[^>]+>", " ", cell).strip() for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", table)]


@time_machine.travel(NOON + timedelta(hours=1), tick=False)
def test_the_page_says_what_happened_today_and_in_the_month(as_staff: AsStaff, played: Termination) -> None:
    page = as_staff("lead").get("/desk/overview/").content.decode()
    today = figures(page, ">Today<")
    assert today[5:10] == ["Physical SIM", "2", "0", "0", "0"]
    month = figures(page, 'id="month"')
    assert month[10:15] == ["eSIM", "2", "1", "0", "1"]
    assert month[-5:] == ["All", "4", "1", "0", "1"]
    assert '<h2>Open cases <span class="tag key">2</span></h2>' in page
    assert "Asked for: 4. Closed: 1." in page
    assert "Customer: 0; Staff: 1; System: at work, or waiting for the last day: 1; On hold: 0" in page
    assert figures(page, "Promises kept</h3>")[3::2] == ["100% (1 of 1)", "–", "–"]
    assert figures(page, "Time from request to closed</h3>")[4:] == [
        *("All", "1", "24 hours", "24 hours"),
        *("eSIM", "1", "24 hours", "24 hours"),
    ]
    assert "Another case for the same wish goes on" in page
    assert played.reference not in page


@time_machine.travel(NOON + timedelta(days=40), tick=False)
def test_an_earlier_month_is_chosen_and_has_no_today(as_staff: AsStaff, played: Termination) -> None:
    page = as_staff("auditor").get("/desk/overview/?month=2026-11").content.decode()
    assert ">Today<" not in page
    assert '<option value="2026-11" selected>Nov 2026</option>' in page
    assert figures(page, 'id="month"')[-5:] == ["All", "4", "1", "0", "1"]
    this = as_staff("lead").get("/desk/overview/").content.decode()
    assert figures(this, 'id="month"')[-5:] == ["All", "0", "0", "0", "0"]


@time_machine.travel(NOON + timedelta(hours=1), tick=False)
def test_visits_are_counted_by_shop_and_against_the_last_day(
    as_staff: AsStaff, make_line: MakeLine, tabi: Carrier
) -> None:
    clock, shop = Clock(NOON), a_shop(tabi, "shinjuku")
    with every_carrier():
        for days, state in [
            *((1, "came"), (25, "came"), (4, "served")),
            *((1, "no_show"), (2, "booked"), (3, "cancelled")),
        ]:
            case = ask(make_line(), clock, channel="portal", effective="month-end")
            begins = NOON + timedelta(days=days if days < 11 else 5, hours=days)
            Visit.objects.create(
                carrier=shop.carrier,
                shop=shop,
                case_id=case.pk,
                reference=case.reference,
                code=f"V-{case.pk}",
                starts_at=begins,
                ends_at=begins + shop.length,
                seat=0,
                state=state,
                booked_by="staff:1",
                created_at=NOON,
                changed_at=NOON,
            )
            if days == 25:
                Termination.objects.filter(pk=case.pk).update(ends_at=NOON + timedelta(days=1))
    page = as_staff("lead").get("/desk/overview/").content.decode()
    assert figures(page, "Visits by shop</h3>")[-3:] == ["1", "3", "1"]
    assert "66% (2 of 3)" in page
    rows = as_staff("auditor").get("/desk/overview/figures.csv").content.decode("utf-8-sig")
    assert f"2026-11-30,,visits_came,{shop.code},3" in rows


@time_machine.travel(NOON + timedelta(hours=1), tick=False)
def test_the_file_holds_every_figure(as_staff: AsStaff, played: Termination) -> None:
    answer = as_staff("lead").get("/desk/overview/figures.csv?month=2026-11")
    assert answer["Content-Disposition"] == 'attachment; filename="overview-2026-11.csv"'
    assert "no-store" in answer["Cache-Control"]
    rows = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))
    asked = [row for row in rows if row["fact"] == "asked"]
    assert sum(int(row["number"]) for row in asked) == 4
    assert {row["day"] for row in asked} == {"2026-11-17", "2026-11-20"}
    assert [row["detail"] for row in rows if row["fact"] == "rejected"] == ["rejected.duplicate"]


@time_machine.travel(NOON + timedelta(hours=1), tick=False)
def test_the_neighbour_sees_none_of_it(as_staff: AsStaff, tonari: Carrier, played: Termination) -> None:
    neighbour = as_staff("admin", carrier=tonari, host=TONARI)
    page = neighbour.get("/desk/overview/").content.decode()
    assert "No case is open." in page
    assert figures(page, 'id="month"')[-5:] == ["All", "0", "0", "0", "0"]
    assert neighbour.get("/desk/overview/figures.csv").content.decode("utf-8-sig").splitlines()[1:] == []


@time_machine.travel(NOON + timedelta(hours=1), tick=False)
def test_the_page_costs_the_same_for_one_case_and_for_many(
    as_staff: AsStaff,
    played: Termination,
    make_line: MakeLine,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    lead = as_staff("lead")
    lead.get("/desk/overview/")
    with every_carrier():
        for _ in range(5):
            ask(make_line(kind="esim"), Clock(NOON), channel="portal", effective="3bd")
    with django_assert_max_num_queries(13):
        lead.get("/desk/overview/")


@pytest.mark.parametrize("wanted", ["", "nonsense", "2026-13", "2027-01", "1999-12", "2026-11-01", "٢٠٢٦-٠٥"])
def test_a_month_that_cannot_be_shown_is_the_present_one(wanted: str) -> None:
    assert chosen_month(wanted, NOON) == date(2026, 11, 1)


def test_months_begin_in_japan_and_the_newest_stands_first() -> None:
    assert chosen_month("2026-12", datetime(2026, 11, 30, 15, 0, tzinfo=UTC)) == date(2026, 12, 1)
    found = months_to_choose(date(2025, 11, 1), date(2026, 2, 1))
    assert found == [date(2026, 2, 1), date(2026, 1, 1), date(2025, 12, 1), date(2025, 11, 1)]
    assert len(months_to_choose(date(2000, 1, 1), date(2026, 2, 1))) == 36
