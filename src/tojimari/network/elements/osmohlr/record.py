"""What does the HLR hold about one line?

The answer to CTRL `GET subscriber.by-imsi-….info`: one `name<tab>value` per line, names missing when they have no
value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MODES = {(True, True): "cs+ps", (True, False): "cs", (False, True): "ps", (False, False): "none"}
"""Words of the console for the network access mode (3GPP TS 23.008, 2.1.1.2), by (nam_cs, nam_ps)."""

NO_SUCH = ("ERROR No such subscriber.", "ERROR Subscriber doesn't exist.")


@dataclass(frozen=True, slots=True)
class Record:
    """One subscriber of the HLR. `vlr` and `sgsn` name the networks that have the line on record, or are empty."""

    imsi: str
    msisdn: str
    nam_cs: bool
    nam_ps: bool
    vlr: str
    sgsn: str
    purged_cs: bool
    purged_ps: bool

    @classmethod
    def of(cls, answer: str) -> Record | None:
        """The record in a GET_REPLY; None if the answer is something else."""
        head, _, body = answer.partition("\n")
        if not head.startswith("GET_REPLY "):
            return None
        facts = dict(line.split("\t", 1) for line in body.split("\n") if "\t" in line)
        if "imsi" not in facts or "nam_cs" not in facts or "nam_ps" not in facts:
            return None
        return cls(
            imsi=facts["imsi"],
            msisdn=facts.get("msisdn", ""),
            nam_cs=facts["nam_cs"] == "1",
            nam_ps=facts["nam_ps"] == "1",
            vlr=facts.get("vlr_number", ""),
            sgsn=facts.get("sgsn_number", ""),
            purged_cs=facts.get("ms_purged_cs") == "1",
            purged_ps=facts.get("ms_purged_ps") == "1",
        )

    @property
    def mode(self) -> str:
        return MODES[self.nam_cs, self.nam_ps]

    @property
    def serving(self) -> Mapping[str, str]:
        """The networks where the phone is, by domain. One that has purged the phone serves it no more."""
        found = {}
        if self.vlr and not self.purged_cs:
            found["cs"] = self.vlr
        if self.sgsn and not self.purged_ps:
            found["ps"] = self.sgsn
        return found


def mode_of(inspected: Mapping[str, Any]) -> str:
    """The access mode that "inspect" recorded; empty if it recorded none."""
    cs, ps = inspected.get("nam_cs"), inspected.get("nam_ps")
    return MODES[cs, ps] if isinstance(cs, bool) and isinstance(ps, bool) else ""
