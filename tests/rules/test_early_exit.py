"""Are the first eight days counted as the Telecommunications Business Act says?"""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tojimari.rules.early_exit import Window, window


@pytest.mark.parametrize(
    ("received", "started", "last"),
    [
        (date(2026, 11, 1), date(2026, 11, 1), date(2026, 11, 8)),
        (date(2026, 11, 1), date(2026, 11, 3), date(2026, 11, 10)),
        (date(2026, 12, 24), date(2026, 12, 20), date(2026, 12, 31)),
        (date(2027, 2, 22), date(2027, 2, 22), date(2027, 3, 1)),
        (date(2028, 2, 25), date(2028, 2, 25), date(2028, 3, 3)),
    ],
)
def test_eight_days_with_the_first_included(received: date, started: date, last: date) -> None:
    assert window(received, started).last_day == last


@pytest.mark.parametrize(("received", "started"), [(None, date(2026, 11, 1)), (date(2026, 11, 1), None), (None, None)])
def test_without_document_or_service_the_days_have_not_begun(received: date | None, started: date | None) -> None:
    open_window = window(received, started)
    assert open_window == Window(None, None)
    assert open_window.ends_at is None
    assert open_window.in_time(datetime(2100, 1, 1, tzinfo=UTC))


def test_a_corrected_document_starts_the_days_anew_and_never_shortens_them() -> None:
    first = date(2026, 11, 1)
    assert window(first, first, date(2026, 11, 20)).last_day == date(2026, 11, 27)
    assert window(None, first, date(2026, 11, 20)).last_day == date(2026, 11, 27)
    assert window(first, date(2026, 11, 25), date(2026, 11, 20)).last_day == date(2026, 12, 2)


def test_a_notice_counts_when_it_is_sent_up_to_midnight_in_japan() -> None:
    days = window(date(2026, 11, 1), date(2026, 11, 1))
    assert days.in_time(datetime(2026, 11, 8, 14, 59, 59, tzinfo=UTC))
    assert not days.in_time(datetime(2026, 11, 8, 15, tzinfo=UTC))
    assert days.ends_at == datetime(2026, 11, 8, 15, tzinfo=UTC)


@pytest.mark.parametrize("received", [None, date(2016, 5, 20), date(2026, 11, 1)])
def test_a_contract_older_than_the_rule_never_had_such_days(received: date | None) -> None:
    days = window(received, date(2016, 5, 20))
    assert not days.in_time(datetime(2016, 5, 20, 3, tzinfo=UTC))
    assert not days.in_time(datetime(2026, 11, 1, tzinfo=UTC))
    assert window(received, date(2016, 5, 21)).in_time(datetime(2016, 5, 22, tzinfo=UTC))
