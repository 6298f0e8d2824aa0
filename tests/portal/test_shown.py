"""Is what a person read before they confirmed kept word by word, and is it what they confirmed?"""

from __future__ import annotations

import hashlib
import re

import pytest
from django.test import Client

from tojimari.lines.models import Line
from tojimari.platform.database.scope import every_carrier
from tojimari.proofs.models import Event
from tojimari.terminations.models import ShownScreen, Termination
from tojimari.terminations.screens import words_of


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(effective|seen|shown)" value="([^"]*)"', page))


@pytest.mark.parametrize(("tag", "word"), [("en", "Close this line?"), ("ja", "年"), ("zh-hans", "年")])
def test_the_words_of_the_second_screen_are_kept_in_the_language_in_which_they_were_read(
    wang_here: Client, esim_line: Line, tag: str, word: str
) -> None:
    wang_here.post("/language/setlang/", {"language": tag, "next": "/"})
    path = f"/lines/{esim_line.pk}/close/confirm/"
    page = wang_here.get(path + "?end=month-end").content.decode()
    assert wang_here.post(path, hidden(page)).status_code == 302
    with every_carrier():
        case, kept = Termination.objects.get(), ShownScreen.objects.get()
        asked = Event.objects.get(case_id=case.pk, number=1).data
    assert kept.case_id == case.pk
    assert kept.text == words_of(page)
    assert word in kept.text
    assert "csrf" not in kept.text
    assert kept.sha256 == hashlib.sha256(kept.text.encode()).hexdigest() == asked["shown"] == hidden(page)["shown"]
    assert (kept.template, len(kept.version)) == ("portal/confirm.html", 16)
    assert kept.language.lower() == asked["language"].lower() == tag
    assert esim_line.msisdn not in kept.text
    assert f"{case.quote['total_yen']:,}" in kept.text


def test_words_that_changed_meanwhile_are_shown_once_more(wang_here: Client, esim_line: Line) -> None:
    path = f"/lines/{esim_line.pk}/close/confirm/"
    given = hidden(wang_here.get(path + "?end=month-end").content.decode())
    again = wang_here.post(path, given | {"shown": "0" * 64})
    assert (again.status_code, hidden(again.content.decode())) == (200, given)
    with every_carrier():
        assert not Termination.objects.exists()
    assert wang_here.post(path, given).status_code == 302


def test_menus_notices_and_hidden_fields_are_no_part_of_the_words() -> None:
    page = """<header>Top</header><main><nav><a>Menu</a><br></nav><div role="status"><p>Right.</p></div>
    <h1>Close?</h1><p>It   ends <strong>at&nbsp;once</strong>.<br>Really.</p><input type="hidden" value="x">
    <script>no()</script><button>Yes</button></main><footer>Foot</footer>"""
    assert words_of(page) == "Close?\nIt ends at once.\nReally.\nYes"
