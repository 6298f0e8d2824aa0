"""Which calls were there: who took them, about which line, how was the caller known, and what came of it?

For who holds the right to audit. Newest first, a hundred a page; what was answered stands nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tojimari.desk import calls_words
from tojimari.desk.access import Right, Staff, names_of, staff_page
from tojimari.desk.models import Call
from tojimari.platform.acting import Acting, Role

PAGE = 100


@dataclass(frozen=True, slots=True)
class Logged:
    """One call as it is read."""

    call: Call
    name: str
    minutes: int | None
    questions: list[calls_words.Text]
    sent_by: calls_words.Text
    outcome: calls_words.Text


@staff_page(Right.AUDIT)
@require_safe
def call_log(request: HttpRequest, staff: Staff) -> HttpResponse:
    """The calls of a carrier. A page ends with the id of its last row, so that calls that come in move nothing."""
    calls = Call.objects.filter(carrier=staff.carrier).select_related("line").order_by("-began_at", "-pk")
    after = request.GET.get("after", "")
    if after.isascii() and after.isdecimal() and len(after) < 19:
        last = Call.objects.filter(carrier=staff.carrier, pk=int(after)).first()
        if last is not None:
            calls = calls.filter(began_at__lte=last.began_at).exclude(began_at=last.began_at, pk__gte=last.pk)
    rows = list(calls[: PAGE + 1])
    facts = {
        "staff": staff,
        "rows": _read(rows[:PAGE]),
        "more": rows[PAGE - 1].pk if len(rows) > PAGE else 0,
    }
    return render(request, "desk/call_log.html", facts)


def _read(calls: list[Call]) -> list[Logged]:
    """Put words to rows. One query."""
    names = names_of(str(Acting(Role.STAFF, str(call.staff_id))) for call in calls)
    return [
        Logged(
            call=call,
            name=names.get(str(call.staff_id), f"#{call.staff_id}"),
            minutes=int((call.ended_at - call.began_at).total_seconds() // 60) + 1 if call.ended_at else None,
            questions=calls_words.names(call.questions),
            sent_by=calls_words.SENT_BY.get(call.code_by, "") if call.proved_at else "",
            outcome=calls_words.OUTCOMES.get(call.outcome, call.outcome),
        )
        for call in calls
    ]
