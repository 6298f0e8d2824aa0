"""Which view shows which page? One module per stretch of the way: in, lines, closing, case."""

from __future__ import annotations
