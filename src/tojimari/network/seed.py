"""How do lines get into the network of this installation, for development and benchmarks?

Never for an operator's own HLR: that one has its subscribers already.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from tojimari.network.elements.osmohlr.element import settings_from_config
from tojimari.network.elements.osmohlr.seed import seed as seed_hlr
from tojimari.network.elements.osmohlr.wire import Settings
from tojimari.network.elements.simulated.seed import seed as seed_simulated
from tojimari.platform.config import config
from tojimari.platform.work import Target

_AT_ONCE = 2_000


def seed(lines: Iterable[Target], settings: Settings | None = None) -> int:
    """Create the lines that the test network does not have. Returns how many were created.

    The network is the HLR of `settings`, or the one of this installation, or, if it has none, the simulated one. Can be
    run again after an interruption; memory does not grow with the number of lines. Raises `Trouble` of the HLR's client
    if the HLR does not answer or refuses (a number that another IMSI has).
    """
    parts = _parts(line for line in lines if line.imsi)
    if settings is None and config().osmohlr_host is None:
        return sum(seed_simulated(part) for part in parts)
    where = settings or settings_from_config()
    return sum(seed_hlr(part, where) for part in parts)


def _parts(lines: Iterable[Target]) -> Iterator[list[Target]]:
    rest = iter(lines)
    while part := list(islice(rest, _AT_ONCE)):
        yield part
