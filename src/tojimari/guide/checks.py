"""Are the files of the directory in order, beyond their shape?

Some thirty small rules, each one function with an id. A problem names the file, the place in it, and what to do. The
shape itself (unknown keys, missing texts, sources that are not there) is held by `facts`. Nothing is fetched.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from pydantic import ValidationError

from tojimari.guide import facts as shape
from tojimari.guide.facts import CarrierFacts
from tojimari.guide.rules_entries import ENTRY_RULES
from tojimari.guide.rules_hours import HOURS_RULES
from tojimari.guide.rules_reach import REACH_RULES
from tojimari.guide.rules_sources import SOURCE_RULES
from tojimari.guide.rules_together import TOGETHER_RULES
from tojimari.guide.writing import write

Found = Iterator[tuple[str, str]]
"""Place, and what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Problem:
    rule: str
    file: str
    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}: {self.place}: {self.text} [{self.rule}]"


def problems(files: Mapping[str, str], today: date) -> list[Problem]:
    """Return what is wrong with these files (name -> text), file by file. `today` is a day in Japan."""
    found: list[Problem] = []
    sound: dict[str, CarrierFacts] = {}
    for name, text in sorted(files.items()):
        wrong = list(_of_text(name, text))
        if not wrong:
            carrier = CarrierFacts.model_validate(tomllib.loads(text))
            sound[carrier.id] = carrier
            wrong = [Problem(rule, name, *one) for rule, look in RULES.items() for one in look(carrier, today)]
            wrong += _file_form(name, text, carrier)
        found += wrong
    return found + _together(sound)


def problems_of(carrier: CarrierFacts, others: Mapping[str, CarrierFacts], today: date) -> list[Problem]:
    """Return what would be wrong with this carrier's file among the others, which are in order."""
    name = f"{carrier.id}.toml"
    found = [Problem(rule, name, *one) for rule, look in RULES.items() for one in look(carrier, today)]
    return found + [one for one in _together({**others, carrier.id: carrier}) if one.file == name]


def _together(carriers: Mapping[str, CarrierFacts]) -> list[Problem]:
    return [
        Problem(rule, f"{carrier}.toml", place, text)
        for rule, look in TOGETHER_RULES.items()
        for carrier, place, text in look(carriers)
    ]


RULES: Mapping[str, Callable[[CarrierFacts, date], Found]] = {
    **SOURCE_RULES,
    **REACH_RULES,
    **HOURS_RULES,
    **ENTRY_RULES,
}
"""Every rule on one file, by its id."""


def _of_text(name: str, text: str) -> Iterator[Problem]:
    """Whether it is TOML, has the shape, and bears the name of its id."""
    try:
        row = tomllib.loads(text)
        carrier = CarrierFacts.model_validate(row)
    except tomllib.TOMLDecodeError as error:
        yield Problem("file.toml", name, "file", f"It is no TOML: {error}.")
    except ValidationError as error:
        for one in error.errors():
            place = ".".join(str(part) for part in one["loc"]) or "file"
            yield Problem("file.shape", name, place, f"{one['msg']}. The keys are described in {shape.__name__}.")
    else:
        if f"{carrier.id}.toml" != name:
            yield Problem("file.name", name, "id", f"The id inside is {carrier.id!r}. Name the file by it.")


def _file_form(name: str, text: str, carrier: CarrierFacts) -> list[Problem]:
    """Files are written in one way (`writing`), so that corrections change only the lines that they mean."""
    if text == write(carrier):
        return []
    return [
        Problem("file.form", name, "file", "It is not written in the usual form. Run: tojimari guide check --write")
    ]
