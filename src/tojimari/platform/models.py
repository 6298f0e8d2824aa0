"""What does the platform itself keep in the database?"""

from __future__ import annotations

from django.db import models


class Heartbeat(models.Model):
    """When a long-running process was last seen alive. One row for each name, for example `worker`."""

    name = models.CharField(max_length=100, primary_key=True)
    at = models.DateTimeField(help_text="When it was last seen, by the clock of the database.")
    info = models.JSONField(default=dict, help_text="What it says of itself: host, process id, lanes.")

    def __str__(self) -> str:
        return f"{self.name} at {self.at.isoformat()}"
