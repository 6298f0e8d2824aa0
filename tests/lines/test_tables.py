"""Are the tables of this room closed to every carrier but their own, in the database itself?"""

from __future__ import annotations

import pytest
from django.db import connection


@pytest.mark.django_db
def test_every_table_with_a_carrier_is_under_row_level_security() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity FROM pg_class c "
            "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'carrier_id' "
            "WHERE c.relkind = 'r' AND c.relname LIKE 'lines_%'"
        )
        found = dict(cursor.fetchall())
    assert set(found) == {
        "lines_subscriber",
        "lines_contactpoint",
        "lines_plan",
        "lines_line",
        "lines_service",
        "lines_bill",
        "lines_change",
        "lines_linemoney",
        "lines_restingnumber",
    }
    assert all(found.values())
