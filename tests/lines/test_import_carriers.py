"""Do the imports of two carriers keep out of each other's way, and never meet each other's lines?"""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection

from tests.lines.play import a_row, everything, write
from tojimari.lines import imports
from tojimari.lines.imports import import_lines
from tojimari.lines.models import Carrier, Line, Subscriber
from tojimari.platform.acting import Refused
from tojimari.platform.database.scope import carrier_scope

pytestmark = pytest.mark.usefixtures("as_worker")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "lines.csv"


def test_a_second_import_for_a_carrier_waits_its_turn(
    path: Path, tabi: Carrier, tonari: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(path, [a_row(1)])
    monkeypatch.setattr(imports, "LOCK_SECONDS", 0)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [imports.LOCK, tabi.pk])
        with pytest.raises(Refused, match=r"import\.running"):
            import_lines(path, carrier=tabi)
        assert import_lines(path, carrier=tonari).imported == 1
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [imports.LOCK, tabi.pk])
    finally:
        other.close()
    assert import_lines(path, carrier=tabi).imported == 1


def test_two_carriers_may_have_the_same_identifiers_and_never_meet(path: Path, tabi: Carrier, tonari: Carrier) -> None:
    write(path, [a_row(1), a_row(2)])
    assert import_lines(path, carrier=tabi).imported == 2
    with carrier_scope(tabi.pk):
        before = everything()
    assert import_lines(write(path, [a_row(1, name_latin="OTHER")]), carrier=tonari).imported == 1
    with carrier_scope(tabi.pk):
        assert everything() == before
    with carrier_scope(tonari.pk):
        assert list(Subscriber.objects.values_list("name_latin", flat=True)) == ["OTHER"]
        assert set(Line.objects.values_list("carrier_id", flat=True)) == {tonari.pk}


def test_the_file_is_imported_for_its_carrier_whatever_the_scope_around(
    path: Path, tabi: Carrier, tonari: Carrier
) -> None:
    with carrier_scope(tonari.pk):
        import_lines(write(path, [a_row(1)]), carrier=tabi)
        assert not Line.objects.exists()
    with carrier_scope(tabi.pk):
        assert Line.objects.count() == 1
