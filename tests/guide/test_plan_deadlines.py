"""Is the last moment right, on both clocks, and does every yen say why?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.guide.given import carrier, text, tokyo
from tojimari.guide.answers import Answers, Card, Term
from tojimari.guide.deadlines import Act, Deadline, deadlines, early_exit, together
from tojimari.guide.facts import CarrierFacts, LineKind
from tojimari.guide.losses import Yen, of_ending
from tojimari.guide.plan_words import TEXTS
from tojimari.rules.calendar import day_end
from tojimari.rules.cutoffs import closes_at

SECOND = timedelta(seconds=1)
SIM = LineKind.PHYSICAL_SIM


def of(facts: CarrierFacts, answers: Answers, now: datetime) -> dict[str, Deadline]:
    found = together((deadlines(facts, way, answers, now) for way in facts.closing), now).deadlines
    return {deadline.id: deadline for deadline in found}


def yen(deadline: Deadline) -> int | str:
    return deadline.missing.amount if isinstance(deadline.missing, Yen) else deadline.missing.code


def test_the_day_before_month_end_at_17_59_covers_its_whole_minute_and_costs_the_next_month() -> None:
    facts = carrier({"effective": "end_of_month", "cutoff": {"kind": "before_month_end", "days": 1, "time": "17:59"}})
    answers = Answers(zone="Asia/Shanghai", monthly_fee_yen=1078)

    november = of(facts, answers, tokyo(2026, 11, 24))["ask:2026-11-30"]

    assert november.in_japan == tokyo(2026, 11, 29, 17, 59, 59)
    assert (november.in_zone.hour, november.in_zone.minute) == (16, 59)
    assert november.stated
    assert yen(november) == 1078


@pytest.mark.parametrize(
    ("now", "passed"),
    [(tokyo(2026, 11, 29, 17, 59, 59), False), (tokyo(2026, 11, 29, 18), True)],
)
def test_the_last_second_is_in_time_and_the_next_one_is_not(now: datetime, passed: bool) -> None:
    facts = carrier({"effective": "end_of_month", "cutoff": {"kind": "before_month_end", "days": 1, "time": "17:59"}})

    assert of(facts, Answers(), now)["ask:2026-11-30"].passed is passed


def test_the_25th_of_a_month_and_the_31st_of_a_short_one() -> None:
    on_25 = carrier({"effective": "end_of_month", "cutoff": {"kind": "day_of_month", "day": 25}})
    on_31 = carrier({"effective": "end_of_month", "cutoff": {"kind": "day_of_month", "day": 31}})

    assert of(on_25, Answers(), tokyo(2028, 2, 1))["ask:2028-02-29"].in_japan == tokyo(2028, 2, 25, 23, 59, 59)
    assert of(on_31, Answers(), tokyo(2027, 1, 31))["ask:2027-02-28"].in_japan == tokyo(2027, 2, 28, 23, 59, 59)


def test_without_an_hour_the_last_day_itself_is_not_counted_on_and_the_hour_is_asked() -> None:
    november = of(carrier({"effective": "end_of_month"}), Answers(), tokyo(2026, 11, 24))["ask:2026-11-30"]

    assert november.in_japan == tokyo(2026, 11, 29, 23, 59, 59)
    assert not november.stated
    assert [each.code for each in november.unknown] == ["unknown.cutoff"]
    assert november.unknown[0].ask is not None


def test_what_passed_on_the_safe_side_only_may_still_work() -> None:
    november = of(carrier({"effective": "end_of_month"}), Answers(), tokyo(2026, 11, 30))["ask:2026-11-30"]

    assert november.passed
    assert november.may_still_work(tokyo(2026, 11, 30, 23, 59, 59))
    assert not november.may_still_work(tokyo(2026, 12, 1, 0))


def test_a_month_charged_in_full_makes_its_last_day_dear_and_the_others_free() -> None:
    facts = carrier({"effective": "immediate", "cutoff": {"kind": "daily", "time": "20:00"}, "month_charge": "full"})

    found = of(facts, Answers(monthly_fee_yen=2970), tokyo(2026, 11, 24))

    assert yen(found["ask:2026-11-24"]) == 0
    assert yen(found["ask:2026-11-30"]) == 2970
    assert found["ask:2026-11-30"].in_japan == tokyo(2026, 11, 30, 19, 59, 59)


def test_by_the_day_a_day_costs_what_the_bill_grows_by() -> None:
    facts = carrier(
        {"effective": "immediate", "cutoff": {"kind": "daily", "time": "21:00"}, "month_charge": "prorated"}
    )

    assert yen(of(facts, Answers(monthly_fee_yen=3000), tokyo(2026, 11, 24))["ask:2026-11-24"]) == 100


def test_by_data_used_the_next_month_costs_what_a_month_without_data_costs() -> None:
    facts = carrier({"effective": "immediate", "month_charge": "usage_band"})

    found = of(facts, Answers(monthly_fee_yen=1078), tokyo(2026, 11, 24))

    assert yen(found["ask:2026-11-30"]) == 1078


def test_without_a_stated_fee_or_charge_the_yen_are_unknown() -> None:
    full = carrier({"effective": "immediate", "month_charge": "full"})
    silent = carrier({"effective": "immediate"})

    assert yen(of(full, Answers(), tokyo(2026, 11, 24))["ask:2026-11-30"]) == "unknown.monthly_fee"
    assert yen(of(silent, Answers(monthly_fee_yen=9), tokyo(2026, 11, 24))["ask:2026-11-30"]) == "unknown.month_charge"


def test_what_one_page_leaves_out_is_taken_from_another_but_not_where_two_disagree() -> None:
    timed = {"effective": "immediate", "cutoff": {"kind": "daily", "time": "20:00"}}
    said = carrier(timed, {"month_charge": "full", "source": "blog"})
    disputed = carrier(timed, {"month_charge": "full"}, {"month_charge": "prorated"})
    answers, now = Answers(monthly_fee_yen=1000), tokyo(2026, 11, 24)

    cost = deadlines(said, said.closing[0], answers, now).deadlines[-1].missing

    assert isinstance(cost, Yen)
    assert cost.sources == ("blog",)
    assert yen(deadlines(disputed, disputed.closing[0], answers, now).deadlines[-1]) == "unknown.month_charge"


def test_of_two_sources_the_earlier_moment_is_taken_and_the_other_shown() -> None:
    early = {"effective": "end_of_month", "cutoff": {"kind": "day_of_month", "day": 20}, "source": "blog"}
    late = {"effective": "end_of_month", "cutoff": {"kind": "day_of_month", "day": 25}}

    november = of(carrier(late, early), Answers(), tokyo(2026, 11, 1))["ask:2026-11-30"]

    assert november.in_japan.day == 20
    assert [other.in_japan.day for other in november.others] == [25]


def test_a_stated_moment_comes_before_one_that_was_only_set_on_the_safe_side() -> None:
    stated = {"effective": "end_of_month", "cutoff": {"kind": "day_of_month", "day": 30}}

    november = of(carrier({"effective": "end_of_month"}, stated), Answers(), tokyo(2026, 11, 1))["ask:2026-11-30"]

    assert november.stated
    assert november.others == ()


def test_before_a_renewal_and_before_departure() -> None:
    renewal = carrier({"effective": "end_of_cycle", "cutoff": {"kind": "before_renewal", "days": 7}})
    departure = carrier({"cutoff": {"kind": "before_departure", "days": 10}})
    answers = Answers(term_ends_on=date(2026, 12, 10), leaving_on=date(2026, 12, 18), monthly_fee_yen=500)

    before_renewal = of(renewal, answers, tokyo(2026, 11, 24))["ask:2026-12-10"]
    before_departure = of(departure, answers, tokyo(2026, 11, 24))["ask:2026-12-18"]

    assert before_renewal.in_japan == tokyo(2026, 12, 3, 23, 59, 59)
    assert yen(before_renewal) == 500
    assert before_departure.in_japan == tokyo(2026, 12, 8, 23, 59, 59)


def test_a_day_that_only_the_person_knows_is_said_to_be_missing() -> None:
    renewal = carrier({"effective": "end_of_cycle", "cutoff": {"kind": "before_renewal", "days": 7}})
    departure = carrier({"cutoff": {"kind": "before_departure", "days": 10}})

    assert [each.code for each in deadlines(renewal, renewal.closing[0], Answers(), tokyo(2026, 11, 24)).unknown] == [
        "unknown.renewal"
    ]
    assert [
        each.code for each in deadlines(departure, departure.closing[0], Answers(), tokyo(2026, 11, 24)).unknown
    ] == ["unknown.leaving"]


def test_a_carrier_abroad_may_count_by_another_clock_so_the_moment_is_a_day_earlier() -> None:
    facts = carrier(
        {"effective": "end_of_cycle", "cutoff": {"kind": "before_renewal", "days": 7}}, kind="travel_esim", country="ES"
    )

    found = of(facts, Answers(term_ends_on=date(2026, 12, 10)), tokyo(2026, 11, 24))["ask:2026-12-10"]

    assert found.in_japan == tokyo(2026, 12, 2, 23, 59, 59)
    assert not found.stated
    assert "unknown.clock" in [each.code for each in found.unknown]


def test_business_days_skip_holidays_and_a_year_that_is_not_official_is_unknown() -> None:
    row: dict[str, Any] = {"effective": "end_of_month", "cutoff": {"kind": "business_day_of_month", "n": -1}}
    facts = carrier(row)

    december = deadlines(facts, facts.closing[0], Answers(), tokyo(2026, 12, 1))
    beyond = deadlines(facts, facts.closing[0], Answers(), tokyo(2027, 12, 1))

    assert december.deadlines[0].in_japan == tokyo(2026, 12, 28, 23, 59, 59)
    assert [each.end for each in beyond.deadlines] == [date(2027, 12, 31)]
    assert [str(each.what.facts["year"]) for each in beyond.unknown] == ["2028"]


def test_a_card_goes_back_some_days_after_the_end_and_by_the_hour_where_one_is_stated() -> None:
    week = carrier(
        {"sim_return": "required", "return_days": 7, "effective": "on_return", "channels": ["mail"]}, kind="rental"
    )
    noon = carrier(
        {"sim_return": "required", "return_days": 1, "return_time": "12:00", "effective": "on_return"}, kind="rental"
    )
    answers = Answers(term_ends_on=date(2026, 11, 30))

    assert of(week, answers, tokyo(2026, 11, 24))["return:2026-11-30"].in_japan == tokyo(2026, 12, 7, 23, 59, 59)
    assert of(noon, answers, tokyo(2026, 11, 24))["return:2026-11-30"].in_japan == tokyo(2026, 12, 1, 11, 59, 59)
    assert of(week, Answers(term_ends_on=date(2026, 11, 30), card=Card.RETURNED), tokyo(2026, 11, 24)) == {}


def test_a_card_of_a_contract_goes_back_after_the_end_that_can_still_be_made() -> None:
    facts = carrier(
        {
            "line_kinds": ["rental_wifi"],
            "sim_return": "required",
            "return_days": 5,
            "effective": "end_of_month",
            "cutoff": {"kind": "day_of_month", "day": 25},
        }
    )

    assert "return:2026-11-30" in of(facts, Answers(), tokyo(2026, 11, 25))
    assert "return:2026-12-31" in of(facts, Answers(), tokyo(2026, 11, 26))


def test_the_first_eight_days_include_the_first_and_end_at_24_00() -> None:
    facts = carrier({})
    answers = Answers(contracted_on=date(2026, 11, 1))

    (last,) = early_exit(facts, SIM, answers, tokyo(2026, 11, 8, 23, 59, 59)).deadlines

    assert last.in_japan == tokyo(2026, 11, 8, 23, 59, 59)
    assert [each.code for each in last.unknown] == ["unknown.early_exit"]
    assert early_exit(facts, SIM, answers, tokyo(2026, 11, 9, 0)).deadlines == ()


def test_prepaid_foreign_and_undated_lines_have_no_eight_days_to_name() -> None:
    begun, now = Answers(contracted_on=date(2026, 11, 1)), tokyo(2026, 11, 2)

    assert early_exit(carrier({}, kind="visitor_prepaid"), SIM, begun, now).deadlines == ()
    assert early_exit(carrier({}, kind="home_carrier", country="CN"), LineKind.ROAMING, begun, now).deadlines == ()
    assert early_exit(carrier({}), SIM, Answers(), now).deadlines == ()
    fixed = Answers(contracted_on=date(2026, 11, 1), term=Term.ENDS)
    assert early_exit(carrier({}), SIM, fixed, now).deadlines == ()


@pytest.mark.parametrize(
    ("begun", "at", "expected"),
    [
        (date(2025, 12, 1), tokyo(2026, 11, 30), [1100]),
        (date(2025, 12, 1), tokyo(2026, 12, 1), []),  # a year is over
        (date(2025, 2, 28), tokyo(2025, 11, 30), []),  # contracts of before the fee
        (None, tokyo(2026, 11, 30), ["unknown.early_fee_day"]),
    ],
)
def test_the_fee_for_ending_early_hangs_on_the_day_of_the_contract(
    begun: date | None, at: datetime, expected: list[int | str]
) -> None:
    facts = carrier({"early_fee": {"yen": 1100, "months": 12, "contracts_from": date(2025, 3, 1)}})

    costs = of_ending(facts, SIM, Answers(contracted_on=begun), at)

    assert [cost.amount if isinstance(cost, Yen) else cost.code for cost in costs] == expected


def test_a_fee_of_which_no_source_speaks_is_asked_for() -> None:
    (cost,) = of_ending(carrier({}), SIM, Answers(), tokyo(2026, 11, 24))

    assert not isinstance(cost, Yen)
    assert cost.ask is not None


def test_the_cap_of_the_law_stands_beside_a_fee_where_the_monthly_fee_tells_it() -> None:
    facts = carrier({"early_fee": {"yen": 5000, "months": 4}})

    (cost,) = of_ending(facts, SIM, Answers(contracted_on=date(2026, 10, 1), monthly_fee_yen=4000), tokyo(2026, 11, 24))

    assert isinstance(cost, Yen)
    assert cost.amount == 5000
    assert cost.basis.facts["cap"] == 4000


# What must hold whatever the facts, the answers and the hour are.

clocks = st.sampled_from([None, "00:00", "17:59", "20:00", "21:10", "23:59"])
numbers = {"day_of_month": ("day", 1, 31), "before_month_end": ("days", 0, 27), "before_renewal": ("days", 0, 366)}
numbers |= {"before_departure": ("days", 0, 366)}


@st.composite
def cutoffs(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(st.sampled_from(["daily", *numbers]))
    clock = draw(clocks)
    row: dict[str, Any] = {"kind": kind} | ({"time": clock} if clock else {})
    if kind in numbers:
        name, lowest, highest = numbers[kind]
        row[name] = draw(st.integers(lowest, highest))
    return row


@st.composite
def facts_of_a_carrier(draw: st.DrawFn) -> CarrierFacts:
    effective = ["immediate", "same_or_next_day", "end_of_month", "chosen_date", "on_expiry", "end_of_cycle"]
    rows = [
        {
            "cutoff": draw(st.none() | cutoffs()),
            "effective": draw(st.none() | st.sampled_from([*effective, "on_return"])),
            "month_charge": draw(st.none() | st.sampled_from(["full", "prorated", "usage_band"])),
            "sim_return": draw(st.none() | st.sampled_from(["required", "not_required", "conflicting"])),
            "return_days": draw(st.none() | st.integers(0, 10)),
            "channels": draw(st.lists(st.sampled_from(["web", "shop", "mail", "return_item", "auto_expiry"]))),
            "fee_jpy": draw(st.none() | st.integers(0, 5000)),
            "early_fee": draw(st.none() | st.just({"yen": 1100, "months": 12})),
            "source": draw(st.sampled_from(["page", "blog"])),
            "said": [{"topic": "hours", "text": text("in its hours")}],
        }
        for _ in range(draw(st.integers(0, 3)))
    ]
    kind = draw(st.sampled_from(["mno", "mvno_foreigner", "prepaid", "visitor_prepaid", "rental", "travel_esim"]))
    return carrier(*rows, kind=kind, country=draw(st.sampled_from(["JP", "JP", "ES"])))


days = st.dates(date(2025, 1, 1), date(2027, 12, 31))
answered = st.builds(
    Answers,
    keep_number=st.none() | st.booleans(),
    term=st.none() | st.sampled_from(Term),
    term_ends_on=st.none() | days,
    contracted_on=st.none() | days,
    leaving_on=st.none() | days,
    zone=st.sampled_from(["Asia/Shanghai", "America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Tokyo"]),
    card=st.none() | st.sampled_from(Card),
    monthly_fee_yen=st.none() | st.integers(0, 20_000),
)
instants = st.integers(0, 1065 * 86_400).map(lambda seconds: tokyo(2025, 1, 1) + timedelta(seconds=seconds))


@settings(max_examples=60)
@given(facts_of_a_carrier(), answered, instants)
def test_no_deadline_is_after_the_cutoff_of_its_end_or_after_the_end(
    facts: CarrierFacts, answers: Answers, now: datetime
) -> None:
    for way in facts.closing:
        for deadline in deadlines(facts, way, answers, now).deadlines:
            assert deadline.end is not None
            if deadline.id.startswith(Act.RETURN) and way.return_days is not None:
                assert deadline.too_late_at <= day_end(deadline.end + timedelta(days=way.return_days))
                continue
            assert deadline.too_late_at <= day_end(deadline.end)
            assert way.cutoff is None or deadline.too_late_at <= closes_at(way.cutoff, deadline.end)
            assert deadline.passed is (deadline.too_late_at <= now)


@settings(max_examples=60)
@given(facts_of_a_carrier(), answered, instants)
def test_both_clocks_show_the_same_moment_one_second_before_it_is_too_late(
    facts: CarrierFacts, answers: Answers, now: datetime
) -> None:
    for deadline in of(facts, answers, now).values():
        # In UTC: an hour that a zone has twice is equal to no other time (PEP 495).
        assert deadline.in_japan.astimezone(UTC) == deadline.in_zone.astimezone(UTC) == deadline.too_late_at - SECOND
        assert deadline.in_japan.utcoffset() == timedelta(hours=9)
        assert deadline.in_zone.tzinfo == ZoneInfo(answers.zone)


@settings(max_examples=60)
@given(facts_of_a_carrier(), answered, instants)
def test_every_yen_says_why_and_by_which_source(facts: CarrierFacts, answers: Answers, now: datetime) -> None:
    found = [deadline.missing for deadline in of(facts, answers, now).values()]
    for cost in [*found, *of_ending(facts, SIM, answers, now)]:
        if isinstance(cost, Yen):
            assert cost.basis.code in TEXTS
            assert cost.sources
            assert set(cost.sources) <= set(facts.sources)
        else:
            assert cost.code in TEXTS


@pytest.mark.parametrize(
    ("end", "shown"),
    [
        (date(2026, 3, 31), "2026-03-30 10:59:59"),  # summer time in New York
        (date(2026, 11, 30), "2026-11-29 09:59:59"),  # winter time
    ],
)
def test_the_other_clock_follows_its_summer_time(end: date, shown: str) -> None:
    facts = carrier({"effective": "end_of_month", "cutoff": {"kind": "before_month_end", "days": 1}})
    now = day_end(end) - timedelta(days=20)

    found = of(facts, Answers(zone="America/New_York"), now)[f"ask:{end.isoformat()}"]

    assert found.in_zone.strftime("%Y-%m-%d %H:%M:%S") == shown
