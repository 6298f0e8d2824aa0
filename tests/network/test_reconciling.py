"""Are all ghost lines found, and no innocent one?"""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction

from tests.cast import MakeLine
from tests.support.ghosts import AS_OF, Planted, plant
from tojimari.lines.models import Bill, Carrier, Line, Service
from tojimari.network.models import Finding, Reconciliation
from tojimari.network.reconciling import runs
from tojimari.network.reconciling.kinds import Kind
from tojimari.network.reconciling.runs import Inputs, look, reconcile
from tojimari.platform.acting import SYSTEM, Refused
from tojimari.platform.database.scope import carrier_scope, every_carrier

pytestmark = pytest.mark.django_db

AT = AS_OF + timedelta(minutes=1)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "hlr.db"


@pytest.fixture
def planted(as_tabi: Carrier, database: Path) -> Planted:
    return plant(as_tabi, database, lines=4_200, ghosts=1_000)


def test_a_thousand_ghosts_are_found_and_no_innocent_line(as_tabi: Carrier, database: Path, planted: Planted) -> None:
    found = look(as_tabi, Inputs(database=database), as_of=AS_OF, at=AT)
    assert sum(planted.counts.values()) == 1_000
    assert set(planted.counts) == set(Kind)
    assert found.counts == planted.counts
    named = {row["iccid"]: row["kind"] for row in found.findings.iter_rows(named=True) if row["iccid"]}
    assert named == planted.iccids
    assert found.lines == 4_200
