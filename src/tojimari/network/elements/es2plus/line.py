"""What is one line on its way through a step at its profile server?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from tojimari.network.elements.es2plus.client import Answer
from tojimari.network.elements.es2plus.orders import Order
from tojimari.network.elements.es2plus.settings import Provider
from tojimari.network.elements.es2plus.transcript import entry
from tojimari.network.queries import Profile
from tojimari.platform.work import Outcome, Work

NAME = "es2plus"


class Line:
    """One work, with its server, its profile and its order. It is open until its outcome is settled."""

    def __init__(self, work: Work, provider: Provider | None, profile: Profile, order: Order) -> None:
        self.work = work
        self.profile = profile
        self.order = order
        self._provider = provider
        self._exchange: list[dict[str, str]] = []
        self._outcome: Outcome | None = None
        self._refuse_what_cannot_be_asked()

    @property
    def server(self) -> Provider:
        """The server of an open line: one without was settled at the beginning."""
        if self._provider is None:
            raise LookupError("no profile server holds this profile")
        return self._provider

    @property
    def open(self) -> bool:
        return self._outcome is None

    @property
    def outcome(self) -> Outcome:
        return self._outcome if self._outcome is not None else Outcome.stuck("network.no_outcome", **self._evidence({}))

    @property
    def call_id(self) -> str:
        """functionCallIdentifier: the same for the same step, however often it is tried."""
        return f"{self.work.case}-{self.work.step_id}"

    @property
    def removed(self) -> Mapping[str, Any]:
        """What `remove` has found here, or who attested it; nothing where neither is so."""
        return self.work.earlier.get("remove", {})

    @property
    def is_cancelled(self) -> bool:
        return self._outcome is not None and self._outcome.evidence.get("profile") == "cancelled"

    def in_doubt_too_long(self, at: datetime, within: timedelta) -> bool:
        """Whether our request may have been heard so long ago that the profile may be somebody else's by now."""
        if self._provider is None or self._provider.final_status != "Available" or self.order.asked_at is None:
            return False
        return at - self.order.asked_at > within

    def note(self, function: str, parameters: Mapping[str, str], answer: Answer) -> None:
        self._exchange.append(entry(function, self.server.requester, self.call_id, parameters, answer))

    def done(self, **facts: Any) -> None:
        if self.open:
            self._outcome = Outcome.done(**self._evidence(facts))

    def again(self, code: str) -> None:
        after = timedelta(0) if code == "lease.expired" else None  # nothing is wrong with the line or the server
        self._outcome = Outcome.again(code, after=after, **self._evidence({}))

    def stuck(self, code: str) -> None:
        self._outcome = Outcome.stuck(code, **self._evidence({}))

    def by_hand(self, code: str) -> None:
        self._outcome = Outcome.by_hand(code, **self._evidence({}))

    def _refuse_what_cannot_be_asked(self) -> None:
        target = self.work.target
        if self.work.scope != "line" or target.kind != "esim":
            self.stuck("element.no_such_service")
        elif not (18 <= len(target.iccid) <= 20 and target.iccid.isascii() and target.iccid.isdecimal()):
            self.stuck("line.identifier_invalid")
        elif self._provider is None:
            self.stuck("profile.no_server")

    def _evidence(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        heard = self.profile.evidence()
        return {
            "element": NAME,
            "address": self._provider.endpoint if self._provider is not None else "",
            "simulated": False,
            "exchange": self._exchange,
            **({"server": self._provider.name, "final_status": self._provider.final_status} if self._provider else {}),
            **({"notice": heard} if heard else {}),
            **facts,
        }
