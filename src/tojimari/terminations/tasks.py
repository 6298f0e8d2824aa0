"""What of a case is done each night? Procrastinate finds this module by its name. The tick may run twice or late."""

from __future__ import annotations

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from tojimari.platform.database.scope import every_carrier
from tojimari.terminations.engine.ticks import TICKS
from tojimari.terminations.erasing import erase


@app.periodic(cron="47 18 * * *")
@app.task(name="tojimari.erase_every_night", queue=TICKS)
def erase_every_night(timestamp: int) -> None:
    """Erase what was kept long enough. The hour is UTC: a quiet one in Japan, and the day there has just begun."""
    with every_carrier():
        erase(at=datetime.now(UTC))
