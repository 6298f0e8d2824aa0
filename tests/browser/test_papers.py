"""Can anybody check a certificate on a narrow phone, and see what is left of a line that is over?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.browser.conftest import ONE, Open, Visit
from tests.browser.test_pages import problems
from tests.terminations.play import Clock, ask, work
from tojimari.lines.models import Line
from tojimari.messages.links import token_of
from tojimari.platform.database.scope import every_carrier
from tojimari.platform.typesetting import can_draw
from tojimari.proofs.models import Certificate
from tojimari.proofs.paper import digest_of
from tojimari.terminations.models import Termination

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not can_draw(), reason="no Japanese font; on Debian: apt-get install fonts-noto-cjk"),
]


@pytest.fixture
def closed(people: tuple[Line, Line, Line]) -> Termination:
    clock = Clock(datetime.now(UTC))
    with every_carrier():
        case = ask(people[1], clock)
        work(clock)
        case.refresh_from_db()
    return case


def pages(window: Visit, closed: Termination, folder: Path) -> Iterator[str]:
    page = window.page
    window.go(f"/case/{closed.reference}/open/{token_of(closed.carrier_id, closed.reference)}/")
    page.click("summary")
    yield "over"
    with page.expect_download() as saved:
        page.click("a[href$='certificate.pdf']")
    paper = folder / "certificate.pdf"
    saved.value.save_as(paper)
    window.go("/verify/")
    yield "check"
    page.click("main form .button")
    yield "check, no file"
    page.set_input_files("input[type=file]", paper)
    page.click("main form .button")
    yield "genuine"
    changed = folder / "changed.pdf"
    changed.write_bytes(paper.read_bytes().replace(b"/Marked true", b"/Marked  rue", 1))
    page.set_input_files("input[type=file]", changed)
    page.click("main form .button")
    yield "pages changed"
    with every_carrier():
        digest = digest_of(Certificate.objects.get(case_id=closed.pk).jws)
    window.go(f"/verify/{closed.reference}/{digest}/")
    yield "scanned"
    window.go(f"/verify/{closed.reference}/{'0' * 64}/")
    yield "scanned, unknown"


@pytest.mark.parametrize("language", ONE)
def test_from_the_end_of_a_line_to_the_check_of_its_paper(
    visit: Open, closed: Termination, language: str, tmp_path: Path
) -> None:
    window = visit(language, width=320, height=640)
    wrong = {}
    for name in pages(window, closed, tmp_path):
        if found := problems(window, language):
            wrong[name] = found
    assert wrong == {}
    assert window.foreign == []
