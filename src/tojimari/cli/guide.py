"""Is the directory of carriers in order? `tojimari guide check` looks at its files, here or in a folder."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from datetime import datetime
from importlib.resources import files
from pathlib import Path

from tojimari.cli import CommandError
from tojimari.cli.speech import write_utf8
from tojimari.guide.ages import is_old
from tojimari.guide.checks import Problem, problems
from tojimari.guide.directory import Unsound, read
from tojimari.guide.writing import write
from tojimari.rules.calendar import JST

HELP = "check the files of the directory of carriers"
DJANGO = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("what", choices=["check"])
    parser.add_argument("folder", nargs="?", type=Path, help="folder with one TOML file a carrier; otherwise our own")
    parser.add_argument("--write", action="store_true", help="first write each sound file anew in the usual form")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    """Print each problem with its file, place and rule. Returns 0 where there is none and 1 where there is one."""
    folder = args.folder or Path(str(files("tojimari.guide").joinpath("data")))
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        raise CommandError(f"There are no TOML files in {folder}.")
    if args.write:
        _write_anew(paths)
    today = datetime.now(JST).date()
    texts = {path.name: path.read_text("utf-8") for path in paths}
    found = problems(texts, today)
    old = [] if found else _old(texts)
    write_utf8(_as_json(found, len(paths), old) if args.json else _as_text(found, len(paths), old))
    return 1 if found else 0


def _write_anew(paths: list[Path]) -> None:
    for path in paths:
        try:
            facts = read(path.name, path.read_text("utf-8"))
        except Unsound:
            continue  # what is wrong with it is told with the other problems
        path.write_text(write(facts), "utf-8")


def _old(texts: dict[str, str]) -> list[str]:
    """Which sources were not read again for a year: no fault, but pages say so, and somebody should look."""
    today = datetime.now(JST).date()
    carriers = [read(name, text) for name, text in texts.items()]
    return [f"{each.id}: {key}" for each in carriers for key, source in each.sources.items() if is_old(source, today)]


def _as_json(found: list[Problem], carriers: int, old: list[str]) -> str:
    answer = {"carriers": carriers, "problems": [asdict(one) for one in found], "old_sources": old}
    return json.dumps(answer, ensure_ascii=False)


def _as_text(found: list[Problem], carriers: int, old: list[str]) -> str:
    lines = [str(one) for one in found]
    lines += [f"to be read again: {one}" for one in old]
    lines.append(f"{carriers} carriers, {len(found)} problems")
    return "\n".join(lines)
