"""Where is a PyHSS, what opens it, and which networks are the carrier's own?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from tojimari.network.own_settings import ExistingFile, HttpSettings, WebAddress, secret_in
from tojimari.network.rest import Door

if TYPE_CHECKING:
    from tojimari.network.elements.pyhss.element import PyHss


class OwnSettings(HttpSettings):
    """The keys of a PyHSS in the file of elements."""

    endpoint: WebAddress
    """Address of its API service, e.g. http://10.0.0.5:8080. It speaks http by itself: keep it in a closed network."""
    home_realms: Annotated[tuple[Annotated[str, Field(min_length=3)], ...], Field(min_length=1)]
    """Diameter realms of the carrier's own networks. A phone there is at home: it is left alone when roaming ends."""
    provisioning_key_file: ExistingFile | None = None
    """File with the key that PyHSS wants for changes where `lock_provisioning` is on."""
    ca: ExistingFile | None = None
    """Certificates that the server's own must lead to, where a proxy before it speaks https."""

    def door(self) -> Door:
        """How to get in. Raises OSError, ValueError if the key cannot be read."""
        key = secret_in(self.provisioning_key_file)
        return Door(self.endpoint, {"Provisioning-Key": key} if key else {}, self.ca)

    def is_home(self, realm: str) -> bool:
        return realm.lower() in {one.lower() for one in self.home_realms}

    def make(self, name: str) -> PyHss:
        """The element of this name."""
        from tojimari.network.elements.pyhss.element import PyHss

        return PyHss(self, name)
