"""Is a person reminded once, in time, in their language, and never at the number that ends?"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from tests.cast import MakeLine
from tests.terminations.play import PERSON, Clock, ask, show, states, work
from tojimari.counter.models import Shop
from tojimari.lines.models import Carrier, ContactPoint, Line
from tojimari.lines.queries import email_of, emails_of
from tojimari.messages.models import Message
from tojimari.rules.calendar import at_jst, day_end
from tojimari.terminations import actions, visits
from tojimari.terminations.models import Termination
from tojimari.terminations.reminders import remind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_worker")]


def at(day: str, hour: int, minute: int = 0) -> datetime:
    """A moment in Japan."""
    return at_jst(date.fromisoformat(day), time(hour, minute))


def told(case: Termination, key: str) -> list[Message]:
    return list(Message.objects.filter(case_id=case.pk, key__startswith=key).order_by("pk"))


@pytest.fixture
def shop(tabi: Carrier) -> Shop:
    week = {day: [["10:00", "19:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    return Shop.objects.create(
        carrier=tabi,
        code="minato",
        name_ja="港店",
        name_en="Harbour shop",
        name_zh_hans="港口店",
        name_zh_hant="港口店",
        address_ja="東京都架空区港1-2-3",
        address_en="1-2-3 Minato, Kakuu-ku, Tokyo",
        postcode="1000000",
        latitude=35.0,
        longitude=139.0,
        phone="+81312345678",
        hours=week,
    )


@pytest.mark.parametrize(
    ("effective", "before", "first", "last"),
    [
        ("month-end", at("2026-11-29", 8, 59), at("2026-11-29", 9), at("2026-11-30", 23, 59)),
        ("2026-12-01", at("2026-11-30", 8, 59), at("2026-11-30", 9), at("2026-12-01", 23, 59)),
        ("2027-01-01", at("2026-12-31", 8, 59), at("2026-12-31", 9), at("2027-01-01", 23, 59)),
    ],
)
def test_the_last_call_comes_the_morning_before_the_last_day(
    esim_line: Line, clock: Clock, effective: str, before: datetime, first: datetime, last: datetime
) -> None:
    case = ask(esim_line, clock, effective=effective, channel="portal")
    assert remind(at=before) == 0
    assert remind(at=first) == 1
    assert remind(at=last) == 0
    (letter,) = told(case, "ends_soon")
    assert (letter.to, letter.kind, letter.language) == ("wang@mail.example", "email", "zh-hans")
    assert "24:00" in letter.body
    assert "日本时间" in letter.body
    assert esim_line.msisdn not in letter.body


def test_a_worker_that_comes_late_still_tells_it_and_after_the_end_no_more(esim_line: Line, clock: Clock) -> None:
    first = ask(esim_line, clock, effective="month-end", channel="portal")
    assert remind(at=day_end(date(2026, 11, 30))) == 0
    assert remind(at=at("2026-11-30", 22)) == 1
    assert len(told(first, "ends_soon")) == 1


def test_another_last_day_is_told_of_anew(esim_line: Line, clock: Clock) -> None:
    case = ask(esim_line, clock, effective="month-end", channel="portal")
    clock.now = at("2026-11-29", 10)
    remind(at=clock.now)
    actions.change_end(termination=case, effective="2026-12-20", acting=PERSON, at=clock.now)
    assert remind(at=at("2026-11-30", 10)) == 0
    assert remind(at=at("2026-12-19", 10)) == 1
    assert len(told(case, "ends_soon")) == 2


def test_who_asks_on_the_eve_has_the_receipt_and_needs_no_reminder(sim_line: Line) -> None:
    clock = Clock(at("2026-11-29", 12))
    case = ask(sim_line, clock, effective="month-end", channel="portal")
    assert remind(at=at("2026-11-30", 10)) == 0
    assert told(case, "ends_soon") == []


def test_what_the_carrier_ordered_and_what_was_taken_back_is_nobodys_reminder(
    make_line: MakeLine, esim_line: Line, clock: Clock
) -> None:
    ask(make_line(email="a@mail.example"), clock, effective="month-end")
    case = ask(esim_line, clock, effective="month-end", channel="portal")
    actions.withdraw(termination=case, acting=PERSON, at=clock.now)
    assert remind(at=at("2026-11-29", 10)) == 0


def test_without_an_address_nothing_is_put_down_and_the_others_are_told(
    make_line: MakeLine, esim_line: Line, clock: Clock
) -> None:
    silent = ask(make_line(), clock, effective="month-end", channel="portal")
    case = ask(esim_line, clock, effective="month-end", channel="portal")
    assert remind(at=at("2026-11-29", 10)) == 1
    assert told(silent, "") == []
    assert len(told(case, "ends_soon")) == 1


def test_who_has_not_come_is_reminded_once_after_five_business_days(sim_line: Line, clock: Clock) -> None:
    case = ask(sim_line, clock, effective="month-end", channel="portal")
    work(clock, forward=False)
    assert states(case)["visit"] == "open"
    # Asked on Friday 20 November; Monday 23 is a holiday, so five business days end on Monday 30.
    assert remind(at=at("2026-12-01", 8, 59)) == 0
    assert [remind(at=at("2026-12-01", 9)), remind(at=at("2026-12-08", 9))] == [1, 0]
    (letter,) = told(case, "visit_missing")
    assert "11月30日" in letter.body


def test_a_visit_is_told_of_the_morning_before(sim_line: Line, shop: Shop, clock: Clock) -> None:
    case = ask(sim_line, clock, effective="2026-12-31", channel="portal")
    starts_at = at("2026-12-01", 11)
    visits.book(case=case, shop=shop, starts_at=starts_at, acting=PERSON, at=clock.now)
    assert [remind(at=at("2026-11-30", 8, 59)), told(case, "visit_soon")] == [0, []]
    remind(at=at("2026-11-30", 9))
    remind(at=at("2026-12-01", 10))
    (letter,) = told(case, "visit_soon")
    assert "港口店" in letter.body
    assert told(case, "visit_missing") == []


@pytest.mark.parametrize("given", ["another", "the line's own", "one that is off"])
def test_who_has_no_address_is_reminded_of_a_visit_by_sms_to_another_number(
    make_line: MakeLine, shop: Shop, given: str
) -> None:
    clock = Clock(at("2026-11-27", 12))
    line = make_line(kind="physical_sim")
    gone = make_line(state="terminated", number_off_at=clock.now)
    numbers = {"another": "818033334444", "the line's own": line.msisdn, "one that is off": gone.msisdn}
    ContactPoint.objects.filter(subscriber=line.subscriber).delete()
    ContactPoint.objects.create(carrier=line.carrier, subscriber=line.subscriber, kind="sms", value=numbers[given])
    case = ask(line, clock, effective="2026-12-31", channel="portal")
    visits.book(case=case, shop=shop, starts_at=at("2026-12-01", 11), acting=PERSON, at=clock.now)
    remind(at=at("2026-11-30", 9))
    remind(at=at("2026-12-01", 10))
    letters = told(case, "visit_soon")
    assert [(one.kind, one.to, one.state) for one in letters] == (
        [("sms", "818033334444", "queued")] if given == "another" else []
    )
    assert all(shop.name(case.language) in one.body and case.reference in one.body for one in letters)


def test_a_visit_that_was_just_booked_or_cancelled_is_not_told_of(sim_line: Line, shop: Shop) -> None:
    clock = Clock(at("2026-12-01", 12))
    case = ask(sim_line, clock, effective="2026-12-31", channel="portal")
    visits.book(case=case, shop=shop, starts_at=at("2026-12-02", 11), acting=PERSON, at=clock.now)
    remind(at=at("2026-12-01", 13))
    assert told(case, "visit_soon") == []
    visits.cancel(case=case, acting=PERSON, at=clock.now)
    visits.book(case=case, shop=shop, starts_at=at("2026-12-08", 11), acting=PERSON, at=clock.now)
    visits.cancel(case=case, acting=PERSON, at=clock.now)
    remind(at=at("2026-12-07", 13))
    assert told(case, "visit_soon") == []


def test_the_morning_after_an_esim_is_closed_its_profile_may_go(esim_line: Line, clock: Clock) -> None:
    case = ask(esim_line, clock, effective="month-end", channel="portal")
    work(clock, forward=False)
    show(case, "review", clock, approved="yes")
    work(clock)
    case.refresh_from_db()
    assert case.state == "completed"
    assert case.finished_at is not None
    closed_on = Message.objects.get(case_id=case.pk, key="closed").created_at
    assert remind(at=closed_on + timedelta(minutes=1)) == 0
    assert [remind(at=closed_on + timedelta(days=1, hours=10)), remind(at=closed_on + timedelta(days=2))] == [1, 0]
    assert {message.kind for message in told(case, "")} == {"email"}
    assert remind(at=datetime(2027, 6, 1, tzinfo=UTC)) == 0


def test_many_addresses_are_chosen_as_one_is(make_line: MakeLine) -> None:
    lines = [make_line(email=f"first{number}@mail.example") for number in range(3)]
    for line, verified in (
        (lines[1], [None]),
        (lines[2], [datetime(2026, 1, 2, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)]),
    ):
        for number, moment in enumerate(verified):
            ContactPoint.objects.create(
                carrier_id=line.carrier_id,
                subscriber_id=line.subscriber_id,
                kind="email",
                value=f"more{number}@mail.example",
                verified_at=moment,
            )
    ids = [line.subscriber_id for line in lines] + [0]
    assert emails_of(ids) == {pk: email_of(pk) for pk in ids[:3]}
