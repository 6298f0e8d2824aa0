"""How does a rule say no? By an exception with a dotted code, whose text is looked up in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping


class Refused(ValueError):
    """A rule does not allow what was asked. `code` names the reason (see `reasons`), `facts` what a way on needs.

    Facts are JSON-ready: texts, numbers and ISO dates, never a full identifier.
    """

    def __init__(self, code: str, **facts: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.facts: Mapping[str, str | int] = facts

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.code} ({details})" if details else self.code
