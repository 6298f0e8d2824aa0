"""What is done by the clock, whether or not anybody asks? Each tick may run twice or late without harm.

A tick loads what it needs when its time has come: every process finds these modules, and most never run one.
"""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib.sessions.backends.db import SessionStore
from procrastinate.contrib.django import app

from tojimari.platform.database.scope import every_carrier

TICKS = "ticks"


@app.periodic(cron="* * * * *")
@app.task(name="tojimari.every_minute", queue=TICKS)
def every_minute(timestamp: int) -> None:
    """Open steps whose worker is gone, wipe what is over of codes, secret texts and late wishes, fold the tally.

    Note elements that cases wait for and nobody set up. Close visits of shops that have closed, and pass times that
    came free on to who waits for them. What did not arrive goes another way.
    """
    from tojimari.codes.actions import purge
    from tojimari.codes.help import wipe as wipe_help
    from tojimari.messages.actions import wipe_secrets
    from tojimari.terminations.bell import ring
    from tojimari.terminations.calling_off import call_off_closed
    from tojimari.terminations.engine.claim import release_expired
    from tojimari.terminations.engine.lanes import note_left
    from tojimari.terminations.late import expire
    from tojimari.terminations.statistics import fold
    from tojimari.terminations.unreached import find_other_ways
    from tojimari.terminations.visits import close_days
    from tojimari.terminations.waiting import end_offers, pass_on

    at = datetime.now(UTC)
    with every_carrier():
        if release_expired(at=at):
            ring()
        note_left()
        # Secrets first: nothing that comes after may keep them.
        purge(at=at)
        wipe_help(at=at)
        wipe_secrets(at=at)
        expire(at=at)
        if find_other_ways(at=at):
            ring()
        if close_days(at=at) + call_off_closed(at=at) + end_offers(at=at) + pass_on(at=at):
            ring()
        fold()


@app.periodic(cron="2 * * * *")
@app.task(name="tojimari.every_hour", queue=TICKS)
def every_hour(timestamp: int) -> None:
    """Erase what browsers and gateways left behind; remind people of what is to be done today or tomorrow."""
    from tojimari.messages.actions import drop_old_receipts
    from tojimari.messages.pace import drop_full
    from tojimari.terminations.bell import ring
    from tojimari.terminations.guided.reminding import fall_silent, remind_guided
    from tojimari.terminations.reminders import remind

    at = datetime.now(UTC)
    # An expired session opens nothing, but it still holds what somebody answered.
    SessionStore.clear_expired()
    with every_carrier():
        drop_old_receipts(at=at)
        drop_full(at=at)
        fall_silent(at=at)
        if remind(at=at) + remind_guided(at=at):
            ring()
