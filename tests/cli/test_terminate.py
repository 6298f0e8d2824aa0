"""Can an operator end a file of lines, see beforehand what would happen, and send the file again?"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from django.db import connection

from tests.cast import MakeLine
from tojimari.cli import CommandError, terminate
from tojimari.lines.actions import add_carrier
from tojimari.lines.models import Carrier, Line, Plan
from tojimari.network.words import note
from tojimari.platform import health
from tojimari.platform.acting import SYSTEM
from tojimari.platform.database.scope import every_carrier
from tojimari.terminations.models import Procedure, Termination

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_worker")]

Run = Callable[..., int]


@pytest.fixture
def quick() -> Carrier:
    """A carrier with the demonstration's procedures: a barred line is held for no time."""
    carrier = add_carrier(slug="demo", name_ja="旅", name_en="Tabi", acting=SYSTEM)
    with every_carrier():
        Plan.objects.create(carrier=carrier, code="standard", name="S", monthly_fee_yen=550)
    return carrier


@pytest.fixture
def line_of(quick: Carrier, make_line: MakeLine) -> Callable[..., Line]:
    return lambda **more: make_line(carrier=quick, **more)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def ran(rows: Sequence[Sequence[str]], *options: str, name: str = "lines.csv") -> int:
        path = tmp_path / name
        with open(path, "w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
        parser = argparse.ArgumentParser()
        terminate.add_arguments(parser)
        words = [str(path), "--carrier", "demo", "--effective", "now", "--reason", "test", "--alone", *options]
        return terminate.run(parser.parse_args(words))

    return ran


def result(tmp_path: Path) -> list[dict[str, str]]:
    with open(tmp_path / "lines.result.csv", encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_closes_lines_named_by_card_number_or_order(line_of: Callable[[], Line], run: Run, tmp_path: Path) -> None:
    one, two, three = line_of(), line_of(), line_of()
    number = "0" + two.msisdn.removeprefix("81")
    rows = [["iccid", "電話番号", "order_number"], [one.iccid, "", ""], ["", number, ""], ["", "", three.order_number]]
    assert run(rows) == 0
    assert [row["state"] for row in result(tmp_path)] == ["completed"] * 3
    assert set(Line.objects.values_list("state", flat=True)) == {"terminated"}
    cases = list(Termination.objects.order_by("line_id"))
    assert [row["reference"] for row in result(tmp_path)] == [case.reference for case in cases]
    assert {(case.channel, case.reason) for case in cases} == {("file", "test")}


def test_the_file_sent_again_closes_nothing_twice(line_of: Callable[[], Line], run: Run, tmp_path: Path) -> None:
    rows = [["iccid"], *([line_of().iccid] for _ in range(3))]
    assert run(rows) == 0
    first = result(tmp_path)
    assert run(rows) == 0
    assert result(tmp_path) == first
    assert Termination.objects.count() == 3


def test_a_row_that_stands_twice_is_one_case(line_of: Callable[[], Line], run: Run, tmp_path: Path) -> None:
    card = line_of().iccid
    assert run([["iccid"], [card], [card]]) == 0
    assert Termination.objects.count() == 1
    assert len({row["reference"] for row in result(tmp_path)}) == 1


def test_good_rows_go_on_and_bad_ones_come_back_with_reasons(
    line_of: Callable[[], Line], tonari_line: Line, run: Run, tmp_path: Path
) -> None:
    good, other = line_of(), line_of()
    wrong = good.iccid[:-1] + str((int(good.iccid[-1]) + 1) % 10)
    rows = [
        ["iccid", "msisdn"],
        [good.iccid, ""],
        [wrong, ""],
        [tonari_line.iccid, ""],
        ["", "+819012345678"],
        [other.iccid, good.msisdn],
        [" ", "x"],
    ]
    assert run(rows) == 1
    codes = [row["code"] for row in result(tmp_path)]
    assert codes[0] == ""
    assert codes[1] == "iccid.luhn"
    assert codes[2:4] == ["line.unknown", "line.unknown"]
    assert codes[4] == "line.identifiers_disagree"
    assert codes[5].startswith("msisdn.")
    assert all(row["text"] for row in result(tmp_path)[1:])
    assert Termination.objects.get().line == good
    tonari_line.refresh_from_db()
    assert tonari_line.state == "active"


def test_a_dry_run_says_everything_and_writes_nothing(
    line_of: Callable[[], Line], run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    card = line_of().iccid
    assert run([["iccid"], [card], ["8981100000000000010"]], "--dry-run") == 1
    told = capsys.readouterr().out
    assert "1 would be asked for" in told
    assert "550 yen" in told
    assert "inspect, bar, hold, remove, prove" in told
    assert "1 x line.unknown" in told
    assert "SIMULATED" in told
    assert not Termination.objects.exists()
    assert not Procedure.objects.exists()
    assert Line.objects.get().state == "active"
    assert [path.name for path in tmp_path.iterdir()] == ["lines.csv"]


def test_a_number_that_has_a_new_holder_is_not_taken_for_the_old_one(
    line_of: Callable[[], Line], quick: Carrier, make_line: MakeLine, run: Run, tmp_path: Path
) -> None:
    old = line_of()
    rows = [["iccid", "msisdn"], [old.iccid, old.msisdn]]
    assert run(rows) == 0
    new = make_line(carrier=quick, msisdn=old.msisdn)
    assert run(rows) == 0
    new.refresh_from_db()
    assert new.state == "active"
    assert result(tmp_path)[0]["reference"] == Termination.objects.get().reference


@pytest.mark.parametrize(
    ("rows", "options", "complaint"),
    [
        ([["colour"], ["red"]], [], "iccid / msisdn / order_number"),
        ([["name_kanji"], ["王"]], [], "iccid / msisdn / order_number"),
        ([["iccid"], ["x"]], ["--effective", "someday"], "someday"),
        ([["iccid"], ["x"]], ["--effective", "2020-01-01"], "2020-01-01"),
        ([["iccid"], ["x"]], ["--carrier", "nobody"], "nobody"),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_asked(
    quick: Carrier, run: Run, rows: list[list[str]], options: list[str], complaint: str
) -> None:
    with pytest.raises(CommandError, match=complaint):
        run(rows, *options)
    assert not Termination.objects.exists()


def test_a_worker_on_another_network_is_reason_to_stop(line_of: Callable[[], Line], run: Run) -> None:
    health.beat("worker", network="osmohlr")
    with pytest.raises(CommandError, match="osmohlr"):
        run([["iccid"], [line_of().iccid]])
    assert not Termination.objects.exists()


def test_the_number_of_queries_does_not_grow_with_the_rows(line_of: Callable[[], Line], run: Run) -> None:
    from django.test.utils import CaptureQueriesContext

    def asked(count: int) -> int:
        rows = [["iccid"], *([line_of().iccid] for _ in range(count))]
        with CaptureQueriesContext(connection) as queries:
            run(rows, "--no-wait", name=f"{count}.csv")
        return len(queries)

    asked(1)  # writes the procedure that all later cases begin with
    assert asked(2) == asked(20)


def test_a_dry_run_says_which_lines_the_network_would_leave_to_staff(
    line_of: Callable[..., Line], run: Run, tonari: Carrier, make_line: MakeLine, capsys: pytest.CaptureFixture[str]
) -> None:
    shared, clear = line_of(msisdn=""), line_of()
    make_line(carrier=tonari, msisdn="", imsi=shared.imsi)
    make_line(carrier=tonari, imsi=clear.imsi)
    assert run([["iccid"], [shared.iccid], [clear.iccid]], "--dry-run") == 0
    assert "  1 of them would wait for staff, network.other_subscriber: " in capsys.readouterr().out


def test_a_dry_run_names_each_command_and_the_point_of_no_return(
    line_of: Callable[[], Line], run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [line_of(), line_of()]
    assert run([["iccid"], *([line.iccid] for line in lines)], "--dry-run") == 0
    said = capsys.readouterr().out
    assert "2 x physical_sim at simulated." in said
    ending = lines[0].imsi[-4:]
    wanted = [f"simulated > {verb} line IMSI …{ending}" for verb in ("inspect", "bar", "remove", "prove")]
    wanted.insert(2, "---- no way back from here on ----")
    places = [said.index(one) for one in wanted]
    assert places == sorted(places)
    assert lines[0].imsi not in said


def test_a_dry_run_shows_the_commands_of_each_element_in_its_turn(
    line_of: Callable[[], Line], run: Run, quick: Carrier, capsys: pytest.CaptureFixture[str]
) -> None:
    Carrier.objects.filter(pk=quick.pk).update(elements={"physical_sim": ["by_hand", "simulated"]})
    assert run([["iccid"], [line_of().iccid]], "--dry-run") == 0
    said = capsys.readouterr().out
    assert "1 x physical_sim at by_hand, then simulated." in said
    turns = [
        "inspect@by_hand (by_hand)\n    nothing is sent\n",
        "bar@by_hand (by_hand)",
        "  bar (simulated)",
        "no way back",
        "remove@by_hand (by_hand)",
        "  remove (simulated)",
    ]
    places = [said.index(turn) for turn in turns]
    assert places == sorted(places)
    assert str(note("by_hand.remove")) in said
