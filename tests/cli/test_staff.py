"""Can an operator give staff their accounts, see who has one, and take it away for good?"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from tests.counter.conftest import a_shop
from tojimari.cli import CommandError, staff
from tojimari.desk.models import Membership
from tojimari.lines.models import Carrier
from tojimari.platform.database.scope import every_carrier

HOST = "tabi.example"

Run = Callable[..., str]


@pytest.fixture(autouse=True)
def _host(settings: Settings, tabi: Carrier) -> None:
    settings.ALLOWED_HOSTS = [HOST]
    Carrier.objects.filter(pk=tabi.pk).update(hosts=[HOST])


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command and return what it says."""

    def ran(*words: str) -> str:
        parser = argparse.ArgumentParser()
        staff.add_arguments(parser)
        assert staff.run(parser.parse_args(words)) == 0
        return capsys.readouterr().out

    return ran


def add(run: Run, role: str = "clerk", *options: str, carrier: str = "tabi") -> str:
    """Give Hanako a place, and return her first password, if there is one."""
    said = run("add", "hanako@tabi.example", "--carrier", carrier, "--role", role, *options)
    found = re.search(r"shown this once: (\S+)", said)
    return found[1] if found else ""


def sign_in(password: str) -> Client:
    browser = Client(SERVER_NAME=HOST, HTTP_ACCEPT_LANGUAGE="en")
    browser.post("/staff/login/", {"login": "hanako@tabi.example", "password": password})
    return browser


def is_open(browser: Client) -> bool:
    return browser.get("/desk/").status_code == 200


def test_who_is_added_signs_in_with_the_password_that_is_shown(run: Run) -> None:
    assert is_open(sign_in(add(run)))
    assert not is_open(sign_in("something else"))


def test_the_list_names_role_and_shops(run: Run, tabi: Carrier) -> None:
    a_shop(tabi, "shinjuku")
    add(run, "clerk", "--shop", "shinjuku", "--given-name", "花子", "--family-name", "鈴木")
    said = run("list", "--carrier", "tabi")
    assert re.search(r"鈴木 花子 .*hanako@tabi\.example .*clerk .*shinjuku shop .*NO .*open", said)


def test_adding_again_changes_the_role_and_keeps_the_password(run: Run) -> None:
    password = add(run)
    assert add(run, "lead") == ""
    assert is_open(sign_in(password))
    with every_carrier():
        assert Membership.objects.get().role == "lead"


def test_another_role_asks_for_a_new_sign_in(run: Run) -> None:
    browser = sign_in(add(run))
    assert is_open(browser)
    add(run, "admin")
    assert not is_open(browser)


def test_who_is_removed_is_out_at_once_and_stays_out(run: Run) -> None:
    password = add(run)
    browser = sign_in(password)
    assert is_open(browser)
    run("remove", "hanako@tabi.example", "--carrier", "tabi")
    assert not is_open(browser)
    assert not is_open(sign_in(password))
    fresh = add(run)
    assert fresh
    assert not is_open(browser), "a place that is given back is no reason to revive an old session"
    assert not is_open(sign_in(password))
    assert is_open(sign_in(fresh))


def test_a_place_with_another_carrier_keeps_the_account(run: Run, tonari: Carrier) -> None:
    add(run)
    add(run, carrier="tonari")
    run("remove", "hanako@tabi.example", "--carrier", "tabi")
    assert User.objects.get().is_active
    with every_carrier():
        assert Membership.objects.get().carrier == tonari


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["add", "x@tabi.example", "--carrier", "tabi", "--role", "boss"], "no role 'boss'"),
        (["add", "x@tabi.example", "--carrier", "tabi", "--role", "clerk", "--shop", "mars"], "no shop 'mars'"),
        (["add", "x@tabi.example", "--carrier", "nobody", "--role", "clerk"], "“nobody”. Known are: tabi"),
        (["remove", "x@tabi.example", "--carrier", "tabi"], "nobody of that address"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_done(run: Run, words: list[str], complaint: str) -> None:
    with pytest.raises(CommandError, match=complaint):
        run(*words)
    assert not User.objects.exists()
