"""Does `tojimari reconcile` say what was found, and ask for repairs only for who may?"""

from __future__ import annotations

import argparse
import csv
import json
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.utils import translation

from tests.cast import MakeLine
from tojimari.cli import CommandError, reconcile
from tojimari.desk.models import Membership
from tojimari.lines.models import Carrier, Line
from tojimari.network.models import Reconciliation
from tojimari.platform.database.scope import every_carrier
from tojimari.terminations.models import RepairWish, Termination

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """What is said is compared by its English words."""
    with translation.override("en"):
        yield


@pytest.fixture
def ghost(tabi: Carrier, make_line: MakeLine) -> Line:
    long_ago = datetime.now(UTC) - timedelta(days=9)
    return make_line(state="terminated", ended_at=long_ago, changed_at=long_ago)


@pytest.fixture
def export(ghost: Line, tmp_path: Path) -> Path:
    path = tmp_path / "hlr.csv"
    path.write_text(f"imsi,msisdn\n{ghost.imsi},{ghost.msisdn}\n440,x\n", "ascii")
    return path


def command(*words: object) -> int:
    parser = argparse.ArgumentParser()
    reconcile.add_arguments(parser)
    return reconcile.run(parser.parse_args([str(word) for word in (*words, "--carrier", "tabi")]))


def test_what_was_found_is_said_kept_and_written(
    export: Path, ghost: Line, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = tmp_path / "found.csv"
    assert command("run", "--hlr-file", export, "--as-of", "now", "--csv", written) == 1
    told = capsys.readouterr().out
    with every_carrier():
        kept = Reconciliation.objects.get()
    assert kept.reference in told
    assert "Closed in the books, alive in the network" in told
    assert "row 2" in told
    assert "it is not barred, and its keys are there. Data and calls may work" in told
    assert "not looked for" in told
    rows = list(csv.DictReader(written.read_text("utf-8-sig").splitlines()))
    assert [(row["kind"], row["imsi"]) for row in rows] == [("closed_alive", ghost.imsi), ("unusable_row", "")]
    assert stat.S_IMODE(written.stat().st_mode) == 0o600

    assert command("show", kept.reference, "--json") == 1
    shown = json.loads(capsys.readouterr().out)
    assert shown["found"]["closed_alive"] == 1
    assert [one["line_id"] for one in shown["findings"]] == [ghost.pk]
    assert ghost.imsi not in json.dumps(shown)
    assert command("show", kept.reference) == 1
    assert "The repair bars the card" in capsys.readouterr().out
    assert command("list") == 0
    assert kept.reference in capsys.readouterr().out


def test_a_file_of_bad_rows_is_refused_and_each_row_comes_back_with_its_reason(
    tabi: Carrier, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, written = tmp_path / "hlr.csv", tmp_path / "bad.csv"
    path.write_text("imsi,barred\n" + "4.4E+14,no\n" * 7 + "440101234567890,perhaps\n", "ascii")
    with pytest.raises(CommandError, match=r"8 of 8 rows of hlr\.csv cannot be used, the first one is row 1"):
        command("run", "--hlr-file", path, "--as-of", "now", "--csv", written)
    told = capsys.readouterr().err
    assert "hlr: row 1, 2, 3, 4, 5 and 2 more: The IMSI is not 14 or 15 digits." in told
    assert "hlr: row 8: Barred must be yes or no." in told
    rows = list(csv.DictReader(written.read_text("utf-8-sig").splitlines()))
    assert [(row["kind"], row["key"], row["detail"]) for row in rows[6:]] == [
        ("unusable_row", "7", "reconcile.row.imsi"),
        ("unusable_row", "8", "reconcile.row.barred"),
    ]


def test_what_the_books_changed_just_now_is_not_judged_and_that_is_said(
    tabi: Carrier, make_line: MakeLine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line, path = make_line(state="terminated", ended_at=datetime.now(UTC)), tmp_path / "hlr.csv"
    path.write_text(f"imsi\n{line.imsi}\n", "ascii")
    assert command("run", "--hlr-file", path, "--as-of", "now", "--dry-run") == 0
    assert "Lines not judged, as the books changed them since one hour before: 1." in capsys.readouterr().out
    assert command("run", "--hlr-file", path, "--as-of", "now", "--dry-run", "--json") == 0
    assert json.loads(capsys.readouterr().out)["not_judged"] == 1


def test_a_dry_run_keeps_nothing(export: Path) -> None:
    assert command("run", "--hlr-file", export, "--as-of", "now", "--dry-run", "--json") == 1
    with every_carrier():
        assert not Reconciliation.objects.exists()


def test_nothing_found_is_exit_code_0(tabi: Carrier) -> None:
    assert command("run") == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--hlr-file", "{export}"), "--as-of"),
        (("--hlr-file", "{export}", "--as-of", "2026-11-22T03:00"), "zone"),
        (("--hlr-file", "{export}", "--as-of", "yesterday"), "--as-of yesterday"),
        (("--hlr-file", "{export}", "--as-of", "now", "--column", "imsi=X"), "--column imsi=X"),
        (("--hlr-file", "{export}", "--as-of", "now", "--column", "hlr.imsi=X"), "lacks the column X"),
        (("--hlr-file", "{export}", "--as-of", "now", "--live"), "More than one HLR"),
        (("--hlr-file", "{export}", "--as-of", "now", "--imsi", "440-10"), "--imsi 440-10: write digits"),
    ],
)
def test_what_was_asked_wrongly_is_said_in_one_line(export: Path, words: tuple[str, ...], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        command("run", *(word.format(export=export) for word in words))


def test_only_who_may_asks_for_a_repair_and_nothing_ends_by_asking(
    tabi: Carrier, export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with every_carrier():
        for role in ("lead", "clerk"):
            user = User.objects.create_user(role, f"{role}@tabi.example", "x")
            Membership.objects.create(carrier=tabi, user=user, role=role)
    command("run", "--hlr-file", export, "--as-of", "now")
    with every_carrier():
        reference = Reconciliation.objects.get().reference
    with pytest.raises(CommandError, match="may not ask"):
        command("repair", reference, "--by", "clerk@tabi.example")
    with pytest.raises(CommandError, match="no comparison"):
        command("repair", "RC-NONE", "--by", "lead@tabi.example")
    assert command("repair", reference, "--by", "lead@tabi.example") == 1
    with every_carrier():
        assert RepairWish.objects.get().reference in capsys.readouterr().out
        assert not Termination.objects.exists()


def test_what_cannot_be_asked_live_is_named_with_its_lines(
    tabi: Carrier, make_line: MakeLine, capsys: pytest.CaptureFixture[str]
) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=9)
    with every_carrier():
        Carrier.objects.filter(pk=tabi.pk).update(
            elements={"esim": ["es2plus", "simulated"], "physical_sim": "by_hand"}
        )
    make_line(kind="physical_sim", changed_at=long_ago)
    with pytest.raises(CommandError, match=r"line by line \(by_hand\)"):
        command("run", "--live")
    make_line(kind="esim", changed_at=long_ago)
    assert command("run", "--live") == 1
    told = capsys.readouterr().out
    assert "by_hand: cannot be asked line by line; lines not looked at there: 1." in told
    assert "es2plus: cannot be asked line by line; lines not looked at there: 1." in told
    with every_carrier():
        run = Reconciliation.objects.get()
    assert run.counts["active_gone"] == 1, "a line that nobody was asked for is not called gone"
