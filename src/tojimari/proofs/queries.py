"""What do people take home as proof?"""

from __future__ import annotations

import json
from base64 import b64encode, urlsafe_b64decode
from collections.abc import Mapping
from datetime import date
from typing import Any

from tojimari.proofs.chain import utc_text
from tojimari.proofs.formats import FORMAT_1
from tojimari.proofs.merkle import BLOCK, path_to
from tojimari.proofs.models import Addendum, Block, Certificate, Event, Leaf, Root


def bundle(reference: str) -> dict[str, Any]:
    """Return the file for one case: its certificate and exactly the entries of its history that the certificate signs.

    Entries that came later (that it was issued, that the case is complete) are not in it: nothing would vouch for them.
    Where something was told later that the certificate could not say, an addendum vouches for the entries up to that.
    From the day after on it shows in which day's published root it is, with the time stamp if there is one.
    Raises `Certificate.DoesNotExist` while there is none. Seven queries at most.
    """
    certificate = Certificate.objects.get(reference=reference)
    signed = statement(certificate.jws)
    events = Event.objects.filter(case_id=certificate.case_id, number__lte=signed["chain"]["events"]).order_by("number")
    file = {
        "format": signed["format"],
        "certificate": certificate.jws,
        "events": [_entry(event) for event in events],
    }
    if signed["format"] == FORMAT_1:
        return file
    more = {"addendum": addendum(certificate.case_id, signed), "inclusion": inclusion(certificate.case_id)}
    return file | {name: found for name, found in more.items() if found is not None}


def _entry(event: Event) -> dict[str, Any]:
    return {
        "reference": event.reference,
        "number": event.number,
        "at": utc_text(event.at),
        "name": event.name,
        "actor": event.actor,
        "data": event.data,
        "prev": bytes(event.prev).hex(),
        "hash": bytes(event.hash).hex(),
    }


def addendum(case_id: int, signed: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the newest addendum to a certificate that says `signed`, with the entries between; None without one.

    Two queries at most. What a third party signed is in it until it is wiped; the addendum keeps its SHA-256.
    """
    newest = Addendum.objects.filter(case_id=case_id).order_by("-events").first()
    if newest is None:
        return None
    events = Event.objects.filter(case_id=case_id, number__gt=signed["chain"]["events"], number__lte=newest.events)
    file = {"addendum": newest.jws, "events": [_entry(event) for event in events.order_by("number")]}
    return {**file, "notice": b64encode(bytes(newest.notice)).decode()} if newest.notice else file


def inclusion(case_id: int) -> dict[str, Any] | None:
    """Return the way from a case's certificate to the root of the first day that has it; None before that day is over.

    Three queries at most, whatever the size of the tree.
    """
    leaf = (
        Leaf.objects.filter(case_id=case_id)
        .exclude(certificate=b"")
        .select_related("root__stamp")
        .order_by("root__number")
        .first()
    )
    if leaf is None:
        return None
    number, place = divmod(leaf.index, BLOCK)
    beside = bytes(Block.objects.get(root_id=leaf.root_id, number=number).hashes)
    hashes = [beside[at : at + 32] for at in range(0, len(beside), 32)]
    tops = Block.objects.filter(root_id=leaf.root_id).order_by("number").values_list("hash", flat=True)
    path = path_to(place, hashes) + path_to(number, [bytes(top) for top in tops])
    return {
        "leaf": {
            "certificate": bytes(leaf.certificate).hex(),
            "events": leaf.events,
            "head": bytes(leaf.head).hex(),
            "salt": bytes(leaf.salt).hex(),
        },
        "index": leaf.index,
        "path": [one.hex() for one in path],
        **published_root(leaf.root),
    }


def published_root(root: Root) -> dict[str, str]:
    """Return a root as anybody may have it: its signed statement, and the time stamp if there is one."""
    stamp = getattr(root, "stamp", None)
    return {"root": root.jws} | ({"stamp": b64encode(bytes(stamp.answer)).decode()} if stamp is not None else {})


def roots(before: date | None = None) -> list[Root]:
    """Return the newest roots, newest first, a year of them at most; only those of days before `before`, if given."""
    found = Root.objects.select_related("stamp").order_by("-number")
    return list((found if before is None else found.filter(day__lt=before))[:366])


def root_of_day(day: date) -> Root | None:
    """Return the root of a day in Japan, if there is one."""
    return Root.objects.select_related("stamp").filter(day=day).first()


def statement(jws: str) -> dict[str, Any]:
    """Return what one of our own stored certificates says. A file from outside is for `verification`, which checks."""
    body = jws.split(".")[1]
    said: dict[str, Any] = json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return said
