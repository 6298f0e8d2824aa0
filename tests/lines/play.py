"""What do the tests of files share? Writing one, and looking at all that the database holds of a carrier."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.db import connection

from tests.cast import fresh_iccid, fresh_imsi
from tojimari.lines.columns import NAMES

TABLES = ("subscriber", "contactpoint", "plan", "line", "service", "bill")


def a_row(number: int, **changed: str) -> dict[str, str]:
    """A good row. `number` below 1,000 makes its identifiers; use another for another line."""
    return {
        "customer": f"C{number}",
        "name_latin": "SOMEONE",
        "language": "ja",
        "email": f"someone{number}@mail.example",
        "kind": "physical_sim",
        "msisdn": f"0901111{number:04d}",
        "imsi": fresh_imsi(9_000_000 + number),
        "iccid": fresh_iccid(9_000_000 + number),
        "order_number": f"N-{number}",
        "plan": "standard",
        "contract_on": "2026-04-01",
        "services": "data;voice",
    } | changed


def write(path: Path, rows: Iterable[Mapping[str, str]], columns: Iterable[str] = NAMES) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(columns), extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables of the room, for one comparison. Ask it inside a scope."""
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT * FROM lines_{table} ORDER BY 1, 2, 3")
            found[table] = cursor.fetchall()
    return found


def bad_rows(path: Path | None) -> list[dict[str, str]]:
    assert path is not None
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
