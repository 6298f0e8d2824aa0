"""What does the command `tojimari` do?

It finds the word in `COMMANDS`, loads that one module and runs it. A command module has:

    HELP = "..."                           a literal; one line for `tojimari --help`
    DJANGO = False                         a literal; left out when the command uses the database
    add_arguments(parser) -> None
    run(args: argparse.Namespace) -> int   the exit code

For a command that uses the database Django is set up before its module is loaded, and before `run` the database is
there and up to date. The two literals are read from the source, so that the overview and a command without a database
load nothing that they do not need.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import importlib.util
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

COMMANDS = {
    "up": "tojimari.cli.up",
    "doctor": "tojimari.cli.doctor",
    "check": "tojimari.cli.check",
    "guide": "tojimari.cli.guide",
    "lines": "tojimari.cli.lines",
    "terminate": "tojimari.cli.terminate",
    "verify": "tojimari.cli.verify",
    "history": "tojimari.cli.history",
    "keys": "tojimari.cli.keys",
    "worker": "tojimari.cli.worker",
    "network": "tojimari.cli.network",
    "reconcile": "tojimari.cli.reconcile",
    "staff": "tojimari.cli.staff",
    "demo": "tojimari.cli.demo",
    "messages": "tojimari.cli.messages",
    "manage": "tojimari.cli.manage",
}

SETTINGS = "tojimari.platform.settings"


class CommandError(Exception):
    """The command cannot do what was asked. The message is one clear line for the person who typed it."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 2 when it was asked wrongly or when something it needs is missing."""
    words = list(sys.argv[1:] if argv is None else argv)
    word = words[0] if words else "--help"
    try:
        return _dispatch(word, words[1:])
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader (head, less) has seen enough. Without this Python complains once more when it flushes at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if wants_trace():
            raise
        print(f"tojimari {word}: {_in_words(error)}", file=sys.stderr)
        return 2


def _dispatch(word: str, words: Sequence[str]) -> int:
    if word in ("-h", "--help"):
        print(overview(), flush=True)
        return 0
    if word == "--version":
        from tojimari.platform.version import version

        print(f"tojimari {version()}", flush=True)
        return 0
    if word not in COMMANDS:
        print(f"tojimari: there is no command {word!r}. `tojimari --help` lists them.", file=sys.stderr)
        return 2
    return _run(word, words)


def overview() -> str:
    """The answer to `tojimari --help`."""
    lines = [
        "usage: tojimari COMMAND ...",
        "",
        "Closes mobile lines, and proves that they are closed.",
        "",
        "commands:",
    ]
    lines += [f"  {word:<10}  {_literals(path)['HELP']}" for word, path in COMMANDS.items()]
    return "\n".join([*lines, "", "`tojimari COMMAND --help` tells more."])


def _literals(path: str) -> dict[str, Any]:
    """HELP and DJANGO of a command module, without running it."""
    found: dict[str, Any] = {"DJANGO": True}
    spec = importlib.util.find_spec(path)
    if spec is None or spec.origin is None:
        return {"HELP": f"(the module {path} is missing)", "DJANGO": False}
    for node in ast.parse(Path(spec.origin).read_text(encoding="utf-8")).body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        value = getattr(node, "value", None)
        if isinstance(target, ast.Name) and target.id in ("HELP", "DJANGO") and value is not None:
            found[target.id] = ast.literal_eval(value)
    return found


def _run(word: str, words: Sequence[str]) -> int:
    needs_database = bool(_literals(COMMANDS[word])["DJANGO"])
    if needs_database:
        set_up()
        from django.utils import translation

        from tojimari.cli import speech

        translation.activate(speech.tag_of(os.environ))
    module = importlib.import_module(COMMANDS[word])
    parser = argparse.ArgumentParser(prog=f"tojimari {word}", description=module.HELP)
    module.add_arguments(parser)
    args = parser.parse_args(list(words))
    if needs_database:
        start_database()
        refuse_old_tables()
    return int(module.run(args))


def set_up() -> None:
    """Set Django up. Reads the settings; does not touch the database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    import django

    django.setup()


def start_database() -> None:
    """Start the embedded server unless it runs or DATABASE_URL names another one.

    It stops with the last process that uses it, so there is nothing to do at the end.
    """
    from tojimari.platform import postgres
    from tojimari.platform.config import config

    if config().database_url is None:
        postgres.ensure_running(config().home, run_as=config().run_as)


def refuse_old_tables() -> None:
    """Raise CommandError if the tables are older than the program."""
    from tojimari.platform.database.tables import unapplied

    missing = unapplied()
    if missing:
        raise CommandError(
            f"The tables are not up to date ({len(missing)} migrations are missing). Run: tojimari manage migrate"
        )


def wants_trace() -> bool:
    """Whether errors are to be shown with their place in the code."""
    return os.environ.get("TOJIMARI_DEBUG", "").lower() in ("1", "true", "yes", "on", "t", "y")


def _in_words(error: Exception) -> str:
    text = str(error).strip()
    # Our own errors are written for people. Others name their kind, so that they can be looked up.
    if text and type(error).__module__.startswith("tojimari."):
        return text
    return f"{text or 'failed'} ({type(error).__name__}; TOJIMARI_DEBUG=1 shows where)"
