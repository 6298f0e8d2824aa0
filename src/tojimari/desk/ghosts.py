"""How do staff see which lines books and network do not agree on, and how do two of them have it put right?

The page shows a comparison's figures as a picture and as a table, and what was found with the last four digits alone.
Repair takes two people: one asks, another one confirms; a worker then does it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tojimari.desk import pictures
from tojimari.desk.access import RIGHTS, Right, Staff, name_of, names_of, staff_page
from tojimari.desk.models import Membership, StaffRole
from tojimari.lines.models import Carrier
from tojimari.network.models import Finding, Reconciliation
from tojimari.network.reconciling.by_hand import removable_by_id
from tojimari.network.reconciling.kinds import REPAIRABLE, Kind, Source
from tojimari.network.reconciling.meanings import meaning
from tojimari.network.reconciling.queries import findings_of, found_in, run_by_reference, runs_of
from tojimari.network.reconciling.words import KINDS, SOURCES, detail_text
from tojimari.platform.acting import Acting, Refused, Role
from tojimari.terminations import repairs
from tojimari.terminations.models import RepairWish, Termination

_MOST = 30
"""How many comparisons the page lists; the newest come first."""

ON_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Figure:
    """One kind, and how often it was found; None where it was not looked for."""

    kind: Kind
    name: str
    way_on: str
    number: int | None


@dataclass(frozen=True, slots=True)
class Shown:
    """One finding, who says it, and what became of it."""

    finding: Finding
    kind: str
    source: str
    detail: str
    meaning: str
    case: str  # reference of the termination that puts it right
    by_hand: Sequence[str]  # lines for the network's own console that take it away
    repairable: bool


def asking(carrier: Carrier, email: str) -> Acting | None:
    """Return who asks by command, if they may: their account is open, and their role holds `Right.GHOSTS`."""
    places = Membership.objects.filter(carrier=carrier, user__email=email.strip().lower(), user__is_active=True)
    place = places.select_related("user").first()
    if place is None or Right.GHOSTS not in RIGHTS[StaffRole(place.role)]:
        return None
    return Acting(Role.STAFF, str(place.user.pk), name_of(place.user))


def figures(run: Reconciliation) -> list[Figure]:
    """Return every kind with its number, the gravest first."""
    return [Figure(kind, str(KINDS[kind][0]), str(KINDS[kind][1]), run.counts.get(kind.value)) for kind in Kind]


def shown(run: Reconciliation, findings: Sequence[Finding]) -> list[Shown]:
    """Say of each finding what became of it. One query."""
    cases = {one.repair.case_id: "" for one in findings if hasattr(one, "repair")}
    cases.update(Termination.objects.filter(pk__in=cases).values_list("pk", "reference") if cases else ())
    return [
        Shown(
            one,
            str(KINDS[Kind(one.kind)][0]),
            str(SOURCES[Source(one.source)]),
            detail_text(one),
            meaning(one.kind, one.source, one.detail),
            cases[one.repair.case_id] if hasattr(one, "repair") else "",
            removable_by_id(run.sources, kind=one.kind, source=one.source, key=one.key),
            Kind(one.kind) in REPAIRABLE,
        )
        for one in findings
    ]


@staff_page(Right.GHOSTS, personal=False)
@require_safe
def ghosts(request: HttpRequest, staff: Staff) -> HttpResponse:
    """The comparisons that were made."""
    runs = [(run, *found_in(run)) for run in runs_of(staff.carrier.pk)[:_MOST]]
    return render(request, "desk/ghosts.html", {"staff": staff, "runs": runs})


@staff_page(Right.GHOSTS, personal=False)
@require_safe
def ghosts_of(request: HttpRequest, staff: Staff, reference: str) -> HttpResponse:
    """What one comparison found."""
    return _show(request, staff, _run(staff, reference))


def _run(staff: Staff, reference: str) -> Reconciliation:
    run = run_by_reference(staff.carrier.pk, reference)
    if run is None:
        raise Http404
    return run


def _show(
    request: HttpRequest, staff: Staff, run: Reconciliation, *, refusal: str = "", at_finding: int = 0, typed: str = ""
) -> HttpResponse:
    kind = request.GET.get("kind", "")
    found = findings_of(run).select_related("repair", "settlement")
    if at_finding:
        found = found.filter(pk=at_finding)
    elif kind in set(Kind):
        found = found.filter(kind=kind)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    wishes = list(repairs.wishes_for(run)[:5])
    told = figures(run)
    facts = {
        "staff": staff,
        "me": str(staff.acting),
        "run": run,
        "figures": told,
        "kind": kind if kind in set(Kind) else "",
        "picture": pictures.shares(
            [(one.name, one.number) for one in told if one.number is not None], title=_("What was found, by kind")
        ),
        "page": page,
        "found": shown(run, list(page)),
        "wishes": wishes,
        "names": names_of(actor for wish in wishes for actor in (wish.asked_by, wish.decided_by)),
        "askable": repairs.to_repair(run).exists() and not any(_goes_on(wish) for wish in wishes),
        "refusal_code": refusal,
        "at_finding": at_finding,
        "typed": typed,
    }
    return render(request, "desk/ghosts_of.html", facts, status=409 if refusal else 200)


def _goes_on(wish: RepairWish) -> bool:
    """Whether a wish waits for its second person, or for a worker to begin all of its cases."""
    return wish.confirmed is None or (wish.confirmed is True and wish.done_at is None)


@staff_page(Right.GHOSTS, personal=False)
@require_POST
def ghosts_repair(request: HttpRequest, staff: Staff, reference: str) -> HttpResponse:
    """Ask for the repair, confirm what a colleague asked for, or turn it down."""
    run, wanted, at = _run(staff, reference), request.POST.get("do"), timezone.now()
    try:
        if wanted == "ask":
            wish = repairs.ask(run, acting=staff.acting, at=at)
            said = _("Asked for: %(reference)s. A colleague must confirm it.")
        else:
            found = repairs.wishes_for(run).filter(reference=request.POST.get("wish", "")).first()
            if found is None:
                raise Http404
            wish = found
            repairs.decide(wish=wish, confirm=wanted == "confirm", acting=staff.acting, at=at)
            said = _("Confirmed: %(reference)s") if wanted == "confirm" else _("Turned down: %(reference)s")
    except Refused as refused:
        return _show(request, staff, run, refusal=refused.code)
    messages.success(request, said % {"reference": wish.reference})
    return redirect("desk:ghosts_of", reference=run.reference)


@staff_page(Right.GHOSTS, personal=False)
@require_POST
def ghosts_settle(request: HttpRequest, staff: Staff, reference: str, finding_id: int) -> HttpResponse:
    """Say by name what was done about one finding."""
    run = _run(staff, reference)
    finding = findings_of(run).filter(pk=finding_id).first()
    if finding is None:
        raise Http404
    note = request.POST.get("note", "")
    try:
        repairs.settle(finding=finding, note=note, acting=staff.acting, at=timezone.now())
    except Refused as refused:
        return _show(request, staff, run, refusal=refused.code, at_finding=finding.pk, typed=note)
    messages.success(request, _("Settled."))
    return redirect("desk:ghosts_of", reference=run.reference)
