"""Where does each OsmoHLR of this installation listen?"""

from __future__ import annotations

from tojimari.network.elements import in_file, kind_of
from tojimari.network.elements.osmohlr.element import settings_from_config
from tojimari.network.elements.osmohlr.settings import OwnSettings
from tojimari.network.elements.osmohlr.wire import Settings
from tojimari.network.routing import OSMOHLR


def settings_of(lane: str) -> Settings | None:
    """How the OsmoHLR of this name is reached; None for an element of another kind.

    LookupError where the installation has none of its own. Raises `BadElements`.
    """
    if kind_of(lane) != OSMOHLR:
        return None
    named = in_file().get(lane)
    if named is not None and isinstance(named.own, OwnSettings):
        return named.own.settings()
    return settings_from_config()
