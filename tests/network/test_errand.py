"""How does an errand put a question to an element that takes every question by POST?"""

from __future__ import annotations

import time

import pytest

from tests.support.hlr import batch, target
from tests.support.jsonserver import Heard, JsonServer, Reply
from tojimari.network.errand import Errand, Settled
from tojimari.network.rest import Answer, Client, Door

LINE = target(7)


class Echo(JsonServer):
    """Answers with what it was asked."""

    def answer(self, heard: Heard) -> Reply:
        return Reply(200, {"asked": heard.line, "body": heard.body, "key": heard.headers.get("X-Key")})


def errand(client: Client, lease_ends: float | None = None) -> Errand:
    asked = batch(LINE, lease_ends=time.monotonic() + 300 if lease_ends is None else lease_ends)
    return Errand(asked.works[0], asked, client, "echo", "", lambda answer: answer.sent)


def ask(server: Echo, lease_ends: float | None = None) -> Answer:
    with Client(Door(server.endpoint)) as client:
        return errand(client, lease_ends).look("/gw", {"op": "QUERY"}, X_Key="k")


def test_a_question_with_a_body_goes_by_post_and_one_without_by_get() -> None:
    with Echo() as server, Client(Door(server.endpoint)) as client:
        assert ask(server).body == {"asked": "POST /gw", "body": {"op": "QUERY"}, "key": "k"}
        assert errand(client).look("/gw").body["asked"] == "GET /gw"


def test_a_question_may_be_asked_after_the_lease_for_it_changes_nothing() -> None:
    with Echo() as server:
        assert ask(server, lease_ends=0.0).ok


def test_a_question_that_gets_no_answer_settles_the_errand_and_is_kept() -> None:
    with Echo() as server:
        server.before = lambda heard: Reply(503, None)
        with pytest.raises(Settled) as settled:
            ask(server)
    assert settled.value.outcome.code == "network.busy"
    assert settled.value.outcome.evidence["exchange"] == [{"op": "QUERY"}]
