"""Can staff open a case for somebody whom no code reaches, so that it is theirs, counts from the plea, and is seen?"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client

from tests.desk.conftest import TONARI, AsStaff
from tojimari.codes.help import Written, ask_for_help, prepared_in
from tojimari.codes.models import HelpRequest
from tojimari.lines.models import Carrier, ContactPoint, Line
from tojimari.lines.queries import email_of
from tojimari.messages.actions import wipe_secrets
from tojimari.messages.models import Message
from tojimari.platform.config import config
from tojimari.platform.database.scope import every_carrier
from tojimari.proofs.models import Event
from tojimari.terminations import procedures
from tojimari.terminations.models import Termination

ASKED_AT = datetime(2026, 11, 30, 14, 0, tzinfo=UTC)  # an hour before the month ends in Japan
LATER = ASKED_AT + timedelta(days=2)
NEW = "wang@abroad.example"
PAPERS = {"passport_or_residence_card": "passport", "receipt_or_contract": "receipt", "not_expired": "on"}


@pytest.fixture
def plea(tabi: Carrier) -> HelpRequest:
    written = Written("王小明", "WeChat wang", ("sim_gone", "abroad"), "")
    with every_carrier():
        return ask_for_help(carrier_id=tabi.pk, language="zh-hans", written=written, address="192.0.2.1", at=ASKED_AT)


@pytest.fixture
def two_people(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tabi: Carrier) -> object:
    """Tabi's rule asks for four eyes when staff open a case."""
    text = (Path(procedures.__file__).parent / "procedures" / "physical_sim.toml").read_text("utf-8")
    own = tmp_path / tabi.slug / "physical_sim.toml"
    own.parent.mkdir()
    own.write_text(text + '\n[review]\nlook_at = ["opened_by_staff"]\nfour_eyes = ["opened_by_staff"]\n', "utf-8")
    monkeypatch.setenv("TOJIMARI_PROCEDURES_DIR", str(tmp_path))
    config.cache_clear()
    yield
    monkeypatch.delenv("TOJIMARI_PROCEDURES_DIR")
    config.cache_clear()


class Desk:
    """The page of one request, as a member of staff uses it."""

    def __init__(self, browser: Client, plea: HelpRequest) -> None:
        self.browser, self.path = browser, f"/desk/help/{plea.reference}/open/"

    def page(self) -> str:
        return self.browser.get(self.path).content.decode()

    def send(self, do: str, **given: str) -> tuple[int, str]:
        answer = self.browser.post(self.path, given | {"do": do})
        return answer.status_code, answer.content.decode()

    def prepare(self, line: Line, **other: str) -> tuple[int, str]:
        given = {"wanted": line.iccid, "end": "month-end", "email": NEW} | PAPERS | other
        return self.send("prepare", **given)

    def give_code(self) -> tuple[int, str]:
        return self.send("code", code=digits())

    def shown(self) -> dict[str, str]:
        """What the page sends back when the case is opened."""
        return dict(re.findall(r'name="(yen|seen)" value="([^"]+)"', self.page()))

    def open(self) -> tuple[int, str]:
        return self.send("open", **self.shown())


def digits() -> str:
    with every_carrier():
        body = Message.objects.filter(to=NEW).order_by("-created_at", "-pk")[0].body
    found = re.search("[0-9]{6,8}", body)
    assert found is not None
    return found[0]


def test_from_plea_to_case(as_staff: AsStaff, plea: HelpRequest, sim_line: Line) -> None:
    with time_machine.travel(LATER, tick=False):
        agent = as_staff("agent")
        assert f"/desk/help/{plea.reference}/open/" in agent.get(f"/desk/help/{plea.reference}/").content.decode()
        desk = Desk(agent, plea)
        status, page = desk.send("prepare", wanted=sim_line.iccid, end="month-end", email=NEW)
        assert (status, "A paper has not been seen yet." in page) == (200, True), "then the papers are asked for"
        assert desk.prepare(sim_line)[0] == 302
        page = desk.page()
        assert all(text in page for text in ("王小明", "Passport", "Receipt", NEW, "Nov 30, 2026"))
        assert sim_line.msisdn not in page
        assert desk.send("open", yen="0")[0] == 409, "not before the code"
        assert "This is not the code." in desk.send("code", code="000")[1]
        assert desk.give_code()[0] == 302
        assert desk.send("open", **desk.shown() | {"yen": "1"})[0] == 409, "not for other yen than those read out"
        with every_carrier():
            assert not Termination.objects.exists()
            assert email_of(sim_line.subscriber_id) == "wang@mail.example", "the address comes with the case"
        assert desk.open()[0] == 302
    with every_carrier():
        case = Termination.objects.get(line=sim_line)
        plea.refresh_from_db()
        begun = Event.objects.get(case_id=case.pk, name="termination.requested")
        verified = case.steps.get(name="verify").evidence
        mails = {one.key.partition(" ")[0]: one for one in Message.objects.filter(case_id=case.pk)}
        addresses = set(ContactPoint.objects.filter(subscriber=sim_line.subscriber).values_list("value", flat=True))
        staff = f"staff:{User.objects.get(username='agent-tabi').pk}"
    assert case.requested_at == ASKED_AT
    assert case.ends_at == datetime(2026, 11, 30, 15, tzinfo=UTC), "the month had an hour left when help was asked for"
    assert (case.channel, case.requested_by, case.language) == ("desk", staff, "zh-hans")
    assert begun.data["on_behalf_of"] == f"subscriber:{sim_line.subscriber_id}"
    assert (begun.data["help_request"], begun.data["identified_by"]) == (plea.reference, staff)
    assert (verified["papers"], verified["identified_by"]) == (["passport", "receipt"], staff)
    assert NEW not in f"{begun.data} {verified}"
    assert (plea.state, plea.outcome, plea.case, plea.handled_by) == ("answered", "case", case.reference, staff)
    assert (mails["receipt"].to, mails["saved_code"].to, mails["address_added"].to) == (NEW, NEW, "wang@mail.example")
    assert {one.language for one in mails.values()} == {"zh-hans"}
    assert addresses == {NEW, "wang@mail.example"}
    code = re.search("[0-9A-Z]{4}(-[0-9A-Z]{4}){3}", mails["saved_code"].body)
    assert code is not None
    with time_machine.travel(LATER + timedelta(minutes=1), tick=False):
        person = Client(SERVER_NAME="tabi.example")
        answer = person.post("/case/", {"reference": case.reference, "code": code[0]})
        assert answer.status_code == 302, "the code in the mail opens the case"
    with every_carrier():
        wipe_secrets(at=LATER + timedelta(hours=1))
        assert Message.objects.get(case_id=case.pk, key="saved_code").body == ""


def test_a_second_person_confirms_where_the_rule_says_so(
    as_staff: AsStaff, plea: HelpRequest, sim_line: Line, two_people: object
) -> None:
    with time_machine.travel(LATER, tick=False):
        first, second = Desk(as_staff("agent"), plea), Desk(as_staff("lead"), plea)
        first.prepare(sim_line)
        first.give_code()
        assert "A colleague must open this page" in first.page()
        status, page = first.send("open", yen="1078")
        assert (status, "two different people must agree" in page) == (409, True)
        assert "Confirm and open the case" in second.page()
        assert second.open()[0] == 302
    with every_carrier():
        begun = Event.objects.get(name="termination.requested")
        agent, lead = (f"staff:{User.objects.get(username=f'{role}-tabi').pk}" for role in ("agent", "lead"))
    assert (begun.actor, begun.data["identified_by"]) == (lead, agent)


def test_a_colleague_who_takes_the_code_does_not_become_the_first(
    as_staff: AsStaff, plea: HelpRequest, sim_line: Line, two_people: object
) -> None:
    with time_machine.travel(LATER, tick=False):
        first, second = Desk(as_staff("agent"), plea), Desk(as_staff("lead"), plea)
        first.prepare(sim_line)
        second.give_code()
        assert first.send("open", yen="1078")[0] == 409
        assert second.open()[0] == 302


def test_the_second_person_confirms_what_they_saw_and_nothing_else(
    as_staff: AsStaff, plea: HelpRequest, sim_line: Line, roaming: object, two_people: object
) -> None:
    with time_machine.travel(LATER, tick=False):
        first, second = Desk(as_staff("agent"), plea), Desk(as_staff("lead"), plea)
        first.prepare(sim_line)
        first.give_code()
        looked_at = second.shown()
        first.prepare(sim_line, end="roaming")
        first.give_code()
        status, page = second.send("open", **looked_at | {"yen": "0"})
        assert (status, "has prepared this anew" in page) == (409, True)
        with every_carrier():
            assert not Termination.objects.exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"wanted": ""}, "Type or scan one of them."),
        ({"wanted": "8981999999999999999"}, "We do not find this line."),
        ({"end": ""}, "Choose when it shall end."),
        ({"email": "nowhere"}, "e-mail address"),
        ({"not_expired": ""}, "Nobody has looked whether the document has expired."),
        ({"receipt_or_contract": ""}, "A paper has not been seen yet."),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_kept(
    as_staff: AsStaff, plea: HelpRequest, sim_line: Line, given: dict[str, str], said: str
) -> None:
    with time_machine.travel(LATER, tick=False):
        status, page = Desk(as_staff("agent"), plea).prepare(sim_line, **given)
    assert (status, said in page) == (200, True), page
    assert 'value="wang@abroad.example"' in page or "email" in given
    with every_carrier():
        plea.refresh_from_db()
        assert prepared_in(plea) is None
        assert not Message.objects.filter(to=NEW).exists()


def test_what_is_written_in_a_paper_is_never_kept(as_staff: AsStaff, plea: HelpRequest, sim_line: Line) -> None:
    with time_machine.travel(LATER, tick=False):
        Desk(as_staff("agent"), plea).prepare(
            sim_line, note="E12345678", authority_name="LI NA", authority_kind="letter"
        )
    with every_carrier():
        plea.refresh_from_db()
    kept = str(prepared_in(plea))
    assert "E12345678" not in kept
    assert "LI NA" not in kept
    assert sim_line.iccid not in kept


def test_one_plea_opens_one_case_and_another_begin_makes_an_old_code_useless(
    as_staff: AsStaff, plea: HelpRequest, sim_line: Line, tanaka_line: Line
) -> None:
    with time_machine.travel(LATER, tick=False):
        desk = Desk(as_staff("agent"), plea)
        desk.prepare(sim_line)
        desk.give_code()
        desk.prepare(tanaka_line)
        assert desk.send("open", yen="1078")[0] == 409, "whom one has identified anew must read out a code anew"
        desk.give_code()
        assert desk.open()[0] == 302
        assert desk.prepare(sim_line)[0] == 200
        assert "A case came of it" in desk.page()
    with every_carrier():
        assert Termination.objects.get().line == tanaka_line


def test_a_line_that_has_a_case_leaves_the_plea_open(as_staff: AsStaff, plea: HelpRequest, sim_line: Line) -> None:
    with time_machine.travel(LATER, tick=False):
        desk = Desk(as_staff("agent"), plea)
        desk.prepare(sim_line)
        desk.give_code()
        desk.open()
        with every_carrier():
            HelpRequest.objects.update(state="open", outcome="", case="")
        desk.prepare(sim_line, email="other@abroad.example")
        with every_carrier():
            code = re.search("[0-9]{6,8}", Message.objects.get(to="other@abroad.example").body)
        assert code is not None
        desk.send("code", code=code[0])
        status, page = desk.open()
    assert (status, "being closed already" in page) == (409, True)
    with every_carrier():
        plea.refresh_from_db()
        assert email_of(sim_line.subscriber_id) == NEW, "and the address was not added"
    assert plea.state == "open"


@pytest.mark.parametrize(("role", "may"), [("clerk", 403), ("reviewer", 403), ("auditor", 403), ("lead", 200)])
def test_it_opens_to_those_who_may(as_staff: AsStaff, plea: HelpRequest, role: str, may: int) -> None:
    with time_machine.travel(LATER, tick=False):
        assert as_staff(role).get(f"/desk/help/{plea.reference}/open/").status_code == may


def test_neither_the_neighbour_nor_the_neighbours_line(
    as_staff: AsStaff, plea: HelpRequest, tonari: Carrier, tonari_line: Line
) -> None:
    with time_machine.travel(LATER, tick=False):
        neighbour = Desk(as_staff("admin", carrier=tonari, host=TONARI), plea)
        assert neighbour.browser.get(neighbour.path).status_code == 404
        assert neighbour.prepare(tonari_line)[0] == 404
        assert "We do not find this line." in Desk(as_staff("agent"), plea).prepare(tonari_line)[1]


def test_the_auditor_sees_what_became_of_it_and_no_words(as_staff: AsStaff, plea: HelpRequest, sim_line: Line) -> None:
    with time_machine.travel(LATER, tick=False):
        desk = Desk(as_staff("agent"), plea)
        desk.prepare(sim_line)
        desk.give_code()
        desk.open()
        page = as_staff("auditor").get("/desk/help/").content.decode()
        assert desk.browser.get("/desk/help/").status_code == 403
    with every_carrier():
        reference = Termination.objects.get().reference
    assert plea.reference in page
    assert reference in page
    assert "WeChat" not in page
