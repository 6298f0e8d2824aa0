"""What does the carrier's rule find in a request, and may it decide alone?

A rule is data: which findings a person must look at, from which limits on, and for which of them two people must agree.
`judge` is pure: the same facts under the same rule give the same findings, today and in ten years. What is not known is
never claimed; it is named, so that whoever looks knows what the rule could not see.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tojimari.rules.figures import value

RECENT_SIM_CHANGE = "recent_sim_change"
NAME_MISMATCH = "name_mismatch"
DEBT = "debt"
MINOR = "minor"
COMPANY = "company_without_authority"
SEVERAL = "several_lines"
BY_STAFF = "opened_by_staff"

FINDINGS = (RECENT_SIM_CHANGE, NAME_MISMATCH, DEBT, MINOR, COMPANY, SEVERAL, BY_STAFF)
"""Everything that a rule can find."""

_LIMITS = {"recent_days": 3, "debt_above_yen": 10_000, "several_from": 3, "several_hours": 24}
"""The limits of a rule that names none."""


@dataclass(frozen=True, slots=True)
class ReviewRule:
    """A carrier's rule. Without a finding to look at it lets everything pass."""

    look_at: tuple[str, ...] = ()
    four_eyes: tuple[str, ...] = ()  # findings for which two different people must approve
    recent_days: int = _LIMITS["recent_days"]
    debt_above_yen: int = _LIMITS["debt_above_yen"]
    several_from: int = _LIMITS["several_from"]
    several_hours: int = _LIMITS["several_hours"]

    @property
    def limits(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in _LIMITS}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a request. Yen include consumption tax, days are Japan's; None or empty means "not known"."""

    asked_on: date
    sim_since: date | None  # the day of the contract, or of the newest card where the carrier tells it
    names: tuple[str, ...]  # as they stand in the contract: Latin, kana, kanji
    name_given: str
    owed_yen: int
    birth_on: date | None
    company: bool
    authority_seen: bool
    lines_asked: int  # lines of the same subscriber asked for within the rule's hours, this one included
    by_staff: bool = False  # staff identified the person and opened the case after a request for help


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a person must look at, with the figures behind it: whole numbers and ISO dates."""

    code: str
    facts: Mapping[str, str | int]

    @property
    def as_evidence(self) -> dict[str, str | int]:
        return {"code": self.code, **self.facts}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a rule says of a request."""

    findings: tuple[Finding, ...]
    not_known: tuple[str, ...]  # findings that the rule looks for, but nobody has told what it takes
    two_people: tuple[str, ...]  # those of the findings for which two people must approve

    @property
    def decides_alone(self) -> bool:
        """Whether nobody has to look. What is not known keeps nobody waiting: most people never gave it."""
        return not self.findings


def from_toml(raw: Mapping[str, Any]) -> ReviewRule:
    """Read the table `[review]` of a procedure. Raises ValueError naming everything that is wrong."""
    problems = [f"unknown key {key!r}: remove it" for key in sorted(set(raw) - {"look_at", "four_eyes", *_LIMITS})]
    look_at, four_eyes = (_codes(raw, key, problems) for key in ("look_at", "four_eyes"))
    unseen = [code for code in four_eyes if code in FINDINGS and code not in look_at]
    problems += [f"four_eyes: {code!r} is not in look_at" for code in unseen]
    for name in _LIMITS:
        limit = raw.get(name, 0)
        if isinstance(limit, bool) or not isinstance(limit, int) or limit < 0:
            problems.append(f"{name} must be a whole number, 0 or more")
    if problems:
        raise ValueError("; ".join(problems))
    return ReviewRule(look_at, four_eyes, **{name: raw[name] for name in _LIMITS if name in raw})


def _codes(raw: Mapping[str, Any], key: str, problems: list[str]) -> tuple[str, ...]:
    given = raw.get(key, [])
    if not isinstance(given, list) or not all(isinstance(code, str) for code in given):
        problems.append(f"{key} must be a list of findings")
        return ()
    unknown = [code for code in given if code not in FINDINGS]
    problems += [f"{key}: unknown finding {code!r}; use one of {', '.join(FINDINGS)}" for code in unknown]
    return tuple(given)


def judge(rule: ReviewRule, facts: Facts) -> Judgement:
    """Return what the rule finds in these facts, in the order of `FINDINGS`."""
    found = {
        RECENT_SIM_CHANGE: _recent(rule, facts),
        NAME_MISMATCH: _name(facts),
        DEBT: _debt(rule, facts),
        MINOR: _minor(facts),
        COMPANY: {} if facts.company and not facts.authority_seen else None,
        SEVERAL: _several(rule, facts),
        BY_STAFF: {} if facts.by_staff else None,
    }
    unknown = {
        RECENT_SIM_CHANGE: facts.sim_since is None,
        NAME_MISMATCH: not facts.name_given or not any(facts.names),
        MINOR: facts.birth_on is None and not facts.company,
    }
    looked_for = [code for code in FINDINGS if code in rule.look_at]
    findings = tuple(Finding(code, figures) for code in looked_for if (figures := found[code]) is not None)
    return Judgement(
        findings=findings,
        not_known=tuple(code for code in looked_for if unknown.get(code)),
        two_people=tuple(finding.code for finding in findings if finding.code in rule.four_eyes),
    )


Figures = Mapping[str, str | int] | None


def _recent(rule: ReviewRule, facts: Facts) -> Figures:
    """A card that has just changed hands is the usual way of somebody who closes another's line."""
    if facts.sim_since is None:
        return None
    days = (facts.asked_on - facts.sim_since).days
    return {"since": facts.sim_since.isoformat(), "days": days} if days < rule.recent_days else None


def _name(facts: Facts) -> Figures:
    """The names themselves are personal and stay where they are: the finding says only that they differ."""
    if not facts.name_given or not any(facts.names):
        return None
    return None if same_name(facts.name_given, facts.names) else {}


def _debt(rule: ReviewRule, facts: Facts) -> Figures:
    if facts.owed_yen <= rule.debt_above_yen:
        return None
    return {"owed_yen": facts.owed_yen, "above_yen": rule.debt_above_yen}


def _minor(facts: Facts) -> Figures:
    if facts.birth_on is None or facts.company:
        return None
    age, majority = age_on(facts.birth_on, facts.asked_on), value("age_of_majority", facts.asked_on)
    return {"age": age, "majority": majority} if age < majority else None


def _several(rule: ReviewRule, facts: Facts) -> Figures:
    if facts.lines_asked < rule.several_from:
        return None
    return {"lines": facts.lines_asked, "hours": rule.several_hours}


def age_on(birth_on: date, day: date) -> int:
    """Return the age in full years on a day. Who was born on 29 February is a year older from 1 March on.

    年齢計算ニ関する法律: a year of life is full when the day before the birthday ends.
    """
    return day.year - birth_on.year - ((day.month, day.day) < (birth_on.month, birth_on.day))


def same_name(given: str, known: Sequence[str]) -> bool:
    """Say whether a name is one of the known ones, however it is written: order, case, width, accents and spaces."""
    parts = _parts(given)
    return any(
        sorted(parts) == sorted(other) or "".join(parts) == "".join(other) for other in map(_parts, filter(None, known))
    )


def _parts(name: str) -> list[str]:
    spread = unicodedata.normalize("NFKD", name.casefold())
    bare = unicodedata.normalize("NFKC", "".join(letter for letter in spread if not _is_accent(letter)))
    return "".join(letter if letter.isalnum() else " " for letter in bare).split()


def _is_accent(letter: str) -> bool:
    """Accents of Latin letters, and not the marks of voiced kana: ハ and バ are different names."""
    return "\u0300" <= letter <= "\u036f" or letter in "'’"


def as_evidence(rule: ReviewRule, version: str, judgement: Judgement) -> dict[str, Any]:
    """Return what is kept of a judgement, so that anybody can see later why it was decided so."""
    return {
        "rule": {"version": version, "look_at": list(rule.look_at), "four_eyes": list(rule.four_eyes), **rule.limits},
        "findings": [finding.as_evidence for finding in judgement.findings],
        "not_known": list(judgement.not_known),
    }
