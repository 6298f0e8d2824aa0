"""How does a tick that goes through many cases keep one bad case from harming the others?

What comes first in the order comes first at every look: a case that fails each time would let nobody behind it have a
turn. So it is logged, left as it is, and met again at the next look.
"""

from __future__ import annotations

from collections.abc import Callable

import structlog
from django.db import InterfaceError, OperationalError

log = structlog.get_logger(__name__)


def attempted(deed: Callable[[], bool], *, tick: str, about: str) -> bool:
    """Do one thing of many, in a transaction of its own; say whether it was done. `about` names it in the log.

    Raises what says that the database is away, because then nothing else can be done either.
    """
    try:
        return deed()
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("tick.one_failed", tick=tick, about=about)
        return False
