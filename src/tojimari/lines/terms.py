"""What do the terms of a plan say about its end? Read from a file of the carrier, checked, and written.

One TOML table for each plan, named by its code:

    [S20]
    penalty_yen = 1078             # before any cap of the law
    contract_cost_yen = 3850       # asked once for making the contract
    early_exit = "initial_cancellation"   # or "confirmation_measure", "none"; without it: not known
    rounding = "down"              # of a fraction of a yen: down, up, half_up
    refunds_balance = false        # what is left of a prepaid balance is paid back
    tiers = [{ up_to_mb = 3072, fee_yen = 1078 }, { fee_yen = 3278 }]

What a table does not say stays as it is.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction

from tojimari.lines.cells import MOST_YEN
from tojimari.lines.models import Carrier, EarlyExit, Plan
from tojimari.platform.acting import Refused
from tojimari.rules.charges import Rounding

_MOST_TIERS = 50


def _yen(value: object) -> bool:
    return type(value) is int and 0 <= value <= MOST_YEN


def _tiers(value: object) -> bool:
    """Bands rise in data, and only the last one is open."""
    if not isinstance(value, list) or len(value) > _MOST_TIERS:
        return False
    edges: list[int] = []
    for place, band in enumerate(value):
        if not isinstance(band, dict) or set(band) - {"up_to_mb", "fee_yen"} or not _yen(band.get("fee_yen")):
            return False
        edge = band.get("up_to_mb")
        if edge is None:
            return place == len(value) - 1
        if not _yen(edge) or (edges and edge <= edges[-1]):
            return False
        edges.append(edge)
    return not value  # the last band must be open: no use may be without a price


_FITS: Mapping[str, Callable[[object], bool]] = {
    "penalty_yen": _yen,
    "contract_cost_yen": _yen,
    "early_exit": lambda value: value in EarlyExit.values,
    "rounding": lambda value: value in set(Rounding),
    "refunds_balance": lambda value: isinstance(value, bool),
    "tiers": _tiers,
}


def read_terms(text: str) -> dict[str, dict[str, Any]]:
    """Return the terms by code of the plan. Raises `Refused` with `plan.terms` for what cannot be meant."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Refused("plan.terms", plan="–", key=str(error)) from None
    for code, table in tables.items():
        if not isinstance(table, dict):
            raise Refused("plan.terms", plan="–", key=code)
        for key, value in table.items():
            if key not in _FITS or not _FITS[key](value):
                raise Refused("plan.terms", plan=code, key=key)
    return tables


@transaction.atomic
def set_terms(text: str, *, carrier: Carrier) -> list[str]:
    """Write the terms in a file; return the codes of the plans they are of.

    Cases that were begun keep their yen. Raises `Refused` with `plan.terms`, also for a plan that the carrier does not
    have; nothing is written then.
    """
    terms = read_terms(text)
    plans = {plan.code: plan for plan in Plan.objects.select_for_update().filter(carrier=carrier, code__in=terms)}
    for code, table in terms.items():
        if code not in plans:
            raise Refused("plan.terms", plan=code, key="plan.unknown")
        plan = plans[code]
        for key, value in table.items():
            setattr(plan, key, _kept(value) if key == "tiers" else value)
        plan.save(update_fields=list(table))
    return list(terms)


def _kept(bands: list[dict[str, int]]) -> list[list[int | None]]:
    return [[band.get("up_to_mb"), band["fee_yen"]] for band in bands]
