"""Which HLR do the tests of the network use? A real one; see `tests.support.hlr`. Which profile server? Our own."""

from __future__ import annotations

from tests.network.profile_server import bad_line, pki, site
from tests.support.hlr import bad_network, hlr

__all__ = ["bad_line", "bad_network", "hlr", "pki", "site"]
