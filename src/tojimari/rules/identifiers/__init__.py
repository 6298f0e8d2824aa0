"""Is this identifier right? One module per kind, each with `check(value) -> Verdict`.

A valid verdict says that the form and the check digits are right, not that the line exists.
"""

from __future__ import annotations
