"""Is every address of the site behind the wall it belongs to?

The addresses are read from the URL table itself, so that a page added tomorrow is asked as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.counter.conftest import a_shop
from tests.portal.conftest import TABI, TONARI, SignIn
from tests.terminations.play import Clock, ask
from tojimari.desk.models import Membership
from tojimari.lines.models import Carrier, Line
from tojimari.platform.database.scope import every_carrier
from tojimari.terminations.models import Step, Termination

OPEN_TO_ALL = {
    "portal:payments_hook",  # no person signs in there: a signature opens it, see test_hooks
    "healthz",
    "set_language",
    "portal:front",
    "portal:genuine",
    "portal:message",
    "portal:chooser",
    "portal:not_listed",
    "portal:sign_in",
    "portal:code",
    "portal:code_again",
    "portal:help_in",
    "portal:help_person",
    "portal:help_asked",
    "portal:passkey_sign_in",
    "portal:passkey_sign_in_options",
    "portal:sign_out",
    "portal:find_case",
    "portal:find_late",
    "portal:open_case",
    "portal:keep_number",
    "portal:outage",
    "portal:outage_receipt",
    "portal:directory",
    "portal:directory_json",
    "portal:directory_schema",
    "portal:directory_carrier",
    "portal:directory_correct",
    "portal:cards",
    "portal:card",
    "portal:card_phone",
    "portal:letters",
    "portal:letter",
    "portal:guided_start",
    "portal:guided_kind",
    "portal:guided_questions",
    "portal:guided_plan",
    "portal:guided_keep",
    "portal:guided_find",
    "portal:guided_mine",
    "portal:guided_gone",
    "portal:guided_open",
    "portal:verify",
    "portal:verify_paper",
    "portal:keys",
    "portal:jwks",
    "portal:roots",
    "portal:root",
    "portal:profile_progress",
    "portal:profile_notice",
    "portal:chip_notice",
    "portal:demo_messages",
}
"""Pages that show nobody's data. A page that is not here must ask who is there."""

ONE_S_OWN = {
    "portal:lines",
    "portal:passkeys",
    "portal:passkey_add",
    "portal:passkey_add_options",
    "portal:passkey_prove",
    "portal:passkey_decline",
}
"""Pages whose address names nothing: each subscriber finds their own things there."""

ELSEWHERE = ("desk/", "guide/cases/")
"""Pages that know no subscriber: of staff, and of plans at other carriers, which their own code alone opens."""

NOT_OURS = ("account_", "mfa_")
"""Pages of the sign-in for staff, which guard themselves."""


def patterns(
    resolver: URLResolver | None = None, prefix: str = "", space: str = ""
) -> Iterator[tuple[str, str, object]]:
    """Every address with its name and view."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{entry.namespace}:" if entry.namespace else space
            yield from patterns(entry, prefix + str(entry.pattern), inner)
        elif isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern), space + (entry.name or ""), entry.callback


GUARDED = [
    (path, name, view)
    for path, name, view in patterns()
    if name not in OPEN_TO_ALL and not name.startswith(NOT_OURS) and "staff/" not in path
]


def filled(path: str, case: Termination) -> str:
    """An address with real ids in it, so that "not found" cannot come from a made-up one."""
    with every_carrier():
        step = Step.objects.filter(termination=case).order_by("number")[2]
    values = {
        "<int:line_id>": case.line_id,
        "<str:reference>": case.reference,
        "<int:step_id>": step.pk,
        "<int:passkey_id>": 1,
        "<slug:shop>": "shinjuku",
        "<slug:kind>": "esim",
        "<slug:carrier_id>": "docomo",
        "<slug:name>": "receipt",
        "<slug:language>": "ja",
        "<slug:wish>": "close",
        "<slug:letter>": "early-exit",
        "<slug:line_kind>": "physical_sim",
        "<int:number>": 1,
        "<int:evidence_id>": 1,
        "<int:finding_id>": 1,
    }
    for name, value in values.items():
        path = path.replace(name, str(value))
    return f"/{path}"


@pytest.fixture
def case(sim_line: Line) -> Termination:
    """Wang's case, with a shop to come to."""
    a_shop(sim_line.carrier, "shinjuku")
    with every_carrier():
        return ask(sim_line, Clock(datetime.now(UTC)), channel="portal")


def test_every_address_says_to_whom_it_opens() -> None:
    assert len(GUARDED) >= 17
    for path, name, view in GUARDED:
        allowed = {"staff"} if path.startswith("desk/") else {"subscriber", "case", "guided"}
        assert getattr(view, "opens_to", "") in allowed, (path, name)


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_gets_in_without_signing_in(browser: Client, case: Termination, method: str) -> None:
    walls = {"staff": "/staff/login/", "subscriber": "/sign-in/", "case": "/case/?", "guided": "/guide/case/?"}
    for path, name, view in GUARDED:
        answer = getattr(browser, method)(filled(path, case))
        wall = walls[getattr(view, "opens_to", "")]
        assert answer.status_code == 302, name
        assert answer["Location"].startswith(wall), name


@pytest.mark.parametrize("method", ["get", "post"])
def test_another_subscriber_finds_nothing(
    browser: Client, sign_in: SignIn, tanaka_line: Line, case: Termination, method: str
) -> None:
    sign_in(browser, tanaka_line)
    for path, name, _ in GUARDED:
        if path.startswith(ELSEWHERE) or name in ONE_S_OWN:
            continue
        answer = getattr(browser, method)(filled(path, case))
        assert answer.status_code in (404, 405), name
    with every_carrier():
        case.refresh_from_db()
    assert case.state in ("acknowledged", "in_progress")
    assert case.reference not in browser.get("/lines/").content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_subscriber_of_the_neighbour_finds_nothing(
    sign_in: SignIn, tonari_line: Line, case: Termination, method: str
) -> None:
    neighbour = Client(SERVER_NAME=TONARI, HTTP_ACCEPT_LANGUAGE="en")
    sign_in(neighbour, tonari_line)
    for path, name, _ in GUARDED:
        if path.startswith(ELSEWHERE) or name in ONE_S_OWN:
            continue
        assert getattr(neighbour, method)(filled(path, case)).status_code in (404, 405), name


@pytest.mark.parametrize("method", ["get", "post"])
def test_staff_of_the_neighbour_find_nothing(tonari: Carrier, case: Termination, method: str) -> None:
    user = User.objects.create_user("admin", "admin@tonari.example", "x")
    with every_carrier():
        Membership.objects.create(user=user, carrier=tonari, role="admin")
    neighbour = Client(SERVER_NAME=TONARI, HTTP_ACCEPT_LANGUAGE="en")
    neighbour.force_login(user)
    nobodys = re.compile("<slug:(kind|name|language)>")  # each carrier has procedures and texts of its own
    for path, name, _ in GUARDED:
        if path.startswith("desk/") and "<" in nobodys.sub("", path):
            assert getattr(neighbour, method)(filled(path, case)).status_code in (404, 405), name


def test_a_sign_in_at_one_carrier_is_none_at_another(wang_here: Client) -> None:
    wang_here.defaults["SERVER_NAME"] = TONARI
    assert wang_here.get("/lines/").status_code == 302
    wang_here.defaults["SERVER_NAME"] = TABI
    assert wang_here.get("/lines/").status_code == 200


def test_an_address_that_no_carrier_has_entered_belongs_to_nobody(browser: Client) -> None:
    browser.defaults["SERVER_NAME"] = "nobody.example"
    assert browser.get("/sign-in/").status_code == 404
    assert browser.post("/sign-in/", {"identifier": "09012345678"}).status_code == 404
    assert browser.get("/lines/").status_code == 404
    for path, name, _ in patterns():
        if name in OPEN_TO_ALL and "<" not in path and name != "healthz":
            assert browser.get(f"/{path}").status_code < 500, name
    assert browser.get("/").status_code == 404


def test_a_form_from_elsewhere_is_refused_with_a_page_of_ours(sim_line: Line) -> None:
    strict = Client(enforce_csrf_checks=True, SERVER_NAME=TABI, HTTP_ACCEPT_LANGUAGE="en")
    answer = strict.post("/sign-in/", {"identifier": sim_line.msisdn})
    assert answer.status_code == 403
    assert "This page is not open to you" in answer.content.decode()
