"""Does a passkey open its own account, at its own host, once for each challenge, and nothing else?"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import Any

import pytest
from fido2.utils import websafe_encode
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from tests.support.authenticator import PRESENT, Phone, challenge_in
from tojimari.codes import passkeys, words
from tojimari.codes.models import Passkey
from tojimari.codes.passkeys import ASKED_FROM_ADDRESS, MOST, Place
from tojimari.lines.models import Carrier, Subscriber
from tojimari.platform.acting import Refused
from tojimari.platform.database.scope import carrier_scope

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_worker")]

AT = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HERE = Place("tabi.example", "https://tabi.example", "Tabi Mobile")


def kept(subscriber: Subscriber, phone: Phone, *, place: Place = HERE, at: datetime = AT, label: str = "") -> Passkey:
    options, challenge = passkeys.begin_adding(subscriber=subscriber, place=place, at=at)
    answer = phone.makes(options)
    return passkeys.add(
        subscriber=subscriber, place=place, challenge=challenge, answer=answer, label=label, at=at + MINUTE
    )


def opened(carrier: Carrier, phone: Phone, *, place: Place = HERE, at: datetime = AT, **more: Any) -> Passkey:
    options, challenge = passkeys.begin_opening(place=place, address="", at=at)
    facts: dict[str, Any] = {"challenge": challenge, "answer": phone.signs(options), "at": at + MINUTE} | more
    return passkeys.opened_by(carrier_id=carrier.pk, place=place, **facts)


def refused(code: str, act: Any, *given: Any, **more: Any) -> None:
    with pytest.raises(Refused) as caught:
        act(*given, **more)
    assert caught.value.code == code
    assert caught.value.code in words.REASONS


def test_opens_the_account_of_whoever_made_it(tabi: Carrier, wang: Subscriber) -> None:
    phone = Phone()
    key = kept(wang, phone, label="  my \n phone ")
    assert key.label == "my phone"
    assert opened(tabi, phone, at=AT + timedelta(days=400)).subscriber_id == wang.pk
    key.refresh_from_db()
    assert key.last_used_at == AT + timedelta(days=400) + MINUTE


def test_asks_the_device_to_see_the_person_and_for_nothing_that_tells_who_they_are(wang: Subscriber) -> None:
    phone = Phone()
    kept(wang, phone)
    making, _ = passkeys.begin_adding(subscriber=wang, place=HERE, at=AT)
    asked = making["publicKey"]
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert asked["authenticatorSelection"]["residentKey"] == "preferred"
    assert asked["attestation"] == "none"
    assert asked["rp"] == {"id": "tabi.example", "name": "Tabi Mobile"}
    assert [known["id"] for known in asked["excludeCredentials"]] == [websafe_encode(phone.credential_id)]
    signing, _ = passkeys.begin_opening(place=HERE, address="", at=AT)
    assert signing["publicKey"]["userVerification"] == "required"
    assert "allowCredentials" not in signing["publicKey"]
    assert challenge_in(signing) != challenge_in(passkeys.begin_opening(place=HERE, address="", at=AT)[0])
    assert len(challenge_in(signing)) == 32


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://tabi.example.evil.example"},
        {"origin": "https://sub.tabi.example"},
        {"origin": "http://tabi.example"},
        {"origin": "https://tabi.example:444"},
        {"host": "tonari.example"},
        {"flags": PRESENT},
        {"flags": 0},
        {"cross_origin": True},
        {"challenge": websafe_encode(bytes(32))},
    ],
    ids=str,
)
def test_a_wrong_origin_host_challenge_or_unseen_person_adds_and_opens_nothing(
    tabi: Carrier, wang: Subscriber, wrong: dict[str, Any]
) -> None:
    refused("passkey.not_accepted", kept, wang, Phone(**wrong))
    assert not Passkey.objects.exists()
    good = Phone()
    kept(wang, good)
    refused("passkey.not_accepted", opened, tabi, replace(good, **wrong))
    assert opened(tabi, good).subscriber_id == wang.pk


def test_another_key_another_account_or_an_unknown_passkey_look_the_same(
    tabi: Carrier, wang: Subscriber, tanaka: Subscriber
) -> None:
    phone = Phone()
    kept(wang, phone)
    other = Phone()
    kept(tanaka, other)
    for liar in (
        replace(phone, key=other.key),
        replace(phone, handle=other.handle),
        replace(phone, handle=""),
        replace(phone, credential_id=b"nobody's"),
    ):
        refused("passkey.not_accepted", opened, tabi, liar)


def test_an_answer_is_good_for_one_challenge_in_five_minutes_and_for_its_purpose(
    tabi: Carrier, wang: Subscriber
) -> None:
    phone = Phone()
    kept(wang, phone)
    options, challenge = passkeys.begin_opening(place=HERE, address="", at=AT)
    answer = phone.signs(options)
    refused("passkey.not_accepted", opened, tabi, phone, answer=answer)  # replayed to the next challenge
    refused("passkey.expired", opened, tabi, phone, challenge=None)
    late = {"challenge": challenge, "answer": answer, "at": AT + timedelta(minutes=5, seconds=1)}
    refused("passkey.expired", opened, tabi, phone, **late)
    _, for_adding = passkeys.begin_adding(subscriber=wang, place=HERE, at=AT)
    refused("passkey.expired", opened, tabi, phone, challenge=for_adding)
    elsewhere = replace(challenge, host="tonari.example")
    refused("passkey.expired", opened, tabi, phone, challenge=elsewhere, answer=answer)


def test_a_challenge_made_for_one_subscriber_adds_nothing_to_another(wang: Subscriber, tanaka: Subscriber) -> None:
    options, challenge = passkeys.begin_adding(subscriber=wang, place=HERE, at=AT)
    facts = {"place": HERE, "challenge": challenge, "answer": Phone().makes(options), "label": "", "at": AT}
    refused("passkey.expired", passkeys.add, subscriber=tanaka, **facts)
    _, for_opening = passkeys.begin_opening(place=HERE, address="", at=AT)
    refused("passkey.expired", passkeys.add, subscriber=wang, **facts | {"challenge": for_opening})


def test_a_count_that_goes_back_is_refused_noted_and_ends_the_passkey(tabi: Carrier, wang: Subscriber) -> None:
    phone = Phone(count=7)
    key = kept(wang, phone)
    assert opened(tabi, phone).sign_count == 8
    copy = replace(phone, count=2)
    refused("passkey.copied", opened, tabi, copy)
    key.refresh_from_db()
    assert key.doubted_at == AT + MINUTE
    assert key.sign_count == 8
    refused("passkey.copied", opened, tabi, phone)


def test_a_device_that_counts_nothing_may_go_on_so_but_not_begin_again(tabi: Carrier, wang: Subscriber) -> None:
    silent, counting = Phone(), Phone(count=3)
    kept(wang, silent)
    assert opened(tabi, silent).pk == opened(tabi, silent).pk
    kept(wang, counting)
    refused("passkey.copied", opened, tabi, replace(counting, count=0))


def test_a_removed_passkey_opens_nothing_and_only_its_owner_removes_it(
    tabi: Carrier, wang: Subscriber, tanaka: Subscriber
) -> None:
    phone = Phone()
    key = kept(wang, phone)
    assert passkeys.remove(subscriber_id=tanaka.pk, passkey_id=key.pk) is None
    assert passkeys.passkeys_of(wang.pk) == [key]
    removed = passkeys.remove(subscriber_id=wang.pk, passkey_id=key.pk)
    assert removed is not None
    assert passkeys.remove(subscriber_id=wang.pk, passkey_id=key.pk) is None
    refused("passkey.not_accepted", opened, tabi, phone)


def test_the_same_passkey_is_kept_once_and_nobody_has_too_many(wang: Subscriber, tanaka: Subscriber) -> None:
    phone = Phone()
    kept(wang, phone)
    refused("passkey.known_already", kept, wang, phone)
    refused("passkey.known_already", kept, tanaka, phone)
    begun, challenge = passkeys.begin_adding(subscriber=wang, place=HERE, at=AT)
    for _ in range(MOST - 1):
        kept(wang, Phone())
    refused("passkey.too_many", kept, wang, Phone())
    last = {"challenge": challenge, "answer": Phone().makes(begun), "label": "", "at": AT}
    refused("passkey.too_many", passkeys.add, subscriber=wang, place=HERE, **last)
    assert len(passkeys.passkeys_of(wang.pk)) == MOST


def test_a_passkey_of_one_carrier_is_nothing_at_another(tabi: Carrier, tonari: Carrier, wang: Subscriber) -> None:
    phone = Phone()
    kept(wang, phone)
    with carrier_scope(tonari.pk):
        assert not Passkey.objects.exists()
        refused("passkey.not_accepted", opened, tonari, phone)
    there = Place("tonari.example", "https://tonari.example", "Tonari Telecom")
    refused("passkey.not_accepted", opened, tabi, replace(phone, host=there.host, origin=there.origin), place=there)


def test_an_address_may_ask_so_often_and_no_more() -> None:
    for _ in range(ASKED_FROM_ADDRESS):
        passkeys.begin_opening(place=HERE, address="192.0.2.7", at=AT)
    with pytest.raises(Refused, match=r"passkey\.asked_too_often") as caught:
        passkeys.begin_opening(place=HERE, address="192.0.2.7", at=AT)
    assert caught.value.facts["minutes"] == 2
    passkeys.begin_opening(place=HERE, address="192.0.2.8", at=AT)


def test_who_declined_is_asked_no_more_and_may_still_have_one(wang: Subscriber) -> None:
    assert passkeys.how_it_stands(wang.pk) == "open"
    passkeys.decline(subscriber=wang, at=AT)
    passkeys.decline(subscriber=wang, at=AT)
    assert passkeys.how_it_stands(wang.pk) == "declined"
    kept(wang, Phone())
    assert passkeys.how_it_stands(wang.pk) == "has"


def test_browsers_take_passkeys_under_names_and_not_under_addresses() -> None:
    assert passkeys.is_possible("tabi.example")
    assert passkeys.is_possible("localhost")
    assert not any(passkeys.is_possible(host) for host in ("127.0.0.1", "::1", ""))


PARTS = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle", "rawId", "response"]
ANYTHING = some.one_of(
    some.none(),
    some.integers(),
    some.lists(some.text(max_size=3), max_size=2),
    some.text(max_size=40),
    some.binary(max_size=200).map(websafe_encode),
)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(part=some.sampled_from(PARTS), put=ANYTHING, signed=some.booleans(), whole=some.none() | some.text(max_size=40))
def test_whatever_is_sent_is_refused_and_never_breaks(
    tabi: Carrier, wang: Subscriber, part: str, put: object, *, signed: bool, whole: str | None
) -> None:
    making, adding = passkeys.begin_adding(subscriber=wang, place=HERE, at=AT)
    signing, opening = passkeys.begin_opening(place=HERE, address=token_hex(8), at=AT)
    phone = Phone(handle=websafe_encode(b"nobody's"))
    read = json.loads(phone.signs(signing) if signed else phone.makes(making))
    inside = part in read["response"]
    spoilt = read | {"response": read["response"] | {part: put}} if inside else read | {part: put}
    answer = json.dumps(spoilt) if whole is None else whole
    facts = {"place": HERE, "answer": answer, "at": AT}
    refused("passkey.not_accepted", passkeys.opened_by, carrier_id=tabi.pk, challenge=opening, **facts)
    if signed or part in ("clientDataJSON", "attestationObject", "rawId", "response") or whole is not None:
        refused("passkey.not_accepted", passkeys.add, subscriber=wang, challenge=adding, label="", **facts)


@pytest.mark.parametrize("answer", ["[" * 30_000, "[" * 19_000, "1" * 15_000, "\x00", ""], ids=lambda text: text[:3])
def test_long_and_deep_answers_break_nothing_either(wang: Subscriber, answer: str) -> None:
    _, challenge = passkeys.begin_adding(subscriber=wang, place=HERE, at=AT)
    more = {"place": HERE, "answer": answer, "challenge": challenge, "label": "", "at": AT}
    refused("passkey.not_accepted", passkeys.add, subscriber=wang, **more)
