"""Is a letter right in Japanese, does it say only what is known, and can nothing that is typed change its drawing?"""

from __future__ import annotations

import json
import re
from datetime import date
from importlib.resources import files

import pytest
import typst
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from tojimari.guide import documents
from tojimari.guide.documents import pdf
from tojimari.guide.letters import (
    ANSWER_DAYS,
    Charge,
    ComplaintFacts,
    Contract,
    Evidence,
    Letter,
    Sender,
    advice,
    closing,
    complaint,
    early_exit,
)
from tojimari.guide.words import calls, clauses
from tojimari.guide.words.cards import CARDS, HELLO, Write
from tojimari.guide.words.offices import offices
from tojimari.guide.words.spoken import Spoken, digits_aloud
from tojimari.platform import typesetting
from tojimari.platform.typesetting import NotDrawn, can_draw
from tojimari.rules.early_exit import Scheme

TODAY = date(2026, 11, 22)
WANG = Sender("王 小明", "東京都新宿区西新宿1-2-3", email="wang@mail.example")
LINE = Contract("たびモバイル株式会社", plan="Travel 30 days", number="090-1234-5678", made_on=date(2026, 11, 18))
HASH = "0123456789abcdef" * 4
FACTS = ComplaintFacts(
    sender=WANG,
    contract=LINE,
    dated=TODAY,
    asked_on=date(2026, 8, 30),
    ended_on=date(2026, 8, 31),
    receipt="R-1",
    charges=(Charge(date(2026, 9, 30), 2970, "基本使用料"), Charge(date(2026, 10, 31), 2970)),
    evidence=(Evidence("受付完了の画面", HASH), Evidence("bill")),
    story="我办了注销。",
)


def of_every_kind() -> dict[str, Letter]:
    return {
        "early exit": early_exit(WANG, LINE, dated=TODAY, scheme=Scheme.INITIAL_CANCELLATION, received=TODAY),
        "unknown scheme": early_exit(WANG, LINE, dated=TODAY, scheme=None),
        "measures": early_exit(
            WANG, LINE, dated=TODAY, scheme=Scheme.CONFIRMATION_MEASURE, reasons=("signal", "document")
        ),
        "closing": closing(WANG, LINE, dated=TODAY, end=date(2026, 11, 30), leaving=date(2026, 12, 1)),
        "complaint": complaint(FACTS),
        "advice": advice(FACTS, ministry=True, wrote=True, little_japanese=True),
    }


def ja(letter: Letter) -> str:
    return "".join(part.ja for block in letter.body for part in block.parts)


def rows(letter: Letter) -> list[tuple[str, str]]:
    return [(row.label.ja, row.value.ja) for row in letter.rows]


# What stands in them --------------------------------------------------------------------------------------------------


def test_leaving_early_names_the_law_and_that_sending_counts() -> None:
    said = ja(of_every_kind()["early exit"])
    assert "電気通信事業法第26条の3第1項の規定に基づき、本書面により解除します" in said
    assert "本書面を発した時にその効力を生じます" in said
    assert "同条第3項" in said
    assert "同条第4項" in said
    assert "確認措置" not in said


def test_who_does_not_know_the_scheme_covers_both() -> None:
    assert "確認措置の対象である場合は" in ja(of_every_kind()["unknown scheme"])


def test_confirmation_measures_name_their_ground_and_not_the_other_right() -> None:
    letter = of_every_kind()["measures"]
    assert "第26条の3" not in ja(letter)
    assert [value for label, value in rows(letter) if label == "解除の理由"] == [
        "利用したい場所で電波の状況が十分でないこと",
        "契約書面を受け取っていないこと",
    ]


def test_a_document_never_received_is_said_since_the_days_hang_on_it() -> None:
    assert ("契約書面", "受け取っておりません") in rows(of_every_kind()["unknown scheme"])
    assert ("契約書面の受領日", "2026年11月22日") in rows(of_every_kind()["early exit"])


def test_closing_asks_for_the_day_or_for_the_earliest() -> None:
    assert "解約日は、2026年11月30日を希望いたします" in ja(of_every_kind()["closing"])
    assert "できるだけ早い日を希望いたします" in ja(closing(WANG, LINE, dated=TODAY))
    assert "出国" not in ja(closing(WANG, LINE, dated=TODAY))


def test_a_greeting_has_its_farewell() -> None:
    for letter in of_every_kind().values():
        assert ja(letter).startswith("拝啓") == (letter.farewell == "敬具")


def test_a_complaint_says_what_the_person_was_told_and_no_more() -> None:
    letter = complaint(FACTS)
    assert "2026年8月31日をもって契約が終了する旨のご案内を受けました" in ja(letter)
    assert f"{ANSWER_DAYS}日以内に" in ja(letter)
    assert "電気通信事業法第27条" in ja(letter)
    assert ("請求額の合計", "5,940円") in rows(letter)
    assert ("解約後の請求", "2026年9月30日　2,970円　基本使用料") in rows(letter)
    assert "我办了注销。" not in letter.text()
    for claim in ("解約されました", "解約済み"):
        assert claim not in letter.text()


def test_a_complaint_without_an_end_says_when_it_was_asked_or_that_it_was() -> None:
    asked = ComplaintFacts(WANG, LINE, TODAY, asked_on=date(2026, 8, 30))
    assert "2026年8月30日に解約を申し込みました" in ja(complaint(asked))
    assert "解約を申し込みました" in ja(complaint(ComplaintFacts(WANG, LINE, TODAY)))
    assert "添付" not in ja(complaint(asked))


def test_evidence_stands_with_its_whole_hash() -> None:
    value = next(value for label, value in rows(complaint(FACTS)) if value.startswith("受付完了"))
    assert HASH in value.replace(" ", "")
    assert ("資料", "bill") in rows(complaint(FACTS))


def test_the_sheet_for_advice_names_the_carrier_and_the_story_and_is_not_signed() -> None:
    sheet = advice(FACTS, ministry=False, wrote=False, little_japanese=False)
    assert sheet.to == ("消費生活センター　御中",)
    assert ("経緯", "我办了注销。") in rows(sheet)
    assert ("通信事業者", "たびモバイル株式会社") in rows(sheet)
    assert not sheet.signed
    assert "通訳" not in ja(sheet)


def test_the_text_for_a_mail_holds_everything() -> None:
    for letter in of_every_kind().values():
        text = letter.text()
        for part in (letter.title.ja, *letter.to, WANG.name, WANG.address, "記", "以上", "2026年11月22日"):
            assert part in text
        assert all(value in text for _, value in rows(letter))


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_every_sentence_has_a_meaning_in_the_reader_s_language(language: str) -> None:
    with override(language):
        for letter in of_every_kind().values():
            parts = [part for block in letter.body for part in block.parts]
            for part in (letter.title, *parts, *(row.label for row in letter.rows)):
                assert part.meaning
                assert "%(" not in part.meaning
                if language != "en":
                    assert re.search("[一-鿿]", part.meaning), part.meaning
    with override("zh-hans"):
        assert "2026年11月30日" in closing(WANG, LINE, dated=TODAY, end=date(2026, 11, 30)).body[1].parts[1].meaning


# As PDF ---------------------------------------------------------------------------------------------------------------


def drawn(data: dict[str, object]) -> list[str]:
    """What typst makes of the data, as it stands on the pages: an SVG names no text, so the document is asked."""
    source = files("tojimari.guide.words").joinpath("letter.typ").read_text("utf-8")
    asked = source + "\n#metadata((to: letter.to, rows: letter.rows, name: letter.sender)) <seen>\n"
    found = typst.query(
        asked.encode(),
        "<seen>",
        field="value",
        one=True,
        sys_inputs={"letter": json.dumps(data)},
        font_paths=typesetting.fonts(),
        ignore_system_fonts=True,
    )
    seen = json.loads(found)
    return [*seen["to"], *(cell for row in [*seen["rows"], *seen["name"]] for cell in row)]


@pytest.fixture(scope="module", autouse=True)
def _fonts_are_there() -> None:
    if not can_draw():
        pytest.skip("no Japanese font here; on Debian: apt-get install fonts-noto-cjk")


@pytest.mark.parametrize("name", of_every_kind())
@pytest.mark.parametrize("language", ["ja", "en", "zh-hans", "zh-hant"])
def test_every_letter_is_an_accessible_archival_file(name: str, language: str) -> None:
    with override(language):
        letter = of_every_kind()[name]
        alone, both = pdf(letter), pdf(letter, translated=True)
    for file in (alone, both):
        assert file.startswith(b"%PDF-")
        for mark in (
            b"<pdfaid:part>2</pdfaid:part>",
            b"<pdfuaid:part>1</pdfuaid:part>",
            b"/MarkInfo",
            b"/Lang(ja-JP)",
        ):
            assert mark in file
        assert letter.title.ja.encode() in file  # the title, in the metadata
    assert pages(both) == pages(alone) + (language != "ja")


def pages(file: bytes) -> int:
    return len(re.findall(rb"/Type/Page\b", file))


WEIRD = (
    '#panic("x")',
    '"); #read("/etc/passwd")',
    "#import sys: inputs",
    "$x^2$ *strong* _emph_ `raw` <label> @ref #x",
    "= heading",
    "// comment",
    "\\u{41}",
    "[content](x)",
    "{{ x }}{% x %}%(day)s{day}",
)


@pytest.mark.parametrize("typed", WEIRD)
def test_what_is_typed_is_text_and_never_a_program(typed: str) -> None:
    letter = closing(Sender(typed, typed), Contract(typed, plan=typed, number=typed), dated=TODAY)
    seen = drawn(documents._data(letter, translated=False))
    assert seen.count(typed) == 4
    assert pdf(letter).startswith(b"%PDF-")
    assert typed in letter.text()


@settings(max_examples=40)
@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=60))
def test_no_text_of_latin_letters_breaks_the_drawing(typed: str) -> None:
    assert pdf(closing(Sender(typed), Contract(typed), dated=TODAY))


def test_a_letter_that_no_font_has_is_refused_instead_of_shown_as_an_empty_box() -> None:
    with pytest.raises(NotDrawn):
        pdf(closing(Sender("\ue000"), LINE, dated=TODAY))


def test_without_a_japanese_font_nothing_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "JAPANESE", ("A font that nobody has",))
    assert not can_draw()
    with pytest.raises(NotDrawn):
        pdf(of_every_kind()["closing"])


# What is said aloud ---------------------------------------------------------------------------------------------------

_KANA = {
    **dict(zip("あいうえおん", ["a", "i", "u", "e", "o", "n"], strict=True)),
    **dict(zip("かきくけこ", ["ka", "ki", "ku", "ke", "ko"], strict=True)),
    **dict(zip("がぎぐげご", ["ga", "gi", "gu", "ge", "go"], strict=True)),
    **dict(zip("さしすせそ", ["sa", "shi", "su", "se", "so"], strict=True)),
    **dict(zip("ざじずぜぞ", ["za", "ji", "zu", "ze", "zo"], strict=True)),
    **dict(zip("たちつてと", ["ta", "chi", "tsu", "te", "to"], strict=True)),
    **dict(zip("だぢづでど", ["da", "ji", "zu", "de", "do"], strict=True)),
    **dict(zip("なにぬねの", ["na", "ni", "nu", "ne", "no"], strict=True)),
    **dict(zip("はひふへほ", ["ha", "hi", "fu", "he", "ho"], strict=True)),
    **dict(zip("ばびぶべぼ", ["ba", "bi", "bu", "be", "bo"], strict=True)),
    **dict(zip("ぱぴぷぺぽ", ["pa", "pi", "pu", "pe", "po"], strict=True)),
    **dict(zip("まみむめも", ["ma", "mi", "mu", "me", "mo"], strict=True)),
    **dict(zip("やゆよわを", ["ya", "yu", "yo", "wa", "o"], strict=True)),
    **dict(zip("らりるれろ", ["ra", "ri", "ru", "re", "ro"], strict=True)),
}
_SMALL = {"ゃ": "ya", "ゅ": "yu", "ょ": "yo"}
_PLAIN = str.maketrans("āīūēō", "aiueo")


def consonants(kana: str) -> str:
    """The reading in Latin letters without vowel lengths and particles' spelling, which romaji writes its own way."""
    hiragana = "".join(chr(ord(mark) - 0x60) if "ァ" <= mark <= "ヶ" else mark for mark in kana)
    latin = ""
    for mark in hiragana:
        if mark in _SMALL:
            latin = latin[:-1] + (_SMALL[mark][1:] if latin.endswith(("shi", "chi", "ji")) else _SMALL[mark])
        elif mark in _KANA:
            latin += _KANA[mark]
        elif mark == "っ":
            latin += "*"
        elif mark.isascii() and mark.isalpha():
            latin += mark.lower()
    latin = re.sub(r"\*(.)", r"\1\1", latin).replace("cch", "tch")
    return _skeleton(latin)


def _skeleton(latin: str) -> str:
    """Long and doubled vowels become one; the particle は is written wa, へ is e."""
    flat = re.sub("ou", "o", latin.lower().translate(_PLAIN))
    flat = re.sub(r"([aiueo])\1+", r"\1", re.sub("[^a-z]", "", flat))
    return re.sub("[hw](?=[aie])", "", flat)


def everything_said() -> list[Spoken]:
    said = [HELLO, calls.SLOWLY, calls.AGAIN, *calls.CLOSING, *calls.INTERPRETER.values(), calls.number_ends("0479")]
    said += [sentence for one in calls.HEARD for sentence in (one.said, one.answer)]
    for card in CARDS.values():
        said += [*card.says, *(question.asked for question in card.questions)]
    return list(dict.fromkeys(said))


@pytest.mark.parametrize("sentence", everything_said(), ids=lambda sentence: sentence.romaji[:40])
def test_the_latin_letters_say_what_the_kana_say(sentence: Spoken) -> None:
    assert _skeleton(sentence.romaji) == consonants(sentence.kana)


@pytest.mark.parametrize("sentence", everything_said(), ids=lambda sentence: sentence.romaji[:40])
def test_every_kanji_has_its_reading(sentence: Spoken) -> None:
    assert not re.search("[一-鿿々]", sentence.kana)
    assert "".join(text for text, _ in sentence.pieces) == sentence.ja


def test_a_number_is_said_so_that_it_is_not_misheard() -> None:
    assert digits_aloud("0479") == ("ゼロ、よん、なな、きゅう", "zero, yon, nana, kyū")


def test_every_question_can_be_answered_by_tapping_or_writing() -> None:
    for card in CARDS.values():
        ids = [question.id for question in card.questions]
        assert len(ids) == len(set(ids))
        for question in card.questions:
            assert question.options or question.write
            assert bool(question.write) == bool(question.written[0])
            values = [option.value for option in question.options]
            assert len(values) == len(set(values))
    assert {question.write for card in CARDS.values() for question in card.questions} == set(Write)


def test_who_reads_japanese_needs_no_interpreter() -> None:
    card = next(iter(CARDS.values()))
    assert calls._CHINESE not in calls.opening(card, "ja")
    assert calls.opening(card, "zh-hant")[1] == calls._CHINESE
    assert calls.opening(card, "en", "5678")[-1].romaji.endswith("go, roku, nana, hachi desu.")


def test_every_clause_takes_only_days() -> None:
    for name, clause in vars(clauses).items():
        if isinstance(clause, clauses.Clause):
            assert set(re.findall(r"\{(\w+)\}", clause.ja)) == set(re.findall(r"%\((\w+)\)s", str(clause.meaning))), (
                name
            )


def test_those_who_help_have_a_source_for_every_number() -> None:
    by_id = {office.id: office for office in offices()}
    assert list(by_id) == ["188", "tourists", "ministry"]
    assert by_id["ministry"].number_is_weak
    assert not by_id["tourists"].number_is_weak
    assert by_id["tourists"].source.published
    assert "zh" in by_id["tourists"].languages
