"""Do reminders come when they should, rise towards the deadline, and stop when they must?"""

from __future__ import annotations

import contextlib
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.terminations.guided_play import AT, a_plan
from tojimari.codes.models import Code, Guard
from tojimari.guide.directory import carriers
from tojimari.guide.facts import Text
from tojimari.lines.models import Carrier
from tojimari.messages.links import filled, guided_token
from tojimari.messages.models import Message
from tojimari.platform.acting import Refused
from tojimari.platform.database.scope import every_carrier
from tojimari.rules.calendar import at_jst, jst
from tojimari.terminations.erasing import erase
from tojimari.terminations.guided import actions, reminding
from tojimari.terminations.guided.evidence import add_text
from tojimari.terminations.guided.fence import inside, seal_for
from tojimari.terminations.guided.models import EvidenceKind, GuidedCase, GuidedEnd, GuidedEvidence, GuidedStep

pytestmark = pytest.mark.django_db

LI = "li@mail.example"
DUE = datetime(2026, 12, 31, 14, 59, 59, tzinfo=UTC)  # 23:59:59 in Japan


@pytest.fixture
def case(tabi: Carrier) -> GuidedCase:
    """Li's plan, with one deadline at the end of the year and reminders on."""
    kept = a_plan(host_id=tabi.pk)
    with inside(kept.reference):
        GuidedStep.objects.filter(case=kept).update(due_at=None, not_before=None)
        GuidedStep.objects.filter(case=kept, number=1).update(due_at=DUE, missing_yen=2970)
        GuidedCase.objects.filter(pk=kept.pk).update(email=seal_for(kept.reference, "email", LI), email_confirmed_at=AT)
    return kept


def locked(case: GuidedCase) -> list[str]:
    """Whose codes are locked after ten wrong ones were typed for this plan."""
    assert case.host_id is not None
    reminding.ask_for_email(case, LI, language="en", binding="phone", internet="192.0.2.7", at=AT)
    for _ in range(10):
        with contextlib.suppress(Refused):
            reminding.confirm_email(case, "nothing", binding="phone", at=AT)
    return counted()


def counted() -> list[str]:
    with every_carrier():
        return list(Guard.objects.values_list("subject", flat=True)) + list(
            Code.objects.values_list("subject", flat=True)
        )


def test_a_locked_counter_goes_with_the_plan_that_is_deleted_and_no_other(case: GuidedCase, tabi: Carrier) -> None:
    other = a_plan(host_id=tabi.pk)
    with inside(other.reference):
        kept = locked(other)
    with inside(case.reference):
        assert len(locked(case)) > len(kept)
        actions.delete(case)
    assert counted() == kept


def test_a_locked_counter_goes_with_the_plan_that_is_erased(case: GuidedCase) -> None:
    with inside(case.reference):
        assert locked(case)
        actions.give_up(case, at=AT)
    with every_carrier():
        erase(at=AT + timedelta(days=92))
    assert counted() == []


def tick(at: datetime) -> list[str]:
    """Let the clock's look happen; return the subjects that are new."""
    with every_carrier():
        had = set(Message.objects.values_list("pk", flat=True))
        reminding.remind_guided(at=at)
        return list(Message.objects.exclude(pk__in=had).order_by("pk").values_list("subject", flat=True))


def hourly(first: datetime, last: datetime) -> list[tuple[datetime, str]]:
    """Look every hour, as the worker does; return when which mail was new."""
    told, at = [], first
    while at <= last:
        told += [(at, subject) for subject in tick(at)]
        at += timedelta(hours=1)
    return told


def test_they_rise_towards_the_deadline_and_tell_once_that_it_has_passed(case: GuidedCase) -> None:
    told = hourly(datetime(2026, 12, 16, 15, 2, tzinfo=UTC), datetime(2027, 1, 2, 15, 2, tzinfo=UTC))
    assert [jst(at).strftime("%m-%d %H") for at, _ in told] == [
        *("12-17 09", "12-24 09", "12-28 09", "12-30 09", "12-31 21", "01-01 00"),
    ]
    assert len({subject.partition("：")[0] for _, subject in told}) >= 5
    assert all(case.reference in subject for _, subject in told)


def test_steps_that_share_a_deadline_share_its_mail(case: GuidedCase) -> None:
    with inside(case.reference):
        GuidedStep.objects.filter(case=case, number__in=(2, 3)).update(due_at=DUE)
        titles = [step.titles["zh-hans"] for step in GuidedStep.objects.filter(number__lte=3).order_by("number")]
    assert len(tick(DUE - timedelta(hours=2))) == 1
    with every_carrier():
        mail = Message.objects.get()
    assert all(title in mail.body for title in titles)
    assert titles[-1] in mail.subject


def test_looking_twice_tells_nothing_twice(case: GuidedCase) -> None:
    at = at_jst(date(2026, 12, 24), datetime.min.time().replace(hour=9, minute=2))
    assert len(tick(at)) == 1
    assert tick(at) == []
    assert tick(at + timedelta(hours=1)) == []


def test_who_asks_late_gets_the_nearest_one_alone(case: GuidedCase) -> None:
    with inside(case.reference):
        GuidedCase.objects.update(email_confirmed_at=DUE - timedelta(hours=20))
    assert tick(DUE - timedelta(hours=19)) == []
    assert len(tick(DUE - timedelta(hours=2))) == 1


def test_a_worker_that_was_away_for_long_sends_no_old_ones(case: GuidedCase) -> None:
    assert len(tick(DUE - timedelta(hours=1))) == 1
    assert tick(DUE + timedelta(days=3)) == []


@pytest.mark.parametrize("deed", ["done", "not needed", "blocked", "put aside", "no address", "not confirmed"])
def test_nothing_comes_about_what_needs_no_reminder(case: GuidedCase, deed: str) -> None:
    with inside(case.reference):
        if deed == "done":
            actions.mark_done(case, 1, done_at=AT, at=AT)
        elif deed == "not needed":
            actions.mark_not_needed(case, 1, at=AT)
        elif deed == "blocked":
            actions.block(case, 1, why="", at=AT)
        elif deed == "put aside":
            actions.give_up(case, at=AT)
        elif deed == "no address":
            reminding.drop_email(case, at=AT)
        else:
            GuidedCase.objects.update(email_confirmed_at=None)
    assert tick(DUE - timedelta(hours=2)) == []
    assert tick(DUE + timedelta(hours=2)) == []


def test_an_extended_deadline_has_reminders_of_its_own(case: GuidedCase) -> None:
    assert len(tick(DUE - timedelta(hours=2))) == 1
    later = DUE + timedelta(days=10)
    with inside(case.reference):
        actions.extend(case, 1, to=later, at=DUE - timedelta(hours=1))
    assert tick(DUE + timedelta(hours=1)) == []
    assert len(tick(later - timedelta(hours=2))) == 1
    with every_carrier():
        body = Message.objects.order_by("pk").last()
    assert body is not None
    assert "2,970" not in body.body, "what missing the old moment cost says nothing of the new one"


def test_a_mail_says_both_clocks_the_yen_and_never_that_it_is_closed(case: GuidedCase) -> None:
    tick(DUE - timedelta(hours=2))
    with every_carrier():
        mail = Message.objects.get()
    assert mail.to == LI
    assert "23:59" in mail.body
    assert "22:59" in mail.body  # Shanghai
    assert "2,970" in mail.body
    assert "{{guided}}" in mail.body, "the outbox holds no key to the plan"


def test_the_link_in_a_sent_mail_opens_the_plan(case: GuidedCase, tabi: Carrier) -> None:
    tick(DUE - timedelta(hours=2))
    with every_carrier():
        mail = Message.objects.get()
    sent = filled(mail.body, tabi, mail.reference)
    assert f"/guide/cases/{case.reference}/open/{guided_token(case.reference)}/" in sent
    assert "{{" not in sent


def test_a_correction_of_the_facts_is_told_once(case: GuidedCase, monkeypatch: pytest.MonkeyPatch) -> None:
    now = carriers()["docomo"]
    name = Text.model_validate(now.name.model_dump(by_alias=True) | {"en": "NTT docomo (corrected)"})
    known = dict(carriers()) | {"docomo": now.model_copy(update={"name": name})}
    for module in ("queries", "reminding"):
        monkeypatch.setattr(f"tojimari.terminations.guided.{module}.carriers", lambda: known)
    with inside(case.reference):
        GuidedCase.objects.update(email_confirmed_at=None)
    assert tick(AT + timedelta(minutes=30)) == []  # nobody has said yet that the address is theirs
    with inside(case.reference):
        GuidedCase.objects.update(email_confirmed_at=AT)
    assert len(tick(AT + timedelta(hours=1))) == 1
    assert tick(AT + timedelta(hours=2)) == []


def test_a_step_that_was_too_early_is_told_when_its_day_has_come(case: GuidedCase) -> None:
    begins = AT + timedelta(days=5)
    with inside(case.reference):
        GuidedStep.objects.filter(case=case, number=2).update(not_before=begins, actor="person")
    assert tick(begins - timedelta(hours=1)) == []
    assert len(tick(begins)) == 1


def test_a_plan_without_a_word_for_ninety_days_falls_silent_but_not_before_its_deadline(case: GuidedCase) -> None:
    late, step = AT + timedelta(days=91), GuidedStep.objects.filter(case=case, number=1)
    with every_carrier():
        assert reminding.fall_silent(at=AT + timedelta(days=89)) == 0
        for ahead in ({"due_at": late}, {"extended_to": late}, {"not_before": late}):
            step.update(**({"due_at": None, "extended_to": None, "not_before": None} | ahead))
            assert reminding.fall_silent(at=late) == 0, ahead
        step.update(not_before=None)
        assert reminding.fall_silent(at=late) == 1
        assert GuidedCase.objects.get().ended == GuidedEnd.SILENT


def test_evidence_goes_after_thirty_days_and_the_rest_after_ninety(case: GuidedCase) -> None:
    with inside(case.reference):
        add_text(case, 1, EvidenceKind.NOTE, "x", at=AT)
        actions.give_up(case, at=AT)
    tick(AT + timedelta(hours=1))
    with every_carrier():
        erase(at=AT + timedelta(days=29))
        assert GuidedEvidence.objects.count() == 1
        erase(at=AT + timedelta(days=32))
        assert GuidedEvidence.objects.count() == 0
        assert GuidedCase.objects.count() == 1
        erase(at=AT + timedelta(days=92))
        assert GuidedCase.objects.count() == 0
        assert not Message.objects.filter(reference=case.reference).exists()
