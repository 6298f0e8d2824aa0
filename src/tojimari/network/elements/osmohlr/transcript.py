"""What may be kept of a talk with the HLR?

What was sent, what came back and when. Of a record only what decides is kept (it may also hold the number of the
device), and of every IMSI and number the last four digits. Secret keys are not here: the client drops them before
anybody sees the answer.
"""

from __future__ import annotations

from tojimari.network.elements.osmohlr.wire import Answer
from tojimari.network.masking import masked

_TELLING = ("id", "imsi", "msisdn", "nam_cs", "nam_ps", "vlr_number", "sgsn_number", "ms_purged_cs", "ms_purged_ps")


def entry(answer: Answer) -> dict[str, str]:
    """One exchange, ready for JSON. Time in UTC; without an answer `trouble` says why."""
    kept = {
        "at": answer.at.isoformat(timespec="milliseconds"),
        "port": answer.port,
        "sent": masked(answer.sent),
        "back": masked(_what_decides(answer.back)),
    }
    if answer.code:
        kept["trouble"] = answer.code
    return kept


def _what_decides(back: str) -> str:
    """A record on one line: `GET_REPLY … nam_cs=0 nam_ps=0`. Other answers as they are."""
    head, *facts = back.split("\n")
    if not head.startswith("GET_REPLY ") or not facts:
        return back
    pairs = [fact.partition("\t") for fact in facts]
    return " ".join([head.strip(), *(f"{name}={value}" for name, _, value in pairs if name in _TELLING)])
