"""Can an engineer say which elements end a carrier's lines, and is what does not exist refused?"""

from __future__ import annotations

import pytest

from tests.support.setup_elements import WriteElements, write_elements
from tojimari.cli import CommandError
from tojimari.cli.carrier_elements import in_words, merged

__all__ = ["write_elements"]

FILE = '[hlr-east]\nkind = "osmohlr"\ngroup = "hlr"\nhost = "127.0.0.1"\nimsi = ["44010"]\n'


def test_elements_are_named_in_their_order_and_others_stay(write_elements: WriteElements) -> None:
    write_elements(FILE)
    had = {"roaming": "by_hand", "esim": "simulated"}
    elements = merged(had, ["esim=es2plus, hlr", "physical_sim=hlr-east"])
    assert elements == {"roaming": "by_hand", "esim": ["es2plus", "hlr"], "physical_sim": "hlr-east"}
    assert in_words(elements) == "esim=es2plus,hlr physical_sim=hlr-east roaming=by_hand"
    assert merged(elements, ["esim=default"]) == {"roaming": "by_hand", "physical_sim": "hlr-east"}
    assert merged(had, []) == had


@pytest.mark.parametrize(
    ("pair", "told"),
    [
        ("esim", "write it like"),
        ("esim=", "write it like"),
        ("=hlr", "write it like"),
        ("sim=simulated", "no kind of line or service 'sim'"),
        ("esim=hlr", "no network element 'hlr'"),
        ("esim=simulated,simulated", "once"),
        ("esim=simulated,es2plus", "holds no line"),
    ],
)
def test_what_cannot_end_a_line_is_refused(pair: str, told: str) -> None:
    with pytest.raises(CommandError, match=told):
        merged({}, [pair])


def test_a_file_that_is_wrong_is_told_here_too(write_elements: WriteElements) -> None:
    write_elements('[hlr]\nkind = "hss"\n')
    with pytest.raises(CommandError, match="no kind 'hss'"):
        merged({}, ["esim=hlr"])
