"""How does the engine of the tests reach a real HLR? As an installation would: by its settings."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.hlr import Hlr, hlr
from tests.terminations.play import Clock
from tojimari.network.elements import element
from tojimari.network.elements.osmohlr.element import OsmoHlrElement
from tojimari.platform.config import config

__all__ = ["hlr"]


@pytest.fixture
def clock() -> Clock:
    """Noon of a Friday in Japan, and it stands still until somebody moves it."""
    return Clock()


@pytest.fixture
def connected(hlr: Hlr, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hlr]:
    """The installation is connected to the real HLR; lines of carriers with the element "default" end there."""
    monkeypatch.setenv("TOJIMARI_OSMOHLR_HOST", hlr.host)
    config.cache_clear()
    yield hlr
    forget_connections()
    monkeypatch.delenv("TOJIMARI_OSMOHLR_HOST")
    config.cache_clear()


def forget_connections() -> None:
    """Close this process's connections to the HLR: a child process must not talk on its parent's."""
    used = element("osmohlr")
    assert isinstance(used, OsmoHlrElement)
    used.close()
    element.cache_clear()
