"""Is the last moment one at which somebody is there, never after the deadline, and does it say why it is earlier?"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.guide.given import carrier, text, tokyo
from tests.guide.test_plan_deadlines import answered, cutoffs, instants, of
from tojimari.guide.answers import Answers
from tojimari.guide.deadlines import Act, Deadline, deadlines
from tojimari.guide.directory import carriers
from tojimari.guide.facts import CarrierFacts, Channel, LineKind
from tojimari.guide.plan import Plan, plan
from tojimari.guide.plan_words import TEXTS
from tojimari.rules.cutoffs import closes_at
from tojimari.rules.hours import Said

SECOND = timedelta(seconds=1)
SIM = LineKind.PHYSICAL_SIM
EVERY_DAY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
SHOP = {"week": [{"days": EVERY_DAY, "since": "10:00", "until": "19:00"}], "holidays": "open", "new_year": "open"}
OFFICE = {
    "week": [{"days": EVERY_DAY[:5], "since": "09:00", "until": "18:00"}],
    "holidays": "closed",
    "new_year": "12-29/01-03",
}
MONTH_END: dict[str, Any] = {"effective": "end_of_month", "cutoff": {"kind": "before_month_end", "days": 0}}


def month_end(now: datetime, end: str, **way: Any) -> Deadline:
    return of(carrier(MONTH_END | way), Answers(zone="Asia/Shanghai"), now)[f"ask:{end}"]


def test_a_shop_that_closes_at_seven_makes_18_59_out_of_23_59_and_says_why() -> None:
    found = month_end(tokyo(2027, 1, 20), "2027-01-31", channels=["shop"], open={"shop": SHOP})

    assert found.in_japan == tokyo(2027, 1, 31, 18, 59, 59)
    assert (found.in_zone.hour, found.in_zone.minute) == (17, 59)
    assert found.itself == tokyo(2027, 2, 1, 0)
    assert found.sure
    assert found.why is not None
    assert found.why.code == "earlier.shop"
    assert found.why.into("en") == (
        "The deadline itself is Sun, Jan 31, 2027, 23:59 in Japan. The shop closes at 19:00."
    )


def test_a_hotline_that_rests_on_sundays_makes_it_saturday() -> None:
    rests = OFFICE | {"week": [{"days": EVERY_DAY[:6], "since": "09:00", "until": "18:00"}]}

    found = month_end(tokyo(2027, 1, 20), "2027-01-31", channels=["phone"], open={"phone": rests})

    assert found.in_japan == tokyo(2027, 1, 30, 17, 59, 59)
    assert found.why is not None
    assert found.why.code == "earlier.phone.closed"
    assert "Sat, Jan 30, 2027, until 18:00" in found.why.into("en")


@pytest.mark.parametrize(
    ("cutoff", "now", "end", "last"),
    [
        # 2027: 29 April, 3 to 5 May are holidays, 1 and 2 May a weekend.
        ({"kind": "day_of_month", "day": 5}, tokyo(2027, 5, 1), "2027-05-31", tokyo(2027, 4, 30, 17, 59, 59)),
        ({"kind": "day_of_month", "day": 6}, tokyo(2027, 5, 1), "2027-05-31", tokyo(2027, 5, 6, 17, 59, 59)),
        # 28 December 2026 is a Monday, 3 January a Sunday.
        ({"kind": "before_month_end", "days": 0}, tokyo(2026, 12, 1), "2026-12-31", tokyo(2026, 12, 28, 17, 59, 59)),
        ({"kind": "day_of_month", "day": 3}, tokyo(2026, 12, 20), "2027-01-31", tokyo(2026, 12, 28, 17, 59, 59)),
        ({"kind": "day_of_month", "day": 4}, tokyo(2026, 12, 20), "2027-01-31", tokyo(2027, 1, 4, 17, 59, 59)),
    ],
)  # fmt: skip
def test_golden_a_hotline_on_weekdays_over_golden_week_and_new_year(
    cutoff: dict[str, Any], now: datetime, end: str, last: datetime
) -> None:
    found = month_end(now, end, channels=["phone"], cutoff=cutoff, open={"phone": OFFICE})

    assert found.in_japan == last
    assert found.sure


def test_what_is_open_day_and_night_stands_first_and_the_shop_has_its_own_moment() -> None:
    found = month_end(
        tokyo(2027, 1, 20), "2027-01-31", channels=["shop", "web"], open={"web": {"always": True}, "shop": SHOP}
    )

    assert [(reach.channel, reach.last_moment) for reach in found.reaches] == [
        (Channel.WEB, tokyo(2027, 1, 31, 23, 59, 59)),
        (Channel.SHOP, tokyo(2027, 1, 31, 18, 59, 59)),
    ]
    assert found.in_japan == tokyo(2027, 1, 31, 23, 59, 59)
    assert found.why is None
    assert found.apart


@pytest.mark.parametrize("open_hours", [None, {"shop": {"varies": True}}])
def test_a_shop_whose_hours_nobody_names_is_asked_and_never_called_sure(open_hours: Any) -> None:
    found = month_end(tokyo(2027, 1, 20), "2027-01-31", channels=["shop"], open=open_hours)

    assert found.in_japan == tokyo(2027, 1, 31, 23, 59, 59)
    assert found.stated
    assert not found.sure
    assert [each.code for each in found.hours_missing] == ["unknown.hours.shop"]
    assert found.hours_missing[0].ask is not None
    assert found.hours_missing[0].ask.into("en") == "When does the shop close on Sun, Jan 31, 2027?"


def test_a_page_without_hours_counts_as_open() -> None:
    assert month_end(tokyo(2027, 1, 20), "2027-01-31", channels=["web"]).sure


def test_hours_without_days_cut_the_clock_and_ask_for_the_day() -> None:
    clock = {"week": [{"since": "09:00", "until": "20:00"}]}

    found = month_end(tokyo(2027, 1, 20), "2027-01-31", channels=["phone"], open={"phone": clock})

    assert found.in_japan == tokyo(2027, 1, 31, 19, 59, 59)
    assert not found.sure
    assert [each.code for each in found.hours_missing] == ["unknown.hours.day"]


def test_a_holiday_of_which_nothing_is_said_is_not_counted_on_but_worth_a_question() -> None:
    silent = {"week": OFFICE["week"]}
    cutoff = {"kind": "day_of_month", "day": 23}  # 勤労感謝の日, a Monday in 2026

    found = month_end(tokyo(2026, 11, 1), "2026-11-30", channels=["phone"], cutoff=cutoff, open={"phone": silent})

    assert found.in_japan == tokyo(2026, 11, 20, 17, 59, 59)
    assert found.sure
    assert [each.ask.facts["day"] for each in found.hours_missing if each.ask] == [date(2026, 11, 23)]
    late = month_end(tokyo(2026, 11, 22), "2026-11-30", channels=["phone"], cutoff=cutoff, open={"phone": silent})
    assert late.passed
    assert late.may_still_work(tokyo(2026, 11, 22))
    assert not late.may_still_work(tokyo(2026, 11, 24))


def test_a_shop_that_takes_bookings_only_is_not_sure_to_have_one_left() -> None:
    found = month_end(tokyo(2027, 1, 20), "2027-01-31", channels=["shop"], open={"shop": SHOP}, appointment="required")

    assert found.in_japan == tokyo(2027, 1, 31, 18, 59, 59)
    assert not found.sure
    assert [each.code for each in found.hours_missing] == ["unknown.hours.booking"]


def test_calls_go_by_the_hours_of_the_hotline_that_rings_in_japan() -> None:
    def line(number: str, of: str, hours: dict[str, Any]) -> dict[str, Any]:
        return {"number": number, "from": of, "hours": text("hours"), "open": hours, "source": "page"}

    lines = [line("0120-000-001", "japan", OFFICE), line("+81-3-0000-0001", "abroad", {"always": True})]
    facts = carrier(MONTH_END | {"channels": ["phone"]}, hotline=lines)

    assert of(facts, Answers(), tokyo(2027, 1, 20))["ask:2027-01-31"].in_japan == tokyo(2027, 1, 29, 17, 59, 59)


def test_the_earlier_one_of_two_sources_keeps_every_channel_of_both() -> None:
    by_25 = MONTH_END | {"cutoff": {"kind": "day_of_month", "day": 25}, "channels": ["web"]}
    by_31 = MONTH_END | {"channels": ["shop"], "open": {"shop": SHOP}, "source": "blog"}

    found = of(carrier(by_25, by_31), Answers(), tokyo(2027, 1, 1))["ask:2027-01-31"]

    assert [other.last_of_itself.day for other in found.others] == [31]
    assert [(each.channel, each.last_moment) for each in found.reaches] == [
        (Channel.WEB, tokyo(2027, 1, 25, 23, 59, 59)),
        (Channel.SHOP, tokyo(2027, 1, 25, 18, 59, 59)),
    ]


def test_hours_do_not_make_a_later_source_the_earlier_one() -> None:
    by_30 = MONTH_END | {"cutoff": {"kind": "day_of_month", "day": 30}, "channels": ["web"]}
    by_31 = MONTH_END | {"channels": ["phone"], "open": {"phone": OFFICE}, "source": "blog"}

    found = of(carrier(by_30, by_31), Answers(), tokyo(2027, 1, 1))["ask:2027-01-31"]

    assert found.itself == tokyo(2027, 1, 31, 0)
    assert [each.last_moment.day for each in found.reaches] == [30, 29]


def test_of_two_numbers_the_one_whose_days_nobody_names_decides() -> None:
    clock = {"week": [{"since": "09:00", "until": "20:00"}]}
    numbers = {"0120-000-001": OFFICE, "0120-000-002": clock}
    lines = [
        {"number": number, "from": "japan", "hours": text("hours"), "open": hours, "source": "page"}
        for number, hours in numbers.items()
    ]

    found = of(carrier(MONTH_END | {"channels": ["phone"]}, hotline=lines), Answers(), tokyo(2027, 1, 20))

    assert not found["ask:2027-01-31"].sure


def asked(made: Plan) -> Deadline:
    step = made.step("ask")
    assert step is not None
    assert step.due is not None
    return step.due


def test_golden_a_docomo_sim_before_a_flight_on_a_sunday_evening() -> None:
    flight = date(2026, 12, 20)
    answers = Answers(keep_number=False, leaving_on=flight, zone="Asia/Shanghai", monthly_fee_yen=2970)

    due = asked(plan(carriers()["docomo"], SIM, answers, tokyo(2026, 11, 24)))

    assert due.in_japan == tokyo(2026, 12, 19, 23, 59, 59)  # Sunday itself is not counted on
    assert due.reaches[0].channel is Channel.WEB
    assert due.sure
    shop = next(reach for reach in due.reaches if reach.channel is Channel.SHOP)
    assert not shop.sure
    assert [each.ask.facts["day"] for each in shop.unknown if each.ask] == [date(2026, 12, 19)]


def test_golden_a_shop_alone_before_a_flight_on_a_sunday_evening_is_saturday_before_it_closes() -> None:
    facts = carrier({"channels": ["shop"], "effective": "same_or_next_day", "open": {"shop": SHOP}}, kind="mno")
    answers = Answers(leaving_on=date(2026, 12, 20))

    due = asked(plan(facts, SIM, answers, tokyo(2026, 11, 24)))

    assert due.in_japan == tokyo(2026, 12, 19, 18, 59, 59)
    assert due.why is not None
    assert due.why.code == "earlier.shop"


def test_the_post_does_not_go_by_the_hours_of_a_shop() -> None:
    way = {"channels": ["shop"], "effective": "same_or_next_day", "open": {"shop": SHOP}}
    facts = carrier(way | {"sim_return": "required", "return_days": 7})

    back = plan(facts, SIM, Answers(leaving_on=date(2026, 12, 5)), tokyo(2026, 11, 24)).step("return_card")

    assert back is not None
    assert back.due is not None
    assert back.due.in_japan == tokyo(2026, 12, 4, 23, 59, 59)


def test_golden_mobal_is_asked_on_its_page_and_no_hour_is_added() -> None:
    answers = Answers(keep_number=False, leaving_on=date(2026, 12, 20), zone="Asia/Shanghai")

    due = asked(plan(carriers()["mobal"], SIM, answers, tokyo(2026, 11, 24)))

    assert due.in_japan == tokyo(2026, 12, 19, 23, 59, 59)
    assert due.why is None
    assert due.sure


def test_when_the_shop_has_closed_for_the_last_time_before_the_flight_the_next_end_is_left() -> None:
    facts = carrier(MONTH_END | {"channels": ["shop"], "open": {"shop": SHOP}})
    answers = Answers(leaving_on=date(2026, 12, 20))

    due = asked(plan(facts, SIM, answers, tokyo(2026, 12, 19, 19)))

    assert due.id == "ask:2026-12-31"


def test_asking_too_early_is_reckoned_by_the_deadline_itself_not_by_the_hours() -> None:
    facts = carrier(MONTH_END | {"channels": ["phone"], "open": {"phone": OFFICE}})

    made = plan(facts, SIM, Answers(leaving_on=date(2026, 12, 10)), tokyo(2026, 11, 24))

    step = made.step("ask")
    assert step is not None
    assert step.not_before == tokyo(2026, 12, 1, 0)


clocks = st.sampled_from([("00:00", "24:00"), ("09:00", "18:00"), ("10:00", "19:00"), ("22:00", "24:00")])


@st.composite
def opened(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(st.sampled_from(["always", "varies", "week", "week", "week"]))
    if kind != "week":
        return {kind: True}
    since, until = draw(clocks)
    days = draw(st.none() | st.lists(st.sampled_from(EVERY_DAY), min_size=1, unique=True))
    row: dict[str, Any] = {"week": [{"since": since, "until": until} | ({"days": days} if days else {})]}
    holidays = draw(st.sampled_from([None, "open", "closed"]))
    new_year = draw(st.sampled_from([None, "open", "12-29/01-03", "12-31/01-01"]))
    return row | {name: each for name, each in (("holidays", holidays), ("new_year", new_year)) if each}


@st.composite
def with_hours(draw: st.DrawFn) -> CarrierFacts:
    effective = ["immediate", "end_of_month", "chosen_date", "end_of_cycle"]
    rows = []
    for _ in range(draw(st.integers(1, 3))):
        channels = draw(st.lists(st.sampled_from(["web", "shop", "phone", "chat", "mail"]), unique=True))
        rows.append(
            {
                "channels": channels,
                "cutoff": draw(st.none() | cutoffs()),
                "effective": draw(st.none() | st.sampled_from(effective)),
                "open": {channel: draw(opened()) for channel in channels if draw(st.booleans())} or None,
                "appointment": draw(st.sampled_from([None, "required"])),
            }
        )
    return carrier(*rows, kind=draw(st.sampled_from(["mno", "mvno_foreigner", "prepaid"])))


@settings(max_examples=100)
@given(with_hours(), answered, instants)
def test_no_moment_lies_outside_opening_hours_or_after_the_deadline(
    facts: CarrierFacts, answers: Answers, now: datetime
) -> None:
    for way in facts.closing:
        for found in deadlines(facts, way, answers, now).deadlines:
            assert found.act is Act.ASK
            assert found.end is not None
            assert way.cutoff is None or found.itself == closes_at(way.cutoff, found.end)
            assert found.too_late_at <= found.itself
            assert found.passed is (found.too_late_at <= now)
            for reach in found.reaches:
                assert reach.too_late_at <= found.itself
                assert (reach.why is None) is (reach.too_late_at == found.itself)
                assert reach.sure or reach.unknown
                stated = (way.open or {}).get(reach.channel)
                if stated is not None and stated.hours is not None:
                    there = stated.hours.at(reach.last_moment)
                    assert there is not Said.CLOSED
                    assert there is Said.OPEN or not reach.sure


@settings(max_examples=100)
@given(with_hours(), answered, instants)
def test_the_best_channel_comes_first_and_every_sentence_has_its_words(
    facts: CarrierFacts, answers: Answers, now: datetime
) -> None:
    for found in of(facts, answers, now).values():
        for reach in found.reaches:
            assert not reach.sure or (found.sure and reach.too_late_at <= found.too_late_at)
            for each in reach.unknown:
                assert each.code in TEXTS
                assert each.ask is None or each.ask.code in TEXTS
            assert reach.why is None or str(reach.why)
