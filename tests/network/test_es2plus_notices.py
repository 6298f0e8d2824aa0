"""Is a server's notice read as it was meant, and only from a server that has shown who it is?"""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from tests.network.profile_server import SECRET
from tests.support.rsp import Pki
from tojimari.network.elements.es2plus.notices import Unreadable, read, sender
from tojimari.network.elements.es2plus.settings import ProfileState, Provider

NOTICE: dict[str, Any] = {
    "header": {"functionRequesterIdentifier": "2.5.4", "functionCallIdentifier": "N-1"},
    "eid": "89049032" + "0" * 24,
    "iccid": "8981990000000000017F",
    "profileType": "travel",
    "timestamp": "2026-11-22T12:00:00+09:00",
    "notificationPointId": 5,
    "notificationPointStatus": {"status": "Executed-Success"},
}


def provider(tmp_path: Path, **other: Any) -> Provider:
    values = {
        "name": "smdp",
        "carrier": "tabi",
        "endpoint": "https://127.0.0.1:1",
        "requester": "1.2.3",
        "client_certificate": tmp_path,
        "client_key": tmp_path,
        "ca": tmp_path,
        "points": {5: "deleted", 101: "installed", 102: "disabled"},
    }
    return Provider.model_validate(values | other)


def body(**other: Any) -> bytes:
    told = {**NOTICE, **other}
    return json.dumps({name: value for name, value in told.items() if value is not None}).encode()


def test_a_notice_is_read(tmp_path: Path) -> None:
    found = read(body(resultData=base64.b64encode(b"signed").decode()), provider(tmp_path))
    assert (found.iccid, found.eid, found.point, found.state) == (
        "8981990000000000017",
        NOTICE["eid"],
        5,
        ProfileState.DELETED,
    )
    assert found.said_at == datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
    assert (found.call_id, found.result) == ("N-1", b"signed")


def test_the_later_standard_names_three_fields_anew(tmp_path: Path) -> None:
    new = body(
        timestamp=None,
        timeStamp=NOTICE["timestamp"],
        notificationPointId=None,
        notificationEvent=5,
        notificationPointStatus=None,
        notificationEventStatus={"status": "Executed-Success"},
    )
    assert read(new, provider(tmp_path)).digest == read(body(), provider(tmp_path)).digest


@pytest.mark.parametrize(
    ("points", "point", "state"),
    [
        ({5: "deleted"}, 5, "deleted"),  # ostelco
        ({8: "deleted", 6: "enabled", 7: "disabled"}, 8, "deleted"),  # Monogoto
        ({8: "deleted", 6: "enabled", 7: "disabled"}, 6, "enabled"),
        ({8: "deleted"}, 5, None),
        ({}, 3, "downloaded"),
        ({}, 4, "installed"),
        ({}, 1, None),
    ],
)
def test_each_vendor_counts_its_own_way(tmp_path: Path, points: dict[int, str], point: int, state: str | None) -> None:
    found = read(body(notificationPointId=point), provider(tmp_path, points=points))
    assert (found.state, found.point) == (state, point)


def test_what_has_failed_changes_nothing_but_is_kept(tmp_path: Path) -> None:
    failed = read(body(notificationPointStatus={"status": "Failed"}), provider(tmp_path))
    assert (failed.state, failed.status) == (None, "Failed")


def test_the_same_notice_sent_again_is_the_same(tmp_path: Path) -> None:
    again = {**NOTICE["header"], "functionCallIdentifier": "N-2"}
    here = provider(tmp_path)
    assert read(body(header=again), here).digest == read(body(), here).digest
    for other in (
        {"iccid": "8981990000000000025F"},
        {"notificationPointId": 4},
        {"timestamp": "2026-11-22T12:00:01+09:00"},
    ):
        assert read(body(**other), here).digest != read(body(), here).digest


@pytest.mark.parametrize(
    "broken",
    [
        {"iccid": "12"},
        {"iccid": "8981990000000000O17"},
        {"iccid": 8981990000000000017},
        {"eid": "1"},
        {"eid": ["x"]},
        {"timestamp": "2026-11-22T12:00:00"},
        {"timestamp": "yesterday"},
        {"timestamp": 5},
        {"timestamp": "0001-01-01T00:00:00+14:00"},
        {"notificationPointId": "5"},
        {"notificationPointId": True},
        {"notificationPointId": -1},
        {"notificationPointStatus": "Executed-Success"},
        {"notificationPointStatus": {"status": "x" * 300}},
        {"notificationPointStatus": {"status": "\ud800"}},
        {"header": {"functionRequesterIdentifier": "x", "functionCallIdentifier": "\0"}},
        {"header": {}},
        {"header": None},
        {"resultData": "not base64!"},
        {"resultData": 5},
    ],
)
def test_a_broken_notice_is_refused(tmp_path: Path, broken: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        read(body(**broken), provider(tmp_path))


@pytest.mark.parametrize("raw", [b"", b"[]", b"null", b"{", b"[" * 40_000, b"\xff"])
def test_what_is_no_notice_is_refused(tmp_path: Path, raw: bytes) -> None:
    with pytest.raises(Unreadable):
        read(raw, provider(tmp_path))


def by(provider_: Provider, *, address: str = "127.0.0.1", authorization: str = "", certificate: str = "") -> bool:
    return bool(sender([provider_], address=address, authorization=authorization, certificate=certificate))


def test_a_server_for_which_nothing_is_set_up_is_never_believed(tmp_path: Path) -> None:
    assert not by(provider(tmp_path))
    assert not by(provider(tmp_path), authorization="Bearer ")


def test_a_secret_is_wanted_whole(tmp_path: Path) -> None:
    here = provider(tmp_path, notice_secret_file=tmp_path / "secret")
    for encoding in ("utf-8", "utf-8-sig"):  # with the mark that some editors put before a text
        (tmp_path / "secret").write_text(f"{SECRET}\n", encoding=encoding)
        assert by(here, authorization=f"Bearer {SECRET}")
    for wrong in ("", SECRET, "Bearer ", f"Bearer {SECRET}x", f"Bearer {SECRET[:-1]}", f"Basic {SECRET}", "Bearer é"):
        assert not by(here, authorization=wrong)


def test_a_certificate_counts_on_the_word_of_our_proxy_alone(tmp_path: Path, pki: Pki) -> None:
    shown = x509.load_pem_x509_certificate(pki.client.read_bytes())
    print_ = shown.fingerprint(SHA256()).hex()
    here = provider(tmp_path, notice_certificates=[print_], proxies=["127.0.0.1"])
    rfc = f":{base64.b64encode(shown.public_bytes(Encoding.DER)).decode()}:"
    nginx = quote(pki.client.read_text())
    assert by(here, certificate=rfc)
    assert by(here, certificate=nginx)
    assert not by(here, certificate=rfc, address="203.0.113.5"), "a stranger writes the header himself"
    assert not by(here, certificate=quote(pki.stranger.read_text()))
    for wrong in ("", ":", "::", ":!:", rfc + ", " + rfc, print_, "%00"):
        assert not by(here, certificate=wrong)


def test_where_both_are_set_up_both_are_wanted(tmp_path: Path, pki: Pki) -> None:
    (tmp_path / "secret").write_text(SECRET, encoding="utf-8")
    shown = x509.load_pem_x509_certificate(pki.client.read_bytes()).fingerprint(SHA256()).hex()
    here = provider(
        tmp_path, notice_secret_file=tmp_path / "secret", notice_certificates=[shown], proxies=["127.0.0.1"]
    )
    bearer, certificate = f"Bearer {SECRET}", quote(pki.client.read_text())
    assert by(here, authorization=bearer, certificate=certificate)
    assert not by(here, authorization=bearer)
    assert not by(here, certificate=certificate)
