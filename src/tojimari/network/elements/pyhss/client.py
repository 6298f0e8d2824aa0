"""Which requests does PyHSS know, and what may be believed of its answers?

A record that is missing is 200 with `null`. But `null` is also what comes when there are two records, or when the
database gave an error. So `null` is believed only while the database is seen to answer, and a record is looked for in
every way that it can be found.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tojimari.network.errand import Errand
from tojimari.network.rest import Answer

SIGN_OF_LIFE = "/apn/list?page=0&page_size=1"
"""A question about nobody, answered with a list as long as the database works."""

SUBSCRIBER, IMS, AUC = "subscriber", "ims_subscriber", "auc"
"""Its tables, as in its addresses and in its operation log."""

LOG_ENTRIES = 100
WITHDRAWN = 2
"""Cancellation-Type "subscription withdrawal" (3GPP TS 29.272, 7.3.24)."""


def found(errand: Errand, table: str, how: str) -> dict[str, Any] | None:
    """One record, or None for `null`. `how` is what follows the table in the address."""
    answer = errand.look(f"/{table}/{how}")
    if answer.ok and answer.body is None:
        return None
    if not answer.ok or not isinstance(answer.body, dict) or not isinstance(answer.body.get(f"{table}_id"), int):
        raise errand.again("network.unexpected_answer")
    return without_secrets(table, answer.body)


def database_answers(answer: Answer) -> bool:
    return answer.ok and isinstance(answer.body, list)


def without_secrets(table: str, record: dict[str, Any]) -> dict[str, Any]:
    """Of the record of keys only what is no secret: `enable_insecure_auc` lets keys, PINs and PUKs out."""
    return {name: value for name, value in record.items() if table != AUC or name in AUC_FIELDS}


AUC_FIELDS = frozenset(
    {"auc_id", "imsi", "iccid", "amf", "sqn", "algo", "esim", "sim_vendor", "batch_name", "last_modified"}
)


def cancel_location(errand: Errand, record: dict[str, Any], *, reattach: bool) -> Answer:
    """Tell the MME that serves the phone to let it go. It is told through the peer that it is connected by."""
    return errand.tell("PUT", clr_path(errand.imsi), clr_body(record, reattach=reattach))


def clr_path(imsi: str) -> str:
    return f"/push/clr/{imsi}"


def clr_body(record: Mapping[str, Any], *, reattach: bool) -> dict[str, Any]:
    """A Cancel Location Request to the node that the record names."""
    return {
        "DestinationRealm": record["serving_mme_realm"],
        "DestinationHost": record["serving_mme"],
        "cancellationType": WITHDRAWN,
        "diameterPeer": str(record["serving_mme_peer"]).partition(";")[0],
        "immediateReattach": reattach,
    }


def deregister(errand: Errand) -> Answer:
    """Send it away everywhere: MME, S-CSCF and PGW. A GET with an effect, so it has to ask the lease."""
    return errand.tell("GET", deregister_path(errand.imsi))


def deregister_path(imsi: str) -> str:
    return f"/oam/deregister/{imsi}"


def was_rolled_back(errand: Errand, table: str, item: int) -> bool:
    """Whether the operation log says that a record which is there was deleted last.

    PyHSS does not log a rollback. What it logs last is the deletion, and yet the record is there.
    """
    answer = errand.look(f"/operation_logs/list/table/{table}?page=0&page_size={LOG_ENTRIES}")
    if not answer.ok or not isinstance(answer.body, list):
        return False
    entries = [one for one in answer.body if isinstance(one, dict) and one.get("item_id") == item]
    ordered = sorted(entries, key=lambda one: (str(one.get("timestamp", "")), one.get("id", 0)))
    return bool(ordered) and ordered[-1].get("operation") == "DELETE"


def believe_null(errand: Errand) -> None:
    """See that the database answers, so that `null` means "not there"."""
    if not database_answers(errand.look(SIGN_OF_LIFE)):
        raise errand.again("network.unexpected_answer")
