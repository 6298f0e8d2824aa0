"""Of what is somebody reminded who closes a line at another carrier, and when?

Only who asked for it and confirmed the address by a code. Two weeks, one week, three days and one day before a
deadline, at nine in the morning in Japan, and three hours before. After it once, that it has passed. Once when a step
that was too early may be done, and once when what is known of the carrier was corrected. Who comes late gets the
nearest one alone. Nothing is sent about what is done, blocked or given up, and each thing is told once for each
deadline: a deadline that was extended has its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import transaction

from tojimari.codes import actions as codes
from tojimari.guide.directory import carriers
from tojimari.messages import guided_texts as texts
from tojimari.messages.actions import Letter, put
from tojimari.messages.models import Message, MessageKind
from tojimari.messages.texts import Written, tag
from tojimari.platform.acting import Refused
from tojimari.platform.database.scope import carrier_scope
from tojimari.rules.calendar import at_jst, jst_date
from tojimari.terminations.guided.actions import as_kept
from tojimari.terminations.guided.fence import seal_for, subject_of
from tojimari.terminations.guided.models import GuidedCase, GuidedEnd, GuidedStep, GuidedTold
from tojimari.terminations.guided.queries import email_of, news_of
from tojimari.terminations.guided.states import PERSON

BATCH = 200
MORNING = time(9)
DAYS_BEFORE = (14, 7, 3, 1)
LAST_CALL = timedelta(hours=3)
LATE_BY_MOST = timedelta(days=2)
"""What could not be told within this time of its moment is not told any more."""
SILENT_AFTER = timedelta(days=90)
_PURPOSE = "guided_email"


@dataclass(frozen=True, slots=True)
class _News:
    key: str
    written: Written


def ask_for_email(case: GuidedCase, address: str, *, language: str, binding: str, internet: str, at: datetime) -> None:
    """Keep where reminders shall go and send a code there. Until it is answered nothing else is sent.

    Raises `Refused` with `guided.no_sender` where nobody's mail can carry it, or `code.sent_too_often`.
    """
    if case.host_id is None:
        raise Refused("guided.no_sender")
    with transaction.atomic(durable=True):
        sealed = seal_for(case.reference, "email", address)
        GuidedCase.objects.filter(pk=case.pk).update(
            email=sealed, email_confirmed_at=None, language=language, touched_at=at
        )
        with carrier_scope(case.host_id):
            # One address is not written to for many cases: the allowance is the address's own.
            code, digits = codes.issue(
                carrier_id=case.host_id,
                subject=subject_of(case.reference),
                purpose=_PURPOSE,
                binding=binding,
                at=at,
                address=internet,
                limited_as=f"guided to {address}",
            )
            written = texts.confirm(language, _about(case, language), digits=digits, until=code.expires_at)
            put(_letter(case, address, written, wipe_at=code.expires_at), at=at)


def confirm_email(case: GuidedCase, given: str, *, binding: str, at: datetime) -> bool:
    """Say whether the code is right; if it is, reminders go out from now on. Raises `Refused` as `codes.check` does."""
    if case.host_id is None:
        raise Refused("guided.no_sender")
    with carrier_scope(case.host_id):
        right = codes.check(
            carrier_id=case.host_id,
            subject=subject_of(case.reference),
            purpose=_PURPOSE,
            binding=binding,
            given=given,
            at=at,
        )
    if right:
        GuidedCase.objects.filter(pk=case.pk).update(email_confirmed_at=at, touched_at=at)
    return right


def drop_email(case: GuidedCase, *, at: datetime) -> None:
    """Forget the address, and the mails to it: no reminder goes out any more."""
    with transaction.atomic(durable=True):
        GuidedCase.objects.filter(pk=case.pk).update(email=b"", email_confirmed_at=None, touched_at=at)
        if case.host_id is not None:
            with carrier_scope(case.host_id):
                Message.objects.filter(carrier_id=case.host_id, reference=case.reference).delete()


def remind_guided(*, at: datetime) -> int:
    """Put down every mail that is due; return how many are new. For every case; may run twice or late."""
    asked = GuidedCase.objects.filter(ended="", email_confirmed_at__isnull=False, host_id__isnull=False).order_by("pk")
    after, count = 0, 0
    while True:
        with transaction.atomic():
            batch = list(asked.filter(pk__gt=after).select_for_update(skip_locked=True)[:BATCH])
            if not batch:
                return count
            by_case: dict[int, list[GuidedStep]] = {case.pk: [] for case in batch}
            for step in GuidedStep.objects.filter(case__in=batch).order_by("number"):
                by_case[step.case_id].append(step)
            count += sum(_tell(case, by_case[case.pk], at) for case in batch)
        after = batch[-1].pk


def fall_silent(*, at: datetime) -> int:
    """End following cases of which nothing was heard for long and that have no deadline ahead; return how many."""
    quiet = GuidedCase.objects.filter(ended="", touched_at__lt=at - SILENT_AFTER)
    waiting = GuidedStep.objects.filter(done_at=None, not_needed=False)
    ahead = waiting.filter(due_at__gte=at) | waiting.filter(extended_to__gte=at) | waiting.filter(not_before__gte=at)
    return quiet.exclude(pk__in=ahead.values("case_id")).update(ended=GuidedEnd.SILENT, ended_at=at)


def _tell(case: GuidedCase, steps: list[GuidedStep], at: datetime) -> int:
    to = email_of(case)
    if not to:
        return 0
    count = 0
    for news in _news(case, steps, at):
        _row, new = GuidedTold.objects.get_or_create(case=case, key=news.key, defaults={"fence": case.fence, "at": at})
        if new:
            put(_letter(case, to, news.written), at=at)
            count += 1
    return count


def _news(case: GuidedCase, steps: list[GuidedStep], at: datetime) -> Iterator[_News]:
    language = tag(case.language)
    left = [step for step in steps if not step.is_over and step.blocked_at is None]
    for due in sorted({step.due for step in left if step.due is not None}):
        # Steps that share a deadline share its mail: whoever prepares for one thing is not reminded four times.
        together = [step for step in left if step.due == due]
        if rung := _rung(due, case, at):
            yield _News(f"{rung} {due.isoformat()}", _of_deadline(language, case, together, due, at))
    for step in left:
        begins = step.not_before
        if begins is not None and step.actor == PERSON and _is_news(begins, case, at):
            yield _News(
                f"turn {step.name} {begins.isoformat()}", texts.your_turn(language, _about(case, language, step))
            )
    if news_of(case):
        now = carriers().get(case.carrier_key)
        version = "gone" if now is None else as_kept(now)[1][:16]
        yield _News(f"facts {version}", texts.facts_changed(language, _about(case, language)))


def _rung(due: datetime, case: GuidedCase, at: datetime) -> str:
    """Return which of the reminders of a deadline is the newest that is due, or an empty text."""
    moments = [(f"{days}d", at_jst(jst_date(due) - timedelta(days=days), MORNING)) for days in DAYS_BEFORE]
    moments += [("3h", due - LAST_CALL), ("missed", due)]
    past = [(name, moment) for name, moment in moments if moment <= at]
    name, moment = past[-1] if past else ("", due)
    return name if name and _is_news(moment, case, at) else ""


def _is_news(moment: datetime, case: GuidedCase, at: datetime) -> bool:
    """Whether its moment came after reminders were asked for, and not too long ago."""
    since = case.email_confirmed_at
    return since is not None and since < moment <= at < moment + LATE_BY_MOST


def _of_deadline(language: str, case: GuidedCase, steps: list[GuidedStep], due: datetime, at: datetime) -> Written:
    about = _about(case, language, *steps)
    if at >= due:
        return texts.missed(language, about, due=due)
    hours = int((due - at).total_seconds() // 3600)
    # What missing the old moment costs says nothing of one that the carrier granted.
    missing = max((step.missing_yen or 0 for step in steps if step.extended_to is None), default=0)
    return texts.remind(language, about, due=due, hours_left=hours, missing_yen=missing)


def _about(case: GuidedCase, language: str, *steps: GuidedStep) -> texts.GuidedAbout:
    name = case.facts.get("name", {})
    titles = tuple(step.titles.get(language) or step.name for step in steps)
    return texts.GuidedAbout(case.reference, name.get(language) or case.carrier_key, titles, case.zone)


def _letter(case: GuidedCase, to: str, written: Written, *, wipe_at: datetime | None = None) -> Letter:
    host = case.host_id
    if host is None:
        raise Refused("guided.no_sender")
    return Letter(host, MessageKind.EMAIL, to, written, reference=case.reference, wipe_at=wipe_at)
