"""Is every page that says that something is wrong fit for everybody, in each language and for each kind?

axe, width, targets and texts, as for every other page; `tests/portal/error_states` says how each state comes about.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from pytest_django import Settings

from tests.browser.glass import Glass
from tests.browser.walks import LANGUAGES
from tests.portal.conftest import TABI, TONARI
from tests.portal.error_states import GROUPS, Scene
from tojimari.lines.models import Carrier, Line

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.fixture(scope="module")
def glass(chromium: Browser) -> Iterator[Glass]:
    found = Glass(chromium)
    yield found
    found.close()


@pytest.fixture
def lines(
    settings: Settings, sim_line: Line, esim_line: Line, tanaka_line: Line, tonari_line: Line
) -> tuple[Line, Line, Line, Line]:
    """Wang's two lines, Tanaka's and the neighbour's; each carrier under its own host name."""
    settings.ALLOWED_HOSTS = [TABI, TONARI]
    for line, host in ((sim_line, TABI), (tonari_line, TONARI)):
        Carrier.objects.filter(pk=line.carrier_id).update(hosts=[host])
    return sim_line, esim_line, tanaka_line, tonari_line


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("group", GROUPS)
def test_every_error_state_is_fit_for_everybody(
    glass: Glass, lines: tuple[Line, Line, Line, Line], group: str, language: str
) -> None:
    states = GROUPS[group](Scene(language, *lines))
    assert {name: found for name, page in states if (found := glass.problems(page, language))} == {}
