"""How are the files of the directory read?

Once a process, from the package. A file that is not in order stops the reading with its name and what is wrong: the
directory ships with the installation, and `tojimari guide check` holds it. One rule of that check is held here as well,
because people are led by it: a page that we send them to is the carrier's own.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from pydantic import ValidationError

from tojimari.guide.facts import CarrierFacts
from tojimari.guide.links import outward_problem


class Unsound(ValueError):
    """A file of the directory is not in order. The text names the file and each fault."""


@cache
def carriers() -> Mapping[str, CarrierFacts]:
    """Return every carrier by id, in the order of ids, obsolete ones among them. Raises `Unsound`."""
    folder = files("tojimari.guide").joinpath("data")
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".toml"))
    return {name.removesuffix(".toml"): read(name, folder.joinpath(name).read_text("utf-8")) for name in names}


def read(name: str, text: str) -> CarrierFacts:
    """Read one file. Raises `Unsound`."""
    try:
        facts = CarrierFacts.model_validate(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise Unsound(f"{name}: {error}") from None
    if f"{facts.id}.toml" != name:
        raise Unsound(f"{name}: the id inside is {facts.id}")
    for way in facts.closing:
        if way.page and (problem := outward_problem(way.page, facts)):
            raise Unsound(f"{name}: closing.{way.id}.page: {problem}")
    return facts
