"""How does a carrier's staff see what waits for them, and do it? These pages hold no rule of their own."""

from __future__ import annotations
