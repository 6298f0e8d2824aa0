"""Is our own profile server as strict as the standard? What it takes and what it answers, held against SGP.22."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.support.rsp import Pki
from tests.support.smdp import CANCEL, Held, Smdp, State

ICCID = "8981990000000000017F"
GOOD: dict[str, Any] = {
    "header": {"functionRequesterIdentifier": "1.3.6.1.4.1.99999.1", "functionCallIdentifier": "T-1-1"},
    "iccid": ICCID,
    "finalProfileStatusIndicator": "Unavailable",
}
HEADERS = {"X-Admin-Protocol": "gsma/rsp/v2.5.0", "Content-Type": "application/json"}


@pytest.fixture(scope="module")
def server(pki: Pki) -> Iterator[Smdp]:
    with Smdp(pki) as smdp:
        yield smdp


def post(
    server: Smdp, pki: Pki, body: object, *, path: str = CANCEL, headers: dict[str, str] = HEADERS
) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        return session.post(
            f"https://127.0.0.1:{server.port}{path}",
            data=body if isinstance(body, bytes) else json.dumps(body),
            headers=headers,
            cert=(str(pki.client), str(pki.client_key)),
            verify=str(pki.ca),
            timeout=5,
        )


def execution(response: requests.Response) -> dict[str, Any]:
    told: dict[str, Any] = response.json()
    assert list(told) == ["header"], "CancelOrder returns nothing but the header"
    assert list(told["header"]) == ["functionExecutionStatus"]
    found: dict[str, Any] = told["header"]["functionExecutionStatus"]
    return found


def test_a_well_formed_request_is_carried_out_once(server: Smdp, pki: Pki) -> None:
    server.profiles[ICCID.rstrip("F")] = Held()
    first, second = post(server, pki, GOOD), post(server, pki, GOOD)
    assert (first.status_code, first.headers["X-Admin-Protocol"]) == (200, "gsma/rsp/v2.5.0")
    assert execution(first) == {"status": "Executed-Success"}
    assert (second.status_code, execution(second)["status"]) == (200, "Failed")
    assert execution(second)["statusCodeData"] == {"subjectCode": "8.2.1", "reasonCode": "3.3"}
    assert server.profiles[ICCID.rstrip("F")].state is State.UNAVAILABLE


@pytest.mark.parametrize(
    "body",
    [
        {**GOOD, "header": {"functionRequesterIdentifier": "1.2.3"}},
        {**GOOD, "header": {"functionRequesterIdentifier": "", "functionCallIdentifier": "x"}},
        {key: value for key, value in GOOD.items() if key != "header"},
        {**GOOD, "ac": "LPA:1$host$code"},
        b"iccid=1",
        [],
    ],
)
def test_a_request_of_another_shape_is_no_request(server: Smdp, pki: Pki, body: object) -> None:
    assert post(server, pki, body).status_code == 400


@pytest.mark.parametrize("missing", ["X-Admin-Protocol", "Content-Type"])
def test_both_headers_are_wanted(server: Smdp, pki: Pki, missing: str) -> None:
    headers = {name: value for name, value in HEADERS.items() if name != missing}
    assert post(server, pki, GOOD, headers=headers).status_code == 400


@pytest.mark.parametrize(
    "other",
    [
        {"iccid": ICCID.rstrip("F")},
        {"iccid": "FF" + ICCID[2:]},
        {"finalProfileStatusIndicator": "Gone"},
        {"finalProfileStatusIndicator": None},
    ],
)
def test_an_iccid_that_is_not_filled_up_and_a_missing_status_fail(
    server: Smdp, pki: Pki, other: dict[str, Any]
) -> None:
    server.profiles[ICCID.rstrip("F")] = Held()
    failed = execution(post(server, pki, GOOD | other))
    assert (failed["status"], failed["statusCodeData"]["reasonCode"]) == ("Failed", "2.2")
    assert server.profiles[ICCID.rstrip("F")].state is State.RELEASED


@pytest.mark.parametrize("state", list(State))
def test_each_state_answers_as_the_standard_has_it(server: Smdp, pki: Pki, state: State) -> None:
    server.profiles[ICCID.rstrip("F")] = Held(state)
    found = execution(post(server, pki, GOOD))
    ordered = state in (State.ALLOCATED, State.LINKED, State.CONFIRMED, State.RELEASED)
    assert found["status"] == ("Executed-Success" if ordered else "Failed")


def test_nobody_gets_in_without_a_certificate(server: Smdp, pki: Pki) -> None:
    with requests.Session() as session:
        session.trust_env = False
        address = f"https://127.0.0.1:{server.port}{CANCEL}"
        with pytest.raises(requests.ConnectionError):
            session.post(address, json=GOOD, verify=str(pki.ca), timeout=5)


def test_no_other_function_is_there(server: Smdp, pki: Pki) -> None:
    assert post(server, pki, GOOD, path="/gsma/rsp2/es2plus/releaseProfile").status_code == 404
