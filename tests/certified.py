"""What do the tests of proofs share? Keys in a folder of their own, and one certified case."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.works import CLAIMED_AT, REJECTED, REQUESTED_AT, a_batch, a_work
from tojimari.lines.models import Line
from tojimari.platform.config import read
from tojimari.platform.work import Result
from tojimari.proofs import keys
from tojimari.proofs.actions import NewEvent, append
from tojimari.proofs.handlers import certificate
from tojimari.proofs.queries import bundle

REFERENCE = "TJ-7K3M-9QXA-4C2T"


@pytest.fixture
def keys_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with no keys in it."""
    settings = read({"TOJIMARI_HOME": str(tmp_path)})
    monkeypatch.setattr(keys, "config", lambda: settings)
    return tmp_path


@dataclass(frozen=True)
class Kept:
    """What a person took keys_home, and what the operator published."""

    file: dict[str, Any]
    keys: dict[str, Any]

    @property
    def data(self) -> bytes:
        return json.dumps(self.file, ensure_ascii=False).encode()

    @property
    def published(self) -> bytes:
        return json.dumps(self.keys).encode()


def certified(line: Line, *, case_id: int = 1, reference: str = REFERENCE, scope: str = "line", **steps: Any) -> Kept:
    """Give a case on `line` a short history and certify it."""
    events = [
        NewEvent(
            line.carrier_id, case_id, reference, REQUESTED_AT, "termination.requested", "subscriber:1", {"a": "解約"}
        ),
        NewEvent(line.carrier_id, case_id, reference, CLAIMED_AT, "step.done", "system", {"step": "prove", "n": 2}),
    ]
    head, count = append(events)[case_id]
    work = a_work(
        line,
        "certificate",
        case_id=case_id,
        reference=reference,
        steps={"prove": REJECTED, **steps},
        chain={"head": head.hex(), "events": count},
        scope=scope,
    )
    outcome = certificate(a_batch(work), "house")[0]
    assert outcome.result == Result.DONE
    later = CLAIMED_AT + timedelta(seconds=1)
    append([NewEvent(line.carrier_id, case_id, reference, later, "step.done", "system", {})], {case_id: (head, count)})
    return Kept(bundle(reference), keys.public_keys())


@pytest.fixture
def kept(keys_home: Path, as_worker: None, sim_line: Line) -> Kept:
    """Wang's certificate, with the history up to it; one entry came later."""
    return certified(sim_line)
