"""Can staff read what the network says of a line by ear, on a narrow screen and in their language?"""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from tests.browser.glass import Glass, glass
from tests.browser.walks import LANGUAGES
from tests.portal.conftest import TABI
from tests.terminations.play import Clock, ask, work
from tojimari.desk.models import Membership
from tojimari.lines.models import Carrier, Line
from tojimari.network.elements.simulated.element import Simulated
from tojimari.network.seed import seed
from tojimari.platform.database.scope import every_carrier
from tojimari.platform.work import Outcome, Work

__all__ = ["glass"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def test_what_the_network_says_is_fit_for_everybody(
    glass: Glass, settings: Settings, tabi: Carrier, sim_line: Line, esim_line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = User.objects.create_user("lead", "lead@tabi.example", "x", first_name="花子", last_name="鈴木")
    settings.ALLOWED_HOSTS = [TABI]
    Carrier.objects.filter(pk=tabi.pk).update(hosts=[TABI], elements={"esim": ["by_hand", "simulated"]})
    with every_carrier():
        esim_line.refresh_from_db()
        Membership.objects.create(user=user, carrier=tabi, role="lead")
        seed([sim_line.target, esim_line.target])
        over = ask(sim_line, clock := Clock())
        work(clock)
        running = ask(esim_line, clock)
        work(clock, forward=False)
    browser = Client(SERVER_NAME=TABI)
    browser.force_login(user)

    def away(_self: Simulated, _work: Work) -> Outcome:
        return Outcome.again("network.no_answer")

    wrong: dict[str, list[str]] = {}
    for language in LANGUAGES:
        browser.cookies["django_language"] = language.lower()
        told = {case.reference: browser.get(f"/desk/cases/{case.reference}/network/") for case in (over, running)}
        with monkeypatch.context() as patch:
            patch.setattr(Simulated, "look", away)
            told["away"] = browser.get(f"/desk/cases/{over.reference}/network/")
        for name, answer in told.items():
            if found := glass.problems(answer.content.decode(), language):
                wrong[f"{language} {name}"] = found
    assert wrong == {}
