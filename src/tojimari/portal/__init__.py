"""How does a subscriber close a line in a browser? These pages ask, show and hand on; they hold no rule."""

from __future__ import annotations
