"""How do tests set up an installation with a file of elements? As an operator would: they write it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tojimari.network import elements
from tojimari.platform.config import config

WriteElements = Callable[[str], Path]


@pytest.fixture
def write_elements(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WriteElements]:
    """Write the file of elements, and let the installation read it."""
    file = tmp_path / "elements.toml"

    def written(text: str) -> Path:
        file.write_text(text, encoding="utf-8")
        monkeypatch.setenv("TOJIMARI_ELEMENTS", str(file))
        config.cache_clear()
        elements.forget()
        return file

    yield written
    monkeypatch.delenv("TOJIMARI_ELEMENTS", raising=False)
    config.cache_clear()
    elements.forget()
