"""Which carrier answers under a host name?

A carrier answers under the host names it has entered. A host that no carrier has entered belongs to the one carrier
without any host name, and to nobody when there are several.
"""

from __future__ import annotations

from tojimari.lines.models import Carrier


def host_name(host: str) -> str:
    """Return a host as carriers enter it: lower case, without port and without the brackets of IPv6."""
    return host.rsplit(":", 1)[0].strip("[]").lower() if not host.endswith("]") else host.strip("[]").lower()


def carrier_of_host(host: str) -> Carrier | None:
    """Return the carrier that answers under `host` (with or without a port), or None. At most two queries."""
    found = Carrier.objects.filter(hosts__contains=[host_name(host)]).first()
    if found is not None:
        return found
    without_host = list(Carrier.objects.filter(hosts=[])[:2])
    return without_host[0] if len(without_host) == 1 else None
