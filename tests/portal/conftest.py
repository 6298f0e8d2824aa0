"""How does a test sit in front of the portal? With a browser of Wang's, and the mail that reached him."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import Settings

from tojimari.lines.models import Carrier, Line, Subscriber
from tojimari.messages.models import Message
from tojimari.platform.database.scope import every_carrier

TABI, TONARI = "tabi.example", "tonari.example"


@pytest.fixture(autouse=True)
def _hosts(settings: Settings, tabi: Carrier, tonari: Carrier) -> None:
    """Both carriers answer, each under its own host name."""
    settings.ALLOWED_HOSTS = [TABI, TONARI, "nobody.example"]
    Carrier.objects.filter(pk=tabi.pk).update(hosts=[TABI])
    Carrier.objects.filter(pk=tonari.pk).update(hosts=[TONARI])


@pytest.fixture
def browser() -> Client:
    """A browser at tabi's portal that reads English and is nobody yet."""
    return Client(SERVER_NAME=TABI, HTTP_ACCEPT_LANGUAGE="en")


def newest_code(to: str) -> str:
    """The digits of the newest code that was sent to an address."""
    with every_carrier():
        message = Message.objects.filter(to=to, body__regex=r"[0-9]{6}", case_id=None).order_by("-pk").first()
    assert message is not None, f"no code was sent to {to}"
    found = re.search(r"(?<![0-9])[0-9]{6}(?![0-9])", message.body)
    assert found is not None
    return found[0]


def sent_to(to: str) -> list[str]:
    """Subjects of everything that was put down for an address, oldest first."""
    with every_carrier():
        return list(Message.objects.filter(to=to).order_by("pk").values_list("subject", flat=True))


SignIn = Callable[[Client, Line], None]


@pytest.fixture
def sign_in() -> SignIn:
    """Sign in as the line's subscriber, the way a person does."""

    def do(browser: Client, line: Line) -> None:
        with every_carrier():
            subscriber = Subscriber.objects.get(pk=line.subscriber_id)
            email = subscriber.contacts.get().value
        assert browser.post("/sign-in/", {"identifier": line.msisdn}).status_code == 302
        answer = browser.post("/sign-in/code/", {"code": newest_code(email)})
        assert answer.status_code == 302, answer.content.decode()

    return do


@pytest.fixture
def wang_here(browser: Client, sign_in: SignIn, sim_line: Line) -> Client:
    """Wang's browser, signed in just now."""
    sign_in(browser, sim_line)
    return browser
