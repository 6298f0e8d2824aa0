"""Is every page that says that something is wrong fit for everybody, in each language and for each kind?

axe, width, targets and texts, as for every other page; `tests/portal/error_states` says how each state comes about.
"""

from __future__ import annotations

import pytest

from tests.browser.glass import Glass, glass, lines
from tests.browser.walks import LANGUAGES
from tests.portal.error_states import GROUPS, Scene
from tojimari.lines.models import Line

__all__ = ["glass", "lines"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("group", GROUPS)
def test_every_error_state_is_fit_for_everybody(
    glass: Glass, lines: tuple[Line, Line, Line, Line], group: str, language: str
) -> None:
    states = GROUPS[group](Scene(language, *lines))
    assert {name: found for name, page in states if (found := glass.problems(page, language))} == {}
