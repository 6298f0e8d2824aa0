"""Does the directory still say what was gathered, and does each fact have its source?"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.guide import frozen
from tojimari.guide.ages import first_day, is_old, last_day
from tojimari.guide.directory import Unsound, carriers, read
from tojimari.guide.facts import (
    CarrierFacts,
    CarrierKind,
    Closing,
    Domains,
    EarlyFee,
    Hotline,
    LineKind,
    Obsolete,
    Said,
    Source,
    SourceKind,
)
from tojimari.guide.opening import Open, Span
from tojimari.guide.rules_entries import by_language, texts
from tojimari.guide.writing import write
from tojimari.rules.cutoffs import to_toml


def test_there_are_all_carriers_and_entries() -> None:
    assert len(carriers()) == 42
    assert sum(len(facts.closing) for facts in carriers().values()) == 50
    assert sum(1 for facts in carriers().values() if facts.closing) == 37
    assert sum(1 for facts in carriers().values() if facts.kind is CarrierKind.HOME_CARRIER) == 9


def test_every_entry_says_what_was_gathered() -> None:
    now = {f"{facts.id}/{each.id}": _line(facts.id, each) for facts in carriers().values() for each in facts.closing}
    kept = {line.split()[0]: line for line in frozen.ENTRIES.strip().splitlines()}
    assert now == kept


def _line(carrier: str, closing: Closing) -> str:
    facts = carriers()[carrier]
    cutoff = ":".join(str(part) for part in to_toml(closing.cutoff).values()) if closing.cutoff else "-"
    return " ".join(
        [
            f"{carrier}/{closing.id}",
            "+".join(closing.line_kinds),
            "+".join(closing.channels) or "-",
            closing.effective or "-",
            cutoff,
            closing.month_charge or "-",
            "-" if closing.fee_jpy is None else str(closing.fee_jpy),
            closing.sim_return or "-",
            closing.appointment or "-",
            f"{facts.sources[closing.source].kind} {facts.confidence_of(closing)}",
        ]
    )


def test_every_hotline_is_there() -> None:
    now = {
        f"{facts.id} {line.number.replace(' ', '_')} {line.reached_from} {facts.confidence_of(line)}"
        for facts in carriers().values()
        for line in facts.hotline
    }
    kept = set(frozen.HOTLINES.strip().splitlines())
    assert len(kept) == 21
    assert kept <= now
    # Numbers that the sources name in a text beside another one: five of au, one of BIGLOBE, one of Chunghwa.
    assert len(now) == 28


def test_the_two_truths_are_told_apart() -> None:
    kinds = [facts.sources[each.source].kind for facts in carriers().values() for each in facts.closing]
    assert [kinds.count(kind) for kind in SourceKind] == [28, 4, 18]
    docomo = carriers()["docomo"]
    told = {docomo.sources[said.source or docomo.closing[0].source].published for said in docomo.closing[0].said}
    assert told == {True, False}


def test_ways_that_the_carrier_publishes_come_first() -> None:
    ways = carriers()["docomo"].ways(LineKind.PHYSICAL_SIM)
    assert [each.id for each in ways] == ["web-or-shop", "web-account", "shop"]


def test_every_file_is_written_in_the_usual_form_and_reads_back_the_same() -> None:
    for name, facts in carriers().items():
        assert read(f"{name}.toml", write(facts)) == facts


def test_every_text_speaks_four_languages() -> None:
    all_texts = [text for facts in carriers().values() for _, text in texts(facts)]
    assert len(all_texts) > 180
    assert all(said for text in all_texts for _, said in by_language(text))


@pytest.mark.parametrize("text", ["", "id = 'x'", "id = ", 'id = "x"\nkind = "mno"\nnonsense = 1\n'])
def test_a_file_that_is_not_in_order_is_named(text: str) -> None:
    with pytest.raises(Unsound, match=r"^some\.toml: "):
        read("some.toml", text)


def test_the_id_is_the_name_of_the_file() -> None:
    with pytest.raises(Unsound, match="the id inside is att"):
        read("verizon.toml", write(carriers()["att"]))


def test_no_page_is_read_that_is_not_the_carriers_own() -> None:
    text = write(carriers()["docomo"]).replace(
        "https://www.docomo.ne.jp/support/cancel/", "https://docomo.example.info/"
    )
    with pytest.raises(Unsound, match=r"^docomo\.toml: closing\..*docomo\.example\.info is not among"):
        read("docomo.toml", text)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-06-06", date(2026, 6, 6), date(2026, 6, 6)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-13", None, None),
        ("June", None, None),
    ],
)
def test_a_date_is_as_exact_as_its_source(text: str, first: date | None, last: date | None) -> None:
    assert (first_day(text), last_day(text)) == (first, last)


@pytest.mark.parametrize(
    ("read_on", "today", "old"),
    [
        ("2026-09", date(2027, 9, 30), False),
        ("2026-09", date(2027, 10, 1), True),
        ("2026-09-05", date(2027, 9, 5), False),
        ("2026-09-05", date(2027, 9, 6), True),
        ("2026-02-28", date(2027, 2, 28), False),
        ("", date(2026, 1, 1), True),
    ],
)
def test_what_nobody_read_for_a_year_is_old(read_on: str, today: date, old: bool) -> None:
    source = Source.model_validate(
        {"url": "https://a.example/", "kind": "official", "confidence": "high", "read_on": read_on}
    )
    assert is_old(source, today) is old


def test_every_key_of_a_file_is_explained() -> None:
    page = (Path(__file__).parents[2] / "docs/contributors/directory.md").read_text("utf-8")
    shapes = (CarrierFacts, Source, Domains, Hotline, Closing, EarlyFee, Open, Span, Said, Obsolete)
    keys = {field.alias or name for shape in shapes for name, field in shape.model_fields.items()}
    assert [key for key in sorted(keys) if f"`{key}`" not in page] == []
