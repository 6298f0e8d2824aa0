"""Does the doctor say when all visitors would count as one?"""

from __future__ import annotations

import pytest

from tojimari.cli import examination_visitors
from tojimari.cli.examination import Mark
from tojimari.platform.config import read


@pytest.mark.parametrize(
    ("surroundings", "mark", "said"),
    [
        ({}, Mark.WELL, "by the address from which they connect"),
        ({"TOJIMARI_HTTPS": "true"}, Mark.MISSING, "all visitors count as one"),
        ({"TOJIMARI_HTTPS": "true", "TOJIMARI_PROXIES": "10.0.0.0/24,::1"}, Mark.WELL, "of 10.0.0.0/24, ::1/128"),
    ],
)
def test_a_proxy_that_is_not_named_is_told(
    surroundings: dict[str, str], mark: Mark, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examination_visitors, "config", lambda: read(surroundings))
    found = examination_visitors.visitors()
    assert found.mark == mark
    assert said in found.found
