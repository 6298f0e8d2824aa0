"""Is each mistake in a row found, named by its column, and given a reason in words?"""

from __future__ import annotations

import pytest

from tojimari.lines import cells, words
from tojimari.lines.cells import Fault, Problem
from tojimari.lines.columns import NAMES
from tojimari.lines.plans import PlanBook
from tojimari.lines.rows import STAGED, Checker

GOOD = {
    "customer": "C1",
    "name_latin": "WANG XIAOMING",
    "name_kanji": "王小明",
    "language": "zh-Hans",
    "corporate": "no",
    "email": "wang@mail.example",
    "kind": "esim",
    "msisdn": "090-1234-5678",
    "imsi": "440101234567890",
    "iccid": "8981100000000000010",
    "eid": "89049032123451234512345678901235",
    "order_number": "T-1",
    "plan": "S3",
    "plan_name": "Smart",
    "monthly_fee_yen": "1,078",
    "contract_on": "2026-04-01",
    "services": "data;voice",
    "unpaid_month": "2026-10",
    "unpaid_yen": "¥1,078",
    "unpaid_due_on": "2026-11-30",
}


def row(**changed: str) -> list[str]:
    values = GOOD | changed
    return [values.get(name, "") for name in NAMES]


def checker(*known_plans: str) -> Checker:
    return Checker(NAMES, PlanBook(known_plans))


def good(**changed: str) -> dict[str, str]:
    line = checker().check(2, row(**changed))
    assert isinstance(line, str), line
    return dict(zip(("row_no", "first", *STAGED), line.split("\t"), strict=True))


def problems(**changed: str) -> list[tuple[str, str]]:
    found = checker().check(2, row(**changed))
    assert isinstance(found, list), found
    return [(problem.column, problem.code) for problem in found]


def test_a_good_row_comes_out_normalised() -> None:
    values = good()
    assert (values["row_no"], values["first"]) == ("2", "t")
    assert values["msisdn"] == "819012345678"
    assert (values["unpaid_month"], values["unpaid_yen"]) == ("2026-10-01", "1078")
    assert values["services"] == "{data,voice}"
    assert values["language"] == "zh-hans"
    assert values["valid_until"] == ""


@pytest.mark.parametrize(
    ("column", "written", "meant"),
    [
        ("msisdn", "０９０－１２３４－５６７８", "819012345678"),
        ("msisdn", "+81 90 1234 5678", "819012345678"),
        ("msisdn", "02001234567890", "812001234567890"),
        ("iccid", "8981 1000 0000 0000 010F", "8981100000000000010"),
        ("name_kana", "ﾀﾅｶ ﾊﾅｺ", "タナカ ハナコ"),
        ("name_latin", "ＷＡＮＧ　ＸＩＡＯＭＩＮＧ", "WANG XIAOMING"),
        ("name_latin", "SUKARNO", "SUKARNO"),
        ("name_latin", "a\\b", "a\\\\b"),
        ("name_kanji", "\ufa19田", "\ufa19田"),
        ("language", "繁體中文", "zh-hant"),
        ("language", "JP", "ja"),
        ("corporate", "法人", "t"),
        ("corporate", "×", "f"),
        ("email", "Wang@Mail.EXAMPLE", "Wang@mail.example"),
        ("email", "a..b.@docomo.example", "a..b.@docomo.example"),
        ("kind", "eSIM", "esim"),
        ("kind", "SIMカード", "physical_sim"),
        ("order_number", "Ｔー１ ２", "T-12"),
        ("contract_on", "2026/4/1", "2026-04-01"),
        ("contract_on", "2026年4月1日", "2026-04-01"),
        ("contract_on", "20260401", "2026-04-01"),
        ("contract_on", "2026.4.1", "2026-04-01"),
        ("contract_on", "2026-04-01 00:00:00", "2026-04-01"),
        ("contract_on", "２０２６／０４／０１", "2026-04-01"),
        ("balance_yen", "-1,100", "-1100"),
        ("balance_yen", "１，１００円", "1100"),
        ("balance_yen", "￥ 1100", "1100"),
        ("unpaid_month", "2026年10月分", "2026-10-01"),
        ("unpaid_month", "202610", "2026-10-01"),
        ("unpaid_month", "2026-10-15", "2026-10-01"),
        ("services", "データ、音声、国際ローミング", "{data,voice,roaming}"),
        ("services", "roaming / data / data", "{data,roaming}"),
        ("services", "漫游；数据", "{data,roaming}"),
    ],
)
def test_understands_what_people_write(column: str, written: str, meant: str) -> None:
    assert good(**{column: written})[column] == meant


@pytest.mark.parametrize(
    ("column", "written", "code"),
    [
        ("customer", "", "cell.empty"),
        ("customer", "1.2E+10", "cell.rounded"),
        ("order_number", "1.2E+10", "cell.rounded"),
        ("kind", "", "cell.empty"),
        ("kind", "watch", "kind.unknown"),
        ("iccid", "", "cell.empty"),
        ("iccid", "8981100000000000011", "iccid.luhn"),
        ("iccid", "8.9811E+18", "cell.rounded"),
        ("iccid", "8.98110000000000E+18", "cell.rounded"),
        ("msisdn", "9012345678", "msisdn.leading_zero"),
        ("msisdn", "9.01E+10", "cell.rounded"),
        ("msisdn", "090-1234-567", "msisdn.length"),
        ("msisdn", "03-1234-5678", "msisdn.not_mobile"),
        ("msisdn", "06001234567", "msisdn.unassigned"),
        ("msisdn", "call me", "msisdn.characters"),
        ("contact_msisdn", "+1 555 0100", "msisdn.country"),
        ("imsi", "44010123456789", "imsi.length"),
        ("imsi", "450101234567890", "imsi.country"),
        ("eid", "", "eid.needed"),
        ("eid", "89049032123451234512345678901234", "eid.check_digits"),
        ("plan", "", "cell.empty"),
        ("monthly_fee_yen", "", "plan.fee_needed"),
        ("monthly_fee_yen", "-5", "yen.negative"),
        ("monthly_fee_yen", "free", "yen.form"),
        ("final_month_policy", "whatever", "final_month_policy.unknown"),
        ("prepaid", "perhaps", "flag.unknown"),
        ("corporate", "perhaps", "flag.unknown"),
        ("language", "tlh", "language.unknown"),
        ("email", "nobody at mail.example", "contact.email"),
        ("email", "a@localhost", "contact.email"),
        ("email", "日本@mail.example", "contact.email"),
        ("contract_on", "", "cell.empty"),
        ("contract_on", "2026-02-30", "date.none"),
        ("contract_on", "30/11/2026", "date.form"),
        ("contract_on", "11-30-2026", "date.form"),
        ("contract_on", "45987", "date.form"),
        ("contract_on", "2026-04-01 12:30:00", "date.form"),
        ("contract_on", "1066-10-14", "date.range"),
        ("contract_on", "9999-12-31", "date.range"),
        ("valid_until", "2018-01-01", "valid_until.before_contract"),
        ("balance_yen", "1,100.50", "yen.form"),
        ("balance_yen", "11,00", "yen.form"),
        ("balance_yen", "999999999999", "yen.range"),
        ("services", "data;teleport", "services.unknown"),
        ("unpaid_month", "", "unpaid.incomplete"),
        ("unpaid_yen", "", "unpaid.incomplete"),
        ("unpaid_yen", "-5", "yen.negative"),
        ("unpaid_due_on", "", "unpaid.incomplete"),
        ("unpaid_month", "2026-13", "date.none"),
        ("name_latin", "X" * 201, "cell.long"),
        ("name_kanji", "改\n行", "cell.control"),
        ("name_kanji", "a\x00b", "cell.control"),
        ("name_kana", "a\tb", "cell.control"),
        ("last_used_on", "yesterday", "date.form"),
    ],
)
def test_names_the_mistake_and_its_column(column: str, written: str, code: str) -> None:
    assert (column, code) in problems(**{column: written})


def test_tells_all_mistakes_of_a_row_at_once() -> None:
    assert problems(msisdn="03", email="x", contract_on="2026-02-30") == [
        ("email", "contact.email"),
        ("msisdn", "msisdn.not_mobile"),
        ("contract_on", "date.none"),
    ]


@pytest.mark.parametrize("cells_in_row", [0, 1, len(NAMES) - 1, len(NAMES) + 1])
def test_a_row_with_too_few_or_too_many_cells_is_refused(cells_in_row: int) -> None:
    cut = (row() + ["more"] * 5)[:cells_in_row]
    assert checker().check(2, cut) == [Problem("", "row.cells", str(cells_in_row))]


def test_empty_cells_behind_the_last_column_do_no_harm() -> None:
    assert isinstance(checker().check(2, [*row(), "", ""]), str)


@pytest.mark.parametrize("column", ["iccid", "msisdn", "imsi"])
def test_an_identifier_comes_once_in_a_file(column: str) -> None:
    check = checker()
    other = {"iccid": "8981300000123456782", "msisdn": "09087654321", "imsi": "440100000000001"}
    check.check(2, row())
    found = check.check(3, row(**{**other, column: GOOD[column]}))
    assert found == [Problem(column, "row.twice", "2")]


def test_a_row_that_is_refused_does_not_stand_in_the_way_of_a_later_one() -> None:
    check = checker()
    assert isinstance(check.check(2, row(email="x")), list)
    assert isinstance(check.check(3, row()), str)


def test_only_the_first_row_of_a_customer_is_marked_so() -> None:
    check = checker("S3")
    marks = []
    for number, iccid in enumerate(["8981100000000000010", "8981300000123456782"], 2):
        line = check.check(number, row(iccid=iccid, msisdn="", imsi=""))
        assert isinstance(line, str)
        marks.append(line.split("\t")[1])
    assert marks == ["t", "f"]


def test_a_plan_must_be_known_and_described_the_same_in_every_row() -> None:
    book = PlanBook(["OLD"])

    def judge(*texts: str) -> list[str]:
        bad: list[Problem] = []
        book.check(texts, bad)
        return [problem.code for problem in bad]

    assert judge("OLD", "", "", "", "") == []
    assert judge("NEW", "", "", "", "") == ["plan.unknown"]
    assert judge("NEW", "New", "", "", "") == ["plan.fee_needed"]
    assert judge("NEW", "New", "1,078", "", "no") == []
    assert judge("NEW", "", "", "", "") == []
    assert judge("NEW", "", "1078円", "", "") == []
    assert judge("NEW", "", "1079", "", "") == ["plan.differs"]
    assert judge("NEW", "", "", "full_month", "") == ["plan.differs"]
    assert [(terms.code, terms.monthly_fee_yen, terms.prepaid) for terms in book.take_fresh()] == [("NEW", "1078", "f")]
    assert book.take_fresh() == []


def test_a_bad_row_describes_no_plan() -> None:
    check = checker()
    check.check(2, row(email="x"))
    assert check.plans.take_fresh() == []


def test_every_reason_has_words() -> None:
    for code in words.PROBLEMS:
        assert words.problem(Problem("iccid", code, "7")).startswith("iccid: ")
    assert words.problem(Problem("", "row.cells", "7"))


def test_a_spreadsheets_number_is_told_from_a_text_with_a_plus() -> None:
    assert cells.reference("A+1") == "A+1"
    assert cells.reference("1E+5") == Fault("cell.rounded")
