"""Does each page of the desk open to the roles that it is for, at its own carrier and its own shop, and to nobody else?

The addresses are read from the URL table, so that a page added tomorrow is asked as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.counter.conftest import a_shop
from tests.desk.conftest import TONARI, AsStaff
from tests.terminations.play import Clock, ask, work
from tojimari.counter.models import Shop, Visit
from tojimari.desk import urls, words
from tojimari.desk.access import RIGHTS, Right
from tojimari.desk.models import Membership, StaffRole
from tojimari.lines.models import Carrier, Line
from tojimari.platform.database.scope import every_carrier
from tojimari.proofs.models import Event
from tojimari.terminations.models import Step, Termination


def _right_of(view: object) -> Right:
    right: Right = view.right  # type: ignore[attr-defined]  # put there by `staff_page`
    return right


PAGES = [(f"/desk/{entry.pattern}", _right_of(entry.callback)) for entry in urls.urlpatterns]
"""Every address of the desk, with the right that opens it."""


@pytest.fixture
def visit_step(sim_line: Line) -> Step:
    """The visit that Wang's case waits for."""
    clock = Clock(datetime.now(UTC))
    with every_carrier():
        case = ask(sim_line, clock, channel="portal")
        work(clock, forward=False)
        return case.steps.select_related("termination").get(name="visit")


def filled(path: str, step: Step) -> str:
    """An address with real ids in it."""
    values = {"step_id": step.pk, "reference": step.termination.reference, "line_id": step.termination.line_id}
    return re.sub(r"<\w+:(\w+)>", lambda found: str(values.get(found[1], "1")), path)


@pytest.mark.parametrize("role", StaffRole.values)
def test_every_page_opens_to_the_roles_that_hold_its_right(as_staff: AsStaff, visit_step: Step, role: str) -> None:
    browser = as_staff(role)
    for path, right in PAGES:
        answer = browser.get(filled(path, visit_step))
        if right in RIGHTS[StaffRole(role)]:
            assert answer.status_code in (200, 302, 404, 405), path
            assert not answer.headers.get("Location", "").startswith("/staff/"), path
        else:
            assert answer.status_code == 403, path


@pytest.mark.parametrize("role", StaffRole.values)
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_of_the_neighbour_finds_anything_whatever_their_role(
    as_staff: AsStaff, tonari: Carrier, visit_step: Step, role: str, method: str
) -> None:
    neighbour = as_staff(role, carrier=tonari, host=TONARI)
    reference = visit_step.termination.reference
    for path, right in PAGES:
        answer = getattr(neighbour, method)(filled(path, visit_step))
        if right not in RIGHTS[StaffRole(role)]:
            assert answer.status_code == 403, path
        elif "<" in path:
            assert answer.status_code in (404, 405), path
        assert reference not in answer.content.decode(), path
        assert reference not in answer.headers.get("Location", ""), path


def test_an_auditor_changes_nothing_on_any_page(as_staff: AsStaff, visit_step: Step) -> None:
    def everything() -> list[object]:
        with every_carrier():
            return [
                list(Event.objects.order_by("pk").values_list("pk")),
                list(Step.objects.order_by("pk").values()),
                list(Termination.objects.order_by("pk").values()),
                list(Membership.objects.order_by("pk").values()),
            ]

    browser = as_staff("auditor")
    before = everything()
    given = {"code": "hold.request", "came": "on", "note": "a note that is long enough", "approved": "yes"}
    for path, _ in PAGES:
        browser.post(filled(path, visit_step), given)
    assert everything() == before


def test_an_account_that_was_shut_opens_no_page(as_staff: AsStaff) -> None:
    browser = as_staff("lead")
    User.objects.update(is_active=False)
    for path, _ in PAGES:
        assert browser.get(path).headers.get("Location", "").startswith("/staff/login/") or "<" in path, path


# A clerk of a shop


BookAt = Callable[..., Visit]


@pytest.fixture
def book_at(visit_step: Step) -> BookAt:
    """Let Wang's visit be booked at a shop, an hour from now unless said otherwise."""

    def book(shop: Shop, *, starts_at: datetime | None = None, state: str = "booked") -> Visit:
        begins = starts_at or datetime.now(UTC) + timedelta(hours=1)
        case = visit_step.termination
        with every_carrier():
            return Visit.objects.create(
                carrier_id=case.carrier_id,
                shop=shop,
                case_id=case.pk,
                reference=case.reference,
                code="V-0000-0000",
                starts_at=begins,
                ends_at=begins + timedelta(minutes=20),
                seat=0,
                state=state,
                booked_by="subscriber:1",
                created_at=begins,
                changed_at=begins,
            )

    return book


@pytest.fixture
def of_shinjuku(as_staff: AsStaff) -> Client:
    """A clerk who is bound to one shop."""
    browser = as_staff("clerk")
    with every_carrier():
        Membership.objects.update(shops=["shinjuku"])
    return browser


def receive(browser: Client, step: Step) -> str:
    """Let a clerk say that the visitor is here, and return what became of the step."""
    browser.post(f"/desk/steps/{step.pk}/", {"came": "on"})
    with every_carrier():
        return Step.objects.values_list("state", flat=True).get(pk=step.pk)


def test_a_clerk_of_a_shop_receives_its_own_visitors(of_shinjuku: Client, visit_step: Step, book_at: BookAt) -> None:
    book_at(a_shop(visit_step.carrier, "shinjuku"))
    assert f"/desk/steps/{visit_step.pk}/" in of_shinjuku.get("/desk/").content.decode()
    assert receive(of_shinjuku, visit_step) == "done"


def test_a_clerk_of_a_shop_receives_who_comes_without_a_booking(of_shinjuku: Client, visit_step: Step) -> None:
    assert receive(of_shinjuku, visit_step) == "done"


def test_a_clerk_of_a_shop_does_not_do_the_work_of_another(
    of_shinjuku: Client, visit_step: Step, book_at: BookAt
) -> None:
    book_at(a_shop(visit_step.carrier, "umeda"))
    assert f"/desk/steps/{visit_step.pk}/" not in of_shinjuku.get("/desk/").content.decode()
    page = of_shinjuku.get(f"/desk/steps/{visit_step.pk}/").content.decode()
    assert "The visit is booked at another shop." in page
    assert receive(of_shinjuku, visit_step) == "open"


def test_a_visit_of_another_day_binds_nobody_any_more(of_shinjuku: Client, visit_step: Step, book_at: BookAt) -> None:
    book_at(a_shop(visit_step.carrier, "umeda"), starts_at=datetime.now(UTC) - timedelta(days=2))
    assert receive(of_shinjuku, visit_step) == "done"


def test_a_clerk_of_all_shops_works_at_any(as_staff: AsStaff, visit_step: Step, book_at: BookAt) -> None:
    book_at(a_shop(visit_step.carrier, "umeda"))
    assert receive(as_staff("clerk"), visit_step) == "done"


# The page


def test_the_table_of_rights_says_what_the_desk_asks(as_staff: AsStaff) -> None:
    page = as_staff("auditor").get("/desk/roles/").content.decode()
    rows = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', page)
    shown = [re.findall(r"<td[^>]*>(.*?)</td>", cells) for _, cells in rows]
    assert [name for name, _ in rows] == [str(words.RIGHTS[right]) for right in Right]
    assert shown == [["yes" if right in RIGHTS[role] else "–" for role in RIGHTS] for right in Right]


def test_the_members_stand_there_with_shop_and_second_factor(
    as_staff: AsStaff, of_shinjuku: Client, tabi: Carrier, tonari: Carrier
) -> None:
    shop = a_shop(tabi, "shinjuku")
    as_staff("lead", carrier=tonari)
    page = as_staff("admin").get("/desk/roles/").content.decode()
    assert "clerk@tabi.example" in page
    assert shop.name_en in page
    assert "Not set up" in page
    assert "tonari.example" not in page
