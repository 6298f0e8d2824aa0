"""What does a member of staff see who has no second factor yet? The two ways to set one up, and nothing else."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from tojimari.desk.access import Right, Staff, shows_second_factor, staff_page


@staff_page(Right.SEE, personal=False, second_factor=False)
@require_safe
def second_factor(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Choose between a passkey and an authenticator app."""
    if shows_second_factor(request, staff.user_id):
        return redirect("desk:home")
    return render(request, "desk/second_factor.html", {"staff": staff})
