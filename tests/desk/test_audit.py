"""Does every look at a customer's data stand there, can nobody wipe it, and does the auditor find it?"""

from __future__ import annotations

import csv
import re
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.test import Client

from tests.cast import MakeLine
from tests.desk.conftest import TONARI, AsStaff
from tests.terminations.play import Clock, ask, work
from tojimari.codes.help import Written, ask_for_help
from tojimari.desk import urls, words
from tojimari.desk.looks import drop_old
from tojimari.desk.models import Look
from tojimari.lines.models import Carrier, Line
from tojimari.platform.database.scope import every_carrier
from tojimari.proofs.models import Event
from tojimari.terminations.models import Step, Termination

NOON = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def case(sim_line: Line) -> Termination:
    """Wang's case, which waits for the visit."""
    clock = Clock(datetime.now(UTC))
    with every_carrier():
        case = ask(sim_line, clock, channel="portal")
        work(clock, forward=False)
    return case


def looks() -> list[tuple[str, str, str]]:
    """Role, page and case of every row, in order."""
    with every_carrier():
        return list(Look.objects.order_by("pk").values_list("role", "page", "reference"))


def references(page: str) -> list[str]:
    """The cases in the table of the auditor's page, from above."""
    return re.findall(r'<a class="mono" href="\?case=([^"]+)"', page)


def look_at(browser: Client, *paths: str) -> None:
    for path in paths:
        assert browser.get(path).status_code == 200, path


# Writing it down


def test_a_case_its_step_and_a_list_are_written_down_with_who_looked(as_staff: AsStaff, case: Termination) -> None:
    with every_carrier():
        step = Step.objects.get(termination=case, name="visit")
    look_at(as_staff("clerk"), "/desk/", f"/desk/cases/{case.reference.lower()}/", f"/desk/steps/{step.pk}/")
    assert looks() == [("clerk", "home", ""), ("clerk", "case", case.reference), ("clerk", "step", case.reference)]
    with every_carrier():
        assert set(Look.objects.values_list("staff_id", flat=True)) == {User.objects.get().pk}


def test_a_search_is_written_down_with_what_it_found(as_staff: AsStaff, case: Termination, tanaka_line: Line) -> None:
    browser = as_staff("clerk")
    browser.post("/desk/find/", {"wanted": case.reference})
    browser.post("/desk/find/", {"wanted": tanaka_line.iccid})
    assert looks() == [("clerk", "find", case.reference), ("clerk", "find", "")]
    with every_carrier():
        assert list(Look.objects.values_list("line_id", flat=True)) == [None, tanaka_line.pk]


def test_every_page_that_shows_a_case_leaves_a_row_with_a_name_that_people_know(
    as_staff: AsStaff, case: Termination
) -> None:
    browser = as_staff("admin")
    with every_carrier():
        step = Step.objects.get(termination=case, name="visit")
    for entry in urls.urlpatterns:
        names_it = "<str:reference>" in str(entry.pattern) or "<int:step_id>" in str(entry.pattern)
        path = f"/desk/{entry.pattern}".replace("<str:reference>", case.reference).replace(
            "<int:step_id>", str(step.pk)
        )
        if "<" in path or "audit" in path:
            continue
        before = len(looks())
        answer = browser.get(path)
        if answer.status_code == 200 and case.reference in answer.content.decode():
            (row,) = looks()[before:]
            assert row == ("admin", entry.name, case.reference if names_it else ""), path
            assert entry.name in words.PAGES, path


def test_what_was_not_shown_is_not_written_down(as_staff: AsStaff, tonari: Carrier, case: Termination) -> None:
    as_staff("clerk").post(f"/desk/cases/{case.reference}/hold/", {"code": "hold.request"})
    as_staff("admin", carrier=tonari, host=TONARI).get(f"/desk/cases/{case.reference}/")
    assert looks() == []


def test_a_page_whose_row_cannot_be_written_is_not_shown(
    as_staff: AsStaff, case: Termination, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = as_staff("clerk")
    browser.raise_request_exception = False
    monkeypatch.setattr("tojimari.desk.looks.RULE", "no such rule")
    answer = browser.get(f"/desk/cases/{case.reference}/")
    assert answer.status_code == 500
    assert case.reference not in answer.content.decode()


def test_a_request_for_help_stands_there_under_its_own_reference(as_staff: AsStaff, tabi: Carrier) -> None:
    written = Written("王小明", "wang@mail.example", ("abroad",), "Kansai")
    with every_carrier():
        plea = ask_for_help(carrier_id=tabi.pk, language="en", written=written, address="192.0.2.1", at=NOON)
    reference = plea.reference
    look_at(as_staff("agent"), f"/desk/help/{reference}/")
    assert looks() == [("agent", "help", reference)]


# Keeping it


@pytest.mark.parametrize("deed", ["UPDATE desk_look SET role = 'lead'", "DELETE FROM desk_look", "TRUNCATE desk_look"])
def test_the_database_itself_refuses_to_change_or_wipe_a_row(as_staff: AsStaff, deed: str) -> None:
    look_at(as_staff("admin"), "/desk/")
    with every_carrier():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # or the check of the carrier would stand in its way first
            with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
                cursor.execute(deed)
        assert Look.objects.count() == 1


def test_rows_go_when_their_three_years_are_over_and_not_before(as_staff: AsStaff) -> None:
    browser = as_staff("lead")
    look_at(browser, "/desk/")
    with every_carrier():
        new = Look.objects.get()
        assert new.keep_until.date() - datetime.now(UTC).date() > timedelta(days=3 * 365)
        old = Look(carrier=new.carrier, at=LONG_AGO, staff_id=1, role="lead", page="home", keep_until=LONG_AGO)
        old.save()
        assert drop_old(at=datetime.now(UTC)) == 1
        assert list(Look.objects.all()) == [new]


# Reading it


def test_the_auditor_asks_by_person_by_case_and_by_day(
    as_staff: AsStaff, make_line: MakeLine, case: Termination
) -> None:
    with every_carrier():
        other = ask(make_line(), Clock(datetime.now(UTC)), channel="portal")
    with time_machine.travel(NOON, tick=False) as clock:
        clerk, agent = as_staff("clerk"), as_staff("agent")
        look_at(clerk, f"/desk/cases/{case.reference}/")
        look_at(agent, f"/desk/cases/{other.reference}/")
        clock.shift(timedelta(hours=12))  # 24:00 in Japan: another day there
        auditor = as_staff("auditor")
        look_at(auditor, f"/desk/cases/{case.reference}/")

        def asked(query: str) -> list[str]:
            return references(auditor.get(f"/desk/audit/?{query}").content.decode())

        assert asked("") == [case.reference, other.reference, case.reference]
        agents_id = User.objects.get(email="agent@tabi.example").pk
        assert asked(f"staff={agents_id}") == [other.reference]
        assert asked(f"case={case.reference.lower()}") == [case.reference] * 2
        assert asked("day=2026-11-20") == [other.reference, case.reference]
        assert asked("day=2026-11-21") == [case.reference]
        assert asked(f"day=2026-11-20&case={case.reference}") == [case.reference]


def test_a_colleague_who_has_left_can_still_be_asked_for(as_staff: AsStaff, case: Termination) -> None:
    clerk = as_staff("clerk")
    look_at(clerk, f"/desk/cases/{case.reference}/")
    user = User.objects.get()
    with every_carrier():
        user.memberships.all().delete()
    page = as_staff("auditor").get(f"/desk/audit/?staff={user.pk}").content.decode()
    assert references(page) == [case.reference]
    assert "鈴木 花子" in page


def test_long_lists_come_in_pages_that_miss_nothing(
    as_staff: AsStaff, case: Termination, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tojimari.desk.audit.PAGE", 2)
    with time_machine.travel(NOON, tick=False):  # all at the same instant
        clerk, auditor = as_staff("clerk"), as_staff("auditor")
        look_at(clerk, *(f"/desk/cases/{case.reference}/" for _ in range(5)))
        path, found = "/desk/audit/?case=" + case.reference, []
        while path:
            page = auditor.get(path).content.decode()
            found.append(len(references(page)))
            onwards = re.search(r'class="button plain" href="\?([^"]+)"', page)
            path = "/desk/audit/?" + onwards[1].replace("&amp;", "&") if onwards else ""
    assert found == [2, 2, 1]


@pytest.mark.parametrize("query", ["staff=x", "staff=999999999999999999999", "day=2026-02-31", "after=x", "case=%00"])
def test_nonsense_in_the_address_does_no_harm(as_staff: AsStaff, query: str) -> None:
    auditor = as_staff("auditor")
    assert auditor.get(f"/desk/audit/?{query}").status_code == 200
    assert auditor.get(f"/desk/audit/looks.csv?{query}").status_code == 200


def test_the_file_holds_the_same_rows_and_taking_it_is_a_look(as_staff: AsStaff, case: Termination) -> None:
    clerk, auditor = as_staff("clerk"), as_staff("auditor")
    User.objects.filter(email="clerk@tabi.example").update(first_name="=HYPERLINK(1)", last_name="")
    look_at(clerk, "/desk/", f"/desk/cases/{case.reference}/")
    text = auditor.get(f"/desk/audit/looks.csv?case={case.reference}").content.decode("utf-8-sig")
    (row,) = csv.DictReader(StringIO(text))
    assert (row["staff"], row["role"], row["page"], row["case"]) == ("'=HYPERLINK(1)", "clerk", "case", case.reference)
    assert row["at"].endswith("+09:00")
    assert looks()[-1] == ("auditor", "audit_file", "")


def test_nobody_reads_what_the_neighbour_looked_at(as_staff: AsStaff, tonari: Carrier, case: Termination) -> None:
    look_at(as_staff("clerk"), f"/desk/cases/{case.reference}/")
    neighbour = as_staff("auditor", carrier=tonari, host=TONARI)
    assert references(neighbour.get("/desk/audit/").content.decode()) == []


# Seeing what the customer sees


def test_staff_see_what_the_customer_sees_and_can_press_nothing(as_staff: AsStaff, case: Termination) -> None:
    with every_carrier():
        before = Event.objects.count()
    browser = as_staff("lead")
    page = browser.get(f"/desk/cases/{case.reference}/as-customer/").content.decode()
    theirs = re.search(r'<fieldset disabled class="card">(.*?)</fieldset>', page, re.DOTALL)
    assert theirs is not None
    assert case.reference in theirs[1]
    assert "Take the request back" in theirs[1]
    assert not re.findall(r"href=|action=|hx-\w+=|csrfmiddlewaretoken", theirs[1])
    assert browser.post(f"/desk/cases/{case.reference}/as-customer/").status_code == 405
    assert looks() == [("lead", "as_customer", case.reference)]
    with every_carrier():
        assert Event.objects.count() == before


def test_staff_see_it_in_the_customers_language_too(as_staff: AsStaff, case: Termination) -> None:
    with every_carrier():
        Termination.objects.update(language="ja")
    browser = as_staff("auditor")
    page = browser.get(f"/desk/cases/{case.reference}/as-customer/?in=theirs").content.decode()
    assert '<div id="case" lang="ja"' in page
    assert "As the customer sees it" in page
