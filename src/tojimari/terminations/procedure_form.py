"""How are waiting days, papers and the review rule of a procedure changed without writing TOML?

The text of the procedure stays what it is, with its order and comments: only the values that were chosen in a form are
put into it. What comes out is checked and looked at like any other text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tojimari.counter.papers import KINDS as PAPERS
from tojimari.rules.review import FINDINGS
from tojimari.terminations.procedures import BadProcedure, ProcedureSpec, parse, read_text

LIMITS = ("recent_days", "debt_above_yen", "several_from", "several_hours")
"""The limits of a review rule, in the order in which a form asks for them."""

_HEAD = re.compile(r"^\s*\[")
_STEP = re.compile(r"^\s*\[\[\s*step\s*\]\]")

Value = int | Sequence[str]


@dataclass(frozen=True, slots=True)
class Number:
    """One whole number in the form. `place` is the table or step it stands in; None as value: the step is not there."""

    name: str
    place: str
    key: str
    value: int


def numbers(found: ProcedureSpec) -> list[Number]:
    """Return the numbers of a procedure that the form offers, with what counts now."""
    steps = {step.name: step for step in found.steps}
    offered = [Number("earliest_business_days", "effective", "earliest_business_days", found.earliest_business_days)]
    if "hold" in steps:
        offered.append(Number("hold_hours", "hold", "wait_hours", steps["hold"].wait_hours))
    if "review" in steps:
        promised = steps["review"].promise_business_days
        offered.append(Number("review_days", "review step", "promise_business_days", promised))
        offered += [Number(name, "review", name, found.review.limits[name]) for name in LIMITS]
    return offered


def lists(found: ProcedureSpec) -> dict[str, tuple[Sequence[str], Sequence[str]]]:
    """Return the lists that the form offers: what can be chosen, and what counts now."""
    steps = {step.name: step for step in found.steps}
    offered: dict[str, tuple[Sequence[str], Sequence[str]]] = {}
    if "papers" in steps:
        offered["papers"] = (tuple(PAPERS), steps["papers"].papers)
    if "review" in steps:
        offered["look_at"] = (FINDINGS, found.review.look_at)
        offered["four_eyes"] = (FINDINGS, found.review.four_eyes)
    return offered


_LIST_PLACES = {"papers": ("papers", "papers"), "look_at": ("review", "look_at"), "four_eyes": ("review", "four_eyes")}


def filled_in(text: str, typed: Mapping[str, str], chosen: Mapping[str, Sequence[str]]) -> tuple[str, dict[str, str]]:
    """Return a procedure's text with the values of a form in it, and reason codes by field for what is no number.

    A text that cannot be read is returned as it is: its own page says what is wrong with it.
    """
    try:
        found = parse(read_text(text, "form"), "form")
    except BadProcedure:
        return text, {}
    wrong: dict[str, str] = {}
    for one in numbers(found):
        digits = typed.get(one.name, str(one.value)).strip()
        if not re.fullmatch(r"[0-9]{1,7}", digits, re.ASCII):
            wrong[one.name] = "procedure.number_wrong"
        elif int(digits) != one.value:
            text = put(text, one.place, one.key, int(digits))
    for name, (choices, now) in lists(found).items():
        wanted = [choice for choice in choices if choice in chosen.get(name, ())]
        if set(wanted) != set(now):
            text = put(text, *_LIST_PLACES[name], wanted)
    return text, wrong


def put(text: str, place: str, key: str, value: Value) -> str:
    """Return the text with a key of a table or step set; a table that is missing is written before the first step.

    `place` names a table, such as "review", or a step; "review step" is the step of that name.
    """
    lines = text.splitlines()
    step = place if place in ("hold", "papers") else "review" if place == "review step" else ""
    first, end = _step(lines, step) if step else _table(lines, place)
    written = f"{key} = {json.dumps(list(value), ensure_ascii=False) if not isinstance(value, int) else value}"
    if first < 0:
        head = next((number for number, line in enumerate(lines) if _STEP.match(line)), len(lines))
        lines[head:head] = [f"[{place}]", written, ""]
        return "\n".join(lines) + "\n"
    for number in range(first + 1, end):
        if re.match(rf"^\s*{re.escape(key)}\s*=", lines[number]):
            last = _end_of_value(lines, number, end)
            comment = re.search(r"\s+#[^\"']*$", lines[last])
            lines[number : last + 1] = [written + (comment[0] if comment else "")]
            return "\n".join(lines) + "\n"
    while end > first + 1 and not lines[end - 1].split("#")[0].strip():
        end -= 1
    lines.insert(end, written)
    return "\n".join(lines) + "\n"


def _table(lines: Sequence[str], name: str) -> tuple[int, int]:
    """Where a table begins and ends; -1 where there is none."""
    head = re.compile(rf"^\s*\[\s*{re.escape(name)}\s*\]")
    first = next((number for number, line in enumerate(lines) if head.match(line)), -1)
    return first, _end(lines, first)


def _step(lines: Sequence[str], name: str) -> tuple[int, int]:
    for first, line in enumerate(lines):
        end = _end(lines, first)
        own = re.compile(rf"^\s*name\s*=\s*[\"']{re.escape(name)}[\"']")
        if _STEP.match(line) and any(own.match(inside) for inside in lines[first:end]):
            return first, end
    return -1, len(lines)


def _end(lines: Sequence[str], first: int) -> int:
    return next((number for number in range(first + 1, len(lines)) if _HEAD.match(lines[number])), len(lines))


def _end_of_value(lines: Sequence[str], number: int, end: int) -> int:
    """The line in which a value ends: a list may go over several."""
    value = lines[number].partition("=")[2].split("#")[0].strip()
    if not value.startswith("["):
        return number
    while "]" not in lines[number].split("#")[0] and number + 1 < end:
        number += 1
    return number
