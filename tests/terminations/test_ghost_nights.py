"""Are books and network compared every night where the operator wants it, and a missed night made up for once?"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cast import MakeLine
from tests.terminations.play import Clock
from tojimari.lines.models import Carrier
from tojimari.network.models import Reconciliation
from tojimari.network.reconciling.nightly import BadNights, nights
from tojimari.platform.config import config
from tojimari.terminations.ghost_nights import compare_due

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_worker")]

EVENING = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)  # 22:00 in Japan


@pytest.fixture
def settings_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    path = tmp_path / "nights.toml"
    monkeypatch.setenv("TOJIMARI_RECONCILE", str(path))
    config.cache_clear()
    path.write_text("[tabi]\nlive = true\nhour = 3\n", "utf-8")
    yield path
    monkeypatch.delenv("TOJIMARI_RECONCILE")
    config.cache_clear()


def compared() -> int:
    return Reconciliation.objects.count()


def test_nothing_is_compared_by_itself_unless_it_is_set_up(tabi: Carrier, make_line: MakeLine) -> None:
    make_line()
    assert compare_due(at=EVENING) == 0
    assert not compared()


def test_one_night_is_one_comparison_and_a_missed_one_is_made_up_for_once(
    tabi: Carrier, tonari: Carrier, settings_file: Path
) -> None:
    clock = Clock(EVENING)
    assert [compare_due(at=clock.now) for _ in range(3)] == [1, 0, 0], "the night before was missed"
    clock.move(hours=4)  # 02:00 in Japan
    assert compare_due(at=clock.now) == 0
    clock.move(hours=1)
    assert [compare_due(at=clock.now) for _ in range(3)] == [1, 0, 0]
    clock.move(days=5)  # nothing ran for five nights
    assert [compare_due(at=clock.now) for _ in range(3)] == [1, 0, 0]
    assert set(Reconciliation.objects.values_list("carrier_id", flat=True)) == {tabi.pk}


def test_an_export_that_is_late_is_waited_for(
    tabi: Carrier, make_line: MakeLine, settings_file: Path, tmp_path: Path
) -> None:
    line = make_line(changed_at=EVENING - timedelta(days=9))
    export = tmp_path / "hlr.csv"
    settings_file.write_text(f'[tabi]\nhlr_file = "{export}"\n', "utf-8")
    assert compare_due(at=EVENING) == 0, "there is none yet"
    export.write_text(f"imsi\n{line.imsi}\n", "ascii")
    written = EVENING - timedelta(hours=5)
    os.utime(export, (written.timestamp(), written.timestamp()))
    assert compare_due(at=EVENING) == 1
    assert Reconciliation.objects.get().as_of == written
    assert compare_due(at=EVENING + timedelta(days=1)) == 0, "the same export tells nothing new"
    os.utime(export, (EVENING.timestamp(), EVENING.timestamp()))
    assert compare_due(at=EVENING + timedelta(days=1)) == 1


def test_one_carriers_trouble_stops_no_other(tabi: Carrier, tonari: Carrier, settings_file: Path) -> None:
    settings_file.write_text('[tabi]\nhlr_database = "/nowhere/hlr.db"\n[tonari]\nlive = true\n', "utf-8")
    assert compare_due(at=EVENING) == 1
    assert Reconciliation.objects.get().carrier_id == tonari.pk


def test_everything_that_is_wrong_with_the_file_is_said_at_once(settings_file: Path) -> None:
    settings_file.write_text(
        '[tabi]\nhour = 24\nhlr_file = "here.csv"\nlive = true\nimsi = "440"\nwhen = 1\n'
        "columns = 3\n[tonari]\nlive = 1\n",
        "utf-8",
    )
    with pytest.raises(BadNights) as bad:
        nights()
    said = "; ".join(bad.value.problems)
    for part in ("'when'", "hour", "hlr_file", "one of", "imsi", "columns", "tonari: live"):
        assert part in said
    assert compare_due(at=EVENING) == 0
