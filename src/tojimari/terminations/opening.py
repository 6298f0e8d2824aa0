"""What opens one case to somebody who does not sign in? Its saved code, and the link in the mails about it."""

from __future__ import annotations

from datetime import datetime, timedelta

from tojimari.codes import saved
from tojimari.messages import links
from tojimari.terminations.models import Termination

LINK_LIVES = timedelta(days=90)
"""For how long after its end a case's link works. The saved code works as long as the case is kept."""


def saved_code(case: Termination, *, at: datetime) -> str:
    """Return the case's saved code while it may be shown, else an empty text; a case just asked for gets its first.

    Call it for the subscriber alone, never for somebody who was let in by a code or a link.
    """
    if at - case.requested_at <= saved.SHOWN_FOR:
        saved.keep(carrier_id=case.carrier_id, subject=_subject(case), at=case.requested_at)
    return saved.shown(carrier_id=case.carrier_id, subject=_subject(case), at=at)


def renew_saved_code(case: Termination, *, at: datetime) -> None:
    """Make a new saved code, which is shown for an hour; the one before opens nothing any more."""
    saved.renew(carrier_id=case.carrier_id, subject=_subject(case), at=at)


def code_opens(case: Termination | None, given: str, *, carrier_id: int) -> bool:
    """Say whether `given` is the saved code of a case; a case that does not exist costs the same work."""
    return saved.opens(carrier_id=carrier_id, subject=_subject(case), given=given)


def link_opens(case: Termination | None, token: str, *, at: datetime) -> bool:
    """Say whether `token` is the secret of the case's link, and the link still lives."""
    right = links.opens(case.carrier_id if case else 0, case.reference if case else "", token)
    if case is None or not right:
        return False
    return case.finished_at is None or at <= max(case.finished_at, case.ends_at) + LINK_LIVES


def _subject(case: Termination | None) -> str:
    return f"case:{case.pk if case else 0}"
