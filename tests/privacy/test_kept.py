"""Does a person read the true day until which each record about them stays?"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tojimari.privacy import words
from tojimari.privacy.queries import ABOUT_A_PERSON, Kept, kept_after
from tojimari.rules.retention import Period, retentions

END = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("item", "until"),
    [
        ("identity_record", date(2029, 11, 30)),  # three years from the day after the end
        ("identity_images", date(2026, 12, 30)),
        ("marketing", date(2026, 12, 30)),
        ("closure_evidence", date(2031, 11, 30)),
        ("connection_logs", date(2027, 5, 31)),
        ("number_person_link", date(2027, 5, 28)),  # 180 days of rest: the number is free from 2027-05-29
        ("contact_address", date(2027, 4, 14)),  # the bill is paid on 2027-01-14, and 90 days
        ("billing_usage", date(2027, 7, 14)),
        ("signed_form", date(2031, 11, 30)),
        ("acted_for_by", date(2031, 11, 30)),
        ("review_talk", date(2026, 12, 30)),
        ("handover_note", date(2026, 12, 30)),
        ("help_request", date(2026, 12, 30)),
        ("late_wish", date(2026, 12, 30)),
        ("refund_account", date(2027, 7, 14)),
        ("audit_log_archive", date(2029, 11, 30)),
        ("tax_documents", date(2034, 5, 31)),  # the year ends on 2027-03-31, its return is due on 2027-05-31
    ],
)
def test_each_record_stays_until_its_day(item: str, until: date) -> None:
    found = {row.item: row for row in kept_after(END)}
    assert found[item].until == until


def test_the_tax_year_turns_with_the_last_bill() -> None:
    tax = {day: next(row for row in kept_after(day) if row.item == "tax_documents").until for day in TURN}
    assert list(tax.values()) == [date(2034, 5, 31), date(2035, 5, 31)]


TURN = (
    date(2027, 2, 14),
    date(2027, 2, 15),
)  # settled 45 days later: on the last day of March, and on the first of April


def test_what_rests_on_an_assumption_says_so() -> None:
    assert {row.item for row in kept_after(END) if row.assumed} == {
        "billing_usage",
        "contact_address",
        "refund_account",
        "tax_documents",
    }
    assert {row.item for row in kept_after(END) if row.runs_already} == {
        "audit_log_archive",
        "connection_logs",
        "help_request",
        "late_wish",
        "tax_documents",
    }


def test_the_number_rests_for_its_whole_time() -> None:
    assert [of_the_number(**own).period for own in ({}, {"carrier_days": 400})] == [Period(days=180), Period(days=400)]
    assert of_the_number(carrier_days=1).until == date(2027, 1, 13), "the floor, as it is everywhere"
    with pytest.raises(StopIteration):
        of_the_number(ported_in=True)


def of_the_number(**known: Any) -> Kept:
    return next(row for row in kept_after(END, **known) if row.item == "number_person_link")


def test_every_record_has_words() -> None:
    assert set(words.ITEMS) == set(ABOUT_A_PERSON)
    assert {row.at_closure for row in retentions().values()} <= set(words.PLACES)
    assert {row.basis for row in retentions().values()} <= set(words.BASES)


def test_no_record_about_a_person_is_forgotten() -> None:
    nobody = {"code_value", "code_event", "audit_log_online", "number_inventory"}
    elsewhere = {"receipt_manifest", "guided_uploads", "guided_case", "accounting_books", "tax_documents_loss_year"}
    assert set(retentions()) == {*ABOUT_A_PERSON, *nobody, *elsewhere}


@given(st.dates(date(2020, 4, 1), date(2060, 12, 31)))
def test_nothing_goes_before_the_contract_ends_and_each_has_a_length(end: date) -> None:
    rows = kept_after(end)
    assert all(row.until >= end and row.period != Period() for row in rows)
    assert [row.until for row in rows] == sorted(row.until for row in rows)
