"""What do the workers of all machines share about one lane?"""

from __future__ import annotations

from django.db import models


class Lane(models.Model):
    """How a lane with limits stands. A lane without limits has no row."""

    name = models.TextField(primary_key=True)
    full_at = models.DateTimeField(
        null=True, help_text="When as many steps may begin at once as ever. Empty: they may now."
    )
    failures = models.PositiveIntegerField(default=0, help_text="Batches in a row that the element did not answer.")
    code = models.TextField(blank=True, help_text="Why, the last time.")
    rests_until = models.DateTimeField(
        null=True, help_text="The element is left in peace until then; afterwards one step tries. Empty: it works."
    )

    def __str__(self) -> str:
        return self.name
