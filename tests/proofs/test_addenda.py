"""What was told after the certificate: is it signed, bound to its own certificate, and refused when it was changed?"""

from __future__ import annotations

import base64
import copy
import json
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest

from tests.certified import REFERENCE, Kept, certified
from tests.proofs.test_alone import is_valid
from tests.works import CLAIMED_AT
from tojimari.lines.models import Line
from tojimari.proofs import keys
from tojimari.proofs.actions import NewEvent, append
from tojimari.proofs.later import add_to_certificate
from tojimari.proofs.models import Addendum, Event
from tojimari.proofs.queries import bundle
from tojimari.proofs.verification import trusted_keys, verify

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_worker")]

TOLD = CLAIMED_AT + timedelta(days=3)
NOTICE = b"signed by a chip"
DIGEST = sha256(NOTICE).hexdigest()
TELLS = ("profile.deletion_told", "profile.deletion_signed")


def tell(line: Line, name: str = TELLS[1], *, case_id: int = 1, reference: str = REFERENCE, **data: Any) -> None:
    """Add an entry to a history that has a certificate, as a notice does, and let it be certified."""
    last = Event.objects.filter(case_id=case_id).order_by("-number")[0]
    new = NewEvent(line.carrier_id, case_id, reference, TOLD, name, "system", {"sha256": DIGEST, **data})
    append([new], {case_id: (bytes(last.hash), last.number)})
    add_to_certificate(case_id, tells=TELLS, notices={DIGEST: NOTICE}, at=TOLD)


@pytest.fixture
def file(kept: Kept, sim_line: Line) -> dict[str, Any]:
    """The file of a case to which a chip's word was added."""
    tell(sim_line)
    return bundle(REFERENCE)


def found(file: dict[str, Any]) -> tuple[bool, str]:
    """What the check says of a file. The one that knows nothing of Tojimari must say the same."""
    published = json.dumps(keys.public_keys())
    one = verify(json.dumps(file).encode(), trusted_keys(published.encode()))
    assert is_valid(json.dumps(file), published) is one.valid
    return one.valid, one.code


def test_what_was_told_later_is_signed_with_the_same_key_and_carries_the_notice(
    kept: Kept, file: dict[str, Any]
) -> None:
    assert found(file) == (True, "")
    one = verify(json.dumps(file).encode(), trusted_keys(json.dumps(keys.public_keys()).encode()))
    said = one.addendum
    assert said["certificate"] == sha256(file["certificate"].encode()).hexdigest()
    assert [(told["name"], told["facts"]["sha256"]) for told in said["later"]] == [(TELLS[1], DIGEST)]
    assert said["chain"] == {"head": file["addendum"]["events"][-1]["hash"], "events": 4}
    assert base64.b64decode(file["addendum"]["notice"]) == NOTICE
    assert (file["certificate"], file["events"]) == (kept.file["certificate"], kept.file["events"])


def test_files_from_before_and_files_without_it_stay_valid(kept: Kept, file: dict[str, Any]) -> None:
    assert found(kept.file) == (True, "")
    assert found({name: one for name, one in file.items() if name != "addendum"}) == (True, "")
    without = {name: one for name, one in file["addendum"].items() if name != "notice"}
    assert found({**file, "addendum": without}) == (True, ""), "it names a chip in full; who passes it on may cut it"


def test_the_newest_addendum_says_all_and_the_same_is_signed_once(file: dict[str, Any], sim_line: Line) -> None:
    again = add_to_certificate(1, tells=TELLS, notices={}, at=TOLD + timedelta(days=1))
    assert again == Addendum.objects.get()
    tell(sim_line, TELLS[0], sha256="0" * 64)
    assert Addendum.objects.count() == 2
    newest = bundle(REFERENCE)
    assert found(newest) == (True, "")
    one = verify(json.dumps(newest).encode(), trusted_keys(json.dumps(keys.public_keys()).encode()))
    assert [told["name"] for told in one.addendum["later"]] == [TELLS[1], TELLS[0]]
    assert base64.b64decode(newest["addendum"]["notice"]) == NOTICE


def test_nothing_is_added_where_nothing_was_told_or_nothing_was_certified(kept: Kept) -> None:
    assert add_to_certificate(1, tells=TELLS, notices={}, at=TOLD) is None
    assert add_to_certificate(99, tells=TELLS, notices={}, at=TOLD) is None
    assert "addendum" not in bundle(REFERENCE)


def of_another(file: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    return {**file, "addendum": other["addendum"]}


def respelt(text: str) -> str:
    """The same bytes with a spare bit set (RFC 4648, 3.5)."""
    place = len(text.rstrip("=")) - 1
    other = text[:place] + chr(ord(text[place]) + 1) + text[place + 1 :]
    assert base64.b64decode(other, validate=True) == base64.b64decode(text)
    return other


CHANGED: dict[str, tuple[str, Callable[[dict[str, Any]], object]]] = {
    "an entry between is missing": ("addendum.history", lambda one: one["events"].pop(0)),
    "the last entry is missing": ("addendum.history", lambda one: one["events"].pop()),
    "all entries are missing": ("addendum.history", lambda one: one["events"].clear()),
    "an entry was changed": ("addendum.history", lambda one: one["events"][1].update(name="profile.kept")),
    "an entry says other facts": ("addendum.history", lambda one: one["events"][1]["data"].update(number=1)),
    "another notice": ("addendum.notice", lambda one: one.update(notice=base64.b64encode(b"forged").decode())),
    "no notice at all": ("addendum.form", lambda one: one.update(notice=None)),
    "the same notice in another spelling": ("addendum.notice", lambda one: one.update(notice=respelt(one["notice"]))),
    "a notice that is no base64": ("addendum.notice", lambda one: one.update(notice="!")),
    "something more": ("addendum.form", lambda one: one.update(more=1)),
    "no signature": ("addendum.signature", lambda one: one.update(addendum="a.b")),
    "a changed signature": ("addendum.signature", lambda one: one.update(addendum=one["addendum"][:-2] + "AA")),
}


@pytest.mark.parametrize("what", CHANGED)
def test_a_forged_addendum_is_refused_with_its_reason(file: dict[str, Any], what: str) -> None:
    code, change = CHANGED[what]
    forged = copy.deepcopy(file)
    change(forged["addendum"])
    assert found(forged) == (False, code)


def test_another_cases_addendum_and_other_signed_texts_are_refused(file: dict[str, Any], sim_line: Line) -> None:
    certified(sim_line, case_id=2, reference="TJ-2")
    tell(sim_line, case_id=2, reference="TJ-2")
    assert found(of_another(file, bundle("TJ-2"))) == (False, "addendum.certificate")
    posing = {**file["addendum"], "addendum": file["certificate"]}
    assert found({**file, "addendum": posing}) == (False, "addendum.signature")
    assert found({**file, "certificate": file["addendum"]["addendum"]}) == (False, "signature.type")


def test_one_that_a_stranger_or_a_retired_key_signed_is_refused(file: dict[str, Any], sim_line: Line) -> None:
    mine = json.dumps(keys.public_keys())
    kid = keys.rotate(at=TOLD)
    tell(sim_line, TELLS[0])
    newest = bundle(REFERENCE)
    assert found(newest) == (True, "")
    assert verify(json.dumps(newest).encode(), trusted_keys(mine.encode())).code == "addendum.key"
    published = keys.public_keys()
    for one in published["keys"]:
        one.update({"exp": int(CLAIMED_AT.timestamp())} if one["kid"] == kid else {})
    assert verify(json.dumps(newest).encode(), trusted_keys(json.dumps(published).encode())).code == "addendum.key"


def test_the_first_format_takes_none(file: dict[str, Any]) -> None:
    assert found({**file, "format": "tojimari-certificate-1"}) == (False, "file.members")
