"""Can a carrier say our messages in words of its own, without leaving out what must be said or stopping a message?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pytest_django import DjangoAssertNumQueries
from structlog.testing import capture_logs

from tojimari.lines.changes import history, record
from tojimari.lines.models import Carrier
from tojimari.messages import own_texts, texts
from tojimari.messages.actions import Letter, put, put_many
from tojimari.messages.examples import EXAMPLES, example
from tojimari.messages.models import MessageKind
from tojimari.messages.own_texts import BY_SMS, LANGUAGES, Own, check, keep, needed, said, standard
from tojimari.messages.texts import Written
from tojimari.platform.acting import Acting, Refused, Role
from tojimari.platform.database.scope import carrier_scope, every_carrier

AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
ADMIN = Acting(Role.STAFF, "7", "鈴木 花子")
HOSTS = ("tabi.example",)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", EXAMPLES)
def test_every_standard_text_is_itself_an_own_text_that_may_be_kept(name: str, language: str) -> None:
    own = standard(name, language)
    assert check(name, own, HOSTS) == []
    text = example(name, language, "Tabi")
    again = said(text, own)
    assert (again.subject, again.body) == (text.subject, text.body)


@pytest.mark.parametrize("name", sorted(set(EXAMPLES) - BY_SMS))
def test_whatever_is_written_the_last_line_says_how_to_check_it(name: str) -> None:
    own = Own("Hello", " ".join("{" + hole + "}" for hole in sorted(needed(name))))
    body = said(example(name, "en", "Tabi"), own).body
    assert body.endswith("Is this mail really from us? See for yourself: {{genuine}}\n")


def test_a_simulated_network_is_said_before_the_carriers_own_words() -> None:
    about = texts.About("TJ-1", "Tabi", "line", "…5678", "…0010", simulated=True)
    body = said(texts.withdrawn("en", about), Own("Hi {reference}", "Back: {line} {link}")).body
    assert body.startswith("The network is simulated here: no real line was touched.\n\nBack: the line …5678")


RECEIPT, SAVED_CODE = standard("receipt", "en"), standard("help_saved_code", "en")


@pytest.mark.parametrize(
    ("name", "own", "found"),
    [
        ("receipt", replace(RECEIPT, body=RECEIPT.body + "\n{refrence}"), ("body", "unknown", "refrence")),
        ("receipt", replace(RECEIPT, body=RECEIPT.body + "\n{reference"), ("body", "brace", "")),
        ("receipt", replace(RECEIPT, body=RECEIPT.body.replace("{ends}", "")), ("body", "missing", "ends")),
        ("receipt", replace(RECEIPT, body=RECEIPT.body.replace("{not_yet}", "")), ("body", "missing", "not_yet")),
        ("receipt", replace(RECEIPT, body=RECEIPT.body + "\ntabi-close.example/x"), ("body", "address", "tabi-close")),
        ("receipt", replace(RECEIPT, body=RECEIPT.body + "\nhttps://bit.ly/1"), ("body", "address", "bit.ly")),
        ("receipt", replace(RECEIPT, body=RECEIPT.body + "\nx@evil.example"), ("body", "address", "evil.example")),
        ("receipt", replace(RECEIPT, body=RECEIPT.body + "\x07"), ("body", "control", "")),
        ("receipt", replace(RECEIPT, body=""), ("body", "empty", "")),
        ("receipt", replace(RECEIPT, subject=""), ("subject", "empty", "")),
        ("receipt", replace(RECEIPT, subject="x" * 151), ("subject", "long", "150")),
        ("receipt", replace(RECEIPT, body=RECEIPT.body + "x" * 4000), ("body", "long", "4000")),
        ("code", replace(standard("code", "en"), subject="{code}"), ("subject", "secret", "code")),
        ("call_code", replace(standard("call_code", "en"), subject="{code}"), ("subject", "secret", "code")),
        ("call_code", replace(standard("call_code", "en"), body="{code} {time}"), ("body", "missing", "hang_up")),
        (
            "help_saved_code",
            replace(standard("help_saved_code", "en"), subject="{code}"),
            ("subject", "secret", "code"),
        ),
        ("call_taken_by_sms", Own("Hello", "{reference} {time} {link}"), ("subject", "no_subject", "")),
        ("code_by_sms", Own("Hello", "{code} {time}"), ("subject", "no_subject", "")),
        ("code_by_sms", Own("", "{code} {time}" + "x" * 160), ("body", "long", "160")),
    ],
)
def test_what_is_wrong_is_found_with_its_place(name: str, own: Own, found: tuple[str, str, str]) -> None:
    field, code, fact = found
    problems = check(name, own, HOSTS)
    hits = [one for one in problems if (one.field, one.code) == (field, code) and one.fact.startswith(fact)]
    assert hits
    if code in ("unknown", "brace", "address", "control"):
        assert hits[0].row == own.body.count("\n") + 1


def test_the_reference_may_stand_in_the_subject_or_in_the_body_but_somewhere_it_must() -> None:
    without = Own(RECEIPT.subject, RECEIPT.body.replace("{reference}", ""))
    assert check("receipt", without, HOSTS) == []
    nowhere = replace(without, subject="We have it")
    assert [(one.code, one.fact) for one in check("receipt", nowhere, HOSTS)] == [("missing", "reference")]


def test_addresses_of_the_carriers_own_may_stand_in_a_text() -> None:
    own = replace(RECEIPT, body=RECEIPT.body + "\nhttps://www.tabi.example/help help@tabi.example")
    assert check("receipt", own, HOSTS) == []


def test_what_is_filled_in_is_not_looked_at_for_placeholders() -> None:
    about = texts.About("TJ-1", "{line}", "line", "…5678", "…0010")
    text = said(texts.withdrawn("en", about), Own("{reference}", "{carrier}: {line} {link}"))
    assert "{line}: the line …5678" in text.body


def withdrawn(carrier: Carrier, language: str = "en") -> Letter:
    about = texts.About("TJ-1", "Tabi", "line", "…5678", "…0010")
    return Letter(carrier.pk, MessageKind.EMAIL, "wang@mail.example", texts.withdrawn(language, about))


def own_words(carrier: Carrier, seen: int = 0) -> None:
    own = Own("Welcome back ({reference})", "Your {line} stays.\n\n{link}")
    keep(carrier=carrier, name="withdrawn", language="en", own=own, seen=seen, acting=ADMIN, at=AT)


def test_an_own_text_is_sent_in_its_language_and_by_its_carrier_alone(tabi: Carrier, tonari: Carrier) -> None:
    with every_carrier():
        own_words(tabi)
        assert put(withdrawn(tabi), at=AT).subject == "Welcome back (TJ-1)"
        assert put(withdrawn(tabi, "ja"), at=AT).subject == example("withdrawn", "ja", "").subject.replace(
            "TJ-0000-0000", "TJ-1"
        )
        assert put(withdrawn(tonari), at=AT).subject == "Your request was taken back (TJ-1)"


def test_own_words_of_many_letters_take_one_query(
    tabi: Carrier, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with every_carrier():
        own_words(tabi)
        pairs: list[tuple[int, Written]] = [(tabi.pk, withdrawn(tabi).written)] * 200
        with django_assert_num_queries(1):
            assert {text.subject for text in own_texts.in_own_words(pairs)} == {"Welcome back (TJ-1)"}
        plain: list[tuple[int, Written]] = [(tabi.pk, Written("en", "Hello", "Text\n"))]
        with django_assert_num_queries(0):
            own_texts.in_own_words(plain)


@pytest.mark.parametrize("broken", ["{gone} {reference} {line} {link}", "no facts at all", "{", "x"])
def test_a_broken_own_text_stops_no_message(tabi: Carrier, broken: str) -> None:
    with every_carrier():
        setting = own_texts.setting("withdrawn", "en")
        record(carrier=tabi, setting=setting, before="", after=f"Hello\n\n{broken}", seen=0, acting=ADMIN, at=AT)
        with capture_logs() as logs:
            assert put_many([withdrawn(tabi)], at=AT) == 1
            assert put(withdrawn(tabi), at=AT).subject == "Your request was taken back (TJ-1)"
    assert {(entry["event"], entry["text"]) for entry in logs} == {("message.own_text_broken", "withdrawn")}


def test_a_wrong_text_is_not_kept_and_one_can_go_back(tabi: Carrier) -> None:
    with carrier_scope(tabi.pk):
        with pytest.raises(Refused) as refused:
            keep(carrier=tabi, name="withdrawn", language="en", own=Own("x", "y"), seen=0, acting=ADMIN, at=AT)
        assert refused.value.code == "message.text_wrong"
        own_words(tabi)
        with pytest.raises(Refused) as refused:
            keep(carrier=tabi, name="withdrawn", language="en", own=None, seen=0, acting=ADMIN, at=AT)
        assert refused.value.code == "settings.changed"
        seen = history(tabi.pk, "text.withdrawn.en")[0].pk
        assert keep(carrier=tabi, name="withdrawn", language="en", own=None, seen=seen, acting=ADMIN, at=AT)
        assert put(withdrawn(tabi), at=AT).subject == "Your request was taken back (TJ-1)"
        assert keep(carrier=tabi, name="withdrawn", language="en", own=None, seen=seen, acting=ADMIN, at=AT) is None
