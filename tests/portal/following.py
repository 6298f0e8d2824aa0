"""What do the tests share in which a person follows their case, from any browser?"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from django.test import Client

from tests.portal.conftest import TABI
from tests.terminations.play import Clock, ask
from tojimari.lines.models import Line
from tojimari.messages.links import token_of
from tojimari.platform.database.scope import every_carrier
from tojimari.terminations.models import Termination

NOON = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)  # a Friday, noon in Japan
WANG = "wang@mail.example"


def stranger(language: str = "en") -> Client:
    """A browser that was never here, perhaps somebody else's phone at an airport."""
    return Client(SERVER_NAME=TABI, HTTP_ACCEPT_LANGUAGE=language)


def text(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, (path, answer.status_code, answer.get("Location"))
    return answer.content.decode()


def a_case(line: Line, *, effective: str = "month-end", at: datetime | None = None) -> Termination:
    with every_carrier():
        return ask(line, Clock(at or datetime.now(UTC)), effective=effective, channel="portal")


def code_on(page: str) -> str:
    found = re.search(r">([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3})<", page)
    assert found is not None, "no saved code on the page"
    return found[1]


def open_by_code(browser: Client, reference: str, code: str) -> str:
    answer = browser.post("/case/", {"reference": reference, "code": code})
    return answer.get("Location", answer.content.decode())


def link_of(case: Termination) -> str:
    return f"/case/{case.reference}/open/{token_of(case.carrier_id, case.reference)}/"
