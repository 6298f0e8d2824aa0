"""What does a certificate say beside the bare end: who asked and how they proved it, when, and what is left behind?

Everything here is made from what is known already: the request, the evidence of the steps, and what the engine gathered
around the case ("around": the moments of the steps, what else the person has, what is kept, what they were told). Of
papers and codes it says that they were shown, and never what stood in them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from tojimari.platform.work import Evidence, Target, verb_of
from tojimari.rules.calendar import JST, jst_date
from tojimari.rules.quarantine import quarantine

LINE = "line"
OF_THE_NUMBER = "number_person_link"
"""The record that says whose number it was."""
MOMENTS = {"bar": "barred_at", "remove": "executed_at", "prove": "proved_at"}
"""Step -> under which name its moment stands in the certificate."""

PROVE = "prove"
PROFILE = "profile"
"""What a profile server's proof says: where the eSIM's profile is. No other element's says it."""

SHOWN = ("sha256", "language", "template", "version")
PROVED_BY_PAPERS = ("papers", "form", "return_sim")


def in_japan(at: datetime) -> str:
    """Return the instant as RFC 3339 with Japan's offset, +09:00."""
    return at.astimezone(JST).isoformat()


def issuer(request: Evidence) -> dict[str, str]:
    """Return the carrier's names in every language, its legal name and its registration, as far as they are known."""
    return {name: str(text) for name, text in request.get("carrier", {}).items() if text}


def times(request: Evidence, steps: Mapping[str, Evidence], moments: Mapping[str, str]) -> dict[str, str]:
    """When it was asked for, when the person proved who they are, when the contract ends, and when it was done.

    RFC 3339, +09:00. What did not happen, or is not known, is left out. A step that was done twice (a line that was
    stopped early, switched on again and then ended) has the moment of the last time.
    """
    found = {
        "requested_at": request["requested_at"],
        "authenticated_at": steps.get("verify", {}).get("proved_at"),
        "effective_at": request["ends_at"],
        **{name: moments.get(step) for step, name in MOMENTS.items() if not was_idle(steps, step)},
    }
    return {name: in_japan(datetime.fromisoformat(at)) for name, at in found.items() if at}


def was_idle(steps: Mapping[str, Evidence], verb: str) -> bool:
    """Return whether all steps of this verb had nothing to do: a service that ends leaves the line's record alone.

    Nothing was done then, so no moment of it is told.
    """
    found = [evidence for name, evidence in steps.items() if verb_of(name) == verb]
    return bool(found) and all(evidence.get("nothing_to_do") is True for evidence in found)


def stopped(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[dict[str, str]]]:
    """Return as "stopped" each stretch in which the line was off early, so that no use was charged; nothing without.

    `last_day_of_use` and `on_again` are days of Japan's calendar; without `on_again` it was off until the end.
    """
    return {"stopped": [dict(row) for row in rows]} if rows else {}


def asked(request: Evidence, steps: Mapping[str, Evidence]) -> dict[str, Any]:
    """Who asked, through which channel, and each way in which they showed that they may."""
    proved = [_verified(steps["verify"])] if steps.get("verify") else []
    proved += [_shown_at_counter(name, steps[name]) for name in PROVED_BY_PAPERS if steps.get(name)]
    return {"by": request.get("requested_by", ""), "channel": request.get("channel", ""), "proved": proved}


def _verified(evidence: Evidence) -> dict[str, Any]:
    """A code, a passkey, an agent's check. Where the channel asks for none, who answers for it: the file's owner."""
    method = evidence.get("method") or ("waived" if evidence.get("channel") else "unknown")
    told = {name: evidence[name] for name in ("sent_by", "by", "call", "questions") if evidence.get(name)}
    return {"step": "verify", "method": method, **told}


def _shown_at_counter(step: str, evidence: Evidence) -> dict[str, Any]:
    """What was shown at a counter: kinds of papers, that a form was signed, that the card came back."""
    if "channel" in evidence and "by" in evidence and len(evidence) == 2:
        return {"step": step, "method": "waived", "by": evidence["by"]}
    papers = [str(one.get("kind", "")) for one in evidence.get("papers", ())]
    facts: dict[str, Any] = {"papers": papers} if papers else {}
    facts |= {name: evidence[name] for name in ("signed", "condition", "by") if evidence.get(name)}
    return {"step": step, "method": "at_counter", **facts}


def shown(request: Evidence) -> dict[str, str]:
    """Return the digest and language of the screen that was confirmed.

    Where the words of none were kept, "none" says through which channel it was asked for: a file has no screen.
    """
    found = request.get("shown") or {}
    return {name: str(found[name]) for name in SHOWN} if found else {"none": str(request.get("channel", ""))}


def profile(steps: Mapping[str, Evidence]) -> dict[str, dict[str, str]]:
    """Return as "profile" where the eSIM's profile is, as far as its server knows; nothing without such a server.

    `stands` is cancelled, installed, unclear, deleted or attested; `told_by` says whose word a deletion is: the
    server's, or the chip's own.
    """
    for name, found in sorted(steps.items()):
        if verb_of(name) == PROVE and PROFILE in found:
            stands = str(found[PROFILE])
            told_by = str(found.get("notice", {}).get("source", "")) if stands == "deleted" else ""
            return {PROFILE: {"stands": stands} | ({"told_by": told_by} if told_by else {})}
    return {}


def number(
    target: Target, request: Evidence, steps: Mapping[str, Evidence], moments: Mapping[str, str]
) -> dict[str, Any]:
    """What becomes of the number: it stays with its line, it rests until a day, it returns, or there was none.

    A ported-in number goes back to the carrier that holds its block, and rests as that one says. Any other rests from
    the last day of the contract, or from the day on which the network let it go where that is later (Japan's calendar).
    A number that may have received our codes rests longer. No carrier's own figure counts below the floor.
    """
    if request.get("scope", LINE) != LINE:
        return {"fate": "stays"}
    if not target.msisdn:
        return {"fate": "none"}
    closed_on = jst_date(datetime.fromisoformat(request["ends_at"]) - timedelta(microseconds=1))
    if moments.get("prove"):
        closed_on = max(closed_on, jst_date(datetime.fromisoformat(moments["prove"])))
    own = request.get("rest") or {}
    rest = quarantine(
        closed_on,
        carrier_days=own.get("carrier_days"),
        received_codes=steps.get("verify", {}).get("sent_by") == "sms",
        ported_in=own.get("ported_in") is True,
    )
    if rest.free_from is None:
        return {"fate": "returns", "closed_on": closed_on.isoformat()}
    return {
        "fate": "rests",
        "closed_on": closed_on.isoformat(),
        "rest_days": rest.days or 0,
        "free_from": rest.free_from.isoformat(),
    }


def kept(rows: Sequence[Mapping[str, Any]], number: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Which data stay until when and why. `until` is the last day, in Japan; `assumed` says it rests on a guess.

    Whose number it was stays as long as the `number` rests, which is known here to the day.
    """
    if "free_from" not in number:
        return [dict(row) for row in rows]
    last = date.fromisoformat(number["free_from"]) - timedelta(days=1)
    return [{**row, "until": last.isoformat()} if row["item"] == OF_THE_NUMBER else dict(row) for row in rows]


def messages(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """What the person was told so far, how, and how far it came. Never to which address."""
    return [{name: str(value) for name, value in row.items()} for row in rows]
