"""Which personal data stay after a closure, where, and until when? Reads only, from the dated rows of `rules`."""

from __future__ import annotations
