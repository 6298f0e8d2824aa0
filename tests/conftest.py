"""What do all tests share? One database server in a temporary data folder, and the cast of people."""

from __future__ import annotations

import fcntl
import gc
import logging
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase
from pytest_django import DjangoDbBlocker

from tests.emptying import empty
from tojimari.platform import postgres
from tojimari.platform.config import config

pytest_plugins = ["tests.cast", "tests.certified"]

hypothesis.settings.register_profile(
    "suite", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)  # how quick a busy machine is says nothing about what is tested
hypothesis.settings.load_profile("suite")

gc.set_threshold(50_000, 20, 20)
"""Modules by the thousand live as long as the tests do. To look through them again and again is a fifth of the time."""

FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "90"}
"""What a power cut would do to the server of the tests does not matter."""


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Start the embedded server before the first test that needs a database. All worker processes share it.

    Its own database is migrated once, and those of the processes are copies of it.
    """
    if config().database_url is not None:
        yield
        return
    use = postgres.ensure_running(config().home, run_as=config().run_as, settings=FAST)
    with django_db_blocker.unblock():
        _migrate_once(config().home / "migrated")
    connection.settings_dict["TEST"]["TEMPLATE"] = connection.settings_dict["NAME"]
    yield
    use.release()


def _migrate_once(marker: Path) -> None:
    """Migrate the server's own database; whoever comes second waits, and finds it done."""
    with open(marker, "a+", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if marker.stat().st_size:
            return
        call_command("migrate", verbosity=0)
        connection.close()  # nothing is copied from a database that is in use
        file.write("migrated\n")


@pytest.fixture(scope="session", autouse=True)
def _only_what_is_filled_is_emptied() -> Iterator[None]:
    """After a test with real commits: see `emptying`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: empty())
        yield


@pytest.fixture(autouse=True)
def _the_log_goes_where_it_went_before() -> Iterator[None]:
    """A command that runs in this process sets the log up for the error stream of its test, which ends with it."""
    root = logging.getLogger()
    handlers = root.handlers[:]
    yield
    root.handlers[:] = handlers


NEEDED = {"browser": ("chromium", "chromium"), "hlr": ("osmo-hlr", "osmo-hlr")}
"""Marker -> the program its tests need, and the Debian package that brings it."""


def pytest_collection_finish() -> None:
    """What is there before the first test stays to the end: nobody need look whether it is waste."""
    gc.collect()
    gc.freeze()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what cannot run here, and say why. Where everything must be there (CI=true) that is a failure."""
    for marker, (program, package) in NEEDED.items():
        if item.get_closest_marker(marker) is None or shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin"):
            continue
        reason = f"{program} is missing; on Debian: apt-get install {package}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)


def pytest_unconfigure(config: pytest.Config) -> None:
    """The process that made the data folder removes it, after the last one has released the server."""
    home = Path(os.environ.get("TOJIMARI_HOME", ""))
    if "PYTEST_XDIST_WORKER" not in os.environ and home.name.startswith("tojimari-tests-"):
        postgres.stop(home)
        shutil.rmtree(home)
