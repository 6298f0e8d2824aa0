"""Are visitors told apart, or do all count as the one proxy in front of the site?"""

from __future__ import annotations

from tojimari.cli.examination import Finding, missing, well
from tojimari.platform.config import config


def visitors() -> Finding:
    proxies = config().proxies
    if proxies:
        return well("visitors", f"told apart by the word of {', '.join(map(str, proxies))}")
    if config().https:
        return missing(
            "visitors",
            "a proxy speaks HTTPS for the site and is not named: all visitors count as one and share its codes",
            "Name its address in TOJIMARI_PROXIES, and let it set X-Forwarded-For.",
        )
    return well("visitors", "told apart by the address from which they connect")
