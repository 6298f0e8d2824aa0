"""What may be kept of a talk with PyHSS?

What was sent, what came back and when. Of records only what decides, of identifiers the last four digits. Of the
operation log only how long it was: it holds the keys of all that was deleted.
"""

from __future__ import annotations

import json
from typing import Any

from tojimari.network.masking import masked
from tojimari.network.rest import Answer

PORT = "pyhss"
_TELLING = (
    *("subscriber_id", "ims_subscriber_id", "auc_id", "imsi", "msisdn", "enabled", "roaming_enabled"),
    *("serving_mme", "serving_mme_realm", "scscf", "Result", "result"),
)


def entry(answer: Answer) -> dict[str, str]:
    """One exchange, ready for JSON. Time in UTC; where there was no answer that can be used, `trouble` says why."""
    sent = f"{answer.method} {answer.path}"
    if answer.sent is not None:
        sent += f" {json.dumps(answer.sent, ensure_ascii=False)}"
    kept = {
        "at": answer.at.isoformat(timespec="milliseconds"),
        "port": PORT,
        "sent": masked(sent),
        "back": masked(_back(answer)),
    }
    if answer.code:
        kept["trouble"] = answer.code
    return kept


def _back(answer: Answer) -> str:
    if not answer.http:
        return ""
    body = _what_decides(answer.body)
    return f"{answer.http} {body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)}"


def _what_decides(body: Any) -> Any:
    if isinstance(body, list):
        return f"[{len(body)}]"
    if isinstance(body, dict):
        kept = {name: body[name] for name in _TELLING if name in body}
        return {name: str(one)[:200] if isinstance(one, str) else one for name, one in kept.items()}
    return body if body is None else "…"
