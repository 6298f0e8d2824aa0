"""Does the page of a case that is over say what is left: the paper, the number, the card, the data, and who helps?"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils.translation import override

from tests.cast import MakeLine
from tests.counter.conftest import a_shop
from tests.portal.conftest import TABI
from tests.terminations.play import CLERK, START, Clock, ask, work
from tojimari.counter import bags
from tojimari.lines.models import Line, Subscriber
from tojimari.messages.card_left import card_left
from tojimari.messages.links import token_of
from tojimari.messages.models import Message
from tojimari.platform.database.scope import every_carrier
from tojimari.portal.clocks import day
from tojimari.proofs.models import Certificate
from tojimari.proofs.queries import statement
from tojimari.rules.calendar import jst_date
from tojimari.terminations.afterwards import afterwards
from tojimari.terminations.models import Termination

LATER = START + timedelta(hours=1)


def over(line: Line, *, scope: str = "line") -> Termination:
    clock = Clock()
    with every_carrier():
        case = ask(line, clock, scope=scope)
        work(clock)
        case.refresh_from_db()
    return case


@pytest.fixture
def closed(esim_line: Line) -> Termination:
    return over(esim_line)


def case_proved_at(case: Termination) -> datetime:
    with every_carrier():
        return case.steps.get(name="prove").done_at or START


def page_of(case: Termination, language: str = "en") -> str:
    browser = Client(SERVER_NAME=TABI, HTTP_ACCEPT_LANGUAGE=language)
    with time_machine.travel(LATER, tick=False):
        browser.get(f"/case/{case.reference}/open/{token_of(case.carrier_id, case.reference)}/")
        answer: Any = browser.get(f"/cases/{case.reference}/")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def test_a_finished_case_names_the_day_from_which_the_number_may_be_given_away(closed: Termination) -> None:
    with every_carrier():
        said = statement(Certificate.objects.get(case_id=closed.pk).jws)
        left = afterwards(closed, at=LATER)
    assert left is not None
    assert left.free_from is not None
    assert left.free_from.isoformat() == said["number"]["free_from"]
    page = page_of(closed)
    assert left.free_from == jst_date(case_proved_at(closed)) + timedelta(days=180)
    with override("en"):
        first, last = day(left.free_from), day(left.free_from - timedelta(days=1))
    assert f"It rests until {last}. From {first} it may be given to somebody else." in page
    assert "Our own rule; no law sets the time." in page


def test_once_the_rest_is_over_the_page_says_so(closed: Termination) -> None:
    with every_carrier():
        before = afterwards(closed, at=START + timedelta(days=179))
        after = afterwards(closed, at=START + timedelta(days=181))
    assert before is not None
    assert after is not None
    assert (before.rest_is_over, after.rest_is_over) == (False, True)


def test_it_says_which_data_stay_why_and_until_when(closed: Termination) -> None:
    page = page_of(closed)
    assert "The record that your identity was checked" in page
    assert "Nov 20, 2029" in page  # three years after 20 November 2026
    assert "携帯電話不正利用防止法 4(2)" in page


def test_it_names_who_helps_and_how_to_save_the_proof(closed: Termination) -> None:
    page = page_of(closed)
    for words in ("Save it as PDF", "Consumer hotline", "188", "Telecom consumer centre", "+81312345678"):
        assert words in page


@pytest.mark.parametrize("language", ["ja", "zh-hans", "zh-hant"])
def test_in_every_language(closed: Termination, language: str) -> None:
    page = page_of(closed, language)
    titles = {"ja": "これからできること", "zh-hans": "您还可以做什么", "zh-hant": "您還可以做什麼"}
    assert titles[language] in page
    assert "What you can still do" not in page


def test_an_open_case_shows_nothing_of_it(sim_line: Line) -> None:
    with every_carrier():
        case = ask(sim_line, Clock(), channel="portal", effective="month-end")
        assert afterwards(case, at=LATER) is None
    assert "What you can still do" not in page_of(case)


def test_page_and_mail_say_in_the_same_words_what_to_do_with_a_card_that_stays(
    sim_line: Line, closed: Termination
) -> None:
    case = over(sim_line)
    with every_carrier():
        mails = {one.case_id: one.body for one in Message.objects.filter(key="closed")}
        language = Subscriber.objects.get(pk=sim_line.subscriber_id).language
    with override(language):
        stays = card_left(kind="physical_sim", scope="line", returned={"by": "carrier:file", "channel": "file"})
    assert stays in mails[case.pk]
    assert stays in page_of(case, language)
    assert "SIM card does not work any more" not in page_of(closed), "an eSIM"


def test_the_returned_card_is_followed_until_it_is_handed_over(sim_line: Line) -> None:
    case = over(sim_line)
    assert "Your SIM card does not work any more." in page_of(case)
    with every_carrier():
        shop = a_shop(sim_line.carrier, "shinjuku")
        card = bags.Taken(case.carrier_id, case.pk, case.reference, "…0062", "returned")
        bags.take(card, shop=shop, acting=CLERK, at=START)
    page = page_of(case)
    assert "It lies in bag shinjuku-1 and will be handed over to be recycled." in page
    assert "does not work any more" not in page
    with every_carrier():
        bag = bags.close_bag(shop=shop, counted=1, explanation="", acting=CLERK, at=START)
        bags.hand_over(
            shop=shop, numbers=[bag.number], receiver="Recycling KK", counted=1, explanation="", acting=CLERK, at=START
        )
        left = afterwards(case, at=LATER)
    assert left is not None
    assert left.card is not None
    assert (left.card.receiver, left.card.handed_over_at) == ("Recycling KK", START)
    page = page_of(case)
    assert "Handed over to be recycled:" in page
    assert "Recycling KK" not in page  # for staff


def test_the_number_of_an_ended_sim_is_never_used_again(closed: Termination, make_line: MakeLine) -> None:
    assert "Never used again, for anybody." in page_of(closed)
    with every_carrier():
        iccid, msisdn = closed.line.iccid, closed.line.msisdn
    with pytest.raises(IntegrityError, match="line_iccid"), transaction.atomic():
        make_line(carrier=closed.carrier, iccid=iccid)
    assert make_line(carrier=closed.carrier, msisdn=msisdn).msisdn == msisdn  # a number may be, once it has rested
