"""How does one start a worker?"""

from __future__ import annotations

import argparse

from tojimari.terminations.engine.worker import Worker

HELP = "do the due steps of all cases until stopped; run as many as you like, on as many machines"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A worker has no arguments: what it connects to comes from the settings."""


def run(args: argparse.Namespace) -> int:
    Worker().run()
    return 0
