"""Are the pages that tell of messages fit for everybody: is it real, did it arrive, and whom nothing reached?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.browser.conftest import Open
from tests.browser.test_desk_reviews import staff_at
from tests.browser.test_pages import problems
from tests.terminations.play import Clock, ask
from tojimari.lines.models import Line
from tojimari.messages.checking import code_of, number_of
from tojimari.messages.links import token_of
from tojimari.messages.models import Message
from tojimari.platform.database.scope import every_carrier
from tojimari.terminations.unreached import find_other_ways

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["zh-Hans"])
def test_from_a_doubtful_mail_to_the_desk(visit: Open, people: list[Line], language: str) -> None:
    esim, at = people[1], datetime.now(UTC)
    with every_carrier():
        case = ask(esim, Clock(at), scope="line", effective="month-end", channel="portal")
        mails = Message.objects.filter(case_id=case.pk)
        mails.update(state="sent", sent_at=at, delivery="undelivered", delivery_code="5.1.1", unsure=True, body="")
        find_other_ways(at=at)
        mail = mails.get(key="receipt")
    window = visit(language, width=320)
    page, wrong = window.page, {}

    def look(name: str) -> None:
        if found := problems(window, language):
            wrong[name] = found

    for name, code in (("ours", code_of(mail)), ("unknown", "0000-0000"), ("empty", "")):
        window.go("/message/")
        page.fill("#id_number", number_of(mail))
        page.fill("#id_code", code)
        with page.expect_navigation():
            page.click("main form .button")
        look(name)
        assert ("w…@mail.example" in page.inner_text("main")) == (name == "ours")
    window.go(f"/case/{case.reference}/open/{token_of(case.carrier_id, case.reference)}/")
    assert page.locator("details[open]").filter(has_text="w…@mail.example").count() == 1
    look("case")
    staff_at(window, esim.carrier, "admin", "鈴木", "花子")
    window.go("/desk/unreached/")
    look("desk")
    page.check('input[value="letter"]')
    with page.expect_navigation():
        page.click("main form .button")
    look("desk, dealt with")
    window.go(f"/desk/cases/{case.reference}/")
    look("case at the desk")
    assert wrong == {}
    assert window.trouble == []
