"""Is every record kept exactly as long as its rule says?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tojimari.platform.acting import Refused
from tojimari.rules.calendar import day_start, jst_date
from tojimari.rules.retention import deletable_at, deletable_from, due_until, retention, retentions


@pytest.mark.parametrize(
    ("item", "started_on", "expected"),
    [
        ("identity_record", date(2026, 11, 30), date(2029, 12, 1)),
        ("identity_record", date(2028, 2, 29), date(2031, 3, 1)),
        ("tax_documents", date(2027, 5, 31), date(2034, 6, 1)),
        ("tax_documents_loss_year", date(2027, 5, 31), date(2037, 6, 1)),
        ("closure_evidence", date(2026, 11, 30), date(2031, 12, 1)),
        ("billing_usage", date(2026, 8, 30), date(2027, 3, 1)),
        ("contact_address", date(2026, 11, 30), date(2027, 3, 1)),
        ("marketing", date(2026, 11, 30), date(2026, 11, 30)),
        ("number_inventory", date(2026, 11, 30), None),
    ],
)
def test_a_record_may_go_on_its_day(item: str, started_on: date, expected: date | None) -> None:
    assert deletable_from(item, started_on) == expected


def test_days_end_in_japan_and_a_code_goes_after_ten_minutes() -> None:
    late_evening_utc = datetime(2026, 11, 30, 15, 30, tzinfo=UTC)  # already December in Japan
    assert deletable_at("identity_record", late_evening_utc) == day_start(date(2029, 12, 2))
    assert deletable_at("code_value", late_evening_utc) == datetime(2026, 11, 30, 15, 40, tzinfo=UTC)
    assert deletable_at("marketing", late_evening_utc) == late_evening_utc
    assert deletable_at("number_inventory", late_evening_utc) is None


def test_what_is_deleted_at_once_has_a_last_day_for_it() -> None:
    assert {item for item, row in retentions().items() if row.at_closure == "delete" and row.within_days == 30} == {
        "identity_images",
        "marketing",
    }


def test_a_record_without_a_row_is_not_deleted_by_guess() -> None:
    with pytest.raises(Refused) as caught:
        deletable_from("diary", date(2026, 11, 30))
    assert caught.value.code == "retention.unknown"


def test_every_row_is_complete() -> None:
    for row in retentions().values():
        assert row.starts
        assert row.source
        assert row.at_closure in {"restrict", "delete", "age_out", "keep"}
        assert retention(row.item).period(date(2026, 11, 22)) is not None


@given(
    st.sampled_from(sorted(retentions())),
    st.builds(
        lambda day, seconds: day_start(day) + timedelta(seconds=seconds),
        st.dates(date(2024, 1, 2), date(2040, 1, 1)),
        st.sampled_from([-1, 0, 1]) | st.integers(0, 86399),
    ),
)
def test_nothing_may_go_before_its_event(item: str, started_at: datetime) -> None:
    at = deletable_at(item, started_at)
    day = deletable_from(item, jst_date(started_at))
    assert at is None or at >= started_at
    assert (at is None) == (day is None)


@given(
    st.sampled_from(sorted(item for item, row in retentions().items() if not row.for_ever)),
    st.dates(date(2036, 1, 1), date(2060, 1, 1)),
)
def test_the_last_day_that_may_go_today_is_the_last_one(item: str, today: date) -> None:
    last = due_until(item, today)
    assert last is not None
    first, next_first = deletable_from(item, last), deletable_from(item, last + timedelta(days=1))
    assert first is not None
    assert next_first is not None
    assert first <= today < next_first


def test_what_is_kept_for_ever_never_comes_to_its_day() -> None:
    assert due_until("number_inventory", date(2060, 1, 1)) is None
