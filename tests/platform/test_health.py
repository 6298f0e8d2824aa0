"""Does `/healthz` say ready only when everything is, and otherwise why not?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.migrations.recorder import MigrationRecorder
from django.db.models.functions import Now
from django.test import Client

from tojimari.network.elements.simulated.element import Simulated
from tojimari.platform import health
from tojimari.platform.models import Heartbeat
from tojimari.platform.version import version

pytestmark = pytest.mark.django_db


def ask(client: Client) -> tuple[int, dict[str, Any]]:
    answer = client.get("/healthz")
    return answer.status_code, answer.json()


def test_ready_with_a_living_worker(client: Client) -> None:
    status, body = ask(client)
    assert (status, body["status"]) == (503, "not ready")
    assert body["checks"]["worker"]["ok"] is False
    assert "tojimari worker" in body["checks"]["worker"]["found"]

    health.beat("worker", network="simulated")
    status, body = ask(client)
    assert (status, body["status"], body["network"], body["version"]) == (200, "ready", "simulated", version())
    assert all(check["ok"] for check in body["checks"].values())


def test_a_worker_that_was_not_seen_for_a_minute_is_gone(client: Client) -> None:
    health.beat("worker", network="simulated")
    Heartbeat.objects.update(at=Now() - timedelta(seconds=61))
    assert ask(client)[0] == 503
    health.beat("worker", network="simulated")
    assert ask(client)[0] == 200
    health.forget("worker")
    assert ask(client)[0] == 503


def test_another_kind_of_process_is_no_worker(client: Client) -> None:
    health.beat("workerbee")
    assert ask(client)[0] == 503


def test_beats_of_one_process_share_a_row_and_old_rows_are_swept() -> None:
    Heartbeat.objects.create(name="worker@old:1", at=Now() - timedelta(days=2))
    health.beat("worker", network="simulated", done=1)
    health.beat("worker", network="simulated", done=2)
    (row,) = Heartbeat.objects.all()
    assert row.info["done"] == 2
    assert str(row).startswith("worker@")


def test_tables_that_are_not_up_to_date_are_not_ready(client: Client) -> None:
    health.beat("worker", network="simulated")
    MigrationRecorder.Migration.objects.filter(app="platform").delete()
    status, body = ask(client)
    assert status == 503
    assert "platform.0001_heartbeat_and_cache" in body["checks"]["database"]["found"]


def test_a_check_that_breaks_has_failed(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(health.CHECKS, "network", "tojimari.platform.health.no_such_check")
    health.beat("worker", network="simulated")
    status, body = ask(client)
    assert status == 503
    assert body["checks"]["network"] == {"ok": False, "found": "the check itself failed (ImportError)"}


def test_a_network_that_is_away_is_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Simulated, "trouble", lambda self: "network.refused 192.0.2.1")
    health.beat("worker", network="simulated")
    status, body = ask(client)
    assert (status, body["status"]) == (503, "not ready")
    assert body["checks"]["network"] == {"ok": False, "found": "network.refused 192.0.2.1"}


def test_lanes_that_cannot_be_told_are_no_reason_to_fail(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "LANES", "tojimari.platform.health.no_such_report")
    health.beat("worker", network="simulated")
    status, body = ask(client)
    assert (status, body["lanes"]) == (200, None)


def test_a_database_that_is_away_is_said_without_its_address(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    def away() -> None:
        raise OperationalError("connection to server at db.internal failed")

    monkeypatch.setattr(health, "unapplied", away)
    status, body = ask(client)
    assert status == 503
    assert body["checks"]["database"] == {"ok": False, "found": "the database does not answer"}


def test_answers_need_no_session_and_are_never_cached(client: Client) -> None:
    answer = client.get("/healthz")
    assert not answer.cookies
    assert "no-store" in answer["Cache-Control"]
    assert client.post("/healthz").status_code == 405


def test_a_worker_on_another_network_is_not_well(db: None) -> None:
    health.beat("worker", network="osmohlr")
    well, found = health.worker()
    assert not well
    assert "osmohlr" in found
