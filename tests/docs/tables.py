"""Which tables of the documentation are the code's own words, and how are they drawn?

Such a table stands between `<!-- from the code: NAME -->` and `<!-- end -->`. The test compares it with what is drawn
here; `make test ARGS=tests/docs` with WRITE_DOCS=1 in the environment writes it instead.
"""

from __future__ import annotations

import argparse
import importlib
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping

from django.utils.translation import override

from tests.docs.reading import ROOT
from tojimari.cli import COMMANDS, overview
from tojimari.codes import call_words as calls
from tojimari.codes import words as codes
from tojimari.counter import papers
from tojimari.counter import words as counter
from tojimari.desk import words as desk
from tojimari.desk.access import RIGHTS, Right
from tojimari.lines import words as lines
from tojimari.lines.columns import COLUMNS
from tojimari.messages import words as messages
from tojimari.money import words as money
from tojimari.network.elements import ELEMENTS, OWN_SETTINGS
from tojimari.network.reconciling import words as reconciling
from tojimari.platform.config import fields, is_secret, name_of
from tojimari.proofs import paper_words
from tojimari.proofs.words import TEXTS as VERIFY
from tojimari.rules.reasons import TEXTS as RULES
from tojimari.terminations import procedures, words
from tojimari.terminations import repair_words as repairs
from tojimari.terminations.guided import words as guided
from tojimari.terminations.models import Channel

Rows = Iterable[Iterable[object]]

HOME = "`/var/lib/tojimari` for root, `~/.local/share/tojimari` for others"


def draw(heads: Iterable[str], rows: Rows) -> str:
    """A table in Markdown, in English."""
    with override("en"):
        drawn = [_row(heads), _row("---" for _ in heads), *(_row(row) for row in rows)]
    return "\n".join(drawn)


def _row(cells: Iterable[object]) -> str:
    return "| " + " | ".join(" ".join(str(cell).replace("|", "\\|").split()) for cell in cells) + " |"


def _code(value: object) -> str:
    return f"`{value}`"


def settings() -> str:
    rows = []
    for field, about in fields().items():
        default = about.default
        shown = HOME if field == "home" else "–" if default in (None, [], {}) else _code(_as_text(default))
        secret = " A secret: `_FILE` is the better way." if is_secret(field) else ""
        rows.append([_code(name_of(field)), shown, f"{about.description}{secret}"])
    return draw(["setting", "default", "meaning"], rows)


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def commands() -> str:
    rows: list[list[str]] = []
    for word, path in COMMANDS.items():
        module = importlib.import_module(path)
        parser = argparse.ArgumentParser(prog=word)
        module.add_arguments(parser)
        rows += _verbs(f"tojimari {word}", module.HELP, parser)
    return draw(["command", "what it does", "arguments and options"], rows)


def _verbs(words_: str, about: str, parser: argparse.ArgumentParser) -> Iterator[list[str]]:
    told = []
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            helps = {choice.dest: choice.help or "" for choice in action._choices_actions}
            for verb, below in action.choices.items():
                yield from _verbs(f"{words_} {verb}", helps[verb], below)
            return
        if not isinstance(action, argparse._HelpAction):
            told.append(f"{_code(_written(action))} {action.help or ''}".strip())
    yield [_code(words_), about, "<br>".join(told) or "–"]


def _written(action: argparse.Action) -> str:
    value = "" if action.nargs == 0 else str(action.metavar or "/".join(map(str, action.choices or ())) or action.dest)
    if not action.option_strings:
        return value
    return f"{action.option_strings[-1]} {value if action.metavar or action.choices else value.upper()}".strip()


def usage() -> str:
    return f"```text\n{overview()}\n```"


def columns() -> str:
    return draw(
        ["column", "needed", "other headings"],
        ([_code(one.name), "yes" if one.required else "", ", ".join(one.synonyms)] for one in COLUMNS),
    )


def problems() -> str:
    return draw(["code", "what the column of reasons says"], _pairs(lines.PROBLEMS))


def steps() -> str:
    rows = ([_code(step), " or ".join(who), words.STEPS[step]] for step, who in procedures.STEPS.items())
    return draw(["step", "who may do it (first: standard)", "how people see it"], rows)


def papers_() -> str:
    rows = ([_code(paper), ", ".join(str(counter.SHOWN[kind]) for kind in kinds)] for paper, kinds in _papers())
    return draw(["paper", "what may be shown for it"], rows)


def _papers() -> Iterable[tuple[str, tuple[str, ...]]]:
    return papers.KINDS.items()


def channels() -> str:
    return draw(["channel"], ([_code(channel)] for channel in Channel.values))


def elements() -> str:
    rows = ([_code(name), _doc(_element_class(path))] for name, path in {**ELEMENTS, **OWN_SETTINGS}.items())
    return draw(["element", "what it is"], rows)


def _element_class(path: str) -> type:
    """The one class with the five verbs in `element.py` of the folder that a path of the registry leads to."""
    module = importlib.import_module(f"{path.rsplit('.', 2)[0]}.element")
    (found,) = (one for one in vars(module).values() if isinstance(one, type) and hasattr(one, "prove"))
    return found


def tested() -> str:
    """What the transcripts of each kind were played against, as they say themselves."""
    folder = ROOT / "tests/network/transcripts"
    rows = []
    for kind in dict.fromkeys((*ELEMENTS, *OWN_SETTINGS)):
        said = tomllib.loads((folder / kind / "against.toml").read_text("utf-8"))
        rows.append([_code(kind), len(list((folder / kind).glob("*.txt"))), said["tested"], said["not_tested"]])
    return draw(["element", "transcripts", "played against", "not tested"], rows)


def _doc(cls: type) -> str:
    return (cls.__doc__ or "").strip().splitlines()[0]


def roles() -> str:
    def may(right: Right, rights: frozenset[Right]) -> str:
        return "yes" if right in rights else ""

    rows = ([desk.ROLES[role], *(may(right, rights) for right in Right)] for role, rights in RIGHTS.items())
    return draw(["role", *Right], rows)


def states() -> str:
    return "\n\n".join(
        draw([head, "how people see it"], _pairs(table))
        for head, table in (
            ("state of a case", words.CASE_STATES),
            ("state of a step", words.STEP_STATES),
            ("state of a message", messages.STATES),
            ("event", words.EVENTS),
        )
    )


def reasons() -> str:
    """Every reason code by room, with its words and the way on."""
    told = [
        ("Cases and the network", words.REASONS),
        ("At the counter", counter.REASONS),
        ("Lines of other carriers", guided.REASONS),
        ("One-time codes", codes.REASONS),
        ("On the phone", calls.REASONS),
        ("Files and carriers", lines.REASONS),
        ("Ghost lines", {**reconciling.REASONS, **repairs.REASONS}),
        ("Money", money.REASONS),
        ("PDFs of certificates", paper_words.REASONS),
        ("Messages", messages.REASONS),
    ]
    parts = []
    for title, table in told:
        rows = ([_code(code), what, way_on] for code, (what, way_on) in table.items())
        parts.append(f"### {title}\n\n" + draw(["code", "what is the matter", "the way on"], rows))
    plain = [("Holds", words.HOLDS), ("Rejections", words.REJECTIONS), ("Rules and identifiers", RULES)]
    plain.append(("Certificates", VERIFY))
    parts += [f"### {title}\n\n" + draw(["code", "text"], _pairs(table)) for title, table in plain]
    return "\n\n".join(parts)


def _pairs(table: Mapping[str, object]) -> Iterator[list[object]]:
    return ([_code(code), text] for code, text in table.items())


TABLES: dict[str, Callable[[], str]] = {
    "settings": settings,
    "usage": usage,
    "commands": commands,
    "columns": columns,
    "problems": problems,
    "steps": steps,
    "papers": papers_,
    "channels": channels,
    "elements": elements,
    "tested": tested,
    "roles": roles,
    "states": states,
    "reasons": reasons,
}
