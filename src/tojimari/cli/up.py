"""How does everything start with one command, and end with one key?

`tojimari up` starts the database, the HLR where one is installed, a worker and the site, looks after them, and stops
them in the opposite order.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import shutil
import signal
import socket
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Protocol

from tojimari.cli import CommandError, set_up
from tojimari.platform import postgres
from tojimari.platform.config import Config, config
from tojimari.platform.own_hlr import own_hlr_file
from tojimari.platform.processes import Child
from tojimari.platform.translations import compile_stale

if TYPE_CHECKING:
    from tojimari.network.elements.osmohlr.server import OsmoHlr

HELP = "Starts the database, the network of the demo, a worker and the site. Ctrl-C stops them."
# It starts the database itself, after looking whether anything stands in the way.
DJANGO = False

LOOK_EVERY = 0.5
OSMOHLR = "osmo-hlr"


class Kept(Protocol):
    """Something that runs beside us and is looked at regularly."""

    def look(self) -> None: ...


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--no-hlr",
        action="store_true",
        help="do not start OsmoHLR even where it is installed: the network is simulated",
    )


def say(text: str) -> None:
    print(text, flush=True)


def run(args: argparse.Namespace) -> int:
    """Start everything, look after it until Ctrl-C or SIGTERM, stop everything. Exit code 0 if it was ended so."""
    stop = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
    with ExitStack() as house:
        try:
            kept = _start(house, stop, with_hlr=not args.no_hlr)
        except Stopped:
            return 0
        while not stop.wait(LOOK_EVERY):
            for one in kept:
                one.look()
        say("\nStopping ...")
    say("Stopped. Nothing is left running.")
    return 0


class Stopped(Exception):
    """Somebody pressed Ctrl-C before everything was up."""


def _start(house: ExitStack, stop: threading.Event, *, with_hlr: bool) -> list[Kept]:
    """Start one thing after the other. `house` stops them in the opposite order, also when a later one fails."""
    from tojimari.network.elements import in_file

    settings = config()

    def still_wanted() -> None:
        if stop.is_set():
            raise Stopped

    refuse_taken_port(settings.bind, settings.port)
    house.enter_context(_alone(settings))
    # Left behind by one that was killed; the HLR it speaks of went with it.
    own_hlr_file(settings.home).unlink(missing_ok=True)
    config.cache_clear()
    settings = config()
    in_file()  # a file of elements that cannot be used is told before anything starts
    compile_stale()
    if settings.database_url is None:
        say("Starting the database ...")
        use = postgres.ensure_running(settings.home, run_as=settings.run_as)
        house.callback(use.release)
    still_wanted()
    kept: list[Kept] = []
    hlr = _start_hlr(house, settings) if with_hlr else None
    if hlr is not None:
        kept.append(hlr)
    still_wanted()
    _prepare_data()
    still_wanted()
    me = [sys.executable, "-m", "tojimari"]
    kept += [_child(house, "The worker", [*me, "worker"]), _child(house, "The site", site_command(config()))]
    if _wait_until_ready(stop, kept):
        say(welcome(config()))
    return kept


def _child(house: ExitStack, name: str, command: list[str]) -> Child:
    child = Child(name, command, say=say)
    child.start()
    house.callback(child.stop)
    return child


def site_command(settings: Config) -> list[str]:
    """The web server. Two processes, so that one that is started again does not leave the door closed meanwhile."""
    return [
        *(sys.executable, "-m", "granian", "tojimari.wsgi:application"),
        *("--interface", "wsgi", "--host", settings.bind, "--port", str(settings.port)),
        *("--workers", "2", "--blocking-threads", str(min(4, settings.pool_size))),
        *("--respawn-failed-workers", "--respawn-interval", "5", "--no-ws", "--log-level", "warning"),
    ]


def refuse_taken_port(host: str, port: int) -> None:
    """Raise CommandError if the site could not listen there: better now than after a minute of starting."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as trial:
            # As the web server does: a port that was just given back is free.
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
            trial.listen(1)
    except OSError as error:
        raise CommandError(
            f"The site cannot listen on {host}:{port} ({error.strerror}). "
            f"Stop what is there, or choose another port: PORT={port + 1 if port < 65535 else port - 1} tojimari up"
        ) from error


@contextmanager
def _alone(settings: Config) -> Iterator[None]:
    """One `tojimari up` for one data folder. The kernel gives the lock back however this process ends."""
    settings.home.mkdir(parents=True, exist_ok=True)
    with open(settings.home / "up.lock", "a+", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise CommandError(
                f"Tojimari runs already with the data folder {settings.home} (process {lock.read().strip()}). "
                "Stop that one, or set TOJIMARI_HOME to another folder."
            ) from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        try:
            yield
        finally:
            lock.truncate(0)


class _Hlr:
    """The HLR of the demo, started again when it ends."""

    def __init__(self, server: OsmoHlr) -> None:
        self._server = server
        self._told = False

    def look(self) -> None:
        from tojimari.network.elements.osmohlr.server import OsmoHlrError

        if self._server.running:
            self._told = False
            return
        if not self._told:
            say("OsmoHLR ended; it is started again.")
        try:
            self._server.start()
        except OsmoHlrError as error:
            # Its ports may not be free yet. The next look tries again.
            if self._told:
                return
            say(str(error))
            self._told = True


def _start_hlr(house: ExitStack, settings: Config) -> _Hlr | None:
    """Start OsmoHLR if it is installed and none is named, and name it to everything that starts after it."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/bin"
    if settings.osmohlr_host is not None or shutil.which(OSMOHLR, path=path) is None:
        return None
    from tojimari.network.elements.osmohlr.server import OsmoHlr, OsmoHlrError, PortsTaken

    host = settings.osmohlr_own_host
    server = OsmoHlr(settings.home / "osmohlr", host, settings.run_as if os.geteuid() == 0 else None)
    say("Starting OsmoHLR ...")
    try:
        server.start()
    except PortsTaken as error:
        raise CommandError(
            f"{error} To use the one that runs already, set TOJIMARI_OSMOHLR_HOST={host}. To run one beside it, set "
            "TOJIMARI_OSMOHLR_OWN_HOST to an address of this machine that is free, such as 127.0.0.2."
        ) from error
    except OsmoHlrError as error:
        raise CommandError(str(error)) from error
    house.callback(server.stop)
    running = own_hlr_file(settings.home)
    running.write_text(f"{server.settings.host}\n", encoding="utf-8")
    house.callback(running.unlink, missing_ok=True)
    config.cache_clear()
    return _Hlr(server)


def _prepare_data() -> None:
    """Bring the tables up to date and load the demo carrier. Says how to add a carrier where there is none."""
    set_up()
    from django.db import connections

    from tojimari.lines.models import Carrier
    from tojimari.platform.database.tables import bring_up_to_date

    applied = bring_up_to_date()
    if applied:
        say(f"The tables are up to date ({len(applied)} changes).")
    if config().demo:
        from tojimari.cli.demo import load

        load()
    if not Carrier.objects.exists():
        say("There is no carrier yet, so no page but the desk's. Add one: tojimari lines carrier --help")
    connections.close_all()


def _wait_until_ready(stop: threading.Event, kept: list[Kept]) -> bool:
    """Ask the site how it is until it says ready. Says once what is missing if that takes long."""
    address = f"{site_address(config())}/healthz"
    waited, told = 0.0, False
    while not stop.wait(LOOK_EVERY):
        for one in kept:
            one.look()
        ready, reasons = _ask(address)
        if ready:
            return True
        waited += LOOK_EVERY
        if waited >= 30 and not told:
            say(f"Not ready yet: {reasons}")
            told = True
    return False


def _ask(address: str) -> tuple[bool, str]:
    request = urllib.request.Request(address, headers={"Accept": "application/json"})  # noqa: S310  (our own site)
    # Straight to our own site, whatever proxy the environment names.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=10) as answer:
            return answer.status == 200, ""
    except urllib.error.HTTPError as error:
        try:
            return False, _reasons(error.read())
        except (ValueError, KeyError):
            return False, f"the site answers {error.code}"
    except OSError as error:
        return False, f"the site does not answer ({error})"


def _reasons(body: bytes) -> str:
    """What is not well, in the words of the checks."""
    checks = json.loads(body)["checks"]
    return "; ".join(f"{name}: {one['found']}" for name, one in checks.items() if not one["ok"])


def site_address(settings: Config) -> str:
    """Where a browser on this machine finds the site."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.bind, settings.bind)  # noqa: S104  (it is only read)
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


def welcome(settings: Config) -> str:
    """What to try, for somebody who sees this for the first time."""
    site = site_address(settings)
    lines = ["", f"Tojimari is ready: {site}", ""]
    if settings.demo:
        from tojimari.cli.demo import words

        lines += words(site)
    lines += [f"  Staff             {site}/desk/", f"  Health            {site}/healthz"]
    if settings.network == "osmohlr":
        vty = f"/dev/tcp/{settings.osmohlr_host}/{settings.osmohlr_vty_port}"
        lines += [
            f"  Network           OsmoHLR on {settings.osmohlr_host}",
            f"  Ask it by hand    bash -c 'exec 3<>{vty}; echo show subscribers all >&3; timeout 1 cat <&3'",
        ]
    else:
        lines.append("  Network           simulated: nothing is switched off anywhere")
    if settings.demo and settings.bind not in ("127.0.0.1", "::1", "localhost"):
        lines += ["", "Others can reach this machine, and the demo's passwords are public. Set TOJIMARI_DEMO=no."]
    return "\n".join([*lines, "", "Ctrl-C stops everything.", ""])
