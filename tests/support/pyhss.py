"""What does a PyHSS do with our requests? A strict double, written from its API service and its database module.

It has its oddities on purpose: a record that is missing, and one that is there twice, are 200 with `null`;
"deregister" does nothing for a line without IMS; row numbers are used again; a rollback is a GET, restores keys and
leaves no trace in the log; the log holds the keys of what was deleted.
"""

from __future__ import annotations

import re
from typing import Any

from tests.support.jsonserver import Heard, JsonServer, Reply, Wrong

ABROAD: dict[str, Any] = {
    "serving_mme": "mme01.epc.mnc001.mcc208.3gppnetwork.org",
    "serving_mme_realm": "epc.mnc001.mcc208.3gppnetwork.org",
    "serving_mme_peer": "dra.abroad.example;hss01",
    "serving_mme_timestamp": "2026-11-20T01:00:00Z",
}
HOME_REALM = "epc.mnc010.mcc440.3gppnetwork.org"
AT_HOME: dict[str, Any] = {
    "serving_mme": f"mme01.{HOME_REALM}",
    "serving_mme_realm": HOME_REALM,
    "serving_mme_peer": "mme01.home;hss01",
    "serving_mme_timestamp": "2026-11-20T01:00:00Z",
}
NOWHERE: dict[str, Any] = dict.fromkeys(ABROAD)

COLUMNS: dict[str, dict[str, type]] = {
    "subscriber": {
        **dict.fromkeys(("subscriber_id", "auc_id", "default_apn", "nam", "subscribed_rau_tau_timer"), int),
        **dict.fromkeys(("ue_ambr_dl", "ue_ambr_ul"), int),
        **dict.fromkeys(("imsi", "msisdn", "apn_list", "roaming_rule_list", "last_modified"), str),
        **dict.fromkeys(ABROAD, str),
        **dict.fromkeys(("serving_vlr", "serving_sgsn", "last_seen_mcc"), str),
        **dict.fromkeys(("enabled", "roaming_enabled"), bool),
    },
    "ims_subscriber": {
        "ims_subscriber_id": int,
        **dict.fromkeys(("imsi", "msisdn", "msisdn_list", "ifc_path", "scscf", "scscf_peer", "scscf_realm"), str),
    },
    "auc": {"auc_id": int, "sqn": int, **dict.fromkeys(("ki", "opc", "amf", "imsi", "iccid", "pin1", "puk1"), str)},
}
SECRET = ("opc", "ki", "des", "kid", "psk", "adm1")
CLR = {"DestinationRealm": str, "DestinationHost": str, "cancellationType": int, "diameterPeer": str}
KI = "00112233445566778899aabbccddeeff"

Row = dict[str, Any]


class PyHss(JsonServer):
    """A PyHSS that runs on loopback."""

    def __init__(self, *, key: str = "", insecure_auc: bool = False) -> None:
        super().__init__()
        self.tables: dict[str, dict[int, Row]] = {name: {} for name in COLUMNS}
        self.log: list[Row] = []
        self.told: list[Row] = []  # Cancel Location Requests that went out, each with the peer it went to
        self.peers = {"dra.abroad.example", "mme01.home"}
        self._key, self._insecure_auc = key, insecure_auc

    def add(self, imsi: str, msisdn: str = "", *, ims: bool = True, iccid: str = "", **other: Any) -> int:
        """A line with its three records; return the id of its subscriber."""
        auc = self._insert("auc", imsi=imsi, iccid=iccid or None, ki=KI, opc=KI, amf="8000", sqn=100, pin1="1234")
        if ims:
            self._insert("ims_subscriber", imsi=imsi, msisdn=msisdn or None, msisdn_list=msisdn, ifc_path="default.xml")
        facts = {
            **{"imsi": imsi, "msisdn": msisdn or None, "auc_id": auc, "enabled": True, "roaming_enabled": True},
            **{"default_apn": 1, "apn_list": "1,2", "ue_ambr_dl": 100_000, "ue_ambr_ul": 50_000, "nam": 0},
            **{"roaming_rule_list": None, "last_modified": "2026-11-01T00:00:00Z", **NOWHERE},
        }
        return self._insert("subscriber", **(facts | other))

    def row(self, table: str, imsi: str) -> Row | None:
        return next((row for row in self.tables[table].values() if row.get("imsi") == imsi), None)

    def subscriber(self, imsi: str) -> Row:
        row = self.row("subscriber", imsi)
        assert row is not None
        return row

    def left(self, imsi: str) -> list[str]:
        """Tables that still hold something of this line."""
        return [name for name in self.tables if self.row(name, imsi) is not None]

    def roll_back(self) -> None:
        """Undo the last deletion, as a GET of anybody does. It is not logged."""
        last = self.log[-1]
        assert last["operation"] == "DELETE"
        self.tables[last["table_name"]][last["item_id"]] = dict(last["old"])

    def answer(self, heard: Heard) -> Reply:
        if heard.method != "GET" and self._key and heard.headers.get("Provisioning-Key") != self._key:
            return Reply(401, {"Result": "Unauthorized - Provisioning-Key Invalid"})
        if (heard.method in ("PUT", "PATCH")) != (heard.body is not None):
            raise Wrong("a body where none belongs, or none where one does")
        table, _, rest = heard.path.removeprefix("/").partition("/")
        if table in self.tables:
            return Reply(body=self._record(table, rest, heard))
        if heard.line == "GET /apn/list" and heard.query == {"page": "0", "page_size": "1"}:
            return Reply(body=[{"apn_id": 1, "apn": "internet"}])
        if (found := re.fullmatch(r"operation_logs/list/table/(\w+)", heard.path[1:])) and heard.method == "GET":
            logged = [entry for entry in self.log if entry["table_name"] == found[1]]
            return Reply(body=[{k: v for k, v in one.items() if k != "old"} for one in reversed(logged)])
        if (found := re.fullmatch(r"oam/deregister/(\d+)", heard.path[1:])) and heard.method == "GET":
            return Reply(body=self._deregister(found[1]))
        if (found := re.fullmatch(r"push/clr/(\d+)", heard.path[1:])) and heard.method == "PUT":
            return self._push(found[1], heard.body)
        raise Wrong("there is no such address")

    def _record(self, table: str, rest: str, heard: Heard) -> Any:
        if rest.isdecimal():
            return self._by_id(table, int(rest), heard)
        by = re.fullmatch(r"(?:ims_subscriber_)?(imsi|msisdn|iccid)/(\d+)", rest)
        if heard.method != "GET" or by is None or (table == "ims_subscriber") != rest.startswith("ims_"):
            raise Wrong("there is no such address")
        rows = [row for row in self.tables[table].values() if row.get(by[1]) == by[2]]
        return self._seen(table, rows[0]) if len(rows) == 1 else None  # `.one()` refuses two as it refuses none

    def _by_id(self, table: str, item: int, heard: Heard) -> Any:
        row = self.tables[table].get(item)
        if row is None:
            return None
        if heard.method == "DELETE":
            if table == "auc" and any(one["auc_id"] == item for one in self.tables["subscriber"].values()):
                raise Wrong("keys of a subscriber that is there")
            self._log(table, item, "DELETE", row)
            del self.tables[table][item]
            return {"Result": "OK"}
        if heard.method == "PATCH":
            self._patch(table, row, heard.body)
        elif heard.method != "GET":
            raise Wrong("there is no such method")
        return self._seen(table, row)

    def _patch(self, table: str, row: Row, body: Any) -> None:
        for name, value in body.items():
            kind = COLUMNS[table].get(name)
            if kind is None or not (value is None or type(value) is kind):
                raise Wrong(f"{name} is no column, or {value!r} not its type")
        self._log(table, row[f"{table}_id"], "UPDATE", row)
        row.update(body)
        row["last_modified"] = "2026-11-22T00:00:00Z"

    def _deregister(self, imsi: str) -> Any:
        subscriber, ims = self.row("subscriber", imsi), self.row("ims_subscriber", imsi)
        if subscriber is None or ims is None:
            return None  # it fails before it has told anybody
        if subscriber["serving_mme"]:
            peer = subscriber["serving_mme_peer"].partition(";")[0]
            self.told.append({"imsi": imsi, "peer": peer, "cancellationType": 2, "immediateReattach": None})
        subscriber.update(NOWHERE)
        ims["scscf"] = None
        return {"subscriber": dict(subscriber), "ims_subscriber": dict(ims), "pcrf": {"apns": {}}}

    def _push(self, imsi: str, body: Any) -> Reply:
        if set(body) != {*CLR, "immediateReattach"} or not isinstance(body["immediateReattach"], bool):
            raise Wrong("not the fields of a CLR")
        if any(type(body[name]) is not kind for name, kind in CLR.items()) or body["cancellationType"] != 2:
            raise Wrong("a field of the wrong type, or a cancellation of another kind")
        peer = body["diameterPeer"]
        if peer not in self.peers:
            return Reply(400, {"result": f"Failed queueing CLR to {peer}"})
        self.told.append({"imsi": imsi, "peer": peer, **body})
        subscriber = self.subscriber(imsi)
        if subscriber["serving_mme"] == body["DestinationHost"]:
            subscriber.update(NOWHERE)
        return Reply(body={"result": f"Successfully queued CLR to {peer}"})

    def _seen(self, table: str, row: Row) -> Row:
        hidden = SECRET if table == "auc" and not self._insecure_auc else ()
        return {name: value for name, value in row.items() if name not in hidden}

    def _insert(self, table: str, **facts: Any) -> int:
        item = max(self.tables[table], default=0) + 1  # SQLite uses the number of a deleted last row again
        self.tables[table][item] = {f"{table}_id": item, **facts}
        self._log(table, item, "INSERT", {})
        return item

    def _log(self, table: str, item: int, operation: str, old: Row) -> None:
        changes = "\r\n\r\n".join(
            f"{name}: [{type(one).__name__}] {one} ----> [NoneType] None" for name, one in old.items()
        )
        entry = {"id": len(self.log) + 1, "item_id": item, "operation": operation, "table_name": table}
        self.log.append({**entry, "timestamp": "2026-11-22T00:00:00Z", "changes": changes, "old": dict(old)})
