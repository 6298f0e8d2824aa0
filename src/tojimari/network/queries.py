"""Where is the profile of an eSIM, as far as its server and its chip have told?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tojimari.network.elements.es2plus.settings import ProfileState
from tojimari.network.masking import masked
from tojimari.network.models import ProfileNotice

SERVER, CHIP = "server", "chip"

_RANK = {state.value: place for place, state in enumerate(ProfileState)}


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of one profile. `state` is empty where nothing was heard of it."""

    state: str = ""
    said_at: datetime | None = None
    source: str = ""  # SERVER or CHIP; the chip's own word counts more
    digest: str = ""
    facts: tuple[tuple[str, Any], ...] = ()

    @property
    def deleted(self) -> bool:
        return self.state == ProfileState.DELETED

    @property
    def on_chip(self) -> bool:
        """Downloaded or installed, and not deleted since."""
        return self.state != "" and not self.deleted

    def evidence(self) -> dict[str, Any]:
        """The notice as evidence has it; nothing where there is none."""
        if self.said_at is None:
            return {}
        told = {"state": self.state, "said_at": self.said_at.isoformat(), "source": self.source, "sha256": self.digest}
        return told | dict(self.facts)


NOTHING_HEARD = Profile()


def profiles(carrier_ids: Collection[int], iccids: Collection[str]) -> dict[tuple[int, str], Profile]:
    """What is known of these profiles, by carrier and ICCID; profiles that nothing was heard of are missing. One query.

    The newest notice counts. Of a deletion that both have told, the chip's signed notice is named.
    """
    found: dict[tuple[int, str], ProfileNotice] = {}
    wanted = ProfileNotice.objects.filter(carrier_id__in=carrier_ids, iccid__in=iccids)
    said = list(wanted.exclude(state="").defer("signed"))
    for notice in said:
        key = (notice.carrier_id, notice.iccid)
        if key not in found or _weight(found[key]) < _weight(notice):
            found[key] = notice
    proved = {(one.carrier_id, one.iccid): one for one in said if one.source == CHIP}
    return {key: _profile(_named(one, proved.get(key))) for key, one in found.items()}


def profile(carrier_id: int, iccid: str) -> Profile:
    """What is known of one profile. One query."""
    return profiles([carrier_id], [iccid]).get((carrier_id, iccid), NOTHING_HEARD)


def _weight(notice: ProfileNotice) -> tuple[datetime, int, int]:
    # A server whose clock is ahead would otherwise silence everything that comes after.
    return min(notice.said_at, notice.received_at), _RANK.get(notice.state, 0), notice.pk


def _named(newest: ProfileNotice, proved: ProfileNotice | None) -> ProfileNotice:
    return proved if proved is not None and newest.state == proved.state else newest


def _profile(notice: ProfileNotice) -> Profile:
    facts = tuple(sorted((name, _hidden(value)) for name, value in notice.facts.items()))
    return Profile(notice.state, notice.said_at, notice.source, notice.digest, facts)


def _hidden(value: Any) -> Any:
    return masked(value) if isinstance(value, str) and value.isdecimal() else value
