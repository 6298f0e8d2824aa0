"""How does an engineer say which network elements end a carrier's lines? By `--element esim=es2plus,hlr`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tojimari.cli import CommandError
from tojimari.network.elements.instances import BadElements
from tojimari.network.routing import DEFAULT, Named, check_elements


def merged(known: Named, pairs: Sequence[str]) -> dict[str, str | list[str]]:
    """The elements that a carrier has, with those of `pairs` changed; "default" takes a name away.

    Raises CommandError when a pair cannot be read, or names what this installation does not have.
    """
    elements = {what: named if isinstance(named, str) else list(named) for what, named in known.items()}
    if not pairs:
        return elements
    for what, names in map(_pair, pairs):
        if names == [DEFAULT]:
            elements.pop(what, None)
        else:
            elements[what] = names[0] if len(names) == 1 else names
    try:
        problems = check_elements(elements)
    except BadElements as bad:
        problems = bad.problems
    if problems:
        raise CommandError("; ".join(problems))
    return elements


def _pair(text: str) -> tuple[str, list[str]]:
    what, _, names = text.partition("=")
    named = [name.strip() for name in names.split(",") if name.strip()]
    if not what.strip() or not named:
        raise CommandError(f"{text!r} names no element; write it like esim=es2plus,hlr or roaming=by_hand")
    return what.strip(), named


def in_words(elements: Mapping[str, str | Sequence[str]]) -> str:
    """A carrier's elements as the command takes them: "esim=es2plus,hlr"."""
    pairs = ((what, [named] if isinstance(named, str) else named) for what, named in sorted(elements.items()))
    return " ".join(f"{what}={','.join(named)}" for what, named in pairs)
