"""How do the five verbs reach an activation platform?

Each verb takes one line after the other over one connection; `switching` holds what they do. Nothing sleeps: what the
platform has begun is looked at again when the engine comes back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tojimari.network.elements.tmf640 import switching
from tojimari.network.elements.tmf640.planning import plan
from tojimari.network.elements.tmf640.settings import OwnSettings, Switch
from tojimari.network.elements.tmf640.switching import Post
from tojimari.network.elements.tmf640.transcript import entry
from tojimari.network.errand import Errand, Settled, run
from tojimari.network.planning import Order
from tojimari.network.rest import Client, client_of, sign_of_life
from tojimari.platform.work import Batch, Outcome, Work

NAME = "tmf640"

_NONE = Switch(id="{imsi}")


class Tmf640:
    """Activation platforms by TM Forum TMF640. Ends whatever their services and characteristics stand for."""

    simulated = False

    def __init__(self, settings: OwnSettings, name: str = NAME) -> None:
        self.name = name
        self._settings = settings

    def trouble(self) -> str:
        """Ask for one service, no matter which."""
        return sign_of_life(self._settings, "/service?fields=id&limit=1")

    def inspect(self, batch: Batch) -> list[Outcome]:
        return self._run(batch, switching.inspect)

    def bar(self, batch: Batch) -> list[Outcome]:
        return self._run(batch, switching.bar)

    def restore(self, batch: Batch) -> list[Outcome]:
        return self._run(batch, switching.restore)

    def remove(self, batch: Batch) -> list[Outcome]:
        return self._run(batch, switching.remove)

    def prove(self, batch: Batch) -> list[Outcome]:
        return self._run(batch, switching.prove)

    def plan(self, work: Work) -> Sequence[Order]:
        """What a step would send. Nothing for a scope that does not end here."""
        switch = self._settings.scopes.get(work.scope)
        return [] if switch is None else plan(work, switch)

    def _run(self, batch: Batch, verb: Callable[[Post], Settled]) -> list[Outcome]:
        with client_of(self._settings) as client:
            return run([self._errand(work, batch, client) for work in batch.works], lambda one: self._do(one, verb))

    def _errand(self, work: Work, batch: Batch, client: Client) -> Errand:
        switch = self._settings.scopes.get(work.scope, _NONE)
        return Errand(work, batch, client, self.name, self._settings.endpoint, entry(switch))

    def _do(self, errand: Errand, verb: Callable[[Post], Settled]) -> Settled:
        switch = self._settings.scopes.get(errand.work.scope)
        if switch is None:
            return errand.stuck("element.no_such_service")
        return verb(Post(errand, self._settings, switch, self.name))
