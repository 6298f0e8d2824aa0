"""What may be kept of a talk with an activation platform?

What was sent, what came back and when. Of a service its state and the one switch; of its other characteristics how many
there were, for they may hold anything. Of identifiers the last four digits.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tojimari.network.elements.tmf640.settings import Switch
from tojimari.network.masking import masked
from tojimari.network.rest import Answer

PORT = "tmf640"
MOST_TOLD = 200  # letters of what a platform says in its own words

_TELLING = ("id", "state", "code", "reason", "message", "status")


def entry(switch: Switch) -> Callable[[Answer], dict[str, str]]:
    """What makes an exchange ready for JSON. Time in UTC; without an answer that can be used, `trouble` says why."""

    def made(answer: Answer) -> dict[str, str]:
        sent = f"{answer.method} {answer.path}"
        if answer.sent is not None:
            sent += f" {_as_text(_shown(answer.sent, switch))}"
        kept = {
            "at": answer.at.isoformat(timespec="milliseconds"),
            "port": PORT,
            "sent": masked(sent),
            "back": masked(_back(answer, switch)),
        }
        if answer.code:
            kept["trouble"] = answer.code
        return kept

    return made


def told(body: Any) -> str:
    """What an error says of itself (TMF630: code, reason, message), masked and short."""
    if not isinstance(body, dict):
        return ""
    said = [str(body[name]) for name in ("code", "reason", "message") if isinstance(body.get(name), str | int)]
    return masked(" ".join(said))[:MOST_TOLD]


def _back(answer: Answer, switch: Switch) -> str:
    if not answer.http:
        return ""
    body = answer.body
    if isinstance(body, list):
        return f"{answer.http} [{len(body)}]"
    return f"{answer.http} {_as_text(_shown(body, switch))}" if isinstance(body, dict) else str(answer.http)


def _shown(body: dict[str, Any], switch: Switch) -> dict[str, Any]:
    shown = {name: _short(body[name]) for name in _TELLING if name in body}
    listed = body.get("serviceCharacteristic")
    if isinstance(listed, list) and switch.characteristic:
        own = [one for one in listed if isinstance(one, dict) and one.get("name") == switch.characteristic]
        shown["serviceCharacteristic"] = [{"name": one["name"], "value": _short(one.get("value"))} for one in own]
        shown["others"] = len(listed) - len(own)
    return shown


def _short(value: Any) -> Any:
    return value if isinstance(value, bool | int) or value is None else str(value)[:MOST_TOLD]


def _as_text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
