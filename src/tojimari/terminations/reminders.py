"""Of what is a person reminded, and when?

Of the last day, of a visit, of a visit that nobody came to, and of the eSIM that may be deleted once all is over. Each
once, at nine in the morning in Japan or soon after, in the person's language and by e-mail; of a visit also by SMS to
another number, where there is no address. Nothing is ever sent to the number that ends. The database knows what was
told (one message for a case and a key), so any number of workers may look at any time. What was asked for so late that
the receipt has just said the same is not said again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from tojimari.counter.models import Visit, VisitState
from tojimari.lines.models import Carrier
from tojimari.lines.queries import emails_of, sms_numbers_of
from tojimari.messages import texts, visit_texts
from tojimari.messages.actions import Letter, numbers_off, put_many
from tojimari.messages.channels import channel_name
from tojimari.messages.models import Message, MessageKind
from tojimari.network.elements.simulated.element import NAME as SIMULATED
from tojimari.rules.calendar import add_business_days, at_jst, day_end, day_start, jst, jst_date
from tojimari.terminations.letters import PEOPLE
from tojimari.terminations.models import CaseKind, CaseState, Step, StepState, Termination
from tojimari.terminations.procedures import spec

BATCH = 200
MORNING = time(9)
_DAY = timedelta(days=1)
BEFORE_END = timedelta(hours=39)
"""From nine in the morning of the day before the last day to its 24:00. Japan has no summer time."""
LOOK_BACK = timedelta(days=4)
"""For how long a reminder of something that is over is made up for, when no worker ran."""

RUNNING = (CaseState.ACKNOWLEDGED, CaseState.IN_PROGRESS)

Told = tuple[str, texts.Written]
"""The key under which a case is told of something once, and the text."""

Tell = Callable[[Termination, texts.About], Told | None]


def remind(*, at: datetime) -> int:
    """Put down every reminder whose time has come; return how many are new. Runs for every carrier."""
    kinds = (_ends_soon, _visit_soon, _visit_missing, _delete_profile)
    return sum(kind(carrier, at) for carrier in Carrier.objects.order_by("pk") for kind in kinds)


def _ends_soon(carrier: Carrier, at: datetime) -> int:
    """The day before the last day: what cannot be done afterwards. Another end chosen later is told of anew."""
    cases = Termination.objects.filter(
        carrier=carrier,
        state__in=RUNNING,
        scope="line",
        line__number_off_at=None,  # data and calls stopped before: there is nothing left to move in time
        ends_at__gt=at,
        ends_at__lte=at + BEFORE_END,
        requested_at__lt=F("ends_at") - BEFORE_END,
    )

    def told(case: Termination, about: texts.About) -> Told:
        written = texts.ends_soon(case.language, about, ends_at=case.ends_at, esim=case.kind == CaseKind.ESIM)
        return f"ends_soon {case.ends_at.isoformat()}", written

    return _tell(cases, told, at)


def _visit_soon(carrier: Carrier, at: datetime) -> int:
    """The day before a visit, unless it was booked after that morning."""
    until = day_end(jst_date(at) + _DAY) if jst(at).time() >= MORNING else day_end(jst_date(at))
    booked = Visit.objects.filter(carrier=carrier, state=VisitState.BOOKED, starts_at__gt=at, starts_at__lt=until)
    visits = {
        visit.case_id: visit for visit in booked.select_related("shop") if visit.created_at < _eve(visit.starts_at)
    }

    def told(case: Termination, about: texts.About) -> Told:
        visit, language = visits[case.pk], texts.tag(case.language)
        where = f"{visit.shop.name(language)}\n{visit.shop.address(language)}\n{visit.shop.phone}"
        return f"visit_soon {visit.pk}", texts.visit_soon(language, about, starts_at=visit.starts_at, where=where)

    def told_by_sms(case: Termination, about: texts.About) -> Told:
        visit, language = visits[case.pk], texts.tag(case.language)
        written = visit_texts.soon_by_sms(language, about, starts_at=visit.starts_at, shop=visit.shop.name(language))
        return f"visit_soon {visit.pk}", written

    return _tell(Termination.objects.filter(pk__in=visits, state__in=RUNNING), told, at, by_sms=told_by_sms)


def _visit_missing(carrier: Carrier, at: datetime) -> int:
    """Once, when nobody has come in the days that the procedure gives, and no visit is booked either."""
    waiting = Step.objects.filter(carrier=carrier, name="visit", state=StepState.OPEN, due_at__lt=at - _DAY)
    booked = Visit.objects.filter(case_id=OuterRef("pk"), state=VisitState.BOOKED)
    opened = dict(waiting.values_list("termination_id", "due_at"))
    cases = Termination.objects.filter(pk__in=opened, state__in=RUNNING).exclude(Exists(booked))

    def told(case: Termination, about: texts.About) -> Told | None:
        days = spec(case.procedure).step("visit").promise_business_days
        since = opened[case.pk]
        if not days or since is None:
            return None
        if at < at_jst(add_business_days(jst_date(since), days) + _DAY, MORNING):
            return None
        return "visit_missing", texts.visit_missing(case.language, about, ends_at=case.ends_at)

    return _tell(_untold(cases, "visit_missing"), told, at)


def _delete_profile(carrier: Carrier, at: datetime) -> int:
    """The morning after an eSIM's line was closed: now the profile may go."""
    today = jst_date(at)
    before = day_start(today if jst(at).time() >= MORNING else today - _DAY)
    closed = Message.objects.filter(
        carrier=carrier, key="closed", created_at__lt=before, created_at__gte=before - LOOK_BACK
    )
    cases = Termination.objects.filter(
        pk__in=closed.values("case_id"), state=CaseState.COMPLETED, kind=CaseKind.ESIM, scope="line"
    )
    return _tell(
        _untold(cases, "delete_profile"),
        lambda case, about: ("delete_profile", texts.delete_profile(case.language, about)),
        at,
    )


def _eve(moment: datetime) -> datetime:
    """Nine in the morning, in Japan, of the day before."""
    return at_jst(jst_date(moment) - _DAY, MORNING)


def _untold(cases: QuerySet[Termination], key: str) -> QuerySet[Termination]:
    return cases.exclude(Exists(Message.objects.filter(case_id=OuterRef("pk"), key=key)))


def _tell(cases: QuerySet[Termination], told: Tell, at: datetime, *, by_sms: Tell | None = None) -> int:
    """Put the messages down, a batch at a time. A case that somebody is just moving waits for the next look.

    `by_sms` says it to whoever has no e-mail address but another number.
    """
    asked = with_simulated(cases.filter(channel__in=PEOPLE)).order_by("pk")
    asked = asked.select_related("line", "carrier", "procedure").select_for_update(of=("self",), skip_locked=True)
    after, count = 0, 0
    while True:
        with transaction.atomic():
            batch = list(asked.filter(pk__gt=after)[:BATCH])
            if not batch:
                return count
            letters = _letters(batch, told) + (_short_letters(batch, by_sms) if by_sms is not None else [])
            count += put_many(letters, at=at)
        after = batch[-1].pk


def _letters(batch: Sequence[Termination], told: Tell) -> list[Letter]:
    emails = emails_of(case.subscriber_id for case in batch)
    letters = []
    for case in batch:
        found = told(case, about(case)) if case.subscriber_id in emails else None
        if found is not None:
            key, written = found
            to = emails[case.subscriber_id]
            letters.append(Letter(case.carrier_id, MessageKind.EMAIL, to, written, case.pk, case.reference, key=key))
    return letters


def _short_letters(batch: Sequence[Termination], told: Tell) -> list[Letter]:
    """By SMS, to the number that they gave: never that of the line that ends, nor one that is off. Three queries."""
    if not channel_name(MessageKind.SMS):
        return []
    people = {case.subscriber_id for case in batch}
    numbers = sms_numbers_of(people - emails_of(people).keys())
    off = numbers_off(numbers.values())
    letters = []
    for case in batch:
        to = numbers.get(case.subscriber_id, "")
        found = told(case, about(case)) if to and to not in off and to != case.line.msisdn else None
        if found is not None:
            key, written = found
            letters.append(Letter(case.carrier_id, MessageKind.SMS, to, written, case.pk, case.reference, key=key))
    return letters


def with_simulated(cases: QuerySet[Termination]) -> QuerySet[Termination]:
    """Let `about` know of each case whether its network is simulated, without a query of its own."""
    return cases.annotate(simulated=Exists(Step.objects.filter(termination=OuterRef("pk"), lane=SIMULATED)))


def about(case: Termination) -> texts.About:
    """Return what a text says of a case that was read `with_simulated`."""
    return texts.About.of(
        case.line.target,
        reference=case.reference,
        carrier=case.carrier.name(texts.tag(case.language)),
        scope=case.scope,
        simulated=bool(getattr(case, "simulated", False)),
    )
