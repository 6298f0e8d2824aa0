"""How are many rows put down at once, those that are there already left as they are?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import orjson
from django.db import connection
from django.db.models import Model


def insert_new(model: type[Model], rows: Sequence[Mapping[str, Any]], *, returning: str) -> list[Any]:
    """Insert rows, given by column, unless a unique index knows them; return the column `returning` of the new ones.

    One statement with one JSON text. COPY is refused on tables with row-level security, and arrays, whose elements the
    driver quotes one by one, take twice as long. Every row has the same columns; columns that are left out take the
    database's default, so all without one must be given.
    """
    if not rows:
        return []
    names = tuple(rows[0])
    with connection.cursor() as cursor:
        cursor.execute(_statement(model, names, returning), [orjson.dumps(rows).decode()])
        return [row[0] for row in cursor.fetchall()]


@cache
def _statement(model: type[Model], names: Sequence[str], returning: str) -> str:
    """The statement for these columns. Names and types come from the model, never from a row."""
    fields = {field.column: field for field in model._meta.concrete_fields}
    quoted = ", ".join(f'"{fields[name].column}"' for name in names)
    typed = ", ".join(f'"{name}" {fields[name].rel_db_type(connection)}' for name in names)
    table = model._meta.db_table
    return (
        f'INSERT INTO "{table}" ({quoted}) SELECT {quoted} FROM jsonb_to_recordset(%s::jsonb) AS new ({typed}) '  # noqa: S608 - see above
        f'ON CONFLICT DO NOTHING RETURNING "{fields[returning].column}"'
    )
