"""Does `tojimari lines` do what it says, also when its process is killed or interrupted in the middle?

What is asked of the process (kill, Ctrl-C, a database that is not there) is asked of one of its own. Everything else
calls the same command here: a process would spend most of its time with starting.
"""

from __future__ import annotations

import io
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from django.db import connection

from tests.lines.play import a_row, bad_rows, everything, write
from tojimari import cli
from tojimari.lines.changes import history
from tojimari.lines.company import COMPANY
from tojimari.lines.models import Carrier, Line, Service
from tojimari.lines.sample import write_sample
from tojimari.platform.database.scope import every_carrier

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = 15_000


def environment(**more: str) -> dict[str, str]:
    """The command works on the database of this test."""
    parts = connection.settings_dict
    query = {"host": parts["HOST"], "port": parts["PORT"], "user": parts["USER"], "password": parts["PASSWORD"]}
    given = urlencode({name: value for name, value in query.items() if value}, quote_via=quote)
    kept = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    return {**kept, "LC_ALL": "C.UTF-8", "DATABASE_URL": f"postgresql:///{parts['NAME']}?{given}", **more}


def start(*words: str, **more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tojimari", "lines", *words],
        env=environment(**more),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def run_apart(*words: str, **more: str) -> tuple[int, str, str]:
    process = start(*words, **more)
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def run(*words: str, **more: str) -> tuple[int, str, str]:
    """Exit code and what was printed, without a process of its own."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        for name, value in {"LC_ALL": "C.UTF-8", **more}.items():
            patch.setenv(name, value)
        code = cli.main(["lines", *words])
    return code, out.getvalue(), err.getvalue()


def lines_there() -> int:
    with every_carrier():
        return Line.objects.count()


def until(true: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    """Wait until something is so; the process failing first is an error with its words."""
    while not true():
        if process.poll() is not None:
            pytest.fail(f"ended too early: {process.communicate()}")


def children(process: subprocess.Popen[str]) -> list[int]:
    """Handles of the processes that this one has started."""
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text("ascii")
    return [os.pidfd_open(int(pid)) for pid in listed.split()]


def ended(handle: int) -> bool:
    """Wait until the process has ended; false if it has not after a minute."""
    ready, _, _ = select.select([handle], [], [], 60)
    os.close(handle)
    return bool(ready)


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    path = tmp_path / "lines.csv"
    write_sample(path, ROWS, bad_share=0.01)
    return path


def test_killed_in_the_middle_and_run_again_nothing_is_lost_or_doubled(sample: Path, tabi: Carrier) -> None:
    process = start("import", str(sample), "--carrier", "tabi")
    until(lambda: lines_there() > 0, process)
    helpers = children(process)
    process.kill()
    process.communicate()
    assert 0 < lines_there() < ROWS
    assert lines_there() % 4_950 == 0, "a chunk is in whole or not at all"
    assert helpers, "a file of this size is checked in a process of its own"
    assert all(map(ended, helpers)), "the checking process ends with the importing one"

    code, out, _ = run_apart("import", str(sample), "--carrier", "tabi")
    assert code == 1, "bad rows came back"
    assert lines_there() == ROWS - 150
    assert "150  bad, with reasons in" in out
    assert len(bad_rows(sample.with_name("lines.bad.csv"))) == 150
    with every_carrier():
        before = everything()
        lone = Line.objects.filter(services__isnull=True).count()
        assert lone == 0, "every line of the sample has services"
        assert not Service.objects.exclude(state="active").exists()
    code, out, _ = run("import", str(sample), "--carrier", "tabi")
    assert code == 1
    assert f"{ROWS - 150:,}  already there" in out
    with every_carrier():
        assert everything() == before


def test_interrupted_it_says_how_to_go_on_and_leaves_nothing_half_done(sample: Path, tabi: Carrier) -> None:
    process = start("import", str(sample), "--carrier", "tabi")
    until(lambda: lines_there() > 0, process)
    helpers = children(process)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, (out, err)
    assert err.strip().endswith("Interrupted. What is in stays in. Run the same command to go on.")
    assert all(map(ended, helpers))
    assert [child.name for child in sample.parent.iterdir()] == ["lines.csv"]
    assert run_apart("import", str(sample), "--carrier", "tabi")[0] == 1
    assert lines_there() == ROWS - 150


def test_all_good_rows_give_exit_code_zero(tmp_path: Path, tabi: Carrier) -> None:
    path = write(tmp_path / "lines.csv", [a_row(1), a_row(2)])
    code, out, err = run_apart("import", str(path), "--carrier", "tabi")
    assert (code, err) == (0, "")
    assert "2  imported" in out
    code, out, _ = run("show", "090-1111-0001", "--carrier", "tabi")
    assert code == 0
    assert "+819011110001" in out
    assert "data (active), voice (active)" in out
    assert run("show", "090-1111-0009", "--carrier", "tabi")[0] == 1


def test_a_dry_run_says_so(tmp_path: Path, tabi: Carrier) -> None:
    path = write(tmp_path / "lines.csv", [a_row(1), a_row(2, msisdn="1")])
    code, out, _ = run("import", str(path), "--carrier", "tabi", "--dry-run")
    assert code == 1
    assert "nothing was written" in out
    assert "1  would be imported" in out
    assert lines_there() == 0


def test_a_file_that_cannot_be_used_is_one_line_and_exit_code_two(tmp_path: Path, tabi: Carrier) -> None:
    path = tmp_path / "lines.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    code, out, err = run("import", str(path), "--carrier", "tabi")
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert "names no column that is known" in err
    code, _, err = run("import", str(tmp_path / "nothing.csv"), "--carrier", "tabi")
    assert code == 2
    assert "cannot be opened" in err


def test_text_that_breaks_off_far_down_is_told_from_the_checking_process(tmp_path: Path, tabi: Carrier) -> None:
    path = tmp_path / "lines.csv"
    write_sample(path, 6_000, bad_share=0)
    with path.open("a", encoding="utf-8") as file:
        file.write('C9,"' + "x\n" * 200_000)
    code, _, err = run("import", str(path), "--carrier", "tabi")
    assert code == 2
    assert "From row 6002 on the file lines.csv cannot be read" in err
    assert lines_there() == 5_000, "the chunk above is in"


def test_an_unknown_carrier_is_told_with_the_known_ones(tmp_path: Path, tabi: Carrier) -> None:
    path = write(tmp_path / "lines.csv", [a_row(1)])
    code, _, err = run("import", str(path), "--carrier", "nobody")
    assert code == 2
    assert "There is no carrier “nobody”. Known are: tabi." in err


def test_speaks_the_language_of_its_surroundings(tmp_path: Path, tabi: Carrier) -> None:
    path = write(tmp_path / "lines.csv", [a_row(1, email="x")])
    run("import", str(path), "--carrier", "tabi", LC_ALL="C.UTF-8")
    english = bad_rows(tmp_path / "lines.bad.csv")[0]["reason"]
    assert english == "email: is not an e-mail address"


def test_a_carrier_can_be_added_and_changed(db: None) -> None:
    assert "hoshi: added." in run("carrier", "hoshi", "--name-ja", "星", "--name-en", "Hoshi", "--host", "h.example")[1]
    assert "hoshi: changed." in run("carrier", "hoshi", "--name-ja", "星", "--name-en", "Star")[1]
    carrier = Carrier.objects.get(slug="hoshi")
    assert (carrier.name_en, carrier.name_zh_hans, carrier.hosts) == ("Star", "星", ["h.example"])


def test_what_certificates_name_of_the_company_stays_until_it_is_said_anew(db: None) -> None:
    names = ("carrier", "hoshi", "--name-ja", "星", "--name-en", "Hoshi")
    run(*names, "--legal-name", "星モバイル株式会社", "--registration", "第7号")
    run(*names)
    carrier = Carrier.objects.get(slug="hoshi")
    assert (carrier.legal_name, carrier.registration) == ("星モバイル株式会社", "第7号")
    run(*names, "--registration", "")
    carrier.refresh_from_db()
    assert (carrier.legal_name, carrier.registration) == ("星モバイル株式会社", "")


def test_a_number_for_invoices_is_checked_and_kept_in_one_spelling(db: None) -> None:
    names = ("carrier", "hoshi", "--name-ja", "星", "--name-en", "Hoshi")
    run(*names, "--invoice-number", "7-0000-1205-0002")
    assert Carrier.objects.get(slug="hoshi").invoice_number == "T7000012050002"
    assert run(*names, "--invoice-number", "T800001205000")[0] == 2
    assert Carrier.objects.get(slug="hoshi").invoice_number == "T7000012050002"


def test_what_is_said_of_the_company_stands_in_the_history_that_the_desk_shows(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "aoki")
    names = ("carrier", "hoshi", "--name-ja", "星", "--name-en", "Hoshi")
    run(*names)
    run(*names, "--rest-days", "365")
    run(*names, "--invoice-number", "7-0000-1205-0002")
    assert run(*names, "--rest-days", "44", "--name-en", "Star")[0] == 2
    run(*names, "--rest-days", "0")
    carrier = Carrier.objects.get(slug="hoshi")
    assert (carrier.name_en, carrier.rest_days, carrier.invoice_number) == ("Hoshi", None, "T7000012050002")
    with every_carrier():
        told = [(one.by, one.name, one.before, one.after) for one in history(carrier.pk, COMPANY)]
    number = "invoice number: T7000012050002"
    assert told == [
        ("carrier:shell:aoki", "shell:aoki", f"{number}\nrest days: 365", number),
        ("carrier:shell:aoki", "shell:aoki", "rest days: 365", f"{number}\nrest days: 365"),
        ("carrier:shell:aoki", "shell:aoki", "", "rest days: 365"),
    ]


def test_whether_a_carrier_is_designated_is_said_once_and_stays_until_it_is_said_anew(db: None) -> None:
    names = ("carrier", "hoshi", "--name-ja", "星", "--name-en", "Hoshi")
    for given, designated in (
        ((), False),
        (("--designated", "yes"), True),
        ((), True),
        (("--designated", "no"), False),
    ):
        run(*names, *given)
        assert Carrier.objects.get(slug="hoshi").designated is designated


def test_a_sample_needs_no_database(tmp_path: Path) -> None:
    path = tmp_path / "some.csv"
    code, out, err = run_apart(
        "sample", "--count", "100", str(path), DATABASE_URL="postgresql://nobody@127.0.0.1:1/none"
    )
    assert (code, err) == (0, "")
    assert "100 rows of a carrier that does not exist, 1 of them bad on purpose" in out
    assert len(path.read_text("utf-8").splitlines()) == 101


def test_the_elements_of_a_carrier_are_set_in_their_order_and_checked(db: None) -> None:
    names = ("carrier", "hoshi", "--name-ja", "星", "--name-en", "Hoshi")
    code, out, _ = run(*names, "--element", "esim=es2plus,simulated", "--element", "roaming=by_hand")
    assert (code, out.strip()) == (0, "hoshi: added. esim=es2plus,simulated roaming=by_hand")
    code, _, err = run(*names, "--element", "esim=hss")
    assert code == 2
    assert "There is no network element 'hss'" in err
    elements = {"esim": ["es2plus", "simulated"], "roaming": "by_hand"}
    assert Carrier.objects.get(slug="hoshi").elements == elements
