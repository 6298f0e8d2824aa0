"""What is set, what is reachable, what is missing, and how is it mended?

The doctor changes nothing. An embedded database that does not run is started for the look and stopped again, but none
is made: that is the business of `tojimari up`.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from tojimari.cli import examination
from tojimari.cli.examination import Finding, Mark
from tojimari.platform.config import ConfigError, fields, is_secret, name_of, read

HELP = "Tells what is set, what is reachable, what is missing, and how to mend it."
# Wrong settings and a missing database are what it is asked about: it must start without them.
DJANGO = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of a table")


def run(args: argparse.Namespace) -> int:
    """Print what was found. Exit code 1 if anything that is needed is missing."""
    settings: dict[str, Any] = {}
    try:
        settings = _settings()
        findings = list(examination.examine())
    except ConfigError as error:
        findings = [_of_problem(problem) for problem in error.problems]
    well = all(finding.mark is not Mark.MISSING for finding in findings)
    if args.json:
        print(json.dumps({"ok": well, "settings": settings, "findings": [asdict(one) for one in findings]}, indent=2))
    else:
        _print(settings, findings)
    return 0 if well else 1


def _settings() -> dict[str, Any]:
    """Every setting by its name: its value, `set` or nothing for a secret, and whether it differs from the default."""
    config = read(os.environ)
    told: dict[str, Any] = {}
    for field, about in fields().items():
        value = getattr(config, field)
        shown = ("set" if value else "") if is_secret(field) else value
        shown = shown if isinstance(shown, bool | int | list | str) else ("" if shown is None else str(shown))
        told[name_of(field)] = {"value": shown, "set": field in config.model_fields_set, "about": about.description}
    return told


def _of_problem(problem: str) -> Finding:
    name, _, text = problem.partition(": ")
    return Finding("settings", Mark.MISSING, f"{name}: {text}", "Mend the setting; `tojimari doctor` looks again.")


def _print(settings: dict[str, Any], findings: Iterable[Finding]) -> None:
    from rich.console import Console
    from rich.table import Table

    # A table that is read by another program, or kept in a file, is not to be cut at eighty characters.
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else 160, highlight=False)
    if settings:
        table = Table(title="What is set (everything else has its default)", title_justify="left")
        table.add_column("setting", no_wrap=True)
        table.add_column("value", overflow="fold")
        table.add_column("meaning")
        for name, one in settings.items():
            if one["set"]:
                table.add_row(name, str(one["value"]), one["about"])
        if table.row_count:
            console.print(table)
        else:
            console.print("Nothing is set: everything has its default.")
    colours = {Mark.WELL: "green", Mark.NOTE: "yellow", Mark.MISSING: "bold red"}
    table = Table(title="What was found", title_justify="left")
    table.add_column("", no_wrap=True)
    table.add_column("part", no_wrap=True)
    table.add_column("found", overflow="fold")
    table.add_column("mend", overflow="fold")
    for finding in findings:
        colour = colours[finding.mark]
        table.add_row(f"[{colour}]{finding.mark}[/]", finding.part, _plain(finding.found), _plain(finding.mend))
    console.print(table)


def _plain(text: str) -> str:
    from rich.markup import escape

    return escape(text)
