"""How does a resident get in without a code, and why can nobody else?

A passkey is a key pair that the person's device makes for one host name (W3C Web Authentication). The device signs a
challenge of ours after it has seen the person: by finger, face or PIN. Nothing that could be guessed, read along or
typed into a false page goes over the wire, so it counts as much as a fresh code. It belongs to the subscriber and not
to a line: a number that went off takes no passkey with it.

A challenge is made for one browser session, works once and for five minutes, and for the host and the purpose it was
made for alone. What the device says is checked by fido2; this module checks what is left to the site: the origin to the
letter, whose account it is, and the count of uses.
"""

from __future__ import annotations

import json
import secrets
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from fido2.cose import ES256, RS256, EdDSA
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestationConveyancePreference,
    AttestedCredentialData,
    AuthenticationResponse,
    AuthenticatorData,
    CollectedClientData,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialParameters,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from tojimari.codes.actions import take
from tojimari.codes.models import Passkey, PasskeyDeclined
from tojimari.lines.models import Subscriber
from tojimari.platform.acting import Refused
from tojimari.platform.keyed import keyed

log = structlog.get_logger(__name__)

CHALLENGE_LASTS = timedelta(minutes=5)
ASKED_FROM_ADDRESS = 30
"""How often an hour one internet address may ask to sign in by passkey: as often as it may ask for a code."""
MOST = 10
"""How many passkeys one subscriber may have."""
LONGEST_LABEL = 60
LONGEST_ANSWER = 20_000
"""Characters of what a device may answer; real answers have a few hundred."""

ADD, OPEN = "add", "open"
_VERIFIED = UserVerificationRequirement.REQUIRED
_ALGORITHMS = (ES256.ALGORITHM, EdDSA.ALGORITHM, RS256.ALGORITHM)
"""What every browser and device can do between them (WebAuthn level 3, 5.4)."""
# Whatever is sent here was made by somebody; these are the ways in which reading nonsense fails.
_NONSENSE = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    AssertionError,
    OverflowError,
    RecursionError,
    struct.error,
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passkey is used: the host name, and the origin as the browser must name it, scheme and port included."""

    host: str
    origin: str
    name: str
    """Whose site it is, in the reader's language; the device shows it."""


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a device is asked to sign, as it stands in the session of the browser that asked."""

    value: str
    purpose: str
    host: str
    expires_at: str
    """ISO, UTC."""
    subscriber: int = 0
    """Who adds a passkey; 0 where somebody signs in."""


def is_possible(host: str) -> bool:
    """Whether browsers take passkeys under this host name: they do for domain names, not for IP addresses."""
    return bool(host) and ":" not in host and not host.replace(".", "").isdigit()


def handle_of(carrier_id: int, subscriber_id: int) -> bytes:
    """Return the name under which a device keeps the account: always the same, and it tells nobody who it is."""
    return keyed("passkey-handle", f"{carrier_id}|{subscriber_id}")


def begin_adding(*, subscriber: Subscriber, place: Place, at: datetime) -> tuple[dict[str, Any], Challenge]:
    """Return what the browser is asked to make, as JSON, and the challenge to be kept in the session.

    Raises `Refused` with `passkey.too_many`.
    """
    known = list(Passkey.objects.filter(subscriber=subscriber))
    if len(known) >= MOST:
        raise Refused("passkey.too_many", most=MOST)
    options, state = _server(place).register_begin(
        PublicKeyCredentialUserEntity(
            id=handle_of(subscriber.carrier_id, subscriber.pk), name=subscriber.number, display_name=subscriber.name
        ),
        credentials=[
            PublicKeyCredentialDescriptor(type=PublicKeyCredentialType.PUBLIC_KEY, id=bytes(key.credential_id))
            for key in known
            if key.host == place.host
        ],
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=_VERIFIED,
        challenge=secrets.token_bytes(32),
    )
    return _for_browser(options), _challenge(state, ADD, place, at, subscriber.pk)


def add(
    *, subscriber: Subscriber, place: Place, challenge: Challenge | None, answer: str, label: str, at: datetime
) -> Passkey:
    """Keep the passkey that a device has just made. `answer` is the browser's RegistrationResponseJSON.

    The caller has made sure that the subscriber proved who they are a moment ago, and has forgotten the challenge.
    Raises `Refused`: `passkey.expired`, `passkey.not_accepted`, `passkey.known_already`, `passkey.too_many`.
    """
    state = _state(challenge, ADD, place, at, subscriber.pk)
    try:
        response = RegistrationResponse.from_dict(_read(answer))
        _refuse_frames(response.response.client_data)
        made: AuthenticatorData = _server(place).register_complete(state, response)
        credential = made.credential_data
        if credential is None or credential.public_key.get(3) not in _ALGORITHMS:
            raise ValueError("no key of a kind that we asked for")
    except _NONSENSE as error:
        log.warning("passkey.not_added", subscriber=subscriber.pk, why=repr(error)[:200])
        raise Refused("passkey.not_accepted") from error
    with transaction.atomic():
        Subscriber.objects.select_for_update().get(pk=subscriber.pk)  # two at a time cannot both be the last allowed
        if Passkey.objects.filter(subscriber=subscriber).count() >= MOST:
            raise Refused("passkey.too_many", most=MOST)
        return _kept(subscriber, place, credential, made.counter, label, at)


def _kept(
    subscriber: Subscriber, place: Place, credential: AttestedCredentialData, count: int, label: str, at: datetime
) -> Passkey:
    try:
        with transaction.atomic():
            return Passkey.objects.create(
                carrier_id=subscriber.carrier_id,
                subscriber=subscriber,
                host=place.host,
                credential_id=credential.credential_id,
                credential=bytes(credential),
                sign_count=count,
                label=" ".join(label.split())[:LONGEST_LABEL],
                created_at=at,
            )
    except IntegrityError as error:
        raise Refused("passkey.known_already") from error


def begin_opening(*, place: Place, address: str, at: datetime) -> tuple[dict[str, Any], Challenge]:
    """Return what the browser is asked to sign, as JSON, and the challenge to be kept in the session.

    It names no account: the device knows which passkeys it has for this host, so nobody learns who has one. `address`
    is the internet address that asks. Raises `Refused` with `passkey.asked_too_often`; the wait is in `minutes`.
    """
    take(f"passkey:{address}", ASKED_FROM_ADDRESS, at, refusal="passkey.asked_too_often")
    options, state = _server(place).authenticate_begin(user_verification=_VERIFIED, challenge=secrets.token_bytes(32))
    return _for_browser(options), _challenge(state, OPEN, place, at)


def opened_by(*, carrier_id: int, place: Place, challenge: Challenge | None, answer: str, at: datetime) -> Passkey:
    """Return the passkey that signed the challenge. `answer` is the browser's AuthenticationResponseJSON.

    The caller has forgotten the challenge. A passkey that is not known, was removed, or signed something else is
    refused in the same words: `passkey.not_accepted`. Also raises `Refused` with `passkey.expired`, and with
    `passkey.copied` where the device counts fewer uses than it did before (WebAuthn 6.1.1); such a passkey opens
    nothing any more.
    """
    state = _state(challenge, OPEN, place, at)
    with transaction.atomic(durable=True):
        try:
            response = AuthenticationResponse.from_dict(_read(answer))
            key = _signer(carrier_id, place, response, state)
        except _NONSENSE as error:
            log.warning("passkey.refused", why=repr(error)[:200])
            raise Refused("passkey.not_accepted") from error
        copied = not _counts_on(key, response.response.authenticator_data.counter, at)
    if copied:
        log.warning("passkey.copied", passkey=key.pk, subscriber=key.subscriber_id)
        raise Refused("passkey.copied")
    return key


def _signer(carrier_id: int, place: Place, response: AuthenticationResponse, state: Mapping[str, Any]) -> Passkey:
    """The passkey, under a row lock, whose key made the signature. Raises one of `_NONSENSE` if there is none."""
    _refuse_frames(response.response.client_data)
    found = Passkey.objects.select_for_update().filter(
        carrier_id=carrier_id, host=place.host, credential_id=response.raw_id
    )
    key = found.first()
    credentials = [AttestedCredentialData(bytes(key.credential))] if key is not None else []
    _server(place).authenticate_complete(state, credentials, response)
    if key is None:
        raise ValueError("unknown passkey")
    # The device must name the account, because we did not (WebAuthn 7.2, step 6).
    handle = response.response.user_handle or b""
    if not secrets.compare_digest(handle, handle_of(carrier_id, key.subscriber_id)):
        raise ValueError("the account is another one")
    return key


def _counts_on(key: Passkey, count: int, at: datetime) -> bool:
    """Note a use, or that the passkey must be doubted; say whether it may open anything."""
    if key.doubted_at is not None:
        return False
    if (count or key.sign_count) and count <= key.sign_count:
        key.doubted_at = at
        key.save(update_fields=["doubted_at"])
        return False
    key.sign_count, key.last_used_at = count, at
    key.save(update_fields=["sign_count", "last_used_at"])
    return True


def passkeys_of(subscriber_id: int) -> list[Passkey]:
    """Return a subscriber's passkeys, oldest first. One query."""
    return list(Passkey.objects.filter(subscriber_id=subscriber_id).order_by("created_at", "pk"))


def remove(*, subscriber_id: int, passkey_id: int) -> Passkey | None:
    """Remove a subscriber's passkey: it opens nothing from now on. Return what it was; None if it is not theirs."""
    with transaction.atomic():
        key = Passkey.objects.select_for_update().filter(pk=passkey_id, subscriber_id=subscriber_id).first()
        if key is not None:
            Passkey.objects.filter(pk=key.pk).delete()
        return key


def decline(*, subscriber: Subscriber, at: datetime) -> None:
    """Note that a subscriber wants no more offers of a passkey."""
    PasskeyDeclined.objects.bulk_create(
        [PasskeyDeclined(carrier_id=subscriber.carrier_id, subscriber=subscriber, declined_at=at)],
        ignore_conflicts=True,
    )


def how_it_stands(subscriber_id: int) -> str:
    """Return "has" for somebody who has a passkey, "declined" for who wants none, else "open". One query."""
    mine = {"subscriber": OuterRef("pk")}
    row = (
        Subscriber.objects.filter(pk=subscriber_id)
        .values_list(Exists(Passkey.objects.filter(**mine)), Exists(PasskeyDeclined.objects.filter(**mine)))
        .first()
    )
    has, declined = row or (False, True)
    return "has" if has else "declined" if declined else "open"


def _server(place: Place) -> Fido2Server:
    server = Fido2Server(
        PublicKeyCredentialRpEntity(name=place.name, id=place.host),
        attestation=AttestationConveyancePreference.NONE,
        # To the letter: fido2 itself would take subdomains too.
        verify_origin=lambda origin: origin == place.origin,
    )
    server.allowed_algorithms = [
        PublicKeyCredentialParameters(type=PublicKeyCredentialType.PUBLIC_KEY, alg=algorithm)
        for algorithm in _ALGORITHMS
    ]
    return server


def _for_browser(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options as JSON, with the time (ms) after which the browser need not wait any more."""
    return {"publicKey": dict(options["publicKey"]) | {"timeout": int(CHALLENGE_LASTS.total_seconds() * 1000)}}


def _challenge(state: Mapping[str, Any], purpose: str, place: Place, at: datetime, subscriber_id: int = 0) -> Challenge:
    return Challenge(state["challenge"], purpose, place.host, (at + CHALLENGE_LASTS).isoformat(), subscriber_id)


def _state(
    challenge: Challenge | None, purpose: str, place: Place, at: datetime, subscriber_id: int = 0
) -> dict[str, Any]:
    """What fido2 compares the answer with. Raises `Refused` where nothing was asked that this could answer."""
    if challenge is None or at > datetime.fromisoformat(challenge.expires_at):
        raise Refused("passkey.expired")
    if (challenge.purpose, challenge.host, challenge.subscriber) != (purpose, place.host, subscriber_id):
        raise Refused("passkey.expired")
    return {"challenge": challenge.value, "user_verification": _VERIFIED}


_PARTS = ("clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle")
"""What is read of a response (WebAuthn 5.1, AuthenticatorResponse as JSON); all of it is base64url."""


def _read(answer: str) -> Mapping[str, Any]:
    if len(answer) > LONGEST_ANSWER:
        raise ValueError("too long for an answer")
    read = json.loads(answer)
    if not isinstance(read, dict) or not isinstance(inner := read.get("response"), dict):
        raise ValueError("not an answer")
    outer = {name: read[name] for name in ("id", "rawId", "type") if name in read}
    parts = {name: inner[name] for name in _PARTS if inner.get(name) is not None}
    # The library makes bytes of what it finds there, and of a large number gigabytes of zeros.
    if not all(isinstance(text, str) for text in (*outer.values(), *parts.values())):
        raise ValueError("no text where bytes are written as text")
    return {**outer, "response": parts}


def _refuse_frames(client_data: CollectedClientData) -> None:
    """Our pages stand in nobody's frame, so no passkey is ever used across origins."""
    if client_data.cross_origin:
        raise ValueError("used across origins")
