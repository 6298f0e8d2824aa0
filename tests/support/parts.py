"""Network elements of the tests' own: each remembers what it is told, and fails where it is asked to.

A part holds no line, only whether it is "on", "barred" or "gone". It is strict: what cannot happen to a line in that
state is an error that a test sees.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tojimari.platform.work import Batch, Outcome, Work

ALLOWED = {
    "inspect": ("on", "barred"),
    "bar": ("on", "barred"),
    "restore": ("on", "barred"),
    "remove": ("barred", "gone"),
    "prove": ("gone",),
}
AFTER = {"bar": "barred", "restore": "on", "remove": "gone"}


@dataclass
class Part:
    """One element. `fails` maps a verb to the outcome that it gives instead of doing it."""

    name: str
    told: list[str]
    state: str = "on"
    fails: dict[str, Outcome] = field(default_factory=dict)
    simulated: bool = False

    def trouble(self) -> str:
        return ""

    def _do(self, verb: str, batch: Batch) -> list[Outcome]:
        return [self._one(verb, work) for work in batch.works]

    def _one(self, verb: str, work: Work) -> Outcome:
        self.told.append(f"{verb} {self.name}")
        if self.state not in ALLOWED[verb]:
            raise AssertionError(f"{verb} at {self.name}, which is {self.state}")
        if verb != "inspect" and work.earlier["inspect"]["element"] != self.name:
            raise AssertionError(f"{verb} at {self.name} was shown what {work.earlier['inspect']['element']} holds")
        if work.name != verb:
            raise AssertionError(f"{verb} is called {work.name!r}")
        if verb in self.fails:
            return self.fails[verb]
        self.state = AFTER.get(verb, self.state)
        facts: dict[str, Any] = {"element": self.name, "address": "", "simulated": False, "exchange": [{"sent": verb}]}
        return Outcome.done(**facts, **({"reattach": "rejected"} if verb == "prove" else {"known": True}))

    def inspect(self, batch: Batch) -> list[Outcome]:
        return self._do("inspect", batch)

    def bar(self, batch: Batch) -> list[Outcome]:
        return self._do("bar", batch)

    def restore(self, batch: Batch) -> list[Outcome]:
        return self._do("restore", batch)

    def remove(self, batch: Batch) -> list[Outcome]:
        return self._do("remove", batch)

    def prove(self, batch: Batch) -> list[Outcome]:
        return self._do("prove", batch)
