"""What does an activation platform do with our requests? A strict double, written from TM Forum's TMF640, version 4.

It has services, changes them by JSON merge patch (RFC 7386: a list is replaced whole), at once (200) or later (202 with
a monitor), and refuses what the specification's schema of `Service_Update` does not have.
"""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any
from urllib.parse import unquote

from tests.support.jsonserver import Heard, JsonServer, Reply, Wrong

BASE = "/tmf-api/ServiceActivationAndConfiguration/v4"
STATES = ("feasibilityChecked", "designed", "reserved", "inactive", "active", "terminated")
SERVICE_UPDATE: dict[str, type | tuple[type, ...]] = {"state": str, "serviceCharacteristic": list}
CHARACTERISTIC = {"id", "name", "valueType", "value", "characteristicRelationship", "@type"}

Record = dict[str, Any]


class Tmf640(JsonServer):
    """A platform that runs on loopback."""

    def __init__(self, *, token: str = "", later: bool = False, etags: bool = False) -> None:
        super().__init__()
        self.services: dict[str, Record] = {}
        self.monitors: dict[str, Record] = {}
        self.waiting: list[tuple[str, str, Record]] = []  # monitor, service, body of what is to be done
        self.later = later
        self._token, self._etags = token, etags
        self._version: dict[str, int] = {}

    @property
    def base(self) -> str:
        return f"{self.endpoint}{BASE}"

    def add(self, service: str, **characteristics: Any) -> Record:
        """A service that is active, with these characteristics, and with people's names and notes in it."""
        listed = [{"name": name, "valueType": "string", "value": value} for name, value in characteristics.items()]
        self.services[service] = {
            **{"id": service, "href": f"{self.base}/service/{service}", "state": "active", "category": "CFS"},
            **{"serviceCharacteristic": listed, "serviceSpecification": {"id": "42", "name": "Mobile"}},
            "relatedParty": [{"id": "p-1", "name": "王小明", "role": "user", "@referredType": "Individual"}],
            "note": [{"id": "1", "text": "Prefers to be called in the evening"}],
        }
        return self.services[service]

    def value(self, service: str, name: str) -> Any:
        listed = self.services[service]["serviceCharacteristic"]
        return next((one["value"] for one in listed if one["name"] == name), None)

    def work(self, *, fail: str = "") -> None:
        """Do what was accepted, or fail at it."""
        for monitor, service, body in self.waiting:
            self.monitors[monitor]["state"] = "InError" if fail else "Completed"
            if fail:
                self.monitors[monitor]["response"] = {"statusCode": "500", "body": {"code": "77", "reason": fail}}
            else:
                self._merge(service, body)
        self.waiting.clear()

    def answer(self, heard: Heard) -> Reply:
        if self._token and heard.headers.get("Authorization") != f"Bearer {self._token}":
            return Reply(401, {"code": "40", "reason": "Unauthorized"})
        path = heard.path.removeprefix(BASE)
        if path == heard.path:
            raise Wrong("not an address of the interface")
        if heard.line == f"GET {BASE}/service":
            return Reply(body=self._found(heard))
        if found := re.fullmatch(r"/service/([^/]+)", path):
            return self._service(heard, unquote(found[1]))
        if (found := re.fullmatch(r"/monitor/([^/]+)", path)) and heard.method == "GET":
            monitor = self.monitors.get(found[1])
            return Reply(404, {"code": "60", "reason": "Not Found"}) if monitor is None else Reply(body=monitor)
        raise Wrong("there is no such address")

    def _found(self, heard: Heard) -> list[Record]:
        asked = {name: value for name, value in heard.query.items() if name not in ("limit", "fields", "offset")}
        if set(asked) - {"serviceCharacteristic.value"}:
            raise Wrong("no such filter")
        wanted = asked.get("serviceCharacteristic.value")
        hits = [
            record
            for record in self.services.values()
            if wanted is None or any(one["value"] == wanted for one in record["serviceCharacteristic"])
        ]
        return hits[: int(heard.query["limit"])]

    def _service(self, heard: Heard, service: str) -> Reply:
        record = self.services.get(service)
        if record is None:
            return Reply(404, {"code": "60", "reason": "Not Found", "@type": "Error"})
        headers = {"ETag": f'"{self._version.get(service, 0)}"'} if self._etags else {}
        if heard.method == "GET":
            return Reply(body=deepcopy(record), headers=headers)
        if heard.method != "PATCH":
            raise Wrong("there is no such method")
        if "If-Match" in heard.headers and heard.headers["If-Match"] != headers.get("ETag"):
            return Reply(412, {"code": "80", "reason": "Precondition Failed"})
        _check(heard.body)
        if any(waiting[1] == service for waiting in self.waiting):
            return Reply(409, {"code": "62", "reason": "Conflict"})
        if record["state"] == "terminated":
            return Reply(409, {"code": "62", "reason": "Conflict: terminated"})
        if self.later:
            return self._accepted(heard, service)
        self._merge(service, heard.body)
        return Reply(body=deepcopy(record))

    def _accepted(self, heard: Heard, service: str) -> Reply:
        monitor = f"m{len(self.monitors) + 1}"
        href = f"{self.base}/monitor/{monitor}"
        self.monitors[monitor] = {
            **{"id": monitor, "href": href, "state": "InProgress", "sourceHref": self.services[service]["href"]},
            "request": {"method": "PATCH", "to": heard.path, "body": heard.body, "header": []},
        }
        self.waiting.append((monitor, service, heard.body))
        return Reply(202, self.monitors[monitor], {"Location": href})

    def _merge(self, service: str, body: Record) -> None:
        self.services[service].update(deepcopy(body))
        self.services[service]["operatingStatus"] = "stopped"
        self._version[service] = self._version.get(service, 0) + 1


def _check(body: Any) -> None:
    if not isinstance(body, dict) or not body:
        raise Wrong("a change that changes nothing")
    for name, value in body.items():
        if name not in SERVICE_UPDATE or not isinstance(value, SERVICE_UPDATE[name]):
            raise Wrong(f"{name} cannot be changed so")
    if "state" in body and body["state"] not in STATES:
        raise Wrong(f"there is no state {body['state']!r}")
    for one in body.get("serviceCharacteristic", []):
        if not isinstance(one, dict) or not {"name", "value"} <= set(one) <= CHARACTERISTIC:
            raise Wrong("not a characteristic")
