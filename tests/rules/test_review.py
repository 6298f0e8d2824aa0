"""Does a carrier's rule find what a person must look at, and nothing that it cannot know?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tojimari.rules.review import (
    FINDINGS,
    Facts,
    Judgement,
    ReviewRule,
    age_on,
    as_evidence,
    from_toml,
    judge,
    same_name,
)

PLAIN = Facts(
    asked_on=date(2026, 11, 20),
    sim_since=date(2026, 4, 1),
    names=("WANG XIAOMING", "", "王小明"),
    name_given="",
    owed_yen=0,
    birth_on=None,
    company=False,
    authority_seen=False,
    lines_asked=1,
)
ALL = ReviewRule(look_at=FINDINGS, four_eyes=("debt",))


def found(rule: ReviewRule = ALL, **differs: Any) -> list[str]:
    return [finding.code for finding in judge(rule, replace(PLAIN, **differs)).findings]


def test_a_plain_request_is_decided_alone_and_says_what_is_not_known() -> None:
    judged = judge(ALL, PLAIN)
    assert judged == Judgement((), ("name_mismatch", "minor"), ())
    assert judged.decides_alone


@pytest.mark.parametrize(
    ("differs", "code"),
    [
        ({"sim_since": date(2026, 11, 18)}, "recent_sim_change"),
        ({"name_given": "Tanaka Hanako"}, "name_mismatch"),
        ({"owed_yen": 10_001}, "debt"),
        ({"birth_on": date(2008, 11, 21)}, "minor"),
        ({"company": True}, "company_without_authority"),
        ({"lines_asked": 3}, "several_lines"),
        ({"by_staff": True}, "opened_by_staff"),
    ],
)
def test_each_finding_is_found_by_its_own_fact(differs: dict[str, Any], code: str) -> None:
    assert found(**differs) == [code]
    assert found(ReviewRule(look_at=tuple(one for one in FINDINGS if one != code)), **differs) == []


@pytest.mark.parametrize(
    "differs",
    [
        {"sim_since": date(2026, 11, 17)},
        {"sim_since": None},
        {"name_given": "xiaoming wang"},
        {"name_given": "Tanaka", "names": ("", "", "")},
        {"owed_yen": 10_000},
        {"birth_on": date(2008, 11, 20)},
        {"birth_on": date(2020, 1, 1), "company": True, "authority_seen": True},
        {"lines_asked": 2},
    ],
)
def test_what_is_on_this_side_of_a_limit_or_not_known_is_not_claimed(differs: dict[str, Any]) -> None:
    assert found(**differs) == []


def test_the_limits_are_the_carriers_own() -> None:
    strict = from_toml({"look_at": ["debt", "several_lines"], "debt_above_yen": 0, "several_from": 2})
    assert found(strict, owed_yen=1, lines_asked=2) == ["debt", "several_lines"]


def test_two_people_must_agree_where_the_rule_says_so() -> None:
    assert judge(ALL, replace(PLAIN, owed_yen=99_999, company=True)).two_people == ("debt",)
    assert judge(ALL, replace(PLAIN, company=True)).two_people == ()


def test_an_empty_rule_lets_everything_pass() -> None:
    assert judge(from_toml({}), replace(PLAIN, owed_yen=99_999, company=True)).decides_alone


def test_a_bad_rule_names_everything_that_is_wrong() -> None:
    with pytest.raises(ValueError, match="unknown key 'colour'") as caught:
        from_toml({"colour": 1, "look_at": ["mood"], "four_eyes": ["debt"], "several_from": -1, "recent_days": True})
    for part in ("unknown finding 'mood'", "'debt' is not in look_at", "several_from must", "recent_days must"):
        assert part in str(caught.value)


@pytest.mark.parametrize(
    "given",
    [
        "Wang Xiaoming",
        "XIAOMING WANG",
        "ＷＡＮＧ　ＸＩＡＯＭＩＮＧ",
        "wang-xiaoming",
        "WangXiaoming",
        "王小明",
        "王 小明",
    ],
)
def test_a_name_is_the_same_however_it_is_written(given: str) -> None:
    assert same_name(given, PLAIN.names)


def test_names_that_only_look_alike_are_different() -> None:
    assert not same_name("ハナコ", ["バナコ"])
    assert not same_name("Wang Xiaomin", PLAIN.names)
    assert same_name("José Núñez", ["NUNEZ JOSE"])
    assert same_name("ﾊﾞﾅｺ", ["バナコ"])


def test_the_age_of_majority_is_that_of_the_day() -> None:
    assert found(birth_on=date(2003, 4, 1), asked_on=date(2022, 3, 31), sim_since=None) == ["minor"]
    assert found(birth_on=date(2003, 4, 1), asked_on=date(2022, 4, 1), sim_since=None) == []
    assert (age_on(date(2008, 2, 29), date(2026, 2, 28)), age_on(date(2008, 2, 29), date(2026, 3, 1))) == (17, 18)


def test_what_is_kept_says_rule_version_limits_and_figures_but_no_name() -> None:
    kept = as_evidence(ALL, "abc", judge(ALL, replace(PLAIN, owed_yen=20_000, name_given="Someone Else")))
    assert kept["rule"]["version"] == "abc"
    assert kept["rule"]["debt_above_yen"] == 10_000
    assert kept["findings"] == [{"code": "name_mismatch"}, {"code": "debt", "owed_yen": 20_000, "above_yen": 10_000}]
    assert "Someone" not in str(kept)
