"""Are the network elements that the file and the carriers name there, and does somebody work for each of them?"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from tojimari.cli.carrier_elements import in_words
from tojimari.cli.examination import REACHED_WITHIN, Finding, missing, note, well
from tojimari.platform.config import config

PART, LANES = "elements", "lanes"


def network() -> Finding:
    from tojimari.network.routing import is_simulated

    host = config().osmohlr_host
    if not is_simulated({}) and host is None:
        return well("network", "what carriers do not name ends in the OsmoHLRs of the file of elements")
    if host is None:
        return note(
            "network",
            "simulated: nothing is switched off anywhere",
            "Set TOJIMARI_OSMOHLR_HOST, or install osmo-hlr for the demo.",
        )
    away = []
    ports = {"GSUP": config().osmohlr_gsup_port, "VTY": config().osmohlr_vty_port, "CTRL": config().osmohlr_ctrl_port}
    for role, port in ports.items():
        try:
            socket.create_connection((host, port), timeout=REACHED_WITHIN).close()
        except OSError as error:
            away.append(f"{role} {host}:{port} ({error})")
    if away:
        return missing("network", "OsmoHLR does not answer: " + ", ".join(away), "Start it, or mend the settings.")
    return well(
        "network", f"OsmoHLR on {host} answers on {', '.join(f'{role} {port}' for role, port in ports.items())}"
    )


def elements() -> Finding:
    """Whether the file can be used, and each element in it answers."""
    from tojimari.network.elements import element
    from tojimari.network.elements.instances import BadElements, Instance

    path = config().elements
    if path is None:
        return well(PART, "no file: one of each kind")
    from tojimari.network.elements import check

    try:
        found = check(path)
    except BadElements as bad:
        return missing(PART, "; ".join(bad.problems), f"Mend {path}.")

    def trouble(one: Instance) -> str:
        return element(one.name).trouble()

    with ThreadPoolExecutor(max_workers=16) as pool:
        away = {
            one.name: said for one, said in zip(found.values(), pool.map(trouble, found.values()), strict=True) if said
        }
    if away:
        told = "; ".join(f"{name}: {said}" for name, said in away.items())
        return missing(PART, told, "Start it, let this machine reach it, or mend its table.")
    return well(PART, f"{', '.join(found)} answer")


def lanes() -> Finding:
    """Whether every case has an element that somebody works for, and which of them rest."""
    from tojimari.network.elements.instances import BadElements
    from tojimari.platform.database.scope import every_carrier

    try:
        with every_carrier():
            wrong, notes, named = list(_wrong()), list(_notes()), _named()
    except BadElements:
        return note(LANES, "not looked at: the file of elements cannot be used", "See the part elements.")
    if wrong:
        return missing(
            LANES, "; ".join(wrong), "Put the element's table back, mend the carrier's, or start workers anew."
        )
    said = "; ".join([*notes, *named])
    return note(LANES, said) if notes else well(LANES, said or "no carrier names elements of its own")


def _wrong() -> Iterator[str]:
    from tojimari.lines.models import Carrier
    from tojimari.network.elements import in_file
    from tojimari.network.routing import check_elements
    from tojimari.platform.health import alive
    from tojimari.terminations.engine.lanes import left, to_come

    for slug, elements in Carrier.objects.order_by("slug").values_list("slug", "elements"):
        yield from (f"{slug}: {problem}" for problem in check_elements(elements))
    for name, many in sorted(left().items()):
        yield f"{many} cases wait for {name}, which is not set up"
    for name, many in sorted(to_come().items()):
        yield f"{many} cases will come to {name}, which is not set up"
    workers = alive("worker")
    served = {lane for info in workers for lane in info.get("lanes", ())}
    yield from (f"no worker works for {name}" for name in in_file() if workers and name not in served)


def _notes() -> Iterator[str]:
    from tojimari.rules.calendar import JST
    from tojimari.terminations.engine.lanes import standing

    for one in standing(at=datetime.now(UTC)):
        if one.rests_until is not None:
            yield f"{one.lane} rests until {one.rests_until.astimezone(JST):%H:%M} ({one.failures} times {one.code})"
        if one.maintained_until is not None:
            yield f"{one.lane} is under maintenance until {one.maintained_until.astimezone(JST):%H:%M}"


def _named() -> list[str]:
    from tojimari.lines.models import Carrier

    rows = Carrier.objects.order_by("slug").values_list("slug", "elements")
    return [f"{slug}: {in_words(elements)}" for slug, elements in rows if elements]
