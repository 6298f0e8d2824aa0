"""Which requests does an activation platform know, and what do its answers mean?

TMF640 version 4: GET and PATCH /service/{id}, GET /service with a filter, GET /monitor/{id}. A change is answered with
200 when it is done at once, or with 202 and a monitor that tells how far it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from tojimari.network.elements.tmf640.settings import PLACES, OwnSettings, Switch, Value
from tojimari.network.elements.tmf640.transcript import told
from tojimari.network.errand import Errand, is_number
from tojimari.network.fields import Kept, flat, kept
from tojimari.network.rest import Answer

_REFUSED = frozenset({400, 405, 406, 415, 422, 501})
_CONFLICT = frozenset({409, 412})


@dataclass(frozen=True, slots=True)
class Service:
    """One service as it was read."""

    id: str
    record: dict[str, Any]
    etag: str

    def value(self, switch: Switch) -> Any:
        """What the switch stands at; None where the service has no such characteristic."""
        if not switch.characteristic:
            return self.record.get("state")
        found = [one.get("value") for one in self.characteristics() if one.get("name") == switch.characteristic]
        return found[0] if len(found) == 1 else None

    def characteristics(self) -> list[dict[str, Any]]:
        listed = self.record.get("serviceCharacteristic")
        return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []

    def fields(self) -> dict[str, Any]:
        return flat(self.record)

    def kept(self, switch: Switch, salt: str) -> Kept:
        """What evidence has of it: the switch and the state as they are, everything else as digests."""
        return kept(self.record, ("state", switch.field), salt)


def read(errand: Errand, switch: Switch) -> Service | None:
    """The line's service, or None where the platform knows none. Settles the errand if it cannot be told."""
    if switch.find is not None:
        answer = errand.look(f"/service?{_filled(errand, switch.find)}&limit=2")
        if answer.ok and isinstance(answer.body, list) and len(answer.body) > 1:
            raise errand.stuck("network.ambiguous")
        if not answer.ok or not isinstance(answer.body, list):
            raise errand.again("network.unexpected_answer")
        if not answer.body:
            return None
        found = answer.body[0].get("id") if isinstance(answer.body[0], dict) else None
        if not isinstance(found, str) or not found:
            raise errand.again("network.unexpected_answer")
    else:
        found = _filled(errand, switch.id or "")
    answer = errand.look(path_of(found))
    if answer.http == 404:
        return None
    if not answer.ok or not isinstance(answer.body, dict) or answer.body.get("id") != found:
        raise errand.again("network.unexpected_answer")
    service = Service(found, answer.body, answer.etag)
    _refuse_what_is_not_theirs(errand, switch, service)
    return service


def path_of(service: str) -> str:
    return f"/service/{quote(service, safe='')}"


def change(errand: Errand, service: Service, body: dict[str, Any]) -> Answer:
    """Ask for a change, if the service is still as it was read."""
    return errand.tell("PATCH", path_of(service.id), body, **({"If_Match": service.etag} if service.etag else {}))


def body_for(settings: OwnSettings, switch: Switch, value: Any, like: Service) -> dict[str, Any]:
    """What a change is asked with: the switch at `value`, everything else in its list like `like` has it."""
    if not switch.characteristic:
        return {"state": value}
    listed = [
        {**one, "value": value} if one.get("name") == switch.characteristic else one
        for one in like.characteristics()
        if settings.whole_list or one.get("name") == switch.characteristic
    ]
    return {"serviceCharacteristic": listed}


def refusal(errand: Errand, answer: Answer) -> None:
    """Settle the errand if the platform has refused the change, so that nothing has happened."""
    if answer.http in _CONFLICT:
        raise errand.again("network.conflict")
    if answer.http in _REFUSED:
        raise errand.stuck("network.rejected", told=told(answer.body))


def monitor_of(errand: Errand, answer: Answer) -> str:
    """Where the platform tells how far it is: header Location, or the monitor in the body. Empty if it does not say."""
    if answer.http != 202:
        return ""
    body = answer.body if isinstance(answer.body, dict) else {}
    for href in (answer.location, body.get("href")):
        if isinstance(href, str) and (path := errand.client.path_of(href)).startswith("/monitor/"):
            return path
    named = body.get("id")
    return f"/monitor/{quote(named, safe='')}" if isinstance(named, str) and named else ""


def same(one: Any, other: Value | None) -> bool:
    """Whether two values are the same, also in their kind: true is not 1, and "1" is neither."""
    return type(one) is type(other) and one == other


def _filled(errand: Errand, pattern: str) -> str:
    """A pattern with the line's identifiers. They are digits, so they cannot lead anywhere else."""
    target = errand.work.target
    for place in PLACES:
        value = getattr(target, place)
        if f"{{{place}}}" not in pattern:
            continue
        if not is_number(value, 1, 32):
            raise errand.stuck("line.no_imsi" if place == "imsi" and not value else "line.identifier_invalid")
        pattern = pattern.replace(f"{{{place}}}", value)
    return pattern


def _refuse_what_is_not_theirs(errand: Errand, switch: Switch, service: Service) -> None:
    if not switch.identity:
        return
    held = [str(one.get("value")) for one in service.characteristics() if one.get("name") == switch.identity]
    if [one.removeprefix("+") for one in held] not in ([errand.msisdn], [errand.imsi], [errand.work.target.iccid]):
        raise errand.stuck("network.other_subscriber")
