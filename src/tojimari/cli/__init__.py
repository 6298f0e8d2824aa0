"""What does the command `tojimari` do?

It finds the word in `COMMANDS`, loads that one module and runs it. A command module has:

    HELP: str                              one line for `tojimari --help`
    DJANGO: bool                           optional, default True: it uses the database
    add_arguments(parser) -> None
    run(args: argparse.Namespace) -> int   the exit code

With DJANGO the database runs and Django is set up before `add_arguments` is called. A command that needs no database
says `DJANGO = False`, and then nothing of it is loaded.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from types import ModuleType

COMMANDS = {
    "check": "tojimari.cli.check",
    "demo": "tojimari.cli.demo",
    "doctor": "tojimari.cli.doctor",
    "lines": "tojimari.cli.lines",
    "manage": "tojimari.cli.manage",
    "network": "tojimari.cli.network",
    "terminate": "tojimari.cli.terminate",
    "up": "tojimari.cli.up",
    "verify": "tojimari.cli.verify",
    "worker": "tojimari.cli.worker",
}

SETTINGS = "tojimari.platform.settings"


class CommandError(Exception):
    """The command cannot do what was asked. The message is one clear line for the person who typed it."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Returns its exit code; 2 means that it was asked wrongly or that something needed is missing."""
    words = list(sys.argv[1:] if argv is None else argv)
    word = words[0] if words else "--help"
    if word in ("-h", "--help"):
        print(_overview())
        return 0
    if word == "--version":
        from tojimari.platform.version import version

        print(f"tojimari {version()}")
        return 0
    if word not in COMMANDS:
        print(f"tojimari: there is no command {word!r}. `tojimari --help` lists them.", file=sys.stderr)
        return 2
    try:
        return _run(word, words[1:])
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader (head, less) has seen enough. Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if _wants_trace():
            raise
        print(f"tojimari {word}: {_in_words(error)}", file=sys.stderr)
        return 2


def _overview() -> str:
    lines = ["usage: tojimari COMMAND ...", "", "Closes mobile lines, and proves that they are closed.", "", "commands:"]
    for word, path in COMMANDS.items():
        try:
            lines.append(f"  {word:<10}  {_load(path).HELP}")
        except ImportError as error:
            lines.append(f"  {word:<10}  (not usable: {error})")
    return "\n".join([*lines, "", "`tojimari COMMAND --help` tells more."])


def _load(path: str) -> ModuleType:
    return importlib.import_module(path)


def _run(word: str, words: Sequence[str]) -> int:
    module = _load(COMMANDS[word])
    if getattr(module, "DJANGO", True):
        prepare()
    parser = argparse.ArgumentParser(prog=f"tojimari {word}", description=module.HELP)
    module.add_arguments(parser)
    return int(module.run(parser.parse_args(list(words))))


def prepare() -> None:
    """Start the embedded database unless it runs or DATABASE_URL names another one, and set Django up.

    The database stops with the last process that uses it: nothing to do at the end.
    """
    from tojimari.platform import postgres
    from tojimari.platform.config import config

    if config().database_url is None:
        postgres.ensure_running(config().home, run_as=config().run_as)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    import django

    django.setup()


def _wants_trace() -> bool:
    return os.environ.get("TOJIMARI_DEBUG", "").lower() in ("1", "true", "yes", "on")


def _in_words(error: Exception) -> str:
    text = str(error).strip() or type(error).__name__
    return text if isinstance(error, CommandError | OSError) else f"{text} ({type(error).__name__}; TOJIMARI_DEBUG=1 shows where)"
