"""What may be kept of a talk with a profile server?

What was sent, what came back and when. Of identifiers the last four digits, of the name of an order nothing at all:
whoever has it can download the profile.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from tojimari.network.elements.es2plus.client import Answer, request_body
from tojimari.network.masking import masked

PORT = "es2+"


def entry(function: str, requester: str, call_id: str, parameters: Mapping[str, str], answer: Answer) -> dict[str, str]:
    """One exchange, ready for JSON. Time in UTC; where there was no answer that can be used, `trouble` says why."""
    kept = {
        "at": answer.at.isoformat(timespec="milliseconds"),
        "port": PORT,
        "sent": sent(function, requester, call_id, parameters),
        "back": _back(answer),
    }
    if answer.code:
        kept["trouble"] = answer.code
    return kept


def sent(function: str, requester: str, call_id: str, parameters: Mapping[str, str]) -> str:
    """A function and its body, masked."""
    shown = {name: value for name, value in parameters.items() if name != "matchingId"}
    if parameters.get("matchingId"):
        shown["matchingId"] = "…"
    shown = {name: masked(value) for name, value in shown.items()}
    body = request_body(requester, call_id, shown)  # neither the caller's name nor the call's id is anybody's number
    return f"{function} {json.dumps(body, ensure_ascii=False)}"


def _back(answer: Answer) -> str:
    parts = [f"HTTP {answer.http}" if answer.http else "", answer.status]
    parts += [f"{answer.subject}/{answer.reason}" if answer.subject or answer.reason else "", masked(answer.message)]
    return " ".join(part for part in parts if part)
