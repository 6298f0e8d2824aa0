"""Which company stands behind a carrier, and for how long do its numbers rest? Entered at the desk, with history.

The columns of the carrier are what counts. Who runs the installation may set them, too, by the command line: it is
noted like a change at the desk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tojimari.lines.changes import append
from tojimari.lines.models import Carrier, Change
from tojimari.platform.acting import Acting, Refused
from tojimari.rules.calendar import jst_date
from tojimari.rules.identifiers import invoice
from tojimari.rules.quarantine import own_days

COMPANY = "company"
"""The name of this setting in the history."""

LONGEST = 120
"""Characters of a name or a registration."""


@dataclass(frozen=True, slots=True)
class Company:
    """What a carrier says of itself as a company. Empty texts: not said."""

    legal_name: str = ""
    registration: str = ""
    """As a telecommunications carrier (Telecommunications Business Act, Articles 9 and 16)."""
    invoice_number: str = ""
    """"T" and thirteen digits (Consumption Tax Act, Article 57-2)."""
    rest_days: int | None = None
    """For how many days its numbers rest; None: as long as the house says."""

    @classmethod
    def of(cls, carrier: Carrier) -> Company:
        """Return what counts now."""
        return cls(carrier.legal_name, carrier.registration, carrier.invoice_number, carrier.rest_days)

    @property
    def kept(self) -> str:
        """The lines of the history."""
        said = {
            "legal name": self.legal_name,
            "registration": self.registration,
            "invoice number": self.invoice_number,
            "rest days": "" if self.rest_days is None else str(self.rest_days),
        }
        return "\n".join(f"{name}: {text}" for name, text in said.items() if text)


def check_company(wanted: Company, *, at: datetime) -> tuple[Company, Mapping[str, Refused]]:
    """Return it as it is kept, and what is wrong with it, by the name of its field.

    Codes: `settings.company_text`, as `rules.identifiers.invoice.check`, as `rules.quarantine.own_days`.
    """
    wrong: dict[str, Refused] = {}
    texts = {"legal_name": wanted.legal_name.strip(), "registration": wanted.registration.strip()}
    for name, text in texts.items():
        if len(text) > LONGEST or not text.isprintable():
            wrong[name] = Refused("settings.company_text", field=name, most=LONGEST)
    number = invoice.check(wanted.invoice_number) if wanted.invoice_number.strip() else None
    if number is not None and not number.valid:
        wrong["invoice_number"] = Refused(number.code, field="invoice_number")
    try:
        days = None if wanted.rest_days is None else own_days(wanted.rest_days, on=jst_date(at))
    except Refused as refused:
        days, wrong["rest_days"] = None, refused
    found = Company(texts["legal_name"], texts["registration"], number.value if number is not None else "", days)
    return found, wrong


def set_company(*, carrier: Carrier, wanted: Company, seen: int, acting: Acting, at: datetime) -> Change | None:
    """Change what counts. `seen` is the newest change that the person had before them. One durable transaction.

    Cases that close from then on follow it; certificates and numbers that rest already stay as they are. Raises
    `Refused`: as `check_company`, and `settings.changed` when a colleague was first.
    """
    found, wrong = check_company(wanted, at=at)
    for refused in wrong.values():
        raise refused
    with transaction.atomic(durable=True):
        now = Carrier.objects.select_for_update(no_key=True).get(pk=carrier.pk)
        before, after = Company.of(now).kept, found.kept
        if before == after:
            return None
        change = append(carrier=now, setting=COMPANY, before=before, after=after, seen=seen, acting=acting, at=at)
        now.legal_name, now.registration = found.legal_name, found.registration
        now.invoice_number, now.rest_days = found.invoice_number, found.rest_days
        now.save(update_fields=("legal_name", "registration", "invoice_number", "rest_days"))
        return change
