"""Who looked at whose data?

Each page of the desk that shows a customer's data leaves a row, written in the same request: a page whose row cannot be
written is not shown. A list shows many people and leaves one row without a case; a search leaves one for each thing it
found. Rows stay as long as the rule `audit_log_archive` says, and the database refuses to change or drop them before.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from tojimari.desk.models import Look
from tojimari.lines.models import Carrier
from tojimari.rules.retention import deletable_at
from tojimari.terminations.models import Step
from tojimari.terminations.references import normalised

RULE = "audit_log_archive"

_SHOWN = "_desk_shown"


def shows(request: HttpRequest, *references: str, line_id: int | None = None) -> None:
    """Say what a page shows when its address does not: cases by reference, or a line. May be called again."""
    shown: list[tuple[str, int | None]] = getattr(request, _SHOWN, [])
    shown += [(_as_kept(reference), None) for reference in references]
    if line_id is not None:
        shown.append(("", line_id))
    setattr(request, _SHOWN, shown)


def note_look(
    request: HttpRequest, *, staff_id: int, role: str, carrier: Carrier, at: datetime, **address: Any
) -> None:
    """Write down what this page has just shown. `address`: what stands in the page's address. One or two queries."""
    match = request.resolver_match
    page = (match.url_name or "") if match is not None else ""
    shown = getattr(request, _SHOWN, None) or [(reference, None) for reference in _in_address(carrier, address)]
    keep_until = deletable_at(RULE, at)
    if keep_until is None:
        raise ValueError(f"the rule {RULE} gives no end")
    Look.objects.bulk_create(
        Look(
            carrier=carrier,
            at=at,
            staff_id=staff_id,
            role=role,
            page=page,
            reference=reference,
            line_id=line_id,
            keep_until=keep_until,
        )
        for reference, line_id in shown
    )


def _in_address(carrier: Carrier, address: dict[str, Any]) -> Iterable[str]:
    """The case that an address names; an empty reference for the address of a list."""
    if "step_id" in address:
        return Step.objects.filter(pk=address["step_id"], carrier=carrier).values_list(
            "termination__reference", flat=True
        )
    return [_as_kept(address["reference"])] if "reference" in address else [""]


def _as_kept(reference: str) -> str:
    """A case's reference however it was typed; that of a request for help, or of a call, as it is."""
    return reference if reference.startswith(("HR-", "CL-")) else normalised(reference)


def drop_old(*, at: datetime) -> int:
    """Delete rows whose time is over, for the carriers in scope, and return how many."""
    deleted, _ = Look.objects.filter(keep_until__lte=at).delete()
    return deleted
