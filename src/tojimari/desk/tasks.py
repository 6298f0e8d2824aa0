"""What does the desk do by the clock? Procrastinate finds this module by its name. Each tick may run twice or late."""

from __future__ import annotations

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from tojimari.desk.looks import drop_old
from tojimari.platform.database.scope import every_carrier


@app.periodic(cron="17 18 * * *")
@app.task(name="tojimari.desk_every_night", queue="ticks")
def every_night(timestamp: int) -> None:
    """Drop what was kept of looks long enough. The hour is UTC: a quiet one in Japan."""
    with every_carrier():
        drop_old(at=datetime.now(UTC))
