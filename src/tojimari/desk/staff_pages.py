"""How does the carrier's administrator give members of staff their places, change them, and take them away?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from tojimari.counter.models import Shop
from tojimari.desk import staffing, words
from tojimari.desk.access import Right, Staff, has_second_factor, name_of, names_of, staff_page
from tojimari.desk.models import Membership, StaffRole
from tojimari.desk.roles import members
from tojimari.desk.staff_words import refused_texts
from tojimari.lines.models import Carrier, Change
from tojimari.platform.acting import Refused

_HISTORY = 50
"""How many changes a page shows, the newest first."""


class PlaceForm(forms.Form):
    """Role and shops of a place."""

    role = forms.ChoiceField(label=_("Role"), error_messages={"invalid_choice": _("Choose one of the list.")})
    shops = forms.MultipleChoiceField(
        label=_("Shops"),
        help_text=_("None ticked: all shops."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("There is no such shop any more.")},
    )

    def __init__(self, carrier: Carrier, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language, shops = get_language() or "ja", Shop.objects.filter(carrier=carrier).order_by("pk")
        self._offer("role", [(role, str(words.ROLES[role])) for role in StaffRole.values])
        self._offer("shops", [(shop.code, shop.name(language)) for shop in shops])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def take(self, refused: Refused) -> None:
        """Put a refusal beside the field that it names, or above all of them."""
        field = str(refused.facts.get("field", ""))
        self.add_error(field if field in self.fields else None, " ".join(map(str, refused_texts(refused))))


class InviteForm(PlaceForm):
    """A new member of staff. Names are as the person writes them; each may be empty."""

    email = forms.CharField(
        label=_("E-mail address"),
        max_length=254,
        error_messages={"required": _("Type an e-mail address.")},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    family_name = forms.CharField(
        label=_("Family name"), max_length=150, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    given_name = forms.CharField(
        label=_("Given name"), max_length=150, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    field_order = ("email", "family_name", "given_name", "role", "shops")


@dataclass(frozen=True, slots=True)
class Told:
    """One entry of the history: whose place, who changed it, what it was and what it is. Empty: no place."""

    change: Change
    whose: str
    what: str  # "place" or "sign_in"
    before: str
    after: str


@staff_page(Right.STAFF, personal=False)
@require_http_methods(["GET", "HEAD", "POST"])
def staff_list(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Who works here, a form to invite somebody, and what was changed until now."""
    form = InviteForm(staff.carrier, request.POST or None, initial={"role": StaffRole.CLERK})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            place = staffing.invite(
                carrier=staff.carrier,
                email=given["email"],
                role=given["role"],
                names=(given["given_name"], given["family_name"]),
                shops=given["shops"],
                language=get_language() or "ja",
                acting=staff.acting,
                at=timezone.now(),
            )
        except Refused as refused:
            form.take(refused)
        else:
            messages.success(request, gettext("A mail is on its way to %(email)s.") % {"email": place.user.email})
            return redirect("desk:staff")
    facts = {
        "staff": staff,
        "form": form,
        "members": members(staff.carrier.pk, get_language() or "ja"),
        "changes": _history(staff.carrier, Q(setting__startswith="staff.") | Q(setting__startswith="sign_in.")),
    }
    return render(request, "desk/staff.html", facts, status=409 if form.errors else 200)


@staff_page(Right.STAFF, personal=False)
@require_http_methods(["GET", "HEAD", "POST"])
def staff_member(request: HttpRequest, staff: Staff, place_id: int) -> HttpResponse:
    """One member of staff: role and shops, the way to sign in, and the end of the place."""
    place = Membership.objects.filter(carrier=staff.carrier, pk=place_id).select_related("user").first()
    if place is None:
        raise Http404
    do = request.POST.get("do", "") if request.method == "POST" else ""
    kept = {"role": place.role, "shops": place.shops}
    form = PlaceForm(staff.carrier, request.POST if do == "save" else None, initial=kept)
    refused: Refused | None = None
    if do and (do != "save" or form.is_valid()):
        try:
            messages.success(request, _do(request, staff, place, do, form.cleaned_data if do == "save" else {}))
        except Refused as trouble:
            refused = trouble
        else:
            return redirect("desk:staff")
    facts = {
        "staff": staff,
        "form": form,
        "place": place,
        "name": name_of(place.user),
        "own": place.user_id == staff.user_id,
        "second_factor": has_second_factor(place.user_id),
        "looked_at": staffing.seen(staff.carrier, staffing.place_setting(place.user_id)),
        "changes": _history(staff.carrier, Q(setting__in=_settings(place.user_id))),
        "why": refused_texts(refused) if refused is not None else None,
    }
    return render(request, "desk/staff_member.html", facts, status=409 if refused is not None or form.errors else 200)


def _do(request: HttpRequest, staff: Staff, place: Membership, do: str, given: Mapping[str, Any]) -> str:
    """Do what the administrator pressed, and return what to say. Raises `Refused`."""
    carrier, acting, at, name = staff.carrier, staff.acting, timezone.now(), name_of(place.user)
    match do:
        case "save":
            seen = request.POST.get("looked_at", "")
            changed = staffing.change_place(
                carrier=carrier,
                place_id=place.pk,
                role=given["role"],
                shops=given["shops"],
                looked_at=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 19 else 0,
                acting=acting,
                at=at,
            )
            return gettext("Saved.") if changed else gettext("Nothing was changed.")
        case "end":
            staffing.end_place(carrier=carrier, place_id=place.pk, acting=acting, at=at)
            return gettext("%(name)s does not work here any more and is signed out.") % {"name": name}
        case "reset":
            language = get_language() or "ja"
            staffing.reset_sign_in(carrier=carrier, place_id=place.pk, language=language, acting=acting, at=at)
            return gettext("%(name)s is signed out. A mail tells how to sign in again.") % {"name": name}
        case _:
            raise Http404


def _settings(user_id: int) -> tuple[str, str]:
    return staffing.place_setting(user_id), staffing.sign_in_setting(user_id)


def _history(carrier: Carrier, which: Q) -> list[Told]:
    """The newest changes of places. Two queries."""
    changes = list(Change.objects.filter(which, carrier=carrier).order_by("-id")[:_HISTORY])
    names = names_of(f"staff:{change.setting.rpartition('.')[2]}" for change in changes)
    told = []
    for change in changes:
        what, _dot, user = change.setting.rpartition(".")
        place = what == "staff"
        told.append(
            Told(
                change=change,
                whose=names.get(user, "–"),
                what="place" if place else "sign_in",
                before=_place(change.before) if place else "",
                after=_place(change.after) if place else "",
            )
        )
    return told


def _place(kept: str) -> str:
    """A place as people read it; the codes of shops stay as they were."""
    role, colon, shops = kept.partition(": ")
    return f"{words.ROLES.get(role, role)}{colon}{shops}" if kept else ""
