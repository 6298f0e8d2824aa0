"""Does a name in other words look the same, and another person's name not?"""

from __future__ import annotations

from datetime import date

import pytest

from tojimari.rules import mrz
from tojimari.rules.names import looks_same

TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"


@pytest.mark.parametrize(
    ("recorded", "same"),
    [
        ("ERIKSSON ANNA MARIA", True),
        ("Anna Maria Eriksson", True),
        ("Eriksson, Anna-Maria", True),
        ("ERIKSSON ANNAMARIA", True),
        ("Ériksson Anna Maria", True),
        ("ERIKSSON ANNA", False),
        ("WANG XIAOMING", False),
        ("", None),
        ("王小明", None),
    ],
)
def test_only_the_letters_of_a_name_count(recorded: str, same: bool | None) -> None:
    document = mrz.read(TD3, date(2012, 4, 14)).document
    assert document is not None
    assert looks_same(document, recorded) is same


def test_lines_without_a_name_say_nothing() -> None:
    document = mrz.read(TD3.splitlines()[1], date(2012, 4, 14)).document
    assert document is not None
    assert looks_same(document, "WANG XIAOMING") is None
