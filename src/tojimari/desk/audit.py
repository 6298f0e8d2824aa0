"""Who looked at whose data: by member of staff, by case, by day, and as a file to keep?

Newest first, a hundred rows a page. A page ends with the id of its last row, so that rows that come in meanwhile move
nothing. The file holds the same rows; taking it is itself a look.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from tojimari.desk.access import Right, Staff, name_of, staff_page
from tojimari.desk.models import Look, Membership
from tojimari.lines.models import Line
from tojimari.rules.calendar import day_end, day_start, jst
from tojimari.terminations.references import normalised

PAGE = 100
FILE = 50_000
"""Most rows of one file; for more, take one day after the other."""

COLUMNS = ("at", "staff", "email", "role", "page", "case", "line")


class AuditForm(forms.Form):
    """What to look for. Everything may be left empty."""

    staff = forms.Field()  # becomes a list of the carrier's own staff
    case = forms.CharField(label=_("Case"), required=False, max_length=40)
    day = forms.DateField(label=_("Day, Japan time"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, data: Mapping[str, str], carrier_id: int) -> None:
        super().__init__(data)
        places = Membership.objects.filter(carrier_id=carrier_id).select_related("user")[:500]
        known = {str(place.user_id): name_of(place.user) for place in places}
        # Somebody who has left stands in no list any more; their name in a row leads here.
        gone = data.get("staff", "")
        if gone.isascii() and gone.isdecimal() and gone not in known and len(gone) < 19:
            known[gone] = _name(User.objects.filter(pk=int(gone)).first(), gone)
        choices = [("", "–"), *sorted(known.items(), key=lambda pair: pair[1])]
        self.fields["staff"] = forms.TypedChoiceField(
            label=_("Member of staff"), required=False, coerce=int, empty_value=None, choices=choices
        )


@dataclass(frozen=True, slots=True)
class Shown:
    """One row as it is read."""

    look: Look
    name: str
    email: str
    line: Line | None


def _name(user: User | None, key: object) -> str:
    return name_of(user) if user is not None else f"#{key}"


def _wanted(carrier_id: int, form: AuditForm) -> QuerySet[Look]:
    looks = Look.objects.filter(carrier_id=carrier_id).order_by("-at", "-pk")
    wanted: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    if wanted.get("staff"):
        looks = looks.filter(staff_id=wanted["staff"])
    if wanted.get("case"):
        looks = looks.filter(reference=normalised(wanted["case"]))
    if wanted.get("day"):
        looks = looks.filter(at__gte=day_start(wanted["day"]), at__lt=day_end(wanted["day"]))
    return looks


def _read(looks: Iterable[Look]) -> list[Shown]:
    """Put names and lines to rows. Two queries, whatever their number."""
    rows = list(looks)
    users = User.objects.in_bulk({look.staff_id for look in rows})
    lines = Line.objects.in_bulk({look.line_id for look in rows if look.line_id is not None})
    return [
        Shown(
            look=look,
            name=_name(users.get(look.staff_id), look.staff_id),
            email=users[look.staff_id].email if look.staff_id in users else "",
            line=lines.get(look.line_id) if look.line_id is not None else None,
        )
        for look in rows
    ]


def _after(looks: QuerySet[Look], given: str) -> QuerySet[Look]:
    """The rows behind the one that the page before ended with; all of them for a page that begins anew."""
    if not (given.isascii() and given.isdecimal() and len(given) < 19):
        return looks
    last = Look.objects.filter(pk=int(given)).first()
    if last is None:
        return looks
    return looks.filter(at__lte=last.at).exclude(at=last.at, pk__gte=last.pk)


@staff_page(Right.AUDIT, personal=False)
@require_safe
def audit(request: HttpRequest, staff: Staff) -> HttpResponse:
    """The rows, newest first."""
    form = AuditForm(request.GET, staff.carrier.pk)
    rows = list(_after(_wanted(staff.carrier.pk, form), request.GET.get("after", ""))[: PAGE + 1])
    kept = {name: request.GET.get(name, "") for name in form.fields if request.GET.get(name)}
    facts = {
        "staff": staff,
        "form": form,
        "rows": _read(rows[:PAGE]),
        "more": urlencode({**kept, "after": rows[PAGE - 1].pk}) if len(rows) > PAGE else "",
        "kept": urlencode(kept),
        "most": FILE,
    }
    return render(request, "desk/audit.html", facts)


@staff_page(Right.AUDIT)
@require_safe
def audit_file(request: HttpRequest, staff: Staff) -> HttpResponse:
    """The same rows as CSV with a byte order mark, times in Japan's."""
    form = AuditForm(request.GET, staff.carrier.pk)
    response = HttpResponse(
        "\ufeff" + _as_csv(_read(_wanted(staff.carrier.pk, form)[:FILE])), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="looks.csv"'
    return response


def _as_csv(rows: Sequence[Shown]) -> str:
    written = StringIO()
    writer = csv.writer(written)
    writer.writerow(COLUMNS)
    for row in rows:
        look = row.look
        cells = [row.name, row.email, look.role, look.page, look.reference, row.line.pk if row.line else ""]
        writer.writerow([jst(look.at).isoformat(timespec="seconds"), *(_harmless(str(cell)) for cell in cells)])
    return written.getvalue()


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
