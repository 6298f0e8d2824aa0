"""Is the certificate that the documents show one that today's engine would sign?

With WRITE_DOCS=1 the example is made anew: an eSIM is closed at a real HLR, and the certificate, the same with one
character of its history changed, and the published keys are written. Otherwise it is compared by its members.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from tests.cast import MakeLine
from tests.support.hlr import Hlr
from tests.terminations.play import PERSON, PROOF, Clock, show, work
from tojimari.lines.models import Carrier, LineKind
from tojimari.network.seed import seed
from tojimari.platform.config import read
from tojimari.proofs import keys
from tojimari.proofs.formats import FORMAT
from tojimari.proofs.queries import bundle, statement
from tojimari.proofs.verification import trusted_keys, verify
from tojimari.terminations import actions
from tojimari.terminations.models import Channel, Termination
from tojimari.terminations.screens import Screen

EXAMPLES = Path(__file__).parents[2] / "docs" / "operators" / "examples"
PAGE = EXAMPLES.parent / "certificates.md"
READ = Screen("この回線を解約しますか？", "ja", "portal/confirm.html", "0123456789abcdef")

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_worker"), pytest.mark.hlr]


@pytest.fixture
def closed(
    connected: Hlr, make_line: MakeLine, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Termination:
    """A case of the portal that a real HLR has proved, signed with a key of its own."""
    settings = read({"TOJIMARI_HOME": str(tmp_path)})
    monkeypatch.setattr(keys, "config", lambda: settings)
    line = make_line(kind=LineKind.ESIM)
    Carrier.objects.filter(pk=line.carrier_id).update(legal_name="旅モバイル株式会社", registration="第123号")
    seed([line.target])
    case = actions.request(
        line=line,
        scope="line",
        effective="3bd",
        channel=Channel.PORTAL,
        acting=PERSON,
        at=clock.now,
        proof=PROOF,
        shown=READ,
    )
    work(clock, forward=False)
    show(case, "review", clock, approved="yes")
    work(clock)
    return Termination.objects.get(pk=case.pk)


def written(name: str, what: Any) -> None:
    (EXAMPLES / name).write_text(json.dumps(what, ensure_ascii=False, indent=2) + "\n", "utf-8")


def test_the_example_of_the_documents_is_a_certificate_of_today(closed: Termination) -> None:
    fresh = bundle(closed.reference)
    if os.environ.get("WRITE_DOCS"):
        changed = json.loads(json.dumps(fresh))
        changed["events"][2]["actor"] += "1"
        written("certificate.json", fresh)
        written("certificate-changed.json", changed)
        written("published.json", keys.public_keys())
        _page_follows(statement(fresh["certificate"]))
    stored = json.loads((EXAMPLES / "certificate.json").read_text("utf-8"))
    found = verify(json.dumps(stored).encode(), trusted_keys((EXAMPLES / "published.json").read_bytes()))
    assert (found.valid, found.statement["format"]) == (True, FORMAT)
    assert set(found.statement) == set(statement(fresh["certificate"]))
    assert found.statement["terminated"]["by"] == "network_proof"
    assert set(stored) == set(fresh)


def _page_follows(said: dict[str, Any]) -> None:
    """Let the page print what the program says of the new example."""
    line = " ".join(f"{name} {said['line'][name]['shown']}" for name in ("msisdn", "iccid") if name in said["line"])
    rows = {
        "reference": said["reference"],
        "carrier": said["carrier"]["name_en"],
        "line": line,
        "requested": said["case"]["requested_at"],
        "contract ended": said["case"]["ends_at"],
        "issued": said["issued_at"],
        "history": f"{said['chain']['events']} entries, none changed",
        "key": keys.public_keys()["keys"][-1]["kid"],
    }
    text = PAGE.read_text("utf-8")
    for label, value in rows.items():
        text = re.sub(rf"^  {label}: .*$", f"  {label}: {value}", text, count=1, flags=re.MULTILINE)
    PAGE.write_text(text, "utf-8")
