"""What does the carrier's rule say of cases that come to their review?

The rule stands in the procedure that a case began with. `judged` gathers the facts from the books and lets the rule
judge them; it reads only, and one case costs as many queries as a batch. `review` is the step of the system: what the
rule decides alone is done at once, the rest becomes a step of staff, with everything that was found.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Sum

from tojimari.lines.models import Bill, Line
from tojimari.platform.work import Batch, Outcome
from tojimari.rules.calendar import jst_date
from tojimari.rules.review import Facts, Judgement, ReviewRule, as_evidence, judge
from tojimari.terminations.models import CaseState, Procedure, Step, Termination
from tojimari.terminations.procedures import spec

STEP = "review"


@dataclass(frozen=True, slots=True)
class Judged:
    """A judgement with the rule behind it. `version` is the digest of the procedure that the case began with."""

    rule: ReviewRule
    version: str
    judgement: Judgement

    @property
    def evidence(self) -> dict[str, Any]:
        return as_evidence(self.rule, self.version, self.judgement)


def judged(case_ids: Iterable[int]) -> dict[int, Judged]:
    """Judge cases as their facts stand now, by case id. Four queries, whatever the number of cases."""
    ids = list(case_ids)
    cases = list(Termination.objects.filter(pk__in=ids).select_related("line", "subscriber", "procedure"))
    shown = _evidence(ids)
    owed = dict(
        Bill.objects.filter(line_id__in={case.line_id for case in cases}, paid_on__isnull=True)
        .values_list("line_id")
        .annotate(Sum("amount_yen"))
    )
    rules = _Rules()
    asked = _asked(cases, rules)
    found = {}
    for case in cases:
        rule = rules[case.procedure]
        facts = _facts(case, shown.get(case.pk, {}), owed.get(case.line_id) or 0, _near(asked, case, rule))
        found[case.pk] = Judged(rule, case.procedure.digest, judge(rule, facts))
    return found


class _Rules:
    """The rules of procedures, each read once."""

    def __init__(self) -> None:
        self._known: dict[int, ReviewRule] = {}

    def __getitem__(self, procedure: Procedure) -> ReviewRule:
        if procedure.pk not in self._known:
            self._known[procedure.pk] = spec(procedure).review
        return self._known[procedure.pk]


def _facts(case: Termination, shown: Mapping[str, Mapping[str, Any]], owed_yen: int, lines_asked: int) -> Facts:
    """What the books say. They hold no birth date, so nothing is claimed about the age."""
    subscriber = case.subscriber
    papers = shown.get("papers", {}).get("papers", ())
    return Facts(
        asked_on=jst_date(case.requested_at),
        sim_since=case.line.contract_on,
        names=(subscriber.name_latin, subscriber.name_kana, subscriber.name_kanji),
        name_given=str(shown.get("verify", {}).get("name_given", "")),
        owed_yen=owed_yen,
        birth_on=None,
        company=subscriber.corporate,
        authority_seen=any(paper.get("paper") == "authority" for paper in papers),
        lines_asked=lines_asked,
        by_staff="help_request" in shown.get("verify", {}),
    )


def two_people_for(line: Line, rule: ReviewRule, at: datetime) -> tuple[str, ...]:
    """Return for which findings two people must agree before staff open a case for a line themselves. Two queries."""
    owed = Bill.objects.filter(line=line, paid_on__isnull=True).aggregate(yen=Sum("amount_yen"))["yen"] or 0
    since = at - timedelta(hours=rule.several_hours)
    asked = Termination.objects.filter(subscriber_id=line.subscriber_id, scope="line", requested_at__gte=since)
    facts = Facts(
        asked_on=jst_date(at),
        sim_since=line.contract_on,
        names=(),
        name_given="",
        owed_yen=owed,
        birth_on=None,
        company=line.subscriber.corporate,
        authority_seen=False,
        lines_asked=asked.exclude(state__in=(CaseState.CANCELLED, CaseState.REJECTED)).count() + 1,
        by_staff=True,
    )
    return judge(rule, facts).two_people


def _evidence(case_ids: Sequence[int]) -> dict[int, dict[str, Mapping[str, Any]]]:
    """What was shown in the steps before, by case and step name."""
    found: dict[int, dict[str, Mapping[str, Any]]] = defaultdict(dict)
    steps = Step.objects.filter(termination_id__in=case_ids, name__in=("verify", "papers"), done_at__isnull=False)
    for case_id, name, evidence in steps.values_list("termination_id", "name", "evidence"):
        found[case_id][name] = evidence
    return found


def _asked(cases: Sequence[Termination], rules: _Rules) -> Mapping[int, list[datetime]]:
    """When lines of the same subscribers were asked for, as far around these cases as their rules look."""
    found: dict[int, list[datetime]] = defaultdict(list)
    if cases:
        longest = timedelta(hours=max(rules[case.procedure].several_hours for case in cases))
        since = min(case.requested_at for case in cases) - longest
        rows = Termination.objects.filter(
            subscriber_id__in={case.subscriber_id for case in cases}, scope="line", requested_at__gte=since
        ).exclude(state__in=(CaseState.CANCELLED, CaseState.REJECTED))
        for subscriber_id, at in rows.values_list("subscriber_id", "requested_at"):
            found[subscriber_id].append(at)
    return found


def _near(asked: Mapping[int, list[datetime]], case: Termination, rule: ReviewRule) -> int:
    """How many lines of this subscriber were asked for within the rule's hours of this case, it included."""
    hours = timedelta(hours=rule.several_hours)
    return sum(abs(at - case.requested_at) <= hours for at in asked.get(case.subscriber_id, ()))


def review(batch: Batch, lane: str) -> Sequence[Outcome]:
    """Decide what the rule decides alone; leave the rest to staff. Nothing is written: safe to run twice."""
    found = judged(work.case_id for work in batch.works)
    return [_outcome(found[work.case_id]) for work in batch.works]


def _outcome(one: Judged) -> Outcome:
    if one.judgement.decides_alone:
        return Outcome.done(**one.evidence, decided_by="rule")
    return Outcome.to_staff("review.findings", **one.evidence)
