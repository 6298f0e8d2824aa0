"""What must be known to reach one OsmoHLR of several?"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from tojimari.network.elements.osmohlr.element import OsmoHlrElement
from tojimari.network.elements.osmohlr.wire import Settings
from tojimari.platform.config import Port


class OwnSettings(BaseModel):
    """The keys of an OsmoHLR in the file of elements."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: Annotated[str, Field(min_length=1)]
    gsup_port: Port = 4222
    vty_port: Port = 4258
    ctrl_port: Port = 4259

    def make(self, name: str) -> OsmoHlrElement:
        return OsmoHlrElement(self.settings(), name)

    def settings(self) -> Settings:
        return Settings(**self.model_dump())
