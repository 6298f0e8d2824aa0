"""What does the desk do by the clock? Procrastinate finds this module by its name. Each tick may run twice or late."""

from __future__ import annotations

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from tojimari.desk import calls_end
from tojimari.desk.looks import drop_old
from tojimari.platform.database.scope import every_carrier


@app.periodic(cron="17 18 * * *")
@app.task(name="tojimari.desk_every_night", queue="ticks")
def every_night(timestamp: int) -> None:
    """Drop what was kept of looks and calls long enough. The hour is UTC: a quiet one in Japan."""
    with every_carrier():
        drop_old(at=datetime.now(UTC))
        calls_end.drop_old(at=datetime.now(UTC))


@app.periodic(cron="*/5 * * * *")
@app.task(name="tojimari.desk_calls_left_open", queue="ticks")
def calls_left_open(timestamp: int) -> None:
    """End the calls that nobody ended."""
    with every_carrier():
        calls_end.end_left(at=datetime.now(UTC))
