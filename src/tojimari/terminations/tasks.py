"""What is done each night? Procrastinate finds this module by its name. Each tick may run twice or late."""

from __future__ import annotations

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from tojimari.platform.database.scope import every_carrier
from tojimari.proofs.days import make_roots, stamp_roots
from tojimari.terminations.engine.ticks import TICKS
from tojimari.terminations.erasing import erase
from tojimari.terminations.final_bills import nag, settle_due


@app.periodic(cron="47 18 * * *")
@app.task(name="tojimari.erase_every_night", queue=TICKS)
def erase_every_night(timestamp: int) -> None:
    """Erase what was kept long enough. The hour is UTC: a quiet one in Japan, and the day there has just begun."""
    with every_carrier():
        erase(at=datetime.now(UTC))


@app.periodic(cron="11 * * * *")
@app.task(name="tojimari.sign_days", queue=TICKS)
def sign_days(timestamp: int) -> None:
    """Sign the root of each day that is over, soon after midnight in Japan; ask for the time stamps that are missing.

    Every hour, so that a night on which nothing ran, or no authority answered, is made up for.
    """
    with every_carrier():
        make_roots(at=datetime.now(UTC))
        stamp_roots()


@app.periodic(cron="7 * * * *")
@app.task(name="tojimari.bills_every_hour", queue=TICKS)
def bills_every_hour(timestamp: int) -> None:
    """Make final what was provisional until yesterday, and remind of money that should have gone back."""
    at = datetime.now(UTC)
    with every_carrier():
        settle_due(at=at)
        nag(at=at)
