"""What is compared every night, for which carrier, and is it time?

The operator's file (TOML) has one table for each carrier; a carrier that is not in it is never compared by itself. A
night that was missed is made up for once, as soon as a worker runs again: only the newest comparison counts.

    [tabi]
    hour = 3                                    # in Japan; 3 unless said otherwise
    hlr_database = "/var/lib/osmocom/hlr.db"    # or hlr_file, or live = true
    smdp_file = "/srv/exports/profiles.parquet"
    imsi = ["44010"]

    [tabi.columns.hlr]
    imsi = "IMSI_NO"
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tojimari.network.reconciling.inputs import Inputs, is_beginning
from tojimari.network.reconciling.kinds import Source
from tojimari.network.reconciling.models import Reconciliation
from tojimari.platform.acting import SYSTEM
from tojimari.platform.config import config
from tojimari.rules.calendar import JST

FILES = {"hlr_database": "database", "hlr_file": "hlr", "smdp_file": "smdp", "bills_file": "billing"}
"""Keys of the file that name another file, and what that is as an input."""

COLUMNS = {"hlr": Source.HLR, "smdp": Source.SMDP, "bills": Source.BILLING}
_KEYS = {"hour", "live", "imsi", "columns", *FILES}
USUAL_HOUR = 3


class BadNights(Exception):
    """The file cannot be used. `problems` says each thing that is wrong."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Night:
    """What is compared for one carrier, and from which hour on in Japan."""

    hour: int
    inputs: Inputs

    def due_since(self, at: datetime) -> datetime:
        """Return the newest moment, not after `at`, from which on a comparison is due."""
        local = at.astimezone(JST)
        today = local.replace(hour=self.hour, minute=0, second=0, microsecond=0)
        return today if today <= local else today - timedelta(days=1)

    def is_due(self, carrier_id: int, at: datetime) -> bool:
        """Whether nothing was compared by itself since it was due. One query."""
        done = Reconciliation.objects.filter(
            carrier_id=carrier_id, asked_by=str(SYSTEM), begun_at__gte=self.due_since(at)
        )
        return not done.exists()

    def is_news(self, carrier_id: int, as_of: datetime) -> bool:
        """Whether nothing as new was compared yet: an export that is late is waited for. One query."""
        known = Reconciliation.objects.filter(carrier_id=carrier_id, asked_by=str(SYSTEM), as_of__gte=as_of)
        return not known.exists()

    def as_of(self, at: datetime) -> datetime:
        """The moment that is compared: now for a network that is read itself, else that of the oldest exported file.

        An export bears the time at which it was last written. Raises `OSError` for one that is not there.
        """
        read = (self.inputs.hlr, self.inputs.smdp, self.inputs.billing)
        written = [datetime.fromtimestamp(path.stat().st_mtime, UTC) for path in read if path is not None]
        return min([at, *written])


def nights() -> Mapping[str, Night]:
    """Return what is compared every night by the slug of the carrier; nothing where no file is set up.

    Raises `BadNights` naming everything that is wrong.
    """
    path = config().reconcile
    if path is None:
        return {}
    try:
        body = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadNights([f"{path}: {error}"]) from None
    problems: list[str] = []
    found = {slug: _night(slug, table, problems) for slug, table in body.items()}
    if problems:
        raise BadNights(problems)
    return found


def _night(slug: str, table: Any, problems: list[str]) -> Night:
    if not isinstance(table, dict):
        problems.append(f"{slug}: write a table, [{slug}]")
        return Night(USUAL_HOUR, Inputs())
    problems += [f"{slug}: unknown key {key!r}: remove it" for key in sorted(set(table) - _KEYS)]
    hour = table.get("hour", USUAL_HOUR)
    if not isinstance(hour, int) or isinstance(hour, bool) or not 0 <= hour <= 23:
        problems.append(f"{slug}: hour must be a whole number from 0 to 23")
        hour = USUAL_HOUR
    paths: dict[str, Any] = {}
    for key, name in FILES.items():
        if key in table:
            if not isinstance(table[key], str) or not Path(table[key]).is_absolute():
                problems.append(f"{slug}: {key} must be the whole path of a file, from /")
            else:
                paths[name] = Path(table[key])
    live = table.get("live", False)
    if not isinstance(live, bool):
        problems.append(f"{slug}: live must be true or false")
    if sum((live is True, "hlr_database" in table, "hlr_file" in table)) > 1:
        problems.append(f"{slug}: name one of hlr_database, hlr_file and live")
    imsi = table.get("imsi", [])
    if not isinstance(imsi, list) or not all(map(is_beginning, imsi)):
        problems.append(f'{slug}: imsi must be a list of digits: ["44010"]')
        imsi = []
    mappings = _mappings(slug, table.get("columns", {}), problems)
    return Night(hour, Inputs(**paths, live=live is True, imsis=imsi, mappings=mappings))


def _mappings(slug: str, columns: Any, problems: list[str]) -> dict[Source, dict[str, str]]:
    tables = columns if isinstance(columns, dict) else {"": columns}
    good = {
        name: table
        for name, table in tables.items()
        if name in COLUMNS and isinstance(table, dict) and all(isinstance(one, str) for one in table.values())
    }
    if len(good) < len(tables):
        problems.append(f"{slug}: columns are told in tables such as [{slug}.columns.hlr], with texts")
    return {COLUMNS[name]: dict(table) for name, table in good.items()}
