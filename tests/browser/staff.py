"""What does staff do meanwhile, in tests that look at the subscriber's side?"""

from __future__ import annotations

from datetime import UTC, datetime

from tests.terminations.play import CLERK, given_for
from tojimari.platform.database.scope import every_carrier
from tojimari.terminations import actions
from tojimari.terminations.models import Termination


def _complete(case: Termination, *names: str) -> None:
    with every_carrier():
        for name in names:
            step = case.steps.select_related("termination__line").get(name=name)
            actions.complete_step(step=step, given=given_for(step), acting=CLERK, at=datetime.now(UTC))


def do_the_counter(case: Termination) -> None:
    """Receive a prepared visitor, from the visit to the returned card."""
    _complete(case, "visit", "papers", "form", "return_sim")


def review(case: Termination) -> None:
    """Approve a request."""
    _complete(case, "review")


def attest_roaming(case: Termination) -> None:
    """Switch roaming off where it can be done, and say so by name."""
    with every_carrier():
        step = case.steps.get(name="bar")
        given = {"note": "Switched off in the core's own console; the phone was gone a minute later."}
        actions.complete_step(step=step, given=given, acting=CLERK, at=datetime.now(UTC))
