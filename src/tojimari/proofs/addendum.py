"""How does something that was told after the certificate get the same weight as what stands in it?

A certificate is never made anew. What comes later (a chip confirms that an eSIM's profile was deleted) is signed as an
addendum: it names the certificate by its digest, says what was told, and binds the entries of the history from the
certificate's head up to that one. Checked here offline, without a database; `later` makes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from tojimari.proofs.broken import Broken, from_base64
from tojimari.proofs.chain import Entry, check_chain, utc_text

MEMBERS = {"addendum", "events"}
WITH_NOTICE = MEMBERS | {"notice"}


def is_addendum(found: Any) -> bool:
    """Say whether it has the members that it must have, and no others."""
    return (
        isinstance(found, dict)
        and set(found) in (MEMBERS, WITH_NOTICE)
        and isinstance(found["events"], list)
        and isinstance(found.get("notice", ""), str)
    )


def told(entry: Entry) -> dict[str, Any]:
    """Return how an addendum tells of an entry of the history."""
    return {"entry": entry.number, "name": entry.name, "at": utc_text(entry.at), "facts": dict(entry.data)}


def check_addendum(
    found: Mapping[str, Any],
    said: Mapping[str, Any],
    certificate: str,
    statement: Mapping[str, Any],
    entries: Sequence[Entry],
) -> None:
    """Check an addendum that says `said`, rightly signed, to a certificate that says `statement`.

    `entries` are those that lie beside it. Raises Broken: `addendum.certificate` for another certificate's,
    `addendum.history` where entries are missing, changed, or not those that were signed, `addendum.notice` for another
    notice than the signed one. A notice may be left out of a file: it names chip and profile in full.
    """
    binds = (said.get("reference"), said.get("certificate"))
    if binds != (statement["reference"], sha256(certificate.encode()).hexdigest()):
        raise Broken("addendum.certificate")
    chain = statement["chain"]
    try:
        whole = check_chain(entries, head=bytes.fromhex(chain["head"]), count=chain["events"])
    except (ValueError, RecursionError):
        raise Broken("addendum.history") from None
    reached = {"head": whole.head.hex(), "events": whole.count}
    foreign = any(entry.reference != statement["reference"] for entry in entries)
    if not whole.whole or foreign or reached != said.get("chain"):
        raise Broken("addendum.history", whole.number)
    by_number = {entry.number: told(entry) for entry in entries}
    later = said.get("later")
    if not isinstance(later, list) or any(
        not isinstance(one, dict) or one != by_number.get(one.get("entry", 0)) for one in later
    ):
        raise Broken("addendum.history")
    if "notice" in found:
        notice = from_base64(found["notice"], "addendum.notice")
        if said.get("notice") != sha256(notice).hexdigest():
            raise Broken("addendum.notice")
