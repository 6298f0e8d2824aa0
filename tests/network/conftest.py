"""Which HLR do the tests of the network use? A real one; see `tests.support.hlr`."""

from __future__ import annotations

from tests.support.hlr import bad_network, hlr

__all__ = ["bad_network", "hlr"]
