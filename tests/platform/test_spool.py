"""Is what was kept while the database was away still there, once, unread by others, and never without bound?"""

from __future__ import annotations

import multiprocessing
import os
import signal
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tojimari.platform.acting import Refused
from tojimari.platform.spool import ASIDE, Limits, Spool, Unreadable

AT = datetime(2026, 11, 30, 14, 59, 59, 123456, tzinfo=UTC)
SECRET = "a secret of the installation, long enough"
WISH = {"typed": "090-1234-5678", "email": "wang@mail.example"}


def spool(folder: Path, secret: str = SECRET, limits: Limits | None = None) -> Spool:
    return Spool(folder / "spool", secret=secret, limits=limits)


def refusal(kept: Spool, key: str) -> str:
    """The reason why an entry is not kept; empty when it is."""
    try:
        kept.keep(key, WISH, at=AT, address="192.0.2.1")
    except Refused as refused:
        return refused.code
    return ""


def test_what_was_kept_is_read_back_with_its_instant(tmp_path: Path) -> None:
    assert spool(tmp_path).keep("TJ-1", WISH, at=AT, address="192.0.2.1") == AT
    (path,) = spool(tmp_path).waiting()
    entry = spool(tmp_path).read(path)
    assert (entry.key, entry.at, entry.content) == ("TJ-1", AT, WISH)


def test_nobody_else_can_read_or_change_it(tmp_path: Path) -> None:
    spool(tmp_path).keep("TJ-1", WISH, at=AT, address="192.0.2.1")
    (path,) = spool(tmp_path).waiting()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    sealed = path.read_bytes()
    assert b"1234" not in sealed
    assert b"wang" not in sealed
    assert "192.0.2.1" not in path.name
    with pytest.raises(Unreadable):
        spool(tmp_path, secret="another secret of another installation").read(path)
    for place in range(len(sealed)):
        path.write_bytes(sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :])
        with pytest.raises(Unreadable):
            spool(tmp_path).read(path)


def test_an_entry_cannot_be_given_an_earlier_time_by_renaming_it(tmp_path: Path) -> None:
    spool(tmp_path).keep("TJ-1", WISH, at=AT, address="192.0.2.1")
    (path,) = spool(tmp_path).waiting()
    earlier = path.rename(path.with_name(path.name.replace("1796", "1696", 1)))
    assert earlier != path
    with pytest.raises(Unreadable):
        spool(tmp_path).read(earlier)


def test_keeping_twice_under_one_key_is_keeping_once_at_the_first_instant(tmp_path: Path) -> None:
    spool(tmp_path).keep("TJ-1", WISH, at=AT, address="192.0.2.1")
    assert spool(tmp_path).keep("TJ-1", WISH, at=AT + timedelta(minutes=5), address="192.0.2.1") == AT
    assert len(list(spool(tmp_path).waiting())) == 1


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(size=10), "spool.too_large"),
        (Limits(for_address_in_hour=2), "spool.too_many"),
        (Limits(in_hour=2), "spool.full"),
        (Limits(altogether=2), "spool.full"),
    ],
)
def test_it_is_bounded(tmp_path: Path, limits: Limits, code: str) -> None:
    kept = spool(tmp_path, limits=limits)
    refused = [refusal(kept, f"TJ-{number}") for number in range(3)]
    assert refused == ([code] * 3 if limits.size == 10 else ["", "", code])
    assert len(list(kept.waiting())) == refused.count("")


def test_an_hour_later_and_from_elsewhere_there_is_room_again(tmp_path: Path) -> None:
    kept = spool(tmp_path, limits=Limits(for_address_in_hour=1))
    kept.keep("TJ-1", WISH, at=AT, address="192.0.2.1")
    kept.keep("TJ-2", WISH, at=AT, address="192.0.2.2")
    kept.keep("TJ-3", WISH, at=AT + timedelta(hours=1), address="192.0.2.1")
    assert len(list(kept.waiting())) == 3


def test_entries_come_oldest_first_and_leave_when_they_are_done(tmp_path: Path) -> None:
    kept = spool(tmp_path)
    for number, key in ((2, "late"), (0, "first"), (1, "middle")):
        kept.keep(key, WISH, at=AT + timedelta(seconds=number), address="192.0.2.1")
    assert [kept.read(path).key for path in kept.waiting()] == ["first", "middle", "late"]
    for path in list(kept.waiting()):
        kept.done(path)
        kept.done(path)
    assert list(kept.waiting()) == []


def test_what_nobody_can_read_is_put_aside_and_not_lost(tmp_path: Path) -> None:
    kept = spool(tmp_path)
    kept.keep("TJ-1", WISH, at=AT, address="192.0.2.1")
    (path,) = kept.waiting()
    kept.put_aside(path)
    assert list(kept.waiting()) == []
    assert path.with_name(path.name + ASIDE).exists()


def test_a_disk_that_is_full_leaves_no_half_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        spool(tmp_path).keep("TJ-1", WISH, at=AT, address="192.0.2.1")
    assert list((tmp_path / "spool").iterdir()) == []


def _killed_at(folder: Path, name: str, *, before: bool) -> None:
    """Keep an entry in a process that is killed just before or after it calls `os.<name>` for the first time."""
    plain = getattr(os, name)

    def deadly(*args: Any, **named: Any) -> Any:
        if not before:
            plain(*args, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(os, name, deadly)
    spool(folder).keep("TJ-1", WISH, at=AT, address="192.0.2.1")


@pytest.mark.parametrize(
    ("call", "before", "kept"), [("fsync", True, 0), ("fsync", False, 0), ("rename", True, 0), ("rename", False, 1)]
)
def test_killed_on_the_way_it_is_there_whole_or_not_at_all(
    tmp_path: Path, call: str, *, before: bool, kept: int
) -> None:
    child = multiprocessing.get_context("fork").Process(
        target=_killed_at, args=(tmp_path, call), kwargs={"before": before}
    )
    child.start()
    child.join()
    assert child.exitcode == -signal.SIGKILL
    entries = [spool(tmp_path).read(path) for path in spool(tmp_path).waiting()]
    assert [entry.content for entry in entries] == [WISH] * kept
