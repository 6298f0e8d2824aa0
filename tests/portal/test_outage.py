"""Is a request taken while the database is away, and does its time stand when it is back?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client

from tests.portal.away import without_database
from tests.portal.conftest import TABI, TONARI, SignIn, sent_to
from tests.terminations.play import CLERK, Clock, assert_closed_exactly_once, given_for, work
from tojimari.lines.models import Carrier, Line
from tojimari.messages.models import Message
from tojimari.platform.config import config
from tojimari.platform.database.scope import every_carrier
from tojimari.platform.spool import Spool
from tojimari.portal import remembered
from tojimari.proofs.queries import bundle, statement
from tojimari.terminations import actions, late
from tojimari.terminations.models import LateWish, Termination

WANG = "wang@mail.example"
AWAY_AT = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)  # noon in Japan on the last day of the month
BACK_AT = AWAY_AT + timedelta(days=3)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Every test has a data folder of its own for what is kept during an outage."""
    own = config().model_copy(update={"home": tmp_path})
    for module in (late, remembered):
        monkeypatch.setattr(module, "config", lambda: own)
    remembered._seen.cache_clear()
    yield tmp_path
    remembered._seen.cache_clear()


@pytest.fixture
def visitor() -> Client:
    """A browser that gets to see the error pages, as a person does."""
    return Client(SERVER_NAME=TABI, HTTP_ACCEPT_LANGUAGE="en", raise_request_exception=False)


def form_key(page: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', page)
    assert found is not None, page
    return found[1]


def given(line: Line, **other: str) -> dict[str, str]:
    return {"identifier": line.msisdn, "end": "month-end", "email": WANG, "key": "a key of this form"} | other


def send(visitor: Client, wish: dict[str, str]) -> Any:
    """Send the form while the database is away, and follow it to the receipt."""
    return without_database(lambda: visitor.post("/outage/", wish, follow=True))


@pytest.fixture
def back() -> Iterator[None]:
    """It is three days later, and the database is back."""
    with time_machine.travel(BACK_AT, tick=False):
        yield


def sent_at(line: Line, at: datetime, key: str = "TJ-0000-0000-0001", **other: str) -> str:
    """A wish that was sent at a certain instant, as the form keeps it."""
    wish = {"host": TABI, "origin": f"https://{TABI}", "typed": line.msisdn, "scope": "line", "email": WANG}
    late.spool().keep(key, wish | {"effective": "month-end", "language": "en"} | other, at=at, address="192.0.2.1")
    return key


def take_in(at: datetime) -> int:
    with every_carrier():
        return late.take_in(at=at)


@pytest.mark.parametrize(
    ("language", "said"),
    [("ja", "システム"), ("en", "Our system is down just now"), ("zh-CN", "系统"), ("zh-TW", "系統")],
)
@pytest.mark.parametrize("path", ["/", "/sign-in/", "/lines/", "/cases/TJ-0000-0000-0000/", "/verify/"])
def test_every_page_becomes_one_that_takes_the_request(visitor: Client, path: str, language: str, said: str) -> None:
    answer = without_database(lambda: visitor.get(path, HTTP_ACCEPT_LANGUAGE=language))
    page = answer.content.decode()
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert "no-store" in answer["Cache-Control"]
    assert said in page
    assert 'action="/outage/"' in page
    assert "188" in page
    assert "checked" not in page


def test_the_page_still_knows_whose_it_is(visitor: Client, tabi: Carrier) -> None:
    assert visitor.get("/").status_code == 200
    page = without_database(lambda: visitor.get("/")).content.decode()
    assert "Tabi Mobile" in page
    assert "tel:+81312345678" in page


def test_a_page_of_staff_says_so_without_a_form(visitor: Client) -> None:
    answer = without_database(lambda: visitor.get("/desk/"))
    assert answer.status_code == 503
    assert 'action="/outage/"' not in answer.content.decode()


def test_the_language_can_be_switched_meanwhile(visitor: Client) -> None:
    answer = without_database(lambda: visitor.post("/language/setlang/", {"language": "zh-hans", "next": "/"}))
    assert answer.status_code == 302
    page = without_database(lambda: visitor.get("/"))
    assert '<html lang="zh-Hans">' in page.content.decode()


def test_the_form_needs_its_own_page_and_no_session(sim_line: Line) -> None:
    strict = Client(enforce_csrf_checks=True, SERVER_NAME=TABI, raise_request_exception=False)
    assert without_database(lambda: strict.post("/outage/", given(sim_line))).status_code == 403
    page = without_database(lambda: strict.get("/")).content.decode()
    token = re.search(r'action="/outage/".*?name="csrfmiddlewaretoken" value="([^"]+)"', page, re.DOTALL)
    assert token is not None
    wish = given(sim_line, key=form_key(page), csrfmiddlewaretoken=token[1])
    assert without_database(lambda: strict.post("/outage/", wish)).status_code == 302


def test_the_receipt_shows_reference_and_time_and_nothing_of_the_person(visitor: Client, sim_line: Line) -> None:
    answer = send(visitor, given(sim_line))
    page, address = answer.content.decode(), answer.request["QUERY_STRING"]
    assert answer.status_code == 200
    (path,) = late.spool().waiting()
    assert late.spool().read(path).key in page
    assert "(Japan time)" in page
    assert "The time of your request stands" in page
    assert sim_line.msisdn not in page + address
    assert WANG not in page + address


def test_a_receipt_cannot_be_made_up(visitor: Client, tabi: Carrier) -> None:
    assert without_database(lambda: visitor.get("/outage/receipt/?of=made-up")).status_code == 404


def test_a_double_tap_gives_one_wish(visitor: Client, sim_line: Line) -> None:
    first, second = (send(visitor, given(sim_line)).content.decode().partition("<main")[2] for _ in range(2))
    assert first == second != ""
    assert len(list(late.spool().waiting())) == 1


@pytest.mark.parametrize("field", ["identifier", "end", "email", "bad email"])
def test_what_is_missing_is_said_and_what_was_typed_is_kept(visitor: Client, sim_line: Line, field: str) -> None:
    wrong = {"email": "no address"} if field == "bad email" else {field: ""}
    answer = send(visitor, given(sim_line) | wrong)
    page = answer.content.decode()
    assert answer.status_code == 503
    assert page.count('role="alert"') == 1
    kept = given(sim_line) | wrong
    assert all(f'value="{kept[name]}"' in page for name in ("identifier", "email", "key") if kept[name])
    assert list(late.spool().waiting()) == []


def test_too_many_from_one_address_are_refused_politely(visitor: Client, sim_line: Line) -> None:
    for number in range(30):
        sent_at(sim_line, datetime.now(UTC), f"TJ-{number}")
    kept = late.spool()
    who = Client(SERVER_NAME=TABI, HTTP_ACCEPT_LANGUAGE="en", REMOTE_ADDR="192.0.2.1", raise_request_exception=False)
    page = send(who, given(sim_line)).content.decode()
    assert "Many requests came from your connection" in page
    assert len(list(kept.waiting())) == 30
    assert send(visitor, given(sim_line)).status_code == 200


def test_a_full_disk_is_said_and_no_receipt_given(
    visitor: Client, sim_line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Spool, "_write", full)
    answer = send(visitor, given(sim_line))
    assert answer.status_code == 503
    assert "could not be kept" in answer.content.decode()


def confirmed(browser: Client, sign_in: SignIn, line: Line, reference: str) -> Termination:
    """Follow the mail: sign in, see the day and the yen, confirm."""
    sign_in(browser, line)
    page = browser.get(f"/late/{reference}/").content.decode()
    seen = re.search(r'name="seen" value="([0-9]+)"', page)
    assert seen is not None, page
    answer = browser.post(f"/late/{reference}/", {"seen": seen[1]})
    assert answer.status_code == 302, answer.content.decode()
    assert answer["Location"].endswith("/receipt/")
    with every_carrier():
        return Termination.objects.select_related("line").get(line=line)


def test_three_days_without_a_database_across_the_end_of_the_month(
    browser: Client, sign_in: SignIn, sim_line: Line, back: None
) -> None:
    reference = sent_at(sim_line, AWAY_AT)
    assert take_in(BACK_AT) == 1
    assert [f"({reference})" in subject for subject in sent_to(WANG)] == [True]
    case = confirmed(browser, sign_in, sim_line, reference)
    assert case.requested_at == AWAY_AT
    assert case.ends_at == datetime(2026, 11, 30, 15, tzinfo=UTC)  # 24:00 on 30 November in Japan
    assert case.quote["last_day"] == "2026-11-30"
    assert "Nov 30, 2026" in browser.get(f"/cases/{case.reference}/receipt/").content.decode()


def test_a_wish_is_confirmed_once(browser: Client, sign_in: SignIn, sim_line: Line) -> None:
    now = datetime.now(UTC)
    reference = sent_at(sim_line, now - timedelta(hours=2), effective="earliest")
    take_in(now)
    case = confirmed(browser, sign_in, sim_line, reference)
    again = browser.post(f"/late/{reference}/", {"seen": "0"})
    assert again["Location"].endswith(f"/cases/{case.reference}/receipt/")
    assert case.requested_at == now - timedelta(hours=2)


def test_without_the_mail_it_is_found_by_its_reference_and_a_code(
    browser: Client, sign_in: SignIn, sim_line: Line
) -> None:
    reference = sent_at(sim_line, datetime.now(UTC))
    take_in(datetime.now(UTC))
    assert "/late/" in browser.get("/case/").content.decode()
    assert "Type the reference from your receipt." in browser.post("/late/", {"reference": ""}).content.decode()
    typed = reference.removeprefix("TJ-").lower().replace("-", " ")
    there = browser.post("/late/", {"reference": typed})
    nowhere = browser.post("/late/", {"reference": "TJ-9999-9999-9999"})
    assert (there["Location"], nowhere["Location"]) == (f"/late/{reference}/", "/late/TJ-9999-9999-9999/")
    assert browser.get(there["Location"])["Location"].startswith("/sign-in/")
    sign_in(browser, sim_line)
    assert "The time of your request stands." in browser.get(there["Location"]).content.decode()


def test_only_roaming_is_turned_off_when_that_was_asked(browser: Client, sign_in: SignIn, sim_line: Line) -> None:
    now = datetime.now(UTC)
    reference = sent_at(sim_line, now - timedelta(hours=2), scope="roaming", effective="now")
    take_in(now)
    case = confirmed(browser, sign_in, sim_line, reference)
    assert (case.scope, case.requested_at) == ("roaming", now - timedelta(hours=2))


def test_it_is_confirmed_only_by_the_subscriber(
    browser: Client, sign_in: SignIn, sim_line: Line, tanaka_line: Line
) -> None:
    reference = sent_at(sim_line, datetime.now(UTC))
    take_in(datetime.now(UTC))
    assert browser.get(f"/late/{reference}/")["Location"].startswith("/sign-in/")
    sign_in(browser, tanaka_line)
    missing = browser.get(f"/late/{reference}/")
    assert missing.status_code == 404
    assert "We find no such request of yours" in missing.content.decode()
    assert browser.post(f"/late/{reference}/", {"seen": "0"}).status_code == 404


def test_other_yen_than_those_shown_are_not_taken(browser: Client, sign_in: SignIn, sim_line: Line) -> None:
    reference = sent_at(sim_line, datetime.now(UTC))
    take_in(datetime.now(UTC))
    sign_in(browser, sim_line)
    page = browser.post(f"/late/{reference}/", {"seen": "1"})
    assert "have changed since you opened this page" in page.content.decode()
    with every_carrier():
        assert not Termination.objects.exists()


def test_after_thirty_days_it_is_said_that_it_is_too_late(browser: Client, sign_in: SignIn, sim_line: Line) -> None:
    reference = sent_at(sim_line, datetime.now(UTC) - timedelta(days=31))
    take_in(datetime.now(UTC))
    sign_in(browser, sim_line)
    with every_carrier():
        seen = str(late.end_of(LateWish.objects.select_related("line__plan", "line__carrier").get()).quote["total_yen"])
    answer = browser.post(f"/late/{reference}/", {"seen": seen})
    assert answer.status_code == 409
    assert "too old to be confirmed" in answer.content.decode()


def test_the_answer_by_mail_does_not_tell_which_lines_exist(sim_line: Line) -> None:
    stranger = "stranger@mail.example"
    sent_at(sim_line, AWAY_AT, "TJ-0000-0000-0001", email=stranger)
    sent_at(sim_line, AWAY_AT, "TJ-0000-0000-0002", email=stranger, typed="09000000000")
    take_in(BACK_AT)
    with every_carrier():
        bodies = Message.objects.filter(to=stranger).order_by("pk").values_list("subject", "body", "reference")
        known, unknown = [(subject.replace(r, ""), body.replace(r, "")) for subject, body, r in bodies]
        assert LateWish.objects.filter(state="review", line=None).count() == 2
    assert known == unknown


def test_a_wish_belongs_to_the_carrier_of_the_host_it_was_sent_to(tonari_line: Line, tonari: Carrier) -> None:
    sent_at(tonari_line, AWAY_AT, "TJ-0000-0000-0001", host=TONARI, email="yamada@mail.example")
    sent_at(tonari_line, AWAY_AT, "TJ-0000-0000-0002", host=TABI, email="yamada@mail.example")
    take_in(BACK_AT)
    with every_carrier():
        found = LateWish.objects.order_by("reference").values_list("carrier__slug", "state", "line")
        assert list(found) == [("tonari", "offered", tonari_line.pk), ("tabi", "review", None)]


def test_a_wish_of_nobodys_host_or_another_secret_is_put_aside(home: Path, sim_line: Line) -> None:
    sent_at(sim_line, AWAY_AT, "TJ-0000-0000-0001", host="nobody.example")
    other = Spool(home / "outage" / "wishes", secret="another secret")
    other.keep("TJ-0000-0000-0002", {"typed": "x"}, at=AWAY_AT, address="")
    assert take_in(BACK_AT) == 0
    assert list(late.spool().waiting()) == []
    assert len(list((home / "outage" / "wishes").glob("*.aside"))) == 2


def test_the_tables_are_as_the_code_says() -> None:
    call_command("makemigrations", "terminations", check=True, dry_run=True, verbosity=0)


def test_the_line_ends_as_asked_and_its_certificate_says_when(
    browser: Client, sign_in: SignIn, esim_line: Line, back: None
) -> None:
    asked_at = AWAY_AT - timedelta(days=6)  # three business days before the month ends, as an eSIM needs
    reference = sent_at(esim_line, asked_at)
    take_in(BACK_AT)
    case = confirmed(browser, sign_in, esim_line, reference)
    with every_carrier():
        clock = Clock(BACK_AT)
        work(clock)
        review = case.steps.select_related("termination__line").get(name="review")
        actions.complete_step(step=review, given=given_for(review), acting=CLERK, at=clock.now)
        work(clock)
        assert_closed_exactly_once(case)
        certificate = bundle(case.reference)["certificate"]
    assert statement(certificate)["case"]["requested_at"] == "2026-11-24T12:00:00+09:00"
    assert (case.requested_at, case.ends_at) == (asked_at, datetime(2026, 11, 30, 15, tzinfo=UTC))
