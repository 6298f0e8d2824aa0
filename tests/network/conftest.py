"""Which HLR do the tests of the network use? A real one; see `tests.support.hlr`. Which profile server? Our own."""

from __future__ import annotations

from tests.network.profile_server import bad_line, pki, site
from tests.network.site_pyhss import bad_hss_line, hss
from tests.support.hlr import bad_network, hlr

__all__ = ["bad_hss_line", "bad_line", "bad_network", "hlr", "hss", "pki", "site"]
