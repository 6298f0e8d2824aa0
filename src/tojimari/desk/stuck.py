"""Which cases do not get on, what did the network element say, and what can be done about each?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tojimari.desk.access import Right, Staff, name_of, names_of, right_for, staff_page
from tojimari.desk.models import Membership
from tojimari.desk.promises import with_promises
from tojimari.platform.acting import Acting, Refused, Role
from tojimari.terminations import actions, trying_now
from tojimari.terminations.access import case_for_staff, step_for_staff
from tojimari.terminations.models import Actor, Handover, Step
from tojimari.terminations.review_words import TAKEN_BACK
from tojimari.terminations.stuck import (
    Trouble,
    hand_over,
    handover_of,
    in_trouble,
    may_be_taken_back,
    note_of,
    trouble_of,
)

_MOST = 200
"""How many the page lists; the longest waiting come first."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A step that does not get on, with what may be done about it."""

    step: Step
    trouble: Trouble
    late: bool
    promised_by: datetime | None
    handover: Handover | None
    note: str
    for_me: bool
    knows: bool
    """Whether this person may see whose case it is."""
    may_attest: bool
    may_retry: bool
    may_try: bool
    """Whether it waits for its next try by itself, and may be tried now."""
    may_take_back: bool


def _entries(steps: Iterable[Step], staff: Staff, at: datetime) -> list[Entry]:
    """Sort: what was handed over to this person, then what is stuck, then the rest; staff's own steps only if late."""
    found, listed = [], with_promises(steps)
    waiting = trying_now.delayed(staff.carrier.pk, at=at).filter(pk__in=[one.step.pk for one in listed])
    delayed = set(waiting.values_list("pk", flat=True))
    revocable = may_be_taken_back(one.step.termination_id for one in listed) if staff.may(Right.MEND) else set()
    for one in listed:
        step, trouble, handover = one.step, trouble_of(one.step), handover_of(one.step)
        late = one.is_late(at)
        if trouble == Trouble.WAITING and not late and handover is None:
            continue
        by_hand = trouble in (Trouble.STUCK, Trouble.BY_HAND) and step.actor == Actor.SYSTEM
        for_me = handover is not None and handover.to == str(staff.acting)
        may_attest = (by_hand or trouble == Trouble.WAITING) and staff.may(right_for(step.name, step.actor))
        found.append(
            Entry(
                step=step,
                trouble=trouble,
                late=late,
                promised_by=one.promised_by,
                handover=handover,
                note=note_of(handover) if handover else "",
                for_me=for_me,
                knows=for_me or may_attest or staff.may(Right.FIND),
                may_attest=may_attest,
                may_retry=trouble == Trouble.STUCK and staff.may(Right.MEND),
                may_try=step.pk in delayed and staff.may(Right.MEND),
                may_take_back=step.termination_id in revocable,
            )
        )
    order = list(Trouble)
    return sorted(found, key=lambda entry: (not entry.for_me, order.index(entry.trouble)))


@staff_page(Right.SEE)
@require_safe
def stuck(request: HttpRequest, staff: Staff) -> HttpResponse:
    """What does not get on, in plain words, and what to do."""
    return _show(request, staff)


def _show(request: HttpRequest, staff: Staff, *, refusal: str = "", status: int = 200) -> HttpResponse:
    now = timezone.now()
    entries = _entries(in_trouble(staff.carrier.pk)[:_MOST], staff, now)
    facts = {
        "staff": staff,
        "now": now,
        "entries": entries,
        "may_hand_over": staff.may(Right.MEND),
        "waited_for": trying_now.elements_waited_for(staff.carrier.pk, at=now) if staff.may(Right.MEND) else (),
        "colleagues": _colleagues(staff),
        "reasons": list(TAKEN_BACK.items()),
        "names": names_of(
            actor for one in entries if one.handover for actor in (one.handover.to, one.handover.given_by)
        ),
        "refusal_code": refusal,
    }
    return render(request, "desk/stuck.html", facts, status=status)


def _colleagues(staff: Staff) -> list[tuple[int, str, str]]:
    """Everybody who works here, with their role: the list for a hand-over."""
    places = Membership.objects.filter(carrier=staff.carrier).select_related("user").order_by("role", "pk")
    return [(place.user_id, name_of(place.user), place.role) for place in places]


@staff_page(Right.MEND)
@require_POST
def handover(request: HttpRequest, staff: Staff, step_id: int) -> HttpResponse:
    """Give a step to a colleague, with a note."""
    step = step_for_staff(staff.carrier.pk, step_id)
    names = {str(key): name for key, name, _role in _colleagues(staff)}
    to = request.POST.get("to", "")
    try:
        if to not in names:
            raise Refused("handover.unknown")
        hand_over(
            step=step,
            to=Acting(Role.STAFF, to, names[to]),
            note=request.POST.get("note", ""),
            acting=staff.acting,
            at=timezone.now(),
        )
    except Refused as refused:
        return _show(request, staff, refusal=refused.code, status=409)
    messages.success(request, _("Handed over to %(name)s.") % {"name": names[to]})
    return redirect("desk:stuck")


@staff_page(Right.MEND)
@require_POST
def take_back(request: HttpRequest, staff: Staff, reference: str) -> HttpResponse:
    """Take a case back in the customer's place, with a reason; what the network was told is put right again."""
    case = case_for_staff(staff.carrier.pk, reference)
    try:
        actions.withdraw(
            termination=case, acting=staff.acting, at=timezone.now(), reason=request.POST.get("reason", "")
        )
    except Refused as refused:
        return _show(request, staff, refusal=refused.code, status=409)
    messages.success(
        request, _("The case is taken back, and the customer is told: %(reference)s") % {"reference": reference}
    )
    return redirect("desk:case", reference)


@staff_page(Right.MEND)
@require_POST
def try_element(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Have everything tried now that waits for one element to answer again."""
    lane = request.POST.get("element", "")
    number = trying_now.try_element_now(carrier_id=staff.carrier.pk, lane=lane, acting=staff.acting, at=timezone.now())
    if number:
        messages.success(request, _("Steps that are tried now: %(number)s") % {"number": f"{number:,}"})
    else:
        messages.info(request, _("Nothing waits for this network element any more."))
    return redirect("desk:stuck")
