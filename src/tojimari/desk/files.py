"""How does a second person confirm a file of lines that a colleague wants to end?"""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tojimari.desk.access import RIGHTS, Right, Staff, name_of, names_of, staff_page
from tojimari.desk.models import Membership, StaffRole
from tojimari.lines.models import Carrier
from tojimari.platform.acting import Acting, Refused, Role
from tojimari.platform.database.scope import carrier_scope
from tojimari.terminations.file_wishes import GOOD_FOR, decide, file_wish_for_staff, wishes_of

_MOST = 50
"""How many files the page lists; the newest come first."""


def asking(carrier: Carrier, email: str) -> Acting | None:
    """Return who asks by command, if they may: their account is open, and their role holds `Right.FILES`."""
    with carrier_scope(carrier.pk):
        place = (
            Membership.objects.filter(carrier=carrier, user__email=email.strip().lower(), user__is_active=True)
            .select_related("user")
            .first()
        )
    if place is None or Right.FILES not in RIGHTS[StaffRole(place.role)]:
        return None
    user: User = place.user
    return Acting(Role.STAFF, str(user.pk), name_of(user))


def _show(request: HttpRequest, staff: Staff, *, refusal: str = "") -> HttpResponse:
    wishes = list(wishes_of(staff.carrier.pk)[:_MOST])
    facts = {
        "staff": staff,
        "me": str(staff.acting),
        "wishes": wishes,
        "names": names_of(actor for wish in wishes for actor in (wish.asked_by, wish.decided_by)),
        "lapsed_before": timezone.now() - GOOD_FOR,
        "refusal_code": refusal,
    }
    return render(request, "desk/files.html", facts, status=409 if refusal else 200)


@staff_page(Right.FILES, personal=False)
@require_safe
def files(request: HttpRequest, staff: Staff) -> HttpResponse:
    """The files that wait for a second person, and those that were decided on."""
    return _show(request, staff)


@staff_page(Right.FILES, personal=False)
@require_POST
def file_decide(request: HttpRequest, staff: Staff, reference: str) -> HttpResponse:
    """Confirm a file, or turn it down."""
    wish, confirm = file_wish_for_staff(staff.carrier.pk, reference), request.POST.get("do") == "confirm"
    try:
        decide(wish=wish, confirm=confirm, acting=staff.acting, at=timezone.now())
    except Refused as refused:
        return _show(request, staff, refusal=refused.code)
    said = _("Confirmed: %(reference)s") if confirm else _("Turned down: %(reference)s")
    messages.success(request, said % {"reference": wish.reference})
    return redirect("desk:files")
