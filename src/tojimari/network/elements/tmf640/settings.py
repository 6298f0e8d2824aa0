"""Where is an activation platform, and what do its services, states and characteristics mean?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, Field, model_validator

from tojimari.network.own_settings import EncryptedAddress, ExistingFile, HttpSettings, secret_in
from tojimari.network.rest import Door

if TYPE_CHECKING:
    from tojimari.network.elements.tmf640.element import Tmf640

Value = bool | int | str
PLACES = ("imsi", "msisdn", "iccid", "eid")
MOVES_BY_ITSELF = (
    *("href", "endDate", "hasStarted", "isServiceEnabled", "isStateful", "operatingStatus"),
    *("lastUpdate", "lastUpdateDate", "statusChangeDate", "statusChangeReason"),
)
"""Fields of a service that a platform changes by itself whenever it changes anything else."""


def _pattern(value: str) -> str:
    fixed = re.sub("|".join(f"{{{place}}}" for place in PLACES), "", value)
    if fixed == value or not re.fullmatch(r"[A-Za-z0-9._~=&,:@*-]*", fixed):
        raise ValueError(f"name {' or '.join('{' + one + '}' for one in PLACES)}, and around it no other sign")
    return value


Pattern = Annotated[str, AfterValidator(_pattern)]


class Switch(HttpSettings):
    """How one scope ends: a state, or a characteristic, of one service."""

    id: Pattern | None = None
    """The service's id at the platform, e.g. "cfs-{imsi}"."""
    find: Pattern | None = None
    """A filter that finds exactly one service, e.g. "serviceCharacteristic.value={msisdn}"."""
    characteristic: str = ""
    """Name of the characteristic that is the switch; without it the switch is the service's `state`."""
    off: Value = "inactive"
    """What it is set to, so that nothing works any more. It can be set back."""
    ended: Value | None = None
    """What it is set to for good, when the time for going back is over; None: `off` is all there is."""
    identity: str = ""
    """Name of a characteristic that holds the line's number or IMSI: a service that holds another is not touched."""
    may_change: tuple[str, ...] = MOVES_BY_ITSELF
    """Fields that may change beside the switch, as `field` or `serviceCharacteristic.name`."""
    missing_is_ended: bool = False
    """Whether a service that the platform does not know counts as ended. Otherwise a person has to look."""

    @model_validator(mode="after")
    def _found_one_way(self) -> Switch:
        if (self.id is None) == (self.find is None):
            raise ValueError("give either id or find")
        return self

    @property
    def field(self) -> str:
        """The full name of the field that is the switch."""
        return f"serviceCharacteristic.{self.characteristic}.value" if self.characteristic else "state"


class OwnSettings(HttpSettings):
    """The keys of an activation platform in the file of elements."""

    endpoint: EncryptedAddress
    """Address of the interface with its path, e.g. https://oss/tmf-api/ServiceActivationAndConfiguration/v4."""
    scopes: Annotated[Mapping[str, Switch], Field(min_length=1)]
    """What can end there: "line" for the whole line, or a service such as "roaming"."""
    token_file: ExistingFile | None = None
    """File with the token that lets us in (Authorization: Bearer)."""
    client_certificate: ExistingFile | None = None
    client_key: ExistingFile | None = None
    ca: ExistingFile | None = None
    """Certificates that the platform's own must lead to."""
    whole_list: bool = True
    """Whether a change carries all characteristics of the service: JSON merge patch (RFC 7386) replaces lists whole."""
    completed: tuple[str, ...] = ("Completed",)
    failed: tuple[str, ...] = ("InError",)
    """States of a monitor that mean: done, and failed. In any other it is still working."""

    def door(self) -> Door:
        """How to get in. Raises OSError, ValueError if the token cannot be read."""
        token = secret_in(self.token_file)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return Door(self.endpoint, headers, self.ca, self.client_certificate, self.client_key)

    def make(self, name: str) -> Tmf640:
        """The element of this name."""
        from tojimari.network.elements.tmf640.element import Tmf640

        return Tmf640(self, name)
