"""Which elements do the tests of the network use? A real HLR (`tests.support.hlr`), and strict doubles of our own."""

from __future__ import annotations

from tests.network.profile_server import bad_line, pki, site
from tests.network.site_pyhss import bad_hss_line, hss
from tests.network.site_tmf640 import bad_platform_line, platform
from tests.support.hlr import bad_network, hlr
from tests.support.setup_elements import write_elements

__all__ = [
    "bad_hss_line",
    "bad_line",
    "bad_network",
    "bad_platform_line",
    "hlr",
    "hss",
    "pki",
    "platform",
    "site",
    "write_elements",
]
