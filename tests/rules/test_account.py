"""Is a bank account read however it was typed, and is a mistyped one told from a right one?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tojimari.rules.identifiers import account
from tojimari.rules.identifiers.account import CHECKS, Account, Where, read
from tojimari.rules.reasons import TEXTS

JAPAN = {"bank": "0005", "branch": "みなと支店", "kind": "ordinary", "number": "1234567", "holder": "ワン ウェイ"}
ABROAD = {
    "country": "DE",
    "bank": "Musterbank",
    "bic": "DEUTDEFF",
    "number": "DE89 3704 0044 0532 0130 00",
    "holder": "Jürgen O'Neill-Müller",
    "more": "",
}


@pytest.mark.parametrize(
    "iban",
    [  # examples of the IBAN registry (ISO 13616)
        "GB29 NWBK 6016 1331 9268 19",
        "DE89370400440532013000",
        "FR14 2004 1010 0505 0001 3M02 606",
        "NO93 8601 1117 947",
        "MT84 MALT 0110 0001 2345 MTLC AST0 01S",
        "ｇｂ２９　ｎｗｂｋ－６０１６　１３３１　９２６８　１９",
    ],
)
def test_an_iban_of_the_registry_is_taken(iban: str) -> None:
    assert account.number_abroad(iban).valid


@given(st.sampled_from("0123456789"), st.integers(4, 21))
def test_one_wrong_digit_of_an_iban_is_seen(digit: str, place: int) -> None:
    right = "DE89370400440532013000"
    wrong = right[:place] + digit + right[place + 1 :]
    assert account.number_abroad(wrong).valid == (wrong == right)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("6222 0212 3456 7890 123", ""),
        ("012-345678-9", ""),
        ("GB29 NWBK 6016 1331 9268 18", "account.iban"),
        ("123", "account.number_abroad"),
        ("MY ACCOUNT", "account.number_abroad"),
        ("1" * 35, "account.number_abroad"),
        ("12345678; 9", "account.number_abroad"),
    ],
)
def test_where_there_is_no_iban_the_number_of_the_country_is_taken(number: str, code: str) -> None:
    assert account.number_abroad(number).code == code


@pytest.mark.parametrize("code", ["DEUTDEFF", "DEUTDEFF500", "bkch cn bj 300", "ＨＳＢＣＨＫＨＨ"])
def test_a_bic_of_either_length_is_taken(code: str) -> None:
    assert account.bic(code).valid


@pytest.mark.parametrize("code", ["", "DEUTDEF", "DEUTDEFF5", "DEUTDEFF5000", "DEUT12FF", "ドイツ銀行"])
def test_what_has_not_the_form_of_a_bic_is_none(code: str) -> None:
    assert account.bic(code).code == "account.bic"


@pytest.mark.parametrize("number", ["1234567", "１２３４５６７", "123-4567", " 123 4567\u200b"])
def test_seven_digits_are_taken_in_any_spelling(number: str) -> None:
    assert account.number(number).value == "1234567"


@pytest.mark.parametrize("number", ["", "123456", "12345678", "123456a", "١٢٣٤٥٦٧"])
def test_other_than_seven_digits_are_no_number_in_japan(number: str) -> None:
    assert account.number(number).code == "account.number"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("ヤマダ　タロウ", "ヤマダ タロウ"),
        ("ﾔﾏﾀﾞ ﾀﾛｳ", "ヤマダ タロウ"),
        ("やまだ たろう", "ヤマダ タロウ"),
        ("ヤマタ゛ タロウ", "ヤマダ タロウ"),
        ("スミス・ジェーン", "スミス ジェーン"),
        ("ｽﾐｽ ｼﾞｪ-ﾝ", "スミス ジェーン"),
        ("ジェ－ン", "ジェーン"),
        ("ヴァン", "ヴァン"),
        ("wang wei", "WANG WEI"),
        ("ｶ)ﾀﾋﾞ", "カ)タビ"),
    ],
)
def test_the_holder_is_read_in_kana_of_any_kind(typed: str, read: str) -> None:
    assert account.holder_kana(typed) == (True, read, "", account.holder_kana(typed).facts)


@pytest.mark.parametrize("typed", ["", "山田 太郎", "王伟", "1234567", "ヤマダ\x00", "ア" * 141])
def test_kanji_are_no_holder_in_kana(typed: str) -> None:
    assert account.holder_kana(typed).code == "account.holder_kana"


@pytest.mark.parametrize(
    ("typed", "right"), [("WANG WEI", True), ("Łukasz Nowak", True), ("王伟", False), ("--", False)]
)
def test_the_holder_abroad_is_in_latin_letters(typed: str, right: bool) -> None:
    assert account.holder_latin(typed).valid is right


@pytest.mark.parametrize(
    ("bank", "branch"), [("0005", "001"), ("００３３", "００１"), ("ゆうちょ銀行", "〇一八支店"), ("三菱UFJ", "本店")]
)
def test_bank_and_branch_are_known_by_name_or_number(bank: str, branch: str) -> None:
    assert (account.bank(bank).valid, account.branch(branch).valid) == (True, True)


@pytest.mark.parametrize("text", ["", " ", "12", "00055", "a\x07b", "x" * 141])
def test_a_number_of_another_length_and_an_unfit_name_are_neither(text: str) -> None:
    assert (account.bank(text).code, account.branch(text).code) == ("account.bank", "account.branch")


def test_every_wrong_field_is_named_with_words_and_nothing_is_kept() -> None:
    for where, codes in {Where.JAPAN: 5, Where.ABROAD: 5}.items():
        nothing, wrong = read(where, {})
        assert (nothing, len(wrong)) == (None, codes)
        assert set(wrong) <= set(CHECKS[where])
        assert set(wrong.values()) <= set(TEXTS)
    assert read(Where.ABROAD, ABROAD | {"country": "JP", "more": "\x00"})[1] == {
        "country": "account.country",
        "more": "account.more",
    }
    assert {"account.iban", "account.number_abroad"} <= set(TEXTS)


def test_a_right_account_is_normalised_and_shows_three_digits_alone() -> None:
    japan, abroad = read(Where.JAPAN, JAPAN)[0], read(Where.ABROAD, ABROAD)[0]
    assert isinstance(japan, Account)
    assert isinstance(abroad, Account)
    assert (japan.ending, abroad.ending) == ("…567", "…000")
    assert abroad.told["number"] == "DE89370400440532013000"
    assert repr(japan) == "Account(where=<Where.JAPAN: 'japan'>)", "so that no log or trace has it"
