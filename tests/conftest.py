"""What do all tests share? One database server in a temporary data folder, and the cast of people."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tojimari.platform import postgres
from tojimari.platform.config import config

FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "60"}
"""What a power cut would do to the server of the tests does not matter."""


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> Iterator[None]:
    """Start the embedded server before the first test that needs a database. All worker processes share it."""
    if config().database_url is not None:
        yield
        return
    use = postgres.ensure_running(config().home, run_as=config().run_as, settings=FAST)
    yield
    use.release()


def pytest_unconfigure(config: pytest.Config) -> None:
    """The process that made the data folder removes it, after the last one has released the server."""
    home = Path(os.environ.get("TOJIMARI_HOME", ""))
    if "PYTEST_XDIST_WORKER" not in os.environ and home.name.startswith("tojimari-tests-"):
        postgres.stop(home)
        shutil.rmtree(home)
