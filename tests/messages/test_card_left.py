"""Is a person told what to do with a SIM card exactly when one stays with them?"""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.translation import override

from tests.messages.test_texts import about
from tests.works import ENDS_AT, QUOTE
from tojimari.messages import texts
from tojimari.messages.card_left import card_left
from tojimari.platform.work import Evidence

WAIVED = {"channel": "file", "by": "carrier:file"}


def said(language: str = "en", **changed: Any) -> str:
    known: dict[str, Any] = {"kind": "physical_sim", "scope": "line", "returned": None} | changed
    with override(language):
        return card_left(**known)


@pytest.mark.parametrize(("returned", "words"), [(None, "We do not need it back."), (WAIVED, "by post or hand it in")])
def test_a_card_that_stays_is_taken_out_and_cut_or_sent_back(returned: Evidence | None, words: str) -> None:
    text = said(returned=returned)
    assert text.startswith("Your SIM card does not work any more. Take it out of your phone. ")
    assert words in text
    assert "electronic waste" in text
    texts_of_all = {said(language, returned=returned) for language in texts.LOCALES}
    assert len(texts_of_all) == 4


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": "esim"},
        {"scope": "roaming"},
        {"returned": {"condition": "returned", "iccid": "…0062"}},
        {"returned": {"condition": "lost"}},
    ],
)
def test_nothing_is_said_where_no_card_stays_or_the_line_goes_on(changed: dict[str, Any]) -> None:
    assert said(**changed) == ""


def test_a_carrier_with_words_of_its_own_says_it_too() -> None:
    mail = texts.closed("en", about(), ends_at=ENDS_AT, quote=QUOTE, card="Cut it.")
    assert mail.parts is not None
    assert mail.parts.foot.startswith("Cut it.\n\nIs this mail really from us?")
    assert mail.body.count("Cut it.") == 1
