"""Which pages of the portal say that something is wrong, and how does a test come to each of them?

Without a browser, by the forms as a person sends them: a walk costs seconds, a page from the test client milliseconds.
A browser looks at all of them in `tests/browser/test_error_states`. Each state has a name and the page; `ERROR` says
that the page does say something wrong, so that none of them is a good page by mistake.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.counter.conftest import a_shop
from tests.portal.away import without_database
from tests.portal.conftest import TABI, newest_code
from tests.portal.following import WANG, link_of, stranger
from tests.terminations.guided_play import a_plan
from tests.terminations.play import CLERK, Clock, ask, given_for, work
from tojimari.counter.models import Shop
from tojimari.lines.models import Line, LineState, Service
from tojimari.messages.links import guided_token
from tojimari.money.models import FinalBill, Way
from tojimari.platform.database.scope import every_carrier
from tojimari.rules.calendar import jst_date
from tojimari.rules.identifiers import iccid
from tojimari.rules.identifiers.account import Where
from tojimari.terminations import actions, final_bills, refund_accounts, reviewing
from tojimari.terminations.models import Step, Termination

ERROR = re.compile(r'aria-invalid="true"|role="alert"|class="note bad|class="error"')
ABROAD = iccid.with_check_digit("894411006812345678")
ALL_DAY = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
State = tuple[str, str]


@dataclass
class Scene:
    """Who is there: Wang's physical SIM with roaming and his eSIM, Tanaka's line, the neighbour's line."""

    language: str
    sim: Line
    esim: Line
    tanaka: Line
    tonari: Line

    def browser(self) -> Client:
        return stranger(self.language)

    def inside(self, line: Line) -> Client:
        """A browser in which the line's subscriber has just proved who they are."""
        browser = self.browser()
        browser.post("/sign-in/", {"identifier": line.order_number})
        answer = browser.post("/sign-in/code/", {"code": newest_code(WANG)})
        assert answer.status_code == 302, answer.content.decode()
        return browser


def said(name: str, answer: Any, *, expected: str = "") -> State:
    """One state; a redirect was followed. `expected`: what is on a page that warns without calling anything wrong."""
    page = answer.content.decode()
    wrong = answer.status_code >= 400 or ERROR.search(page)
    assert re.search(expected, page) if expected else wrong, f"{name}: this page says nothing wrong"
    return name, page


def asked(browser: Client, path: str, given: Mapping[str, Any] | None = None) -> Any:
    """Open a page, or send its form, and follow where it leads."""
    return browser.get(path, follow=True) if given is None else browser.post(path, given, follow=True)


def later(**by: float) -> time_machine.travel:
    """Some time after now. No state is yielded inside: whoever looks at it has clocks of their own."""
    return time_machine.travel(datetime.now(UTC) + timedelta(**by))


def entry(scene: Scene) -> Iterator[State]:
    """The way in: what names no line, codes that do not open, papers and pleas with something missing."""
    browser = scene.browser()
    for typed in ("", "12", "0901234567", "8981100000000000011", "+8613800138000", "我的手机", "a@mail.example"):
        yield said(f"sign in with {typed!r}", asked(browser, "/sign-in/", {"identifier": typed}))
    yield said("by SMS", asked(browser, "/sign-in/", {"identifier": scene.esim.iccid, "by": "sms"}))
    for name, typed in {"abroad": ABROAD, "another carrier": scene.tonari.msisdn}.items():
        page = asked(browser, "/sign-in/", {"identifier": typed})
        yield said(name, page, expected='href="/another-carrier/"')
    asked(browser, "/sign-in/", {"identifier": scene.esim.order_number})
    right = newest_code(WANG)
    for typed in ("", "12", f"{(int(right) + 1) % 1_000_000:06d}"):
        yield said(f"code {len(typed)}", asked(browser, "/sign-in/code/", {"code": typed}))
    with later(minutes=10, seconds=1):
        expired = asked(browser, "/sign-in/code/", {"code": right})
    yield said("code expired", expired)
    for _ in range(5):
        used_up = asked(browser, "/sign-in/code/", {"code": "000000" if right != "000000" else "111111"})
    yield said("code used up", used_up)
    for _ in range(6):
        again = asked(browser, "/sign-in/code/again/", {})
    yield said("too many codes", again)
    help_in, person = "/sign-in/help/", "/sign-in/help/person/"
    yield said("papers missing", asked(browser, help_in, {"order": ""}))
    yield said("papers wrong", asked(browser, help_in, {"order": "1", "card": "12", "email": "wang"}))
    yield said("plea missing", asked(browser, person, {"name": ""}))
    yield said("plea wrong", asked(browser, person, {"name": "王", "reach": "12", "reasons": "abroad"}))
    yield said("no passkey", asked(browser, "/sign-in/passkey/", {"answer": "{}"}))
    for reference, code in (("", ""), ("TJ-12", "12"), ("TJ-0123-4567-89AB", "0123-4567-89AB-CDEF")):
        yield said(f"case {reference!r}", asked(browser, "/case/", {"reference": reference, "code": code}))
    yield said("link of nothing", asked(browser, "/case/TJ-0123-4567-89AB/open/nonsense/"))
    yield said("wish of nothing", asked(browser, "/late/", {"reference": ""}))


def closing(scene: Scene, kind: str) -> Iterator[State]:
    """The two screens of one kind: what cannot be chosen, what cannot be ended, and what changed meanwhile."""
    line = scene.esim if kind == "esim" else scene.sim
    first = f"/lines/{line.pk}/{'roaming' if kind == 'roaming' else 'close'}/"
    browser, confirm = scene.inside(line), f"{first}confirm/"
    yield said("not theirs", asked(browser, first.replace(str(line.pk), str(scene.tanaka.pk), 1)))
    if kind != "roaming":
        for query in ("", "?end=date", "?end=date&date=2026-02-30", "?end=date&date=2020-01-01", "?end=someday"):
            yield said(f"chosen {query!r}", asked(browser, confirm + query))
        yield said("too far ahead", asked(browser, f"{confirm}?end=date&date=2099-01-01"))
        yield said("gone meanwhile", asked(browser, confirm, {"effective": "2020-01-01", "seen": ""}))
    end = "now" if kind == "roaming" else "month-end"
    yield said("other yen", asked(browser, confirm, {"effective": end, "seen": "2020-01-01 1"}))
    page = browser.get(f"{confirm}?end={end}").content.decode()
    seen = dict(re.findall(r'<input type="hidden" name="(effective|seen|shown)" value="([^"]*)"', page))
    with later(minutes=6):
        code, not_it = asked(browser, confirm, seen), asked(browser, "/sign-in/code/", {"code": "12"})
    yield said("a code first", code, expected='id="id_code"')
    yield said("not that code", not_it)
    browser = scene.inside(line)
    for name, state in {"closed": LineState.TERMINATED, "ported": LineState.PORTED_OUT}.items():
        of(line, state=state)
        yield said(name, asked(browser, first))
        yield said(f"{name}, confirmed", asked(browser, confirm, seen))
    of(line, state=LineState.ACTIVE)
    if kind == "roaming":
        yield from roaming_off(line, browser, first)


def roaming_off(line: Line, browser: Client, first: str) -> Iterator[State]:
    """Roaming that is off already, and roaming on a line that is being closed."""
    with every_carrier():
        Service.objects.filter(line=line, kind="roaming").update(state="terminated")
    yield said("off already", asked(browser, first))
    with every_carrier():
        Service.objects.filter(line=line, kind="roaming").update(state="active")
        case = ask(line, Clock(datetime.now(UTC)), effective="month-end", channel="portal")
    yield said("being closed", browser.get(first), expected=f'href="/cases/{case.reference}/"')


def of(line: Line, **fields: Any) -> None:
    with every_carrier():
        Line.objects.filter(pk=line.pk).update(**fields)


def case(scene: Scene, kind: str) -> Iterator[State]:
    """A case of one kind: it is there already, late, stuck at the network, and then too late for everything."""
    line, scope = (scene.sim, "roaming") if kind == "roaming" else (getattr(scene, LINE_OF[kind]), "line")
    clock = Clock(datetime.now(UTC))
    with every_carrier():
        case = ask(line, clock, scope=scope, effective=END_OF[kind], channel="portal")
        work(clock, forward=False)
    browser, home = scene.inside(line), f"/cases/{case.reference}/"
    first = f"/lines/{line.pk}/{'roaming' if kind == 'roaming' else 'close'}/"
    yield said("exists", asked(browser, first), expected=case.reference)
    yield said("somebody else's", asked(browser, "/cases/TJ-0123-4567-89AB/"))
    linked = scene.browser()
    asked(linked, link_of(case))
    if kind == "esim":
        yield from question(case, browser, clock)
        yield from other_days(case, browser, linked)
    with every_carrier():
        Step.objects.filter(termination=case, state="open").update(due_at=clock.now - timedelta(days=30))
    yield said("late", asked(browser, home), expected="<h1")
    with every_carrier():
        bar = Step.objects.get(termination=case, name="bar")
        Step.objects.filter(pk=bar.pk).update(state="stuck", code="network.refused")
    yield said("stuck", asked(browser, home), expected="<h1")
    with every_carrier():
        Step.objects.filter(pk=bar.pk).update(state=bar.state, code=bar.code)
        Step.objects.filter(termination=case, state="open").update(due_at=clock.now)
        to_the_end(case, clock)
    for path in ("withdraw/", "stop/"):
        yield said(f"{path} too late", asked(browser, home + path, {}))
    yield said("change/ too late", asked(browser, f"{home}change/", {"effective": "2099-01-01"}))
    if kind == "esim":
        yield from money_back(case, browser, clock)


LINE_OF = {"physical_sim": "sim", "esim": "esim"}
END_OF = {"physical_sim": "now", "esim": "month-end", "roaming": "now"}


def question(case: Termination, browser: Client, clock: Clock) -> Iterator[State]:
    """A question of staff, answered with nothing, and answered too late."""
    path = f"/cases/{case.reference}/answer/"
    with every_carrier():
        step = case.steps.get(name="review")
        key = reviewing.ask_back(step=step, code="own", text="どの店？", acting=CLERK, at=clock.now).pk
    for text in (" ", "x" * 1001):
        yield said(f"answer {text[0]!r}", asked(browser, path, {"question": key, "answer": text}))
    asked(browser, path, {"question": key, "answer": "羽田"})
    yield said("answer too late", asked(browser, path, {"question": key, "answer": "成田"}))


def money_back(case: Termination, browser: Client, clock: Clock) -> Iterator[State]:
    """The account for a refund: while none is open, with every field empty or wrong, and while staff pay."""
    path = f"/cases/{case.reference}/refund-account/"
    yield said("nothing goes back", asked(browser, path, {"do": "code", "where": "japan"}))
    with every_carrier():
        bill = FinalBill.objects.get(case_id=case.pk)
        too_much: dict[str, Any] = {"amount_yen": bill.total_yen + 44, "received_on": jst_date(clock.now)}
        final_bills.take_in(bill=bill, way=Way.TRANSFER, number="T-1", acting=CLERK, at=clock.now, **too_much)
    yield said("money goes back", asked(browser, f"/cases/{case.reference}/bill/"), expected=path)
    yield said("where the bank is", asked(browser, path), expected='value="abroad"')
    for where in Where:
        asked(browser, path, {"do": "code", "where": where})
        yield said(f"{where}, empty", asked(browser, path, {"do": "tell", "where": where}))
    given = {"bank": "0005", "branch": "001", "kind": "ordinary", "number": "7654321", "holder": "ワン"}
    code = newest_code(WANG)
    asked(browser, path, {"do": "tell", "where": "japan", "code": code} | given)
    yield said("told", asked(browser, path), expected="…321")
    with every_carrier():
        refund_accounts.read(bill=bill, acting=CLERK, at=clock.now)
    yield said("being paid", asked(browser, path))
    yield said("being paid, on the case", asked(browser, f"/cases/{case.reference}/"), expected="<h1")


def other_days(case: Termination, browser: Client, linked: Client) -> Iterator[State]:
    """Days that a case cannot be moved to, and the code that stands before each of its buttons."""
    path = f"/cases/{case.reference}/change/"
    for query in ("?end=", "?end=date", "?end=date&date=2026-02-30", "?end=date&date=2020-01-01"):
        yield said(f"change {query}", asked(browser, path + query))
    yield said("change, gone", asked(browser, path, {"effective": "2020-01-01"}))
    day = (case.ends_at + timedelta(days=20)).date().isoformat()
    yield said("change, other yen", asked(browser, path, {"effective": day, "seen": "1"}))
    yield said("withdraw, code first", asked(linked, f"/cases/{case.reference}/withdraw/", {}), expected='id="id_code"')


def to_the_end(case: Termination, clock: Clock) -> None:
    """Let everybody do their steps, until the case is over."""
    for name in ("review", "visit", "papers", "form", "return_sim", "bar"):
        step = case.steps.select_related("termination__line").filter(name=name, state__in=["open", "by_hand"]).first()
        if step is not None:
            given = {"note": "Switched off in the core's own console."} if name == "bar" else given_for(step)
            actions.complete_step(step=step, given=given, acting=CLERK, at=clock.now)
        work(clock)


def visit(scene: Scene) -> Iterator[State]:
    """A visit to a shop: no shop found, no time chosen, a time that is gone, days that cannot be waited for."""
    shop = a_shop(scene.sim.carrier, "shinjuku", hours=ALL_DAY, slot_minutes=60, capacity=1)
    clock = Clock(datetime.now(UTC))
    with every_carrier():
        case = ask(scene.sim, clock, channel="portal")
        work(clock, forward=False)
    shops, browser = f"/cases/{case.reference}/visit/shops/", scene.inside(scene.sim)
    times = f"{shops}shinjuku/"
    yield said("no such place", asked(browser, shops, {"place": "稚内"}), expected="稚内")
    yield said("place too long", asked(browser, shops, {"place": "x" * 101}))
    yield said("no such shop", asked(browser, f"{shops}nowhere/"))
    offered = re.findall(r'name="starts_at" value="([^"]+)"', browser.get(times).content.decode())
    for typed in ("", "tomorrow", clock.now.isoformat()):
        yield said(f"time {typed[:8]!r}", asked(browser, times, {"starts_at": typed}))
    browser.post(times, {"starts_at": offered[0]})
    yield said("booked already", asked(browser, times, {"starts_at": offered[3]}))
    browser.post(f"/cases/{case.reference}/visit/cancel/")
    for since, until in (("", ""), ("2026-02-30", "x"), ("2020-01-01", "2020-01-02")):
        yield said(f"wait {since}", asked(browser, f"{times}wait/", {"since": since, "until": until}))
    yield said("offer over", asked(browser, f"/cases/{case.reference}/visit/offer/", {"do": "take"}))
    with every_carrier():
        Shop.objects.filter(pk=shop.pk).update(hours={})
    yield said("closed meanwhile", asked(browser, times, {"starts_at": offered[0]}))


def outage(scene: Scene) -> Iterator[State]:
    """The database is away, and every other page that stands for one that cannot be shown."""
    browser = Client(SERVER_NAME=TABI, HTTP_ACCEPT_LANGUAGE=scene.language, raise_request_exception=False)
    wrong = {"identifier": "x" * 65, "end": "someday", "email": "no address", "key": "k"}
    yield said("away", without_database(lambda: browser.get("/lines/")))
    yield said("away, nothing typed", without_database(lambda: browser.post("/outage/", {"key": "k"})))
    yield said("away, all wrong", without_database(lambda: browser.post("/outage/", wrong)))
    yield said("away, a form was sent", without_database(lambda: browser.post("/case/", {})))
    yield said("receipt of nothing", asked(browser, "/outage/receipt/?of=x"))
    yield said("nowhere", asked(browser, "/nowhere/"))
    yield said("wish of somebody else", asked(scene.inside(scene.sim), "/late/TJ-0123-4567-89AB/"))
    strict = Client(enforce_csrf_checks=True, SERVER_NAME=TABI, HTTP_ACCEPT_LANGUAGE=scene.language)
    yield said("open for too long", asked(strict, "/sign-in/", {"identifier": "x"}))


def guided(scene: Scene) -> Iterator[State]:
    """A plan at another carrier, and every other form that anybody may send."""
    browser = scene.browser()
    yield said("no carrier", asked(browser, "/guide/start/?q=zzzz"), expected="zzzz")
    yield said("not in the list", asked(browser, "/guide/?q=zzzz"), expected="zzzz")
    questions = {"monthly_fee_yen": "?", "leaving_on": "x", "keep_number": "perhaps"}
    yield said("questions", asked(browser, "/guide/start/docomo/physical_sim/", questions))
    for reference, code in (("", ""), ("TJ-0123-4567-89AB", "0123-4567-89AB-CDEF")):
        yield said(f"plan {reference!r}", asked(browser, "/guide/case/", {"reference": reference, "code": code}))
    plan = a_plan(at=datetime.now(UTC), host_id=scene.sim.carrier_id).reference
    home = f"/guide/cases/{plan}/"
    asked(browser, f"{home}open/{guided_token(plan)}/")
    bad = SimpleUploadedFile("page.png", b"<html></html>", "image/png")
    step = f"{home}steps/1/"
    yield said("no picture", asked(browser, step, {"deed": "done", "done_on": "x", "done_time": "9", "picture": bad}))
    yield said("nothing to add", asked(browser, step, {"deed": "done", "done_on": "2099-01-01"}))
    yield said("over already", asked(browser, step, {"deed": "extend", "to": "2020-01-01"}))
    yield said("reason too long", asked(browser, step, {"deed": "block", "why": "x" * 1001}))
    yield said("no address", asked(browser, f"{home}reminders/", {"deed": "ask", "email": "li"}))
    asked(browser, f"{home}reminders/", {"deed": "ask", "email": "li@mail.example"})
    yield said("no such code", asked(browser, f"{home}reminders/", {"deed": "confirm", "code": "12"}))
    yield said("charge", asked(browser, f"{home}charged/", {"on": "x", "yen": "0"}))
    yield said("complaint", asked(browser, f"{home}complaint/", {"name": ""}))
    for text in ("", "no address", "https://bit.ly/1", "https://198.51.100.1/"):
        yield said(f"link {text!r}", asked(browser, "/is-it-real/", {"text": text}), expected="<h1")
    yield said("which kind", asked(browser, "/which-kind/?stay=x&phone="), expected="<h1")
    for letter in ("early-exit", "close", "charges", "advice"):
        yield said(f"letter {letter}", asked(browser, f"/guide/letters/{letter}/", {"email": "x", "charge1_yen": "x"}))
    yield said("card", asked(browser, "/guide/cards/close/", {"digits": "12"}))


GROUPS: dict[str, Callable[[Scene], Iterator[State]]] = {
    "entry": entry,
    "closing physical_sim": lambda scene: closing(scene, "physical_sim"),
    "closing esim": lambda scene: closing(scene, "esim"),
    "closing roaming": lambda scene: closing(scene, "roaming"),
    "case physical_sim": lambda scene: case(scene, "physical_sim"),
    "case esim": lambda scene: case(scene, "esim"),
    "case roaming": lambda scene: case(scene, "roaming"),
    "visit": visit,
    "outage": outage,
    "guided": guided,
}
