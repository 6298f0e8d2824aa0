"""Do many rows go in by one statement, and do those that are there stay as they are?"""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tojimari.lines.models import Bill, Carrier, Line, Subscriber
from tojimari.platform.database.bulk import insert_new
from tojimari.platform.database.scope import carrier_scope
from tojimari.proofs.models import Certificate

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 3, 0, 0, 123456, tzinfo=UTC)


def row(carrier: Carrier, case: int, jws: str = "a.b.c") -> dict[str, object]:
    return {
        "carrier_id": carrier.pk,
        "case_id": case,
        "reference": f"TJ-{case}",
        "kid": "k",
        "jws": jws,
        "issued_at": AT,
    }


def test_new_rows_go_in_by_one_statement_and_known_ones_stay(as_tabi: Carrier) -> None:
    assert insert_new(Certificate, [row(as_tabi, 1, "first")], returning="case_id") == [1]
    with CaptureQueriesContext(connection) as queries:
        rows = [row(as_tabi, 1, "second"), row(as_tabi, 2), row(as_tabi, 3)]
        assert sorted(insert_new(Certificate, rows, returning="case_id")) == [2, 3]
    assert len(queries) == 1
    assert Certificate.objects.get(case_id=1).jws == "first"
    assert Certificate.objects.get(case_id=2).issued_at == AT


def test_words_of_every_script_and_dangerous_ones_come_back_as_they_were(as_tabi: Carrier) -> None:
    text = """'); DROP TABLE x; -- "\\ \u2028 解約 注销 %s {} \U00020bb7"""
    insert_new(Certificate, [row(as_tabi, 1, text)], returning="case_id")
    assert Certificate.objects.get().jws == text


def test_dates_numbers_and_nothing_keep_their_kinds(as_tabi: Carrier, sim_line: Line) -> None:
    bill = {
        "carrier_id": as_tabi.pk,
        "line_id": sim_line.pk,
        "month": date(2026, 2, 1),
        "amount_yen": 2_000_000_000,
        "due_on": date(2026, 2, 28),
        "paid_on": None,
    }
    insert_new(Bill, [bill], returning="id")
    found = Bill.objects.get()
    assert (found.month, found.amount_yen, found.paid_on) == (date(2026, 2, 1), 2_000_000_000, None)


def test_rows_of_another_carrier_are_refused(tabi: Carrier, tonari: Carrier) -> None:
    with (
        carrier_scope(tabi.pk),
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
    ):
        insert_new(Certificate, [row(tonari, 1)], returning="case_id")


def test_nothing_to_put_down_asks_nothing(as_tabi: Carrier) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert insert_new(Subscriber, [], returning="id") == []
    assert not queries.captured_queries


def test_a_value_without_a_place_in_a_row_is_refused(as_tabi: Carrier) -> None:
    with pytest.raises(TypeError, match="bytes"):
        insert_new(Certificate, [row(as_tabi, 1) | {"jws": b"x"}], returning="case_id")
