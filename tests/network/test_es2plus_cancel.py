"""Is the order of a profile cancelled once, only where it can be, and is no answer taken for more than it says?"""

from __future__ import annotations

import json
import time

import pytest

from tests.network.profile_server import REQUESTER, Site, bodies
from tests.support.hlr import results
from tests.support.rsp import Pki
from tests.support.smdp import ANSWER_HEADERS, CANCEL, Held, Reply, State, answer_of
from tojimari.network.elements.es2plus import client, meaning
from tojimari.network.models import ProfileOrder
from tojimari.platform.database.scope import every_carrier
from tojimari.platform.work import Result, Target

pytestmark = pytest.mark.django_db


def order_of(line: Target) -> ProfileOrder:
    with every_carrier():
        return ProfileOrder.objects.get(iccid=line.iccid)


@pytest.mark.parametrize("state", [State.ALLOCATED, State.LINKED, State.CONFIRMED, State.RELEASED])
def test_an_order_that_nobody_has_downloaded_is_cancelled(site: Site, state: State) -> None:
    line = site.line(state)
    (outcome,) = site.remove(line)
    assert (outcome.result, outcome.evidence["profile"]) == (Result.DONE, "cancelled")
    assert site.state(line) is State.UNAVAILABLE
    assert (outcome.evidence["server"], outcome.evidence["simulated"]) == ("smdp", False)


def test_the_request_is_what_the_standard_has(site: Site) -> None:
    line = site.line(matching_id="ABC-123")
    with every_carrier():
        ProfileOrder.objects.create(carrier_id=site.carrier.pk, iccid=line.iccid, matching_id="ABC-123")
    (outcome,) = site.remove(line)
    assert bodies(site) == [
        {
            "header": {"functionRequesterIdentifier": REQUESTER, "functionCallIdentifier": f"T-{line.line_id}-1"},
            "iccid": f"{line.iccid}F",
            "eid": line.eid,
            "matchingId": "ABC-123",
            "finalProfileStatusIndicator": "Unavailable",
        }
    ]
    assert order_of(line).matching_id == "", "the name of an order that is over is no longer kept"
    evidence = json.dumps(outcome.evidence)
    for secret in (line.iccid, line.eid, "ABC-123"):
        assert secret not in evidence


def test_what_is_not_known_is_left_out(site: Site) -> None:
    site.remove(site.line(eid=""))
    assert sorted(bodies(site)[0]) == ["finalProfileStatusIndicator", "header", "iccid"]


def test_a_profile_goes_back_to_stock_only_where_the_carrier_says_so(site: Site) -> None:
    site.settings(final_status="Available")
    line = site.line()
    (outcome,) = site.remove(line)
    assert (site.state(line), outcome.evidence["final_status"]) == (State.AVAILABLE, "Available")


@pytest.mark.parametrize("digits", [18, 19, 20])
def test_an_iccid_is_filled_up_to_twenty_places(digits: int) -> None:
    assert client.padded("8" * digits) == "8" * digits + "F" * (20 - digits)


def test_a_step_that_is_tried_again_is_the_same_call(site: Site) -> None:
    line = site.line()
    site.remove(line)
    site.remove(line, attempt=2)
    assert len({body["header"]["functionCallIdentifier"] for body in bodies(site)}) == 1


@pytest.mark.parametrize("state", [State.DOWNLOADED, State.INSTALLED])
def test_a_profile_on_a_chip_is_no_failure_and_is_said_to_be_there(site: Site, state: State) -> None:
    line = site.line(state)
    (outcome,) = site.remove(line)
    assert (outcome.result, outcome.evidence["profile"]) == (Result.DONE, "installed")
    assert site.state(line) is state
    (proved,) = site.prove(line, removed=outcome.evidence)
    assert (proved.result, proved.evidence["profile"], proved.evidence["waits_for"]) == (
        Result.DONE,
        "installed",
        "chip",
    )


def test_a_profile_that_the_server_does_not_know_needs_a_person(site: Site) -> None:
    line = site.line(None)
    assert results(site.remove(line)) == [("stuck", "profile.unknown")]


def test_asked_before_and_gone_now_is_a_success(site: Site) -> None:
    line = site.line()
    site.remove(line)
    del site.smdp.profiles[line.iccid]
    (outcome,) = site.remove(line, attempt=2)
    assert (outcome.result, outcome.evidence["profile"], outcome.evidence["answered"]) == (
        Result.DONE,
        "cancelled",
        "gone",
    )


def test_asked_before_and_not_to_be_had_now_is_not_called_installed(site: Site) -> None:
    line = site.line()
    site.remove(line)
    (outcome,) = site.remove(line, attempt=2)
    assert (outcome.result, outcome.evidence["profile"]) == (Result.DONE, "unclear")


@pytest.mark.parametrize(
    ("held", "code"),
    [
        (Held(eid="0" * 32), "profile.other_eid"),
        (Held(matching_id="ANOTHER"), "profile.other_matching_id"),
        (Held(owner="1.2.3"), "profile.not_allowed"),
    ],
)
def test_somebody_elses_order_is_left_alone(site: Site, held: Held, code: str) -> None:
    line = site.line(None)
    site.smdp.profiles[line.iccid] = held
    assert results(site.remove(line)) == [("stuck", code)]
    assert held.state is State.RELEASED


@pytest.mark.parametrize(("codes", "verdict"), meaning.CANCEL_ORDER.items())
def test_every_code_of_the_standard_means_something(
    site: Site, codes: tuple[str, str], verdict: meaning.Verdict
) -> None:
    site.smdp.answer = lambda _heard: (200, ANSWER_HEADERS, answer_of("Failed", *codes, message="as told"))
    (outcome,) = site.remove(site.line())
    if verdict.code:
        assert (outcome.result.value, outcome.code) == (verdict.meaning.value, verdict.code)
    else:
        assert outcome.evidence.get("profile") != "cancelled"
    assert "/".join(codes) in outcome.evidence["exchange"][0]["back"]


ANSWERS: dict[str, tuple[Reply, tuple[str, str]]] = {
    "failed for a reason that is not on the list": (
        (200, ANSWER_HEADERS, answer_of("Failed", "8.8", "9.9")),
        ("stuck", "profile.refused"),
    ),
    "failed without a reason": ((200, ANSWER_HEADERS, answer_of("Failed")), ("stuck", "profile.refused")),
    "expired": ((200, ANSWER_HEADERS, answer_of("Expired")), ("again", "profile.expired")),
    "with a warning": (
        (200, ANSWER_HEADERS, answer_of("Executed-WithWarning", "8.9", "4.2")),
        ("done", ""),
    ),
    "a status that does not exist": (
        (200, ANSWER_HEADERS, answer_of("Success")),
        ("again", "network.unexpected_answer"),
    ),
    "no JSON": ((200, ANSWER_HEADERS, b"<html>ok</html>"), ("again", "network.unexpected_answer")),
    "JSON without its header": ((200, ANSWER_HEADERS, b"{}"), ("again", "network.unexpected_answer")),
    "JSON of another shape": ((200, ANSWER_HEADERS, b'[{"header": 1}]'), ("again", "network.unexpected_answer")),
    "two statuses in one": (
        (200, ANSWER_HEADERS, answer_of("Failed").replace(b'"status":', b'"status": "Executed-Success", "status":')),
        ("again", "network.unexpected_answer"),
    ),
    "success with a message that no database holds": (
        (200, ANSWER_HEADERS, answer_of("Executed-WithWarning", "8.9", "4.2", message="\0")),
        ("again", "network.unexpected_answer"),
    ),
    "nested too deep": ((200, ANSWER_HEADERS, b"[" * 60_000), ("again", "network.unexpected_answer")),
    "an empty body": ((200, ANSWER_HEADERS, b""), ("again", "network.unexpected_answer")),
    "too much": (
        (200, ANSWER_HEADERS, b" " * 70_000 + answer_of("Executed-Success")),
        ("again", "network.unexpected_answer"),
    ),
    "success of another protocol": ((200, {}, answer_of("Executed-Success")), ("again", "profile.no_protocol")),
    "success with 201": ((201, ANSWER_HEADERS, answer_of("Executed-Success")), ("again", "network.unexpected_answer")),
    "a redirect": ((302, {"Location": "/elsewhere"}, b""), ("again", "network.unexpected_answer")),
    "not let in": ((403, ANSWER_HEADERS, answer_of("Executed-Success")), ("again", "profile.not_let_in")),
    "busy": ((503, ANSWER_HEADERS, b""), ("again", "network.no_answer")),
    "a server that fell over": ((500, ANSWER_HEADERS, answer_of("Executed-Success")), ("again", "network.no_answer")),
}


@pytest.mark.parametrize("what", ANSWERS)
def test_only_the_standards_own_success_is_one(site: Site, what: str) -> None:
    reply, expected = ANSWERS[what]
    site.smdp.answer = lambda _heard: reply
    assert results(site.remove(site.line())) == [expected]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nobody_is_followed_elsewhere(site: Site, status: int) -> None:
    site.smdp.answer = lambda _heard: (status, {"Location": CANCEL}, b"")
    assert results(site.remove(site.line())) == [("again", "network.unexpected_answer")]
    assert len(bodies(site)) == 1


def test_a_server_that_names_no_protocol_can_be_put_up_with(site: Site) -> None:
    site.settings(strict_protocol=False)
    site.smdp.answer = lambda _heard: (200, {}, answer_of("Executed-Success"))
    assert results(site.remove(site.line())) == [("done", "")]


def test_nothing_is_switched_off_or_on_there_and_it_says_so(site: Site) -> None:
    with every_carrier():
        work = site.batch(site.line())
        (barred,), (restored,) = site.element.bar(work), site.element.restore(work)
    assert barred.evidence["nothing_to_do"] is restored.evidence["nothing_to_do"] is True
    assert barred.evidence["detach"] == "nobody"
    assert bodies(site) == []


def test_inspecting_asks_nothing(site: Site) -> None:
    with every_carrier():
        (found,) = site.element.inspect(site.batch(site.line()))
    assert (found.result, found.evidence["known"], found.evidence["profile"]) == (Result.DONE, None, "unknown")
    assert bodies(site) == []


def test_proving_asks_again_with_a_call_of_its_own(site: Site) -> None:
    line = site.line()
    (removed,) = site.remove(line)
    (proved,) = site.prove(line, removed=removed.evidence)
    assert (proved.result, proved.evidence["profile"], proved.evidence["asked_again"]) == (
        Result.DONE,
        "cancelled",
        True,
    )


def test_proving_never_touches_a_profile_that_went_back_to_stock(site: Site) -> None:
    site.settings(final_status="Available")
    line = site.line()
    (removed,) = site.remove(line)
    site.smdp.profiles[line.iccid] = Held(State.RELEASED)  # somebody else ordered it meanwhile
    (proved,) = site.prove(line, removed=removed.evidence)
    assert (proved.result, proved.evidence["asked_again"]) == (Result.DONE, False)
    assert site.state(line) is State.RELEASED


def test_nothing_is_proved_that_was_not_cancelled(site: Site) -> None:
    assert results(site.prove(site.line(), removed={})) == [("stuck", "profile.not_cancelled")]


def test_what_a_person_attests_is_named_as_theirs(site: Site) -> None:
    (proved,) = site.prove(site.line(), removed={"attested_by": "Sato"})
    assert (proved.result, proved.evidence["profile"], proved.evidence["attested_by"]) == (
        Result.DONE,
        "attested",
        "Sato",
    )


def test_one_bad_line_harms_no_other(site: Site) -> None:
    good, unknown, physical, odd, roaming = (
        site.line(),
        site.line(None),
        site.line(kind="physical_sim"),
        site.line(iccid="89-1"),
        site.line(),
    )
    assert results(site.remove(good, unknown, physical, odd)) == [
        ("done", ""),
        ("stuck", "profile.unknown"),
        ("stuck", "element.no_such_service"),
        ("stuck", "line.identifier_invalid"),
    ]
    assert results(site.remove(roaming, scope="roaming")) == [("stuck", "element.no_such_service")]
    assert len(bodies(site)) == 2


def test_a_profile_of_no_server_needs_a_person(site: Site) -> None:
    site.settings(iccid=["8985"])
    assert results(site.remove(site.line())) == [("stuck", "profile.no_server")]


def test_no_effect_begins_after_the_lease(site: Site) -> None:
    line = site.line()
    (outcome,) = site.remove(line, lease_ends=time.monotonic() - 1)
    assert (outcome.code, outcome.after is not None and outcome.after.total_seconds()) == ("lease.expired", 0.0)
    assert (bodies(site), order_of_none(line)) == ([], True)


def order_of_none(line: Target) -> bool:
    with every_carrier():
        return not ProfileOrder.objects.filter(iccid=line.iccid).exclude(asked_at=None).exists()


def test_a_stranger_is_not_let_in_and_does_not_let_in(site: Site, pki: Pki) -> None:
    line = site.line()
    site.settings(client_certificate=str(pki.stranger), client_key=str(pki.stranger_key))
    ((result, code),) = results(site.remove(line))
    assert (result, code in ("profile.not_trusted", "network.reset")) == ("again", True)
    site.settings(ca=str(pki.stranger))
    assert results(site.remove(line)) == [("again", "profile.not_trusted")]
    assert site.state(line) is State.RELEASED


def test_health_says_whether_the_server_can_be_reached(site: Site, pki: Pki) -> None:
    assert site.element.trouble() == ""
    endpoint = f"https://127.0.0.1:{site.smdp.port}"
    site.settings(ca=str(pki.stranger))
    assert site.element.trouble() == f"profile.not_trusted {endpoint}"
    site.settings(port=1)
    assert site.element.trouble() == "network.refused https://127.0.0.1:1"
