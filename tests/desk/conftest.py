"""Who sits at the desk in these tests? One member of staff per role at tabi, and one of the neighbour's."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from tojimari.desk.models import Membership
from tojimari.lines.models import Carrier
from tojimari.platform.database.scope import every_carrier

TABI, TONARI = "tabi.example", "tonari.example"


@pytest.fixture(autouse=True)
def _hosts(settings: Settings, tabi: Carrier, tonari: Carrier) -> None:
    """Both carriers answer, each under its own host name."""
    settings.ALLOWED_HOSTS = [TABI, TONARI]
    Carrier.objects.filter(pk=tabi.pk).update(hosts=[TABI])
    Carrier.objects.filter(pk=tonari.pk).update(hosts=[TONARI])


AsStaff = Callable[..., Client]


@pytest.fixture
def as_staff(tabi: Carrier) -> AsStaff:
    """Open a browser signed in as staff of a role, at tabi unless said otherwise."""

    def do(role: str, *, carrier: Carrier = tabi, host: str = TABI) -> Client:
        user = User.objects.create_user(
            f"{role}-{carrier.slug}", f"{role}@{carrier.slug}.example", "x", first_name="花子", last_name="鈴木"
        )
        with every_carrier():
            Membership.objects.create(user=user, carrier=carrier, role=role)
        browser = Client(SERVER_NAME=host, HTTP_ACCEPT_LANGUAGE="en")
        browser.force_login(user)
        return browser

    return do
