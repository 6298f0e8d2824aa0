"""Can staff read of ghost lines by ear, on a narrow screen and in their language?"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from tests.browser.glass import Glass, glass
from tests.browser.walks import LANGUAGES
from tests.portal.conftest import TABI
from tests.support.ghosts import AS_OF, plant
from tojimari.desk.models import Membership
from tojimari.lines.models import Carrier
from tojimari.network.models import Finding
from tojimari.network.reconciling.inputs import Inputs
from tojimari.network.reconciling.runs import reconcile
from tojimari.platform.acting import SYSTEM, Acting, Role
from tojimari.platform.database.scope import carrier_scope
from tojimari.terminations import repairs

__all__ = ["glass"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def test_the_pages_of_ghost_lines_are_fit_for_everybody(
    glass: Glass, settings: Settings, tabi: Carrier, tmp_path: Path
) -> None:
    user = User.objects.create_user("lead", "lead@tabi.example", "x", first_name="花子", last_name="鈴木")
    settings.ALLOWED_HOSTS = [TABI]
    Carrier.objects.filter(pk=tabi.pk).update(hosts=[TABI])
    at = AS_OF + timedelta(minutes=1)
    with carrier_scope(tabi.pk):
        Membership.objects.create(user=user, carrier=tabi, role="lead")
        plant(tabi, tmp_path / "hlr.db", lines=500, ghosts=60)
        empty = reconcile(tabi, Inputs(), as_of=AS_OF, acting=SYSTEM, at=at)
        run = reconcile(tabi, Inputs(database=tmp_path / "hlr.db"), as_of=AS_OF, acting=SYSTEM, at=at)
        repairs.ask(run, acting=Acting(Role.STAFF, "0", "Ken"), at=at)
        gone = Finding.objects.filter(run=run, kind="active_gone")
        repairs.settle(finding=gone[0], note="前のHLRから戻しました。", acting=Acting(Role.STAFF, "0", "Ken"), at=at)
        refused = f"/desk/ghosts/{run.reference}/findings/{gone[1].pk}/"
    browser = Client(SERVER_NAME=TABI)
    browser.force_login(user)
    wrong: dict[str, list[str]] = {}
    for language in LANGUAGES:
        browser.cookies["django_language"] = language.lower()
        told = {path: browser.get(path) for path in ("/desk/ghosts/", f"/desk/ghosts/{run.reference}/")}
        told["strangers"] = browser.get(f"/desk/ghosts/{run.reference}/?kind=stranger")
        assert "subscriber id" in told["strangers"].content.decode()
        told["empty"] = browser.get(f"/desk/ghosts/{empty.reference}/")
        told["refused"] = browser.post(refused, {"note": ""})
        for name, answer in told.items():
            if found := glass.problems(answer.content.decode(), language):
                wrong[f"{language} {name}"] = found
    assert wrong == {}
