"""Which parts does the doctor look at, and what is a good answer?

`PARTS` is the list. Each part answers with one `Finding`. A part that breaks while it is looked at has failed, and the
next ones are looked at all the same.
"""

from __future__ import annotations

import os
import secrets
import shutil
import stat
import sys
import tomllib
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tojimari.cli import set_up, start_database
from tojimari.platform.config import config
from tojimari.platform.postgres.layout import Layout

OLDEST_PYTHON = (3, 11)
OLDEST_POSTGRES = 15
LITTLE_SPACE = 2 * 1024**3
NO_SPACE = 200 * 1024**2
LITTLE_TIME = 14
"""Days that a certificate must still be valid, so that nobody is surprised."""
MOST_CLOCK_DIFFERENCE = timedelta(seconds=5)
REACHED_WITHIN = 3.0
"""Seconds for another machine to answer."""


class Mark(StrEnum):
    WELL = "well"
    NOTE = "note"  # works without it, or not looked at
    MISSING = "missing"  # needed, and not there


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one part, and how to mend it if that is needed."""

    part: str
    mark: Mark
    found: str
    mend: str = ""


def well(part: str, found: str) -> Finding:
    return Finding(part, Mark.WELL, found)


def note(part: str, found: str, mend: str = "") -> Finding:
    return Finding(part, Mark.NOTE, found, mend)


def missing(part: str, found: str, mend: str) -> Finding:
    return Finding(part, Mark.MISSING, found, mend)


def examine() -> Iterator[Finding]:
    """Look at one part after the other."""
    _borrow_secret_key()
    set_up()
    tables_there = True
    for name, look in PARTS.items():
        if name in NEED_DATABASE and not _has_database():
            yield note(name, "not looked at: there is no database yet", "It is made by: tojimari up")
            continue
        if name in NEED_TABLES and not tables_there:
            yield note(name, "not looked at: the tables come first", "See migrations.")
            continue
        try:
            found = look()
        except Exception as error:
            # Whatever goes wrong here is an answer too: the person asked because something does not work.
            found = missing(name, f"{type(error).__name__}: {error}".strip(), "See the message.")
        tables_there = tables_there and (name != "migrations" or found.mark is Mark.WELL)
        yield found


def _borrow_secret_key() -> None:
    """Django would have one made and kept. The doctor signs nothing and leaves no file: any key will do."""
    if config().secret_key is None and not (config().home / "secret_key").exists():
        os.environ["TOJIMARI_SECRET_KEY"] = secrets.token_hex(32)
        config.cache_clear()


def _has_database() -> bool:
    return config().database_url is not None or Layout(config().home).data.exists()


def python() -> Finding:
    found = f"{sys.version_info.major}.{sys.version_info.minor}.{sys.version_info.micro} ({sys.executable})"
    if sys.version_info < OLDEST_PYTHON:
        return missing("python", found, "Install Python 3.11 or later and run scripts/setup.sh again.")
    return well("python", found)


def home() -> Finding:
    folder = config().home
    if not folder.exists():
        return note("home", f"{folder} does not exist yet", "It is made by: tojimari up")
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return missing("home", f"{folder} cannot be written by this user", "Mend its rights, or set TOJIMARI_HOME.")
    for name in ("secret_key", "keys"):
        path = folder / name
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            return missing("home", f"{path} can be read by others", f"chmod go= {path}")
    return well("home", str(folder))


def disk() -> Finding:
    folder = config().home
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    found = f"{free / 1024**3:.1f} GiB free at {folder}"
    mend = "Make room, or move the data folder with TOJIMARI_HOME."
    if free < NO_SPACE:
        return missing("disk", found, mend)
    return note("disk", found, mend) if free < LITTLE_SPACE else well("disk", found)


def database() -> Finding:
    start_database()
    from django.db import OperationalError, connection

    where = "your own (DATABASE_URL)" if config().database_url else "embedded"
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT split_part(version(), ' ', 2), current_setting('server_version_num')::int / 10000")
            version, major = cursor.fetchone()
    except OperationalError as error:
        return missing("database", f"{where}: {error}".strip(), "Start it, or mend DATABASE_URL.")
    if major < OLDEST_POSTGRES:
        return missing("database", f"{where}, PostgreSQL {version}", f"Use PostgreSQL {OLDEST_POSTGRES} or later.")
    return well("database", f"{where}, PostgreSQL {version}")


def separation() -> Finding:
    """Whether the second wall between carriers stands: the role is bound by it, and no table was forgotten."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        role, unbound = cursor.fetchone()
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'carrier_id' "
            "WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace "
            "AND NOT (c.relrowsecurity AND c.relforcerowsecurity) ORDER BY 1"
        )
        open_tables = [name for (name,) in cursor.fetchall()]
    if unbound:
        return missing("separation", f"the role {role} bypasses row-level security", "Use a plain role as the owner.")
    if open_tables:
        return note("separation", f"role {role}; tables without row-level security: {', '.join(open_tables)}")
    return well("separation", f"role {role} is bound by row-level security")


def migrations() -> Finding:
    from tojimari.platform.database.tables import unapplied

    left = unapplied()
    if left:
        return missing("migrations", f"{len(left)} are missing, the first is {left[0]}", "tojimari manage migrate")
    return well("migrations", "all applied")


def clock() -> Finding:
    mend = "Set the clock, and keep it set (systemd-timesyncd, chrony)."
    try:
        ZoneInfo("Asia/Tokyo")
    except ZoneInfoNotFoundError:
        return missing("clock", "the time zone Asia/Tokyo is not known", "On Debian: apt-get install tzdata")
    now = datetime.now(UTC)
    if now.year < 2026:
        return missing("clock", f"it says {now:%Y-%m-%d}", mend)
    if _has_database():
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            difference = abs(cursor.fetchone()[0] - datetime.now(UTC))
        if difference > MOST_CLOCK_DIFFERENCE:
            return missing("clock", f"{difference} away from the clock of the database", mend)
    return well("clock", f"{now:%Y-%m-%d %H:%M} UTC")


def network() -> Finding:
    from tojimari.cli import examination_elements

    return examination_elements.network()


def elements() -> Finding:
    from tojimari.cli import examination_elements

    return examination_elements.elements()


def lanes() -> Finding:
    from tojimari.cli import examination_elements

    return examination_elements.lanes()


def profiles() -> Finding:
    from tojimari.network.elements.es2plus.element import Es2Plus
    from tojimari.network.elements.es2plus.settings import BadSettings, providers

    if config().es2plus is None:
        return note("profiles", "no profile server: no eSIM order is cancelled", "Set TOJIMARI_ES2PLUS.")
    try:
        found = providers()
    except BadSettings as bad:
        return missing("profiles", "; ".join(bad.problems), f"Mend {config().es2plus}.")
    if trouble := Es2Plus().trouble():
        return missing("profiles", trouble, "Start it, or mend its address and certificates.")
    deaf = [name for name, one in found.items() if one.notice_secret is None and not one.notice_certificates]
    if deaf:
        return note("profiles", f"{', '.join(deaf)} can send no notices", "Set notice_secret_file.")
    return well("profiles", f"{', '.join(found)} answers")


def ghosts() -> Finding:
    from tojimari.network.reconciling.nightly import BadNights, nights

    if config().reconcile is None:
        return note("ghosts", "books and network are not compared by night", "Set TOJIMARI_RECONCILE.")
    try:
        found = nights()
        for night in found.values():
            night.as_of(datetime.now(UTC))
    except (BadNights, OSError) as bad:
        return missing("ghosts", str(bad), f"Mend {config().reconcile}, or let the export be made.")
    return well("ghosts", f"compared every night: {', '.join(found) or 'nobody'}")


def port() -> Finding:
    from tojimari.cli.up import site_address

    place = f"{config().bind}:{config().port}"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with suppress(urllib.error.HTTPError):
        try:
            opener.open(f"{site_address(config())}/healthz", timeout=REACHED_WITHIN).close()
        except urllib.error.HTTPError as error:
            if error.headers.get("content-type") != "application/json":
                return missing("port", f"{place} is used by something else", "Stop that, or choose another PORT.")
            return note("port", f"the site runs on {place} and is not ready", f"See {site_address(config())}/healthz")
        except OSError:
            return _free_port(place)
    return well("port", f"the site runs on {place}")


def _free_port(place: str) -> Finding:
    from tojimari.cli import CommandError
    from tojimari.cli.up import refuse_taken_port

    try:
        refuse_taken_port(config().bind, config().port)
    except CommandError as error:
        return missing("port", str(error), "Stop what is there, or choose another PORT.")
    return well("port", f"{place} is free")


def visitors() -> Finding:
    from tojimari.cli import examination_visitors

    return examination_visitors.visitors()


def mail() -> Finding:
    from tojimari.cli import examination_gateways

    return examination_gateways.mail()


def sms() -> Finding:
    from tojimari.cli import examination_gateways

    return examination_gateways.sms()


def payments() -> Finding:
    from tojimari.cli import examination_gateways

    return examination_gateways.payments()


def sign_in() -> Finding:
    from tojimari.cli import examination_sign_in

    return examination_sign_in.sign_in()


def signing_key() -> Finding:
    from tojimari.proofs import keys

    if config().signing_key is None and not keys.folder().exists():
        return note("signing key", "none yet", "It is made with the first certificate.")
    try:
        known, in_use = keys.public_keys()["keys"], keys.signer().kid
    except keys.KeyTrouble as trouble:
        return missing("signing key", str(trouble), "Mend it: nothing can be certified without it.")
    return well("signing key", f"{in_use} ({len(known)} published)")


def time_stamps() -> Finding:
    from tojimari.proofs import stamps

    url, path = config().tsa_url, config().tsa_certificate
    if url is None and path is None:
        return note("time stamps", "no authority: the root of a day has our own word alone", "Set TOJIMARI_TSA_URL.")
    if url is None or path is None:
        return missing("time stamps", "half set", "Set both TOJIMARI_TSA_URL and TOJIMARI_TSA_CERTIFICATE.")
    try:
        stamps.ask(url, b"tojimari doctor", stamps.authorities(path))
    except stamps.StampTrouble as trouble:
        return missing("time stamps", f"{url}: {trouble}", "Start it, or mend TOJIMARI_TSA_...")
    return well("time stamps", f"{url} answers, and its stamp is believed")


def papers() -> Finding:
    from tojimari.platform.typesetting import can_draw
    from tojimari.proofs.paper_seal import SealTrouble, days_left

    try:
        left = days_left(datetime.now(UTC))
    except SealTrouble as trouble:
        return missing("papers", str(trouble), "Mend TOJIMARI_SEAL_CERTIFICATE and TOJIMARI_SEAL_KEY, or unset both.")
    if not can_draw():
        found = "no Japanese font: letters and certificates are given without a PDF"
        return note("papers", found, "On Debian: apt-get install fonts-noto-cjk")
    if left is None:
        return well("papers", "PDFs are drawn, without a seal")
    if left < LITTLE_TIME:
        return missing("papers", f"the seal's certificate is valid for {left} more days", "Have it renewed.")
    return well("papers", f"PDFs are drawn and sealed; the seal's certificate is valid for {left} days")


def procedures() -> Finding:
    from tojimari.terminations.procedures import parse

    shipped = Path(str(files("tojimari.terminations") / "procedures"))
    own = config().procedures_dir
    if own is not None and not own.is_dir():
        return missing("procedures", f"{own} is no folder", "Mend TOJIMARI_PROCEDURES_DIR.")
    places = [path for folder in (shipped, own) if folder is not None for path in sorted(folder.rglob("*.toml"))]
    for path in places:
        parse(tomllib.loads(path.read_text("utf-8")), str(path))
    return well("procedures", f"{len(places)} files are well-formed")


def chromium() -> Finding:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        return note("chromium", "missing", "Only tests in a browser need it. On Debian: apt-get install chromium")
    return well("chromium", found)


PARTS: dict[str, Callable[[], Finding]] = {
    "python": python,
    "home": home,
    "disk": disk,
    "database": database,
    "separation": separation,
    "migrations": migrations,
    "clock": clock,
    "network": network,
    "elements": elements,
    "lanes": lanes,
    "profiles": profiles,
    "ghosts": ghosts,
    "port": port,
    "visitors": visitors,
    "mail": mail,
    "sms": sms,
    "payments": payments,
    "sign-in": sign_in,
    "signing key": signing_key,
    "time stamps": time_stamps,
    "papers": papers,
    "procedures": procedures,
    "chromium": chromium,
}
NEED_TABLES = {"lanes", "payments"}
NEED_DATABASE = {"database", "separation", "migrations"} | NEED_TABLES
