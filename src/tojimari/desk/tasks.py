"""What does the desk do by the clock? Procrastinate finds this module by its name. Each tick may run twice or late.

A tick loads what it needs when its time has come: every process finds these modules, and most never run one.
"""

from __future__ import annotations

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from tojimari.platform.database.scope import every_carrier


@app.periodic(cron="17 18 * * *")
@app.task(name="tojimari.desk_every_night", queue="ticks")
def every_night(timestamp: int) -> None:
    """Drop what was kept of looks and calls long enough. The hour is UTC: a quiet one in Japan."""
    from tojimari.desk import calls_end
    from tojimari.desk.looks import drop_old

    with every_carrier():
        drop_old(at=datetime.now(UTC))
        calls_end.drop_old(at=datetime.now(UTC))


@app.periodic(cron="*/5 * * * *")
@app.task(name="tojimari.desk_calls_left_open", queue="ticks")
def calls_left_open(timestamp: int) -> None:
    """End the calls that nobody ended."""
    from tojimari.desk import calls_end

    with every_carrier():
        calls_end.end_left(at=datetime.now(UTC))
