"""How do we run a real HLR for development and tests?

`OsmoHlr(folder, host)` writes a configuration, starts Debian's `osmo-hlr` as an unprivileged user and waits until it
answers. Its three ports cannot be chosen, so two instances on one machine differ by their loopback address:
127.0.0.1, 127.0.0.2, …
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from tojimari.network.elements.osmohlr.ctrl import Ctrl
from tojimari.network.elements.osmohlr.wire import Settings, Trouble

_UP_WITHIN = 20.0  # seconds; 0.1 is usual, 0.2 with a million subscribers
_DOWN_WITHIN = 10.0

_CONFIG = """\
line vty
 no login
 bind {host}
ctrl
 bind {host}
hlr
 gsup
  bind ip {host}
{more}"""


class OsmoHlrError(Exception):
    """The HLR cannot be started; the message says why and what helps."""


class PortsTaken(OsmoHlrError):
    """Something listens already where this one would."""


class OsmoHlr:
    """One OsmoHLR process. Its data stays in `folder`, so that it can be stopped and started again.

    `user` is the system user to run as when started by root (needed then: an HLR needs no rights); others run it as
    themselves. It ends with the thread that started it, so start it from the main thread.
    """

    def __init__(self, folder: Path, host: str = "127.0.0.1", user: str | None = None, *, more: str = "") -> None:
        self.folder = folder
        self.settings = Settings(host=host)
        self._user = user
        self._more = more  # lines for the "hlr" section of the configuration
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None else None

    def start(self) -> None:
        """Start, and return when it answers. Raises OsmoHlrError with the reason if it does not."""
        if self.running:
            return
        binary, drop = _binary("osmo-hlr"), _binary("setpriv")
        self._refuse_taken_ports()
        self._prepare_folder()
        identity: list[str] = []
        if os.geteuid() == 0:
            identity = [f"--reuid={self._owner().pw_uid}", f"--regid={self._owner().pw_gid}", "--clear-groups"]
        command = [drop, "--pdeathsig=TERM", *identity, "--no-new-privs", binary]
        with open(self._log, "ab") as log:
            self._process = subprocess.Popen(
                [*command, "-c", str(self.folder / "osmo-hlr.cfg"), "-l", str(self.folder / "hlr.db")],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,  # Ctrl-C in the terminal is for us; we stop it in order
            )
        self._wait_until_it_answers()

    def stop(self) -> None:
        """Stop it in order; nothing is lost, nothing is left behind."""
        self._end(signal.SIGTERM)

    def kill9(self) -> None:
        """Kill it as a power cut would. Tests only."""
        self._end(signal.SIGKILL)

    @property
    def _log(self) -> Path:
        return self.folder / "osmo-hlr.log"

    def _owner(self) -> pwd.struct_passwd:
        try:
            return pwd.getpwnam(self._user or "nobody")
        except KeyError:
            raise OsmoHlrError(f"There is no system user {self._user}; create it or name another.") from None

    def _prepare_folder(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        config = self.folder / "osmo-hlr.cfg"
        config.write_text(_CONFIG.format(host=self.settings.host, more=self._more), encoding="ascii")
        if os.geteuid() == 0:
            owner = self._owner()
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
            for file in self.folder.glob("hlr.db*"):
                os.chown(file, owner.pw_uid, owner.pw_gid)
        self.folder.chmod(0o700)  # secret keys lie here
        if os.geteuid() == 0:
            os.chown(config, self._owner().pw_uid, -1)

    def _refuse_taken_ports(self) -> None:
        host = self.settings.host
        ports = {"GSUP": self.settings.gsup_port, "VTY": self.settings.vty_port, "CTRL": self.settings.ctrl_port}
        for role, port in ports.items():
            with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as trial:
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    trial.bind((host, port))
                except OSError as error:
                    raise PortsTaken(
                        f"Port {port} ({role}) on {host} cannot be used: {error.strerror}. "
                        "Another OsmoHLR may be running there."
                    ) from error

    def _wait_until_it_answers(self) -> None:
        until = time.monotonic() + _UP_WITHIN
        ctrl = Ctrl(self.settings)
        while time.monotonic() < until:
            if not self.running:
                raise OsmoHlrError(f"osmo-hlr ended at once. The end of its log {self._log}:\n{self._last_words()}")
            try:
                ctrl.ask_one("GET version")  # any answer will do, even "Command not found"
            except Trouble:
                time.sleep(0.02)
            else:
                ctrl.close()
                return
        self.kill9()
        raise OsmoHlrError(f"osmo-hlr did not answer within {_UP_WITHIN:.0f} seconds; see {self._log}.")

    def _last_words(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")[-1000:].strip()

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        if self.running:
            self._process.send_signal(how)
        try:
            self._process.wait(_DOWN_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None


def _binary(name: str) -> str:
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/bin:/sbin:/bin")
    if found is None:
        raise OsmoHlrError(f"The program {name} is missing; on Debian: apt-get install osmo-hlr util-linux.")
    return found
