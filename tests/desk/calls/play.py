"""How does a test work through a call, as an agent does in a browser?"""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from typing import NamedTuple

from django.test import Client

from tests.portal.conftest import newest_code
from tojimari.desk.models import Call
from tojimari.lines.models import Line, Subscriber
from tojimari.platform.database.scope import every_carrier
from tojimari.terminations.models import Termination

NOON = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)  # a Friday
WANG = "wang@mail.example"


class Answer(NamedTuple):
    """What came back."""

    status_code: int
    text: str


class Talk:
    """One call as an agent works through it in a browser."""

    def __init__(self, browser: Client, language: str = "en") -> None:
        self.browser = browser
        self.path = browser.post("/desk/calls/", {"language": language}).headers["Location"]

    def do(self, deed: str, **given: object) -> Answer:
        answer = self.browser.post(self.path, {"do": deed, **given})
        return Answer(answer.status_code, html.unescape(answer.content.decode()))

    @property
    def page(self) -> str:
        return html.unescape(self.browser.get(self.path).content.decode())

    @property
    def row(self) -> Call:
        with every_carrier():
            return Call.objects.get(reference=self.path.split("/")[3])

    def find(self, line: Line) -> None:
        assert self.do("find", wanted=f"0{line.msisdn[2:]}").status_code == 302

    def prove(self, line: Line, *, email: str = WANG) -> None:
        """Answer the questions and read the code out."""
        self.find(line)
        with every_carrier():
            name = Subscriber.objects.get(pk=line.subscriber_id).name_latin
        assert self.do("answer", name=name, order_number=line.order_number).status_code == 302
        assert self.do("send", by="email").status_code == 302
        assert self.do("code", code=newest_code(email)).status_code == 302

    def take(self) -> Termination:
        """Read the page aloud, hear a yes, and open the case."""
        found = re.search(r'name="seen" value="([^"]*)"', self.page)
        assert found is not None, self.page
        answer = self.do("open", seen=found[1], yes="on")
        assert answer.status_code == 302, answer.text
        with every_carrier():
            return Termination.objects.select_related("line").get(reference=self.row.case_reference)
