"""Is the desk shut to who shows no second factor, and does a sign-in end when it should?"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client

from tests.desk.conftest import TABI, AsStaff
from tojimari.desk import urls
from tojimari.desk.demo import PASSWORD
from tojimari.desk.models import Membership
from tojimari.lines.models import Carrier
from tojimari.platform.config import config
from tojimari.platform.database.scope import every_carrier

NOON = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
SECRET = "JBSWY3DPEHPK3PXP"
CHOICE = "/desk/second-factor/"


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation that is no demonstration."""
    real = config().model_copy(update={"demo": False})
    for room in ("tojimari.desk.access", "tojimari.portal.context"):
        monkeypatch.setattr(f"{room}.config", lambda: real)


@pytest.fixture
def lead(tabi: Carrier) -> User:
    """Somebody with a password, not signed in."""
    user = User.objects.create_user("lead", "lead@tabi.example", PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    with every_carrier():
        Membership.objects.create(user=user, carrier=tabi, role="lead")
    return user


def browser() -> Client:
    return Client(SERVER_NAME=TABI, HTTP_ACCEPT_LANGUAGE="en")


def by_password(client: Client) -> str:
    """Sign in with the password, and return where that leads to."""
    answer = client.post("/staff/login/", {"login": "lead@tabi.example", "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def code_of(secret: str) -> str:
    """What an authenticator app shows at this moment (RFC 6238)."""
    return str(format_hotp_value(hotp_value(secret, int(datetime.now(UTC).timestamp()) // 30)))


@pytest.mark.usefixtures("strict")
def test_without_a_second_factor_nothing_opens_but_the_choice_of_one(as_staff: AsStaff) -> None:
    client = as_staff("admin")
    for entry in urls.urlpatterns:
        path = re.sub(r"<\w+:\w+>", "1", f"/desk/{entry.pattern}")
        if path != CHOICE:
            assert client.get(path).headers.get("Location") == CHOICE, path
            assert client.post(path).headers.get("Location") == CHOICE, path
    page = client.get(CHOICE).content.decode()
    assert "/staff/2fa/webauthn/add/" in page
    assert "/staff/2fa/totp/activate/" in page
    assert "Demonstration: go on without" not in page


def test_a_demonstration_goes_without_and_says_so(as_staff: AsStaff) -> None:
    client = as_staff("admin")
    assert client.get("/desk/").status_code == 200
    assert "Demonstration: go on without" in client.get(CHOICE).content.decode()


@pytest.mark.usefixtures("strict")
def test_recovery_codes_alone_are_no_second_factor(as_staff: AsStaff) -> None:
    client = as_staff("lead")
    RecoveryCodes.activate(User.objects.get())
    assert client.get("/desk/")["Location"] == CHOICE


@pytest.mark.usefixtures("strict")
def test_an_app_set_up_at_the_first_sign_in_opens_the_desk_and_gives_recovery_codes(lead: User) -> None:
    client = browser()
    by_password(client)
    assert client.get("/desk/")["Location"] == CHOICE
    client.post("/staff/reauthenticate/", {"password": PASSWORD})  # asked for once more before it is changed who one is
    page = client.get("/staff/2fa/totp/activate/")
    secret = page.context["form"].secret
    answer = client.post("/staff/2fa/totp/activate/", {"code": code_of(secret)})
    assert answer["Location"] == "/staff/2fa/recovery-codes/"
    assert set(Authenticator.objects.values_list("type", flat=True)) == {"totp", "recovery_codes"}
    assert client.get("/desk/").status_code == 200
    assert client.get(CHOICE)["Location"] == "/desk/"


@pytest.mark.usefixtures("strict")
def test_the_password_alone_signs_nobody_in_who_has_an_app(lead: User) -> None:
    TOTP.activate(lead, SECRET)
    client = browser()
    assert by_password(client) == "/staff/2fa/authenticate/"
    assert client.get("/desk/")["Location"].startswith("/staff/login/")
    client.post("/staff/2fa/authenticate/", {"code": "000000"})
    assert client.get("/desk/")["Location"].startswith("/staff/login/")
    client.post("/staff/2fa/authenticate/", {"code": code_of(SECRET)})
    assert client.get("/desk/").status_code == 200


def test_the_sign_in_gets_a_new_key_and_the_sign_out_deletes_it_on_the_server(lead: User) -> None:
    client = browser()
    client.post("/language/setlang/", {"language": "en"})
    before = client.session
    before["anything"] = "kept before the sign-in"
    before.save()
    client.cookies["sessionid"] = before.session_key or ""
    by_password(client)
    key = client.session.session_key
    assert key != before.session_key
    assert not Session.objects.filter(session_key=before.session_key).exists()
    client.post("/staff/logout/")
    assert not Session.objects.filter(session_key=key).exists()
    client.cookies["sessionid"] = key or ""
    assert client.get("/desk/").status_code == 302


@pytest.mark.parametrize("path", ["/desk/", "/staff/2fa/"])
def test_a_sign_in_ends_after_twelve_hours_however_busy_it_is(lead: User, path: str) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        client = browser()
        by_password(client)
        for _ in range(24):
            assert client.get(path).status_code == 200
            clock.shift(timedelta(minutes=30))
        clock.shift(timedelta(minutes=1))
        assert client.get(path)["Location"].startswith("/staff/login/")
        assert not Session.objects.exists()


def test_the_pages_of_the_account_end_after_an_idle_hour_too(lead: User) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        client = browser()
        by_password(client)
        assert client.get("/staff/2fa/").status_code == 200
        clock.shift(timedelta(minutes=61))
        assert client.get("/staff/2fa/")["Location"].startswith("/staff/login/")


def test_who_loses_their_place_loses_the_session_on_the_server(as_staff: AsStaff) -> None:
    client = as_staff("lead")
    assert client.get("/desk/").status_code == 200
    with every_carrier():
        Membership.objects.all().delete()
    assert client.get("/desk/").status_code == 404
    assert not Session.objects.exists()


def test_every_sign_in_stands_in_the_log_and_nothing_that_was_typed(
    lead: User, caplog: pytest.LogCaptureFixture
) -> None:
    client = browser()
    client.post("/staff/login/", {"login": "lead@tabi.example", "password": "wrong-" + PASSWORD})
    by_password(client)
    client.post("/staff/logout/")
    for event in ("staff.sign_in_failed", "staff.signed_in", "staff.signed_out"):
        assert event in caplog.text
    assert PASSWORD not in caplog.text
