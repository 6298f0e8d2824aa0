"""Do the documents say what the code says, and all of it?"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.docs import reading
from tests.docs.tables import TABLES

_TABLE = re.compile(r"(<!-- from the code: (?P<name>[a-z]+) -->\n)(?P<body>.*?)(<!-- end -->)", re.DOTALL)

PAGES = [page for page in reading.documents() if "<!-- from the code:" in page.read_text("utf-8")]


@pytest.mark.parametrize("page", PAGES, ids=reading.name)
def test_tables_from_the_code_are_up_to_date(page: Path) -> None:
    kept = page.read_text("utf-8")
    drawn = _TABLE.sub(lambda found: f"{found[1]}\n{TABLES[found['name']]()}\n\n{found[4]}", kept)
    if os.environ.get("WRITE_DOCS"):
        page.write_text(drawn, "utf-8")
    assert page.read_text("utf-8") == drawn, "write it anew: WRITE_DOCS=1 make test ARGS=tests/docs"


def test_every_table_stands_in_a_document() -> None:
    named = [found["name"] for page in PAGES for found in _TABLE.finditer(page.read_text("utf-8"))]
    assert sorted(named) == sorted(TABLES)
