"""How does a reference from outside become a case? Only here; "not yours" looks exactly like "not there"."""

from __future__ import annotations

from django.http import Http404

from tojimari.terminations.models import LateWish, Step, Termination
from tojimari.terminations.references import normalised

_WITH = ("line", "line__plan", "carrier", "subscriber", "procedure")


def case_of_subscriber(subscriber_id: int, reference: str) -> Termination:
    """Return a subscriber's own case. Raises `Http404`."""
    found = Termination.objects.select_related(*_WITH).filter(
        reference=normalised(reference),
        subscriber_id=subscriber_id,
    )
    return _one(found.first())


def case_for_staff(carrier_id: int, reference: str) -> Termination:
    """Return a case of the carrier that a member of staff works for. Raises `Http404`."""
    found = Termination.objects.select_related(*_WITH).filter(
        reference=normalised(reference),
        carrier_id=carrier_id,
    )
    return _one(found.first())


def step_for_staff(carrier_id: int, step_id: int) -> Step:
    """Return a step of a case of the carrier that a member of staff works for. Raises `Http404`."""
    found = Step.objects.select_related(*(f"termination__{name}" for name in _WITH)).filter(
        pk=step_id,
        carrier_id=carrier_id,
    )
    step = found.first()
    if step is None:
        raise Http404
    return step


def case_by_reference(carrier_id: int, reference: str) -> Termination | None:
    """Return the carrier's case of this reference, or None. Opens nothing: the caller must have a proof besides."""
    return (
        Termination.objects.select_related(*_WITH)
        .filter(reference=normalised(reference), carrier_id=carrier_id)
        .first()
    )


def late_wish_of_subscriber(subscriber_id: int, reference: str) -> LateWish:
    """Return a subscriber's own wish that was taken while the database was away. Raises `Http404`."""
    found = LateWish.objects.select_related("line__plan", "line__carrier", "carrier", "termination").filter(
        reference=normalised(reference),
        subscriber_id=subscriber_id,
    )
    wish = found.first()
    if wish is None:
        raise Http404
    return wish


def late_wish_for_staff(carrier_id: int, reference: str) -> LateWish:
    """Return a wish of the carrier that a member of staff works for. Raises `Http404`."""
    with_case = LateWish.objects.select_related("carrier", "termination")
    wish = with_case.filter(reference=normalised(reference), carrier_id=carrier_id).first()
    if wish is None:
        raise Http404
    return wish


def _one(case: Termination | None) -> Termination:
    if case is None:
        raise Http404
    return case
