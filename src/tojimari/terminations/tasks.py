"""What is done each night? Procrastinate finds this module by its name. Each tick may run twice or late.

A tick loads what it needs when its time has come: every process finds these modules, and most never run one.
"""

from __future__ import annotations

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from tojimari.platform.database.scope import every_carrier
from tojimari.terminations.engine.ticks import TICKS


@app.periodic(cron="47 18 * * *")
@app.task(name="tojimari.erase_every_night", queue=TICKS)
def erase_every_night(timestamp: int) -> None:
    """Erase what was kept long enough. The hour is UTC: a quiet one in Japan, and the day there has just begun."""
    from tojimari.terminations.erasing import erase

    with every_carrier():
        erase(at=datetime.now(UTC))


@app.periodic(cron="11 * * * *")
@app.task(name="tojimari.sign_days", queue=TICKS)
def sign_days(timestamp: int) -> None:
    """Sign the root of each day that is over, soon after midnight in Japan; ask for the time stamps that are missing.

    Every hour, so that a night on which nothing ran, or no authority answered, is made up for.
    """
    from tojimari.proofs.days import make_roots, stamp_roots

    with every_carrier():
        make_roots(at=datetime.now(UTC))
        stamp_roots()


@app.periodic(cron="37 * * * *")
@app.task(name="tojimari.addenda_every_hour", queue=TICKS)
def addenda_every_hour(timestamp: int) -> None:
    """Add to certificates what chips told while it could not be signed."""
    from tojimari.terminations.profiles import certify_later

    with every_carrier():
        certify_later(at=datetime.now(UTC))


@app.periodic(cron="7 * * * *")
@app.task(name="tojimari.bills_every_hour", queue=TICKS)
def bills_every_hour(timestamp: int) -> None:
    """Make final what was provisional until yesterday, name days to pay that can be said now, tell what was billed
    beside a bill, and remind of refunds."""
    from tojimari.terminations.bill_letters import billed_beside
    from tojimari.terminations.final_bills import nag, name_days, settle_due

    at = datetime.now(UTC)
    with every_carrier():
        settle_due(at=at)
        name_days(at=at)
        billed_beside(at=at)
        nag(at=at)


@app.periodic(cron="23 * * * *")
@app.task(name="tojimari.reconcile_every_night", queue=TICKS)
def reconcile_every_night(timestamp: int) -> None:
    """Compare books and network where its night has come. Every hour, so that a missed night is made up for once."""
    from tojimari.terminations.ghost_nights import compare_due

    with every_carrier():
        compare_due(at=datetime.now(UTC))


@app.periodic(cron="* * * * *")
@app.task(name="tojimari.repair_ghosts", queue=TICKS)
def repair_ghosts(timestamp: int) -> None:
    """Begin the cases of repairs that two people have agreed on."""
    from tojimari.terminations.repairs import carry_out_all

    with every_carrier():
        carry_out_all(at=datetime.now(UTC))
