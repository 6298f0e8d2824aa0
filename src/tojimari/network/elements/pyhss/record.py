"""What does PyHSS hold of a line, and is it still this line's?

Three records: the subscriber (data, roaming, where the phone is), the one for calls over LTE (IMS), and the secret keys
(AuC). The keys themselves are never read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tojimari.network.elements.pyhss.client import AUC, IMS, SUBSCRIBER, believe_null, found
from tojimari.network.errand import Errand, is_number
from tojimari.network.fields import Kept, flat, kept
from tojimari.network.masking import masked

Record = dict[str, Any]

MOVES_BY_ITSELF = (
    "subscriber.last_modified",
    "subscriber.last_location_update_timestamp",
    *(f"subscriber.last_seen_{what}" for what in ("cell_id", "eci", "enodeb_id", "mcc", "mnc", "tac")),
    *(f"subscriber.serving_mme{what}" for what in ("", "_realm", "_peer", "_timestamp")),
    *(f"subscriber.serving_{node}{what}" for node in ("msc", "sgsn", "vlr") for what in ("", "_timestamp")),
    *(f"ims_subscriber.{node}{what}" for node in ("pcscf", "scscf") for what in ("", "_realm", "_peer", "_timestamp")),
    "ims_subscriber.pcscf_active_session",
    "ims_subscriber.last_modified",
    "auc.sqn",
    "auc.last_modified",
)
"""Fields that change whenever a phone comes, goes or is asked who it is."""

SHOWN = (
    *(f"subscriber.{name}" for name in ("imsi", "msisdn", "enabled", "roaming_enabled", "roaming_rule_list", "nam")),
    *(f"subscriber.{name}" for name in ("default_apn", "apn_list", "ue_ambr_dl", "ue_ambr_ul", "auc_id")),
    *(f"subscriber.serving_mme{what}" for what in ("", "_realm")),
    "ims_subscriber.imsi",
    "ims_subscriber.msisdn",
    "auc.auc_id",
)
"""Fields of which evidence shows the value, masked. Of all others it has a digest."""


@dataclass(frozen=True, slots=True)
class Holding:
    """The records of one line, as read at one time."""

    subscriber: Record | None
    ims: Record | None
    auc: Record | None

    @property
    def nothing(self) -> bool:
        return self.subscriber is None and self.ims is None and self.auc is None

    @property
    def parts(self) -> list[tuple[str, Record]]:
        """Table and record, in the order in which they can be deleted: what refers to another comes first."""
        each = ((IMS, self.ims), (SUBSCRIBER, self.subscriber), (AUC, self.auc))
        return [(table, record) for table, record in each if record is not None]

    def fields(self) -> dict[str, Any]:
        """Every field under its full name."""
        return flat(dict(self.parts))

    def kept(self, errand: Errand) -> Kept:
        """What evidence has of it."""
        return kept(dict(self.parts), SHOWN, errand.work.case)

    @property
    def ids(self) -> dict[str, int]:
        return {table: record[f"{table}_id"] for table, record in self.parts}


def read(errand: Errand) -> Holding:
    """Read all three records of a line. Settles the errand if one cannot be read or is somebody else's."""
    _refuse_what_cannot_be_asked(errand)
    subscriber = found(errand, SUBSCRIBER, f"imsi/{errand.imsi}")
    ims = found(errand, IMS, f"ims_subscriber_imsi/{errand.imsi}")
    if ims is None and errand.msisdn:  # `null` is also the answer when two records have this IMSI
        ims = found(errand, IMS, f"ims_subscriber_msisdn/{errand.msisdn}")
        if ims is not None and ims.get("imsi") != errand.imsi:
            raise errand.stuck("network.number_on_other_imsi")
    if subscriber is not None:
        _refuse_what_is_not_theirs(errand, subscriber)
        auc = found(errand, AUC, str(subscriber["auc_id"]))
    else:
        _refuse_a_number_elsewhere(errand)
        auc = _keys_without_subscriber(errand)
    holding = Holding(subscriber, ims, auc)
    if len(holding.parts) < 3:
        believe_null(errand)
    return holding


def known_before(errand: Errand) -> Mapping[str, Any]:
    """What `inspect` has recorded; settles the errand if it did not look."""
    before = errand.earlier("inspect")
    if "known" not in before:
        raise errand.stuck("network.not_inspected")
    return before


def _keys_without_subscriber(errand: Errand) -> Record | None:
    """Keys that are left when the subscriber is gone: by IMSI, by card, or by the id that `inspect` has seen."""
    record = found(errand, AUC, f"imsi/{errand.imsi}")
    iccid = errand.work.target.iccid
    if record is None and is_number(iccid, 18, 20):
        record = found(errand, AUC, f"iccid/{iccid}")
        if record is not None and record.get("imsi") not in (None, "", errand.imsi):
            raise errand.stuck("network.number_on_other_imsi")
    seen = errand.earlier("inspect").get("ids")
    if record is None and isinstance(seen, dict) and isinstance(seen.get(AUC), int):
        record = found(errand, AUC, str(seen[AUC]))
        if record is not None and record.get("imsi") not in (None, "", errand.imsi):
            return None  # ids are used again: these are somebody else's by now
        if record is not None and not record.get("imsi"):
            raise errand.stuck("network.keys_unclear")
    return record


def _refuse_what_cannot_be_asked(errand: Errand) -> None:
    if errand.work.scope not in ("line", "roaming"):
        raise errand.stuck("element.no_such_service")
    if not errand.imsi:
        raise errand.stuck("line.no_imsi")
    if not is_number(errand.imsi, 6, 15) or (errand.msisdn and not is_number(errand.msisdn, 1, 15)):
        raise errand.stuck("line.identifier_invalid")  # it would end up inside an address


def _refuse_what_is_not_theirs(errand: Errand, subscriber: Record) -> None:
    number = str(subscriber.get("msisdn") or "").removeprefix("+")
    if subscriber.get("imsi") != errand.imsi or not isinstance(subscriber.get("auc_id"), int):
        raise errand.again("network.unexpected_answer")
    if errand.msisdn and number not in ("", errand.msisdn):
        raise errand.stuck("network.other_subscriber")
    before = errand.earlier("inspect")  # a line without a number: as it was when it was inspected
    if not errand.msisdn and before.get("known") is True and before.get("msisdn") != masked(number):
        raise errand.stuck("network.other_subscriber")


def _refuse_a_number_elsewhere(errand: Errand) -> None:
    holder = found(errand, SUBSCRIBER, f"msisdn/{errand.msisdn}") if errand.msisdn else None
    if holder is not None:
        raise errand.stuck("network.number_on_other_imsi")
