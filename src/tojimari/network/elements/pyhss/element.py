"""How do the five verbs reach a PyHSS?

Each verb takes one line after the other over one connection. `switching` and `removal` hold what PyHSS demands, this
file only names them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tojimari.network.elements.pyhss import removal, switching
from tojimari.network.elements.pyhss.client import SIGN_OF_LIFE, database_answers
from tojimari.network.elements.pyhss.planning import plan
from tojimari.network.elements.pyhss.settings import OwnSettings
from tojimari.network.elements.pyhss.transcript import entry
from tojimari.network.errand import Errand, Settled, run
from tojimari.network.planning import Order
from tojimari.network.rest import client_of, sign_of_life
from tojimari.platform.work import Batch, Outcome, Work

NAME = "pyhss"

_Verb = Callable[[Errand, OwnSettings], Settled]


class PyHss:
    """PyHSS 2 by its REST interface. Ends whole lines; switches roaming off and ends the visit."""

    simulated = False

    def __init__(self, settings: OwnSettings, name: str = NAME) -> None:
        self.name = name
        self._settings = settings

    def trouble(self) -> str:
        """Ask PyHSS for a list of one, which its database has to answer."""
        return sign_of_life(self._settings, SIGN_OF_LIFE, well=database_answers)

    def inspect(self, batch: Batch) -> list[Outcome]:
        return self._run(batch, switching.inspect)

    def bar(self, batch: Batch) -> list[Outcome]:
        return self._run(batch, switching.bar)

    def restore(self, batch: Batch) -> list[Outcome]:
        return self._run(batch, switching.restore)

    def remove(self, batch: Batch) -> list[Outcome]:
        return self._run(batch, removal.remove)

    def prove(self, batch: Batch) -> list[Outcome]:
        return self._run(batch, removal.prove)

    def plan(self, work: Work) -> Sequence[Order]:
        """What a step would send."""
        return plan(work)

    def _run(self, batch: Batch, verb: _Verb) -> list[Outcome]:
        settings = self._settings
        with client_of(settings) as client:
            errands = [Errand(work, batch, client, self.name, settings.endpoint, entry) for work in batch.works]
            return run(errands, lambda errand: verb(errand, settings))
