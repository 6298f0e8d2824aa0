"""Can staff hand over the certificate of a case that is over, and only those who may see whose it is?"""

from __future__ import annotations

import pytest

from tests.desk.conftest import TONARI, AsStaff
from tests.terminations.play import Clock, ask, work
from tojimari.desk.models import Look
from tojimari.lines.models import Carrier, Line
from tojimari.platform.database.scope import every_carrier
from tojimari.platform.typesetting import can_draw
from tojimari.terminations.models import Termination


@pytest.fixture
def closed(sim_line: Line) -> Termination:
    clock = Clock()
    with every_carrier():
        case = ask(sim_line, clock)
        work(clock)
        case.refresh_from_db()
    return case


def test_a_clerk_sees_what_is_left_and_saves_the_certificate(as_staff: AsStaff, closed: Termination) -> None:
    browser = as_staff("clerk")
    page = browser.get(f"/desk/cases/{closed.reference}/").content.decode()
    assert "The number may be given to somebody else" in page
    assert "Never used again, for anybody." in page
    assert f"/desk/cases/{closed.reference}/certificate.pdf" in page
    answer = browser.get(f"/desk/cases/{closed.reference}/certificate.json")
    assert answer.json()["format"].startswith("tojimari-certificate-")
    with every_carrier():
        assert Look.objects.filter(reference=closed.reference, page="certificate").count() == 1


@pytest.mark.skipif(not can_draw(), reason="no Japanese font; on Debian: apt-get install fonts-noto-cjk")
def test_the_pdf_is_in_the_customers_language(as_staff: AsStaff, closed: Termination) -> None:
    answer = as_staff("clerk").get(f"/desk/cases/{closed.reference}/certificate.pdf")
    assert answer.content.startswith(b"%PDF-")
    assert "zh-CN" in answer.content.decode("latin-1")  # Wang reads Simplified Chinese


def test_who_may_not_know_the_customer_is_led_back(as_staff: AsStaff, closed: Termination) -> None:
    browser = as_staff("agent")
    for ending in ("json", "pdf"):
        answer = browser.get(f"/desk/cases/{closed.reference}/certificate.{ending}")
        assert (answer.status_code, answer["Location"]) == (302, f"/desk/cases/{closed.reference}/")


def test_the_neighbours_staff_find_nothing(as_staff: AsStaff, closed: Termination, tonari: Carrier) -> None:
    browser = as_staff("clerk", carrier=tonari, host=TONARI)
    assert browser.get(f"/desk/cases/{closed.reference}/certificate.pdf").status_code == 404
    assert browser.get(f"/desk/cases/{closed.reference}/certificate.json").status_code == 404
