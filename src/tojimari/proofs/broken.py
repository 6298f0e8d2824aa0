"""How does a check say that something is not valid?"""

from __future__ import annotations


class Broken(Exception):
    """The file is not valid. `number` is the entry of the history that is meant, 0 for none."""

    def __init__(self, code: str, number: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.number = number
