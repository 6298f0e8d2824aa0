"""What does Japan's law, calendar and number plan say, apart from any database or network?

Everything here is a plain function of its arguments: no Django, no clock, no network. The only reading is of the dated
TOML files under `data/`, which hold every figure that comes from a law, with its source.
"""

from __future__ import annotations
