"""What is one work on its way through a step at an element that is asked one line after the other?

Each errand ends in one outcome, which carries everything that was sent and came back. What ends it early is raised as
`Settled`: the code of a step then reads like the step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, TypeVar

from tojimari.network.rest import Answer, Client
from tojimari.platform.work import Batch, Outcome, Result, Work


class Settled(Exception):
    """The outcome is known; nothing more is to be done for this line."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.code)
        self.outcome = outcome


class Errand:
    """One work, and all that was said about it."""

    def __init__(
        self, work: Work, batch: Batch, client: Client, element: str, address: str, entry: Callable[[Answer], Any]
    ) -> None:
        self.work = work
        self.client = client
        self.at = batch.at
        self._batch = batch
        self._entry = entry
        self._evidence: dict[str, Any] = {"element": element, "address": address, "simulated": False, "exchange": []}

    @property
    def imsi(self) -> str:
        return self.work.target.imsi

    @property
    def msisdn(self) -> str:
        return self.work.target.msisdn

    @property
    def roaming(self) -> bool:
        return self.work.scope != "line"

    def earlier(self, step: str) -> Mapping[str, Any]:
        return self.work.earlier.get(step, {})

    def look(self, path: str, body: Any = None, **headers: str) -> Answer:
        """Ask for something that changes nothing. Settles the errand if there is no answer that can be used.

        With a body it is asked by POST: some elements take every question that way.
        """
        answer = self._ask("GET" if body is None else "POST", path, body, **headers)
        if answer.code:
            raise self.again(answer.code)
        return answer

    def tell(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Ask for an effect, unless the lease is over. Whatever comes back is only news: read what has become of it."""
        if self._batch.expired:
            raise self.again("lease.expired")
        return self._ask(method, path, body, **headers)

    def say(self, **facts: Any) -> None:
        """Keep facts for the evidence, however the errand ends."""
        self._evidence |= facts

    def done(self, **facts: Any) -> Settled:
        return self._settled(Result.DONE, "", facts)

    def again(self, code: str, **facts: Any) -> Settled:
        after = timedelta(0) if code == "lease.expired" else None  # nothing is wrong with the line or the element
        return self._settled(Result.AGAIN, code, facts, after)

    def stuck(self, code: str, **facts: Any) -> Settled:
        return self._settled(Result.STUCK, code, facts)

    def _settled(self, result: Result, code: str, facts: Mapping[str, Any], after: timedelta | None = None) -> Settled:
        return Settled(Outcome(result, {**self._evidence, **facts}, code, after))

    def _ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        answer = self.client.ask(method, path, body, **headers)
        self._evidence["exchange"].append(self._entry(answer))
        return answer


One = TypeVar("One", bound=Errand)


def run(errands: list[One], verb: Callable[[One], Settled]) -> list[Outcome]:
    """Do a verb for one line after the other. An outcome for each, in the same order."""
    return [_settled(one, verb) for one in errands]


def _settled(errand: One, verb: Callable[[One], Settled]) -> Outcome:
    try:
        return verb(errand).outcome
    except Settled as settled:
        return settled.outcome


def is_number(identifier: str, least: int, most: int) -> bool:
    """Whether an identifier is digits of such a length: it will stand in an address."""
    return identifier.isascii() and identifier.isdecimal() and least <= len(identifier) <= most
