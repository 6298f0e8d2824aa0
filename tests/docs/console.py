"""How are the examples in the documentation run?

A block ```console is a session: lines that begin with `$ ` are commands, what follows is what they print. Only commands
of `tojimari` that need no database may stand there, one program and no shell; anything else stands in a ```sh block and
is not run. A line `...` stands for any lines, and `(exit code 1)` at the end for an exit code that is not 0.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.docs.reading import fenced

PURE = (("check",), ("verify",), ("lines", "sample"), ("--help",), ("--version",))


@dataclass(frozen=True)
class Example:
    """One command and what it is said to print."""

    command: str
    expected: str


def examples(page: Path) -> Iterator[Example]:
    """Each command of the page's sessions, in order."""
    for language, block in fenced(page):
        if language == "console":
            for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                command, _, expected = part.partition("\n")
                yield Example(command, expected.strip())


def run(example: Example, folder: Path) -> str:
    """Run one command in a folder, with nothing of the person's own settings; return what it printed."""
    program, *words = shlex.split(example.command)
    if program != "tojimari" or not any(tuple(words[: len(pure)]) == pure for pure in PURE):
        raise ValueError(f"{example.command!r} may not stand in a console block: use sh")
    own = {name: value for name, value in os.environ.items() if name in ("PATH", "PYTHONPATH", "HOME")}
    environment = {**own, "LANG": "C.UTF-8", "TOJIMARI_HOME": str(folder / ".home"), "COLUMNS": "120"}
    done = subprocess.run(
        [sys.executable, "-m", "tojimari", *words], cwd=folder, env=environment, capture_output=True, encoding="utf-8"
    )
    code = f"\n(exit code {done.returncode})" if done.returncode else ""
    return (done.stdout + done.stderr).strip() + code


def matches(expected: str, printed: str) -> bool:
    """Whether this is what was to be printed."""
    parts = [re.escape(part) for part in re.split(r"^\.\.\.$", expected, flags=re.MULTILINE)]
    return re.fullmatch("(?s:.*)".join(parts), printed) is not None
