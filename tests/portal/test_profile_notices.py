"""Do machines tell us what became of a profile, do they get in only by proof, and does the case then say so?"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.network.profile_server import SECRET, forget, write_settings
from tests.portal.conftest import TABI, TONARI, SignIn
from tests.portal.following import NOON, a_case, link_of, text
from tests.portal.test_verify import hand_in, said
from tests.support.rsp import Chip, Maker, Pki, Root
from tests.terminations.play import Clock, ask, work
from tojimari.lines.models import Carrier, Line
from tojimari.network.models import ProfileNotice
from tojimari.network.queries import profile
from tojimari.platform.database.scope import every_carrier
from tojimari.proofs import later
from tojimari.proofs.keys import KeyTrouble, public_keys
from tojimari.proofs.models import Event
from tojimari.proofs.queries import bundle
from tojimari.proofs.signing import Signer
from tojimari.proofs.verification import trusted_keys, verify
from tojimari.terminations.models import CaseState, Step, Termination
from tojimari.terminations.profiles import certify_later

PROGRESS = "/gsma/rsp2/es2plus/handleDownloadProgressInfo"
NOTIFICATION = "/gsma/rsp2/es2plus/handleNotification"
CHIP_SAYS = "/gsma/rsp2/es9plus/handleNotification"

ROOT = Root()
MAKER = Maker(ROOT)


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return Pki(tmp_path_factory.mktemp("tls"))


@pytest.fixture(autouse=True)
def settings_file(tabi: Carrier, tls: Pki, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Tabi has a profile server that shows a secret, counts deletions as 5, and a root for chips."""
    file = tmp_path / "es2plus.toml"
    (tmp_path / "secret").write_text(SECRET, encoding="utf-8")
    more: dict[str, Any] = {"notice_secret_file": "secret", "ci": [str(ROOT.pem(tmp_path))], "points": {5: "deleted"}}
    write_settings(file, "tabi", tls, 1, **more)
    monkeypatch.setenv("TOJIMARI_ES2PLUS", str(file))
    forget()
    yield file
    monkeypatch.undo()
    forget()


def notice(line: Line, point: int = 5, **other: Any) -> dict[str, Any]:
    return {
        "header": {"functionRequesterIdentifier": "2.5.4", "functionCallIdentifier": "N-1"},
        "iccid": line.iccid.ljust(20, "F"),
        "profileType": "travel",
        "timestamp": "2026-12-05T10:00:00+09:00",
        "notificationPointId": point,
        "notificationPointStatus": {"status": "Executed-Success"},
    } | other


def post(path: str, body: object, *, host: str = TABI, secret: str = SECRET, **headers: str) -> int:
    shown = {"Authorization": f"Bearer {secret}"} if secret else {}
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    browser = Client(SERVER_NAME=host, enforce_csrf_checks=True)
    answer = browser.post(path, data, content_type="application/json", headers=shown | headers)
    assert answer.content == b"", "no answer says anything about our lines"
    return answer.status_code


def says(data: bytes, **other: Any) -> int:
    return post(CHIP_SAYS, {"pendingNotification": base64.b64encode(data).decode()}, secret="", **other)


def kept() -> list[tuple[str, str]]:
    with every_carrier():
        return list(ProfileNotice.objects.order_by("pk").values_list("source", "state"))


def closed(line: Line) -> Termination:
    """The line's case, at its end."""
    clock = Clock(NOON)
    with time_machine.travel(NOON, tick=False), every_carrier():
        case = ask(line, clock)
        work(clock)
        case.refresh_from_db()
        assert case.state == CaseState.COMPLETED
        return case


def names(case: Termination) -> list[str]:
    with every_carrier():
        return list(Event.objects.filter(case_id=case.pk).order_by("number").values_list("name", flat=True))


@pytest.mark.parametrize("path", [PROGRESS, NOTIFICATION])
def test_a_servers_notice_is_kept_once(esim_line: Line, path: str) -> None:
    for _ in range(3):
        assert post(path, notice(esim_line)) == 204
    assert kept() == [("server", "deleted")]
    with every_carrier():
        found = profile(esim_line.carrier_id, esim_line.iccid)
    assert (found.deleted, found.said_at) == (True, datetime(2026, 12, 5, 1, 0, tzinfo=UTC))


def test_a_point_that_nobody_explained_is_kept_raw(esim_line: Line) -> None:
    assert post(PROGRESS, notice(esim_line, 77)) == 204
    with every_carrier():
        assert ProfileNotice.objects.values_list("point", "state").get() == (77, "")
        assert not profile(esim_line.carrier_id, esim_line.iccid).state


@time_machine.travel(datetime(2026, 12, 7, tzinfo=UTC))
def test_the_newest_word_counts_whatever_comes_first(esim_line: Line) -> None:
    def stands_after(*told: tuple[int, str]) -> str:
        for point, at in told:
            assert post(PROGRESS, notice(esim_line, point, timestamp=f"{at}:00+09:00")) == 204
        with every_carrier():
            return profile(esim_line.carrier_id, esim_line.iccid).state

    early = (3, "2026-12-05T10:00"), (4, "2026-12-05T10:01")
    assert stands_after((5, "2026-12-05T12:00"), *early) == "deleted"
    assert stands_after((4, "2026-12-06T12:00")) == "installed"
    # A clock that is far ahead silences nothing that comes later: such a word counts from when it was heard.
    assert stands_after((4, "2099-01-01T00:00")) == "installed"
    with time_machine.travel(datetime(2026, 12, 9, tzinfo=UTC)):
        assert stands_after((5, "2026-12-08T12:00")) == "deleted"


@pytest.mark.parametrize(
    ("status", "sent"),
    [
        (401, {"secret": ""}),
        (401, {"secret": "x" * 40}),
        (401, {"host": TONARI}),
        (404, {"host": "nobody.example"}),
    ],
)
def test_a_stranger_is_not_heard(esim_line: Line, status: int, sent: dict[str, str]) -> None:
    if status == 404:
        body = json.dumps(notice(esim_line)).encode()
        browser = Client(SERVER_NAME=sent["host"])
        assert browser.post(PROGRESS, body, content_type="application/json").status_code == 404
    else:
        assert post(PROGRESS, notice(esim_line), **sent) == status
    assert kept() == []


def test_what_is_too_long_or_no_notice_is_refused(esim_line: Line) -> None:
    assert post(PROGRESS, b" " * 40_000) == 413
    assert post(PROGRESS, b"{}") == 400
    assert says(b"x" * 40_000) == 413
    assert post(CHIP_SAYS, b"{}") == 400
    assert post(CHIP_SAYS, {"pendingNotification": "no base64!"}) == 400
    assert Client(SERVER_NAME=TABI).get(PROGRESS).status_code == 405
    assert kept() == []


def test_without_settings_nobody_is_heard(esim_line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TOJIMARI_ES2PLUS")
    forget()
    assert post(PROGRESS, notice(esim_line)) == 401
    assert says(Chip(MAKER, esim_line.eid).notice(esim_line.iccid)) == 400
    assert kept() == []


def test_a_server_speaks_for_its_own_profiles_alone(esim_line: Line, settings_file: Path) -> None:
    changed = settings_file.read_text().replace("\ncarrier", '\niccid = ["8985"]\ncarrier', 1)
    settings_file.write_text(changed, encoding="utf-8")
    forget()
    assert post(PROGRESS, notice(esim_line)) == 403
    assert kept() == []


def test_a_chips_word_after_the_end_is_noted_in_the_case(esim_line: Line) -> None:
    case = closed(esim_line)
    before = names(case)
    genuine = Chip(MAKER, esim_line.eid).notice(esim_line.iccid, number=9)
    for _ in range(2):
        assert says(genuine) == 204
    assert names(case) == [*before, "profile.deletion_signed"]
    with every_carrier():
        event = Event.objects.get(name="profile.deletion_signed")
        assert bytes(ProfileNotice.objects.get().signed) == genuine
        proof = bundle(case.reference)
    assert (event.data["number"], event.data["maker"]) == (9, "Test EUM")
    assert esim_line.iccid not in json.dumps(event.data)
    assert esim_line.eid not in json.dumps(event.data)
    assert "profile.deletion_signed" not in [event["name"] for event in proof["events"]], "it was signed before"
    published = trusted_keys(json.dumps(public_keys()).encode())
    found = verify(json.dumps(proof).encode(), published)
    assert found.valid
    assert [told["name"] for told in found.addendum["later"]] == ["profile.deletion_signed"]
    assert base64.b64decode(proof["addendum"]["notice"]) == genuine
    assert esim_line.iccid not in json.dumps(found.addendum)
    assert esim_line.eid not in json.dumps(found.addendum)


def test_a_word_that_could_not_be_signed_at_once_is_signed_later(
    esim_line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = closed(esim_line)

    def away() -> Signer:
        raise KeyTrouble("the key is away")

    with monkeypatch.context() as without_key:
        without_key.setattr(later, "signer", away)
        assert says(Chip(MAKER, esim_line.eid).notice(esim_line.iccid)) == 204
    at = datetime.now(UTC)
    with every_carrier():
        assert "addendum" not in bundle(case.reference)
        assert certify_later(at=at + timedelta(days=4)) == 0, "somebody has to look at it by then"
        assert certify_later(at=at) == 1
        assert certify_later(at=at) == 0
        assert "addendum" in bundle(case.reference)


def checked(file: dict[str, Any]) -> str:
    """What the page says of a certificate that is handed in."""
    return said(hand_in(json.dumps(file).encode()))


def test_whoever_checks_the_file_reads_what_was_added_and_that_an_older_file_lacks_it(esim_line: Line) -> None:
    case = closed(esim_line)
    with every_carrier():
        before = bundle(case.reference)
    assert "something was added" not in checked(before)
    assert says(Chip(MAKER, esim_line.eid).notice(esim_line.iccid)) == 204
    with every_carrier():
        now = bundle(case.reference)
    page = checked(now)
    assert "This certificate is genuine" in page
    assert "Added after the certificate" in page
    assert "The chip itself signed that the eSIM was deleted" in page
    assert "something was added" not in page
    for less in (before, {name: one for name, one in now.items() if name != "addendum"}):
        page = checked(less)
        assert "This certificate is genuine" in page
        assert "Since this file was saved, something was added that it does not have." in page
        assert "Save the certificate anew" in page
    now["addendum"]["events"].pop()
    page = checked(now)
    assert "This certificate is not valid" in page
    assert "addendum.history" in page


def test_a_chips_word_before_the_end_is_in_what_the_certificate_signs(esim_line: Line) -> None:
    clock = Clock(NOON)
    with time_machine.travel(NOON, tick=False):
        with every_carrier():
            case = ask(esim_line, clock)
            work(clock, forward=False)
        assert says(Chip(MAKER, esim_line.eid).notice(esim_line.iccid)) == 204
        with every_carrier():
            work(clock)
            proof = bundle(case.reference)
    verify(json.dumps(proof).encode(), trusted_keys(json.dumps(public_keys()).encode()))
    assert "profile.deletion_signed" in [event["name"] for event in proof["events"]]


def test_a_notice_of_nobodys_or_another_chips_profile_looks_the_same_from_outside(
    esim_line: Line, tonari_line: Line
) -> None:
    chip = Chip(MAKER, esim_line.eid)
    other = Chip(MAKER, "89049032" + "0" * 24)
    assert says(chip.notice("8981990000000099999")) == 204
    assert says(other.notice(esim_line.iccid)) == 204
    assert says(chip.notice(tonari_line.iccid)) == 204
    assert kept() == []


def test_a_forged_one_changes_nothing(esim_line: Line) -> None:
    case = closed(esim_line)
    before = names(case)
    stranger = Chip(Maker(Root()), esim_line.eid)
    genuine = Chip(MAKER, esim_line.eid)
    for forged in (
        stranger.notice(esim_line.iccid),
        genuine.notice(esim_line.iccid, operation="install"),
        genuine.notice(esim_line.iccid)[:-1] + b"\0",
        genuine.notice(esim_line.iccid) + b"\0",
    ):
        assert says(forged) == 400
    assert (kept(), names(case)) == ([], before)


def test_what_a_server_passes_on_of_the_chip_is_checked_too(esim_line: Line) -> None:
    case = closed(esim_line)
    signed = Chip(MAKER, esim_line.eid).notice(esim_line.iccid)
    forged = Chip(Maker(Root()), esim_line.eid).notice(esim_line.iccid)
    assert post(PROGRESS, notice(esim_line, resultData=base64.b64encode(forged).decode())) == 204
    assert kept() == [("server", "deleted")]
    again = notice(esim_line, resultData=base64.b64encode(signed).decode(), timestamp="2026-12-05T11:00:00+09:00")
    assert post(PROGRESS, again) == 204
    assert ("chip", "deleted") in kept()
    assert "profile.deletion_signed" in names(case)


def test_a_deletion_before_anybody_asked_to_close_is_noted_nowhere(esim_line: Line) -> None:
    assert post(PROGRESS, notice(esim_line)) == 204
    with every_carrier():
        assert not Event.objects.exists()


def test_the_case_says_whether_the_chip_has_confirmed_and_the_end_does_not_wait(
    browser: Client, esim_line: Line
) -> None:
    post(PROGRESS, notice(esim_line, 4, timestamp="2026-11-01T10:00:00+09:00"))
    case = closed(esim_line)
    browser.get(link_of(case))
    page = text(browser, f"/cases/{case.reference}/")
    assert "has not confirmed yet that the eSIM was deleted" in page
    assert "The line is closed all the same" in page
    assert "How to delete it on an iPhone" in page
    assert "Later: how to delete it" not in page
    post(PROGRESS, notice(esim_line))
    page = text(browser, f"/cases/{case.reference}/")
    assert "The profile server has confirmed that the eSIM was deleted:" in page
    assert "Dec 5, 2026 10:00" in page
    assert "not confirmed yet" not in page
    assert "Now you can delete" not in page
    assert says(Chip(MAKER, esim_line.eid).notice(esim_line.iccid)) == 204
    assert "The chip itself has confirmed" in text(browser, f"/cases/{case.reference}/")


def test_before_the_end_nobody_is_told_to_delete(browser: Client, sign_in: SignIn, esim_line: Line) -> None:
    post(PROGRESS, notice(esim_line, 4, timestamp="2026-11-01T10:00:00+09:00"))
    case = a_case(esim_line)
    sign_in(browser, esim_line)
    for path in ("", "receipt/"):
        page = text(browser, f"/cases/{case.reference}/{path}")
        assert "not confirmed yet" not in page
        assert page.lower().count("how to delete it") == page.count("Later: how to delete it")


def test_where_no_profile_server_speaks_the_steps_are_there_at_the_end(browser: Client, esim_line: Line) -> None:
    case = closed(esim_line)
    browser.get(link_of(case))
    page = text(browser, f"/cases/{case.reference}/")
    assert "Now you can delete the eSIM" in page
    assert "How to delete it on an iPhone" in page
    assert "How to delete it on an Android phone" in page


def test_a_cancelled_order_asks_nothing_of_the_person(browser: Client, esim_line: Line) -> None:
    case = closed(esim_line)
    with every_carrier():
        Step.objects.filter(termination=case, name="remove").update(
            evidence={"element": "es2plus", "profile": "cancelled"}
        )
    browser.get(link_of(case))
    page = text(browser, f"/cases/{case.reference}/")
    assert "its order is cancelled" in page
    assert "nobody can download it any more" in page
    assert "Now you can delete the eSIM" not in page
    assert "how to delete it" not in page.lower()
    assert "taken the line off its record" not in page
