"""What is heavy is loaded by the process that needs it, not by each one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

LOOK = """
import importlib, sys
from tojimari.cli import set_up
set_up()
importlib.import_module(sys.argv[1])
print(*sorted(set(sys.modules) & set(sys.argv[2:])))
"""


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        # 90 MB together, of the 200 that a worker has
        ("tojimari.terminations.engine.worker", ("asn1crypto", "openpyxl", "polars", "pyhanko", "typst")),
        ("tojimari.urls", ("openpyxl", "polars")),  # a site makes papers, but reads no tables
    ],
)
def test_workers_and_site_begin_without_what_they_hardly_need(
    module: str, heavy: tuple[str, ...], tmp_path: Path
) -> None:
    surroundings = os.environ | {"TOJIMARI_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "tojimari.platform.settings"}
    look = subprocess.run(
        [sys.executable, "-c", LOOK, module, *heavy], env=surroundings, capture_output=True, text=True, check=True
    )
    assert look.stdout.split() == []
