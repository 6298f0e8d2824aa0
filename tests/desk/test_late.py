"""Does somebody at the desk see the requests from an outage that nobody could be asked to confirm?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.desk.conftest import TONARI, AsStaff
from tojimari.lines.models import Carrier
from tojimari.platform.database.scope import every_carrier
from tojimari.terminations.models import LateState, LateWish

REFERENCE = "TJ-7K3M-9QXA-4C2T"


@pytest.fixture
def wish(tabi: Carrier) -> LateWish:
    at = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)
    with every_carrier():
        return LateWish.objects.create(
            carrier=tabi,
            reference=REFERENCE,
            asked_at=at,
            taken_in_at=at,
            effective="earliest",
            email="stranger@mail.example",
            typed="the card from the airport",
            state=LateState.REVIEW,
        )


def test_an_agent_sees_it_and_notes_what_was_done(as_staff: AsStaff, wish: LateWish) -> None:
    agent = as_staff("agent")
    page = agent.get("/desk/late/").content.decode()
    assert "the card from the airport" in page
    assert "stranger@mail.example" in page
    assert agent.post("/desk/late/", {"reference": REFERENCE, "note": "Called; closed by case."}).status_code == 302
    assert REFERENCE not in agent.get("/desk/late/").content.decode()
    with every_carrier():
        wish.refresh_from_db()
    assert (wish.state, wish.typed, wish.email) == ("answered", "", "")
    assert (wish.note, wish.answered_by) == ("Called; closed by case.", "鈴木 花子")


def test_without_a_note_it_goes_on_waiting(as_staff: AsStaff, wish: LateWish) -> None:
    answer = as_staff("agent").post("/desk/late/", {"reference": REFERENCE, "note": " "})
    assert answer.status_code == 409
    assert REFERENCE in answer.content.decode()


def test_it_opens_neither_to_the_counter_nor_to_the_neighbour(
    as_staff: AsStaff, tonari: Carrier, wish: LateWish
) -> None:
    assert as_staff("clerk").get("/desk/late/").status_code == 403
    neighbour = as_staff("agent", carrier=tonari, host=TONARI)
    assert REFERENCE not in neighbour.get("/desk/late/").content.decode()
    assert neighbour.post("/desk/late/", {"reference": REFERENCE, "note": "mine"}).status_code == 404


def test_the_list_costs_the_same_for_one_and_for_many(
    as_staff: AsStaff, wish: LateWish, django_assert_max_num_queries: object
) -> None:
    agent = as_staff("agent")
    agent.get("/desk/late/")
    with every_carrier():
        LateWish.objects.bulk_create(
            LateWish(
                carrier=wish.carrier,
                reference=f"TJ-0000-0000-00{number:02}",
                asked_at=wish.asked_at,
                taken_in_at=wish.taken_in_at,
                effective="earliest",
                state=LateState.REVIEW,
            )
            for number in range(30)
        )
    with django_assert_max_num_queries(12):  # type: ignore[operator]  # the fixture's own type is not exported
        page = agent.get("/desk/late/").content.decode()
    assert page.count("TJ-0000-0000-") >= 30
