"""Is this link a carrier's own? `tojimari check link` answers each address of a text, by the directory of carriers.

The link is not opened and nothing is looked up. No answer says that a link is safe.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tojimari.cli.speech import folder_of, one_line, translator, write_utf8
from tojimari.guide.directory import carriers
from tojimari.guide.link_words import BESIDE, FINDINGS, NEVER_SAFE, NO_ADDRESS, NO_LIST, REASONS, REPORTED
from tojimari.guide.links import Answer, Whom, judge
from tojimari.rules.links import Finding

Translate = Callable[[str], str]

NONE = "link.none"
"""The code of a text without an address."""


def run(text: str, language: str, *, as_json: bool) -> int:
    """Print the answers in UTF-8. Returns 0 when every address is on a carrier's list, otherwise 1."""
    translate, tag = translator(language), folder_of(language).replace("_", "-").lower() or "en"
    answers = judge(text, carriers(), language=tag)
    write_utf8(one_line(_facts(answers, translate)) if as_json else _lines(answers, translate))
    return 0 if answers and all(answer.finding is Finding.OFFICIAL for answer in answers) else 1


def _facts(answers: list[Answer], translate: Translate) -> dict[str, Any]:
    facts: dict[str, Any] = {"kind": "link", "links": [_answer(answer, translate) for answer in answers]}
    return facts | ({"note": translate(NEVER_SAFE)} if answers else {"code": NONE, "text": translate(NO_ADDRESS)})


def _answer(answer: Answer, translate: Translate) -> dict[str, Any]:
    return {
        "host": answer.host,
        "answer": answer.finding.value,
        "why": answer.why.value,
        "text": translate(REASONS[answer.why]),
        "whom": [_carrier(whom) for whom in answer.whom],
        "right_addresses": [_carrier(whom) for whom in answer.beside],
    }


def _carrier(whom: Whom) -> dict[str, Any]:
    facts: dict[str, Any] = {"id": whom.id, "name": whom.name, "addresses": whom.addresses}
    if (source := whom.source) is not None:
        facts["source"] = {
            "url": source.url,
            "kind": source.kind.value,
            "confidence": source.confidence.value,
            "stated_on": source.stated_on or None,
            "read_on": source.read_on,
        }
    return facts


def _lines(answers: list[Answer], translate: Translate) -> str:
    if not answers:
        return f"{NONE}: {translate(NO_ADDRESS)}"
    lines: list[str] = []
    for answer in answers:
        headline = translate(FINDINGS[answer.headline]) % {"name": answer.name}
        lines += [f"{answer.finding.value}: {answer.host}", f"  {headline}", f"  {translate(REASONS[answer.why])}"]
        shown = answer.whom if answer.finding is Finding.OFFICIAL else answer.beside
        for whom in shown:
            if answer.finding is not Finding.OFFICIAL:
                words = translate(BESIDE if whom.addresses else NO_LIST) % {"name": whom.name}
                lines.append(f"  {words} {', '.join(whom.addresses)}".rstrip())
            lines += _source(whom, translate)
    return "\n".join([*lines, translate(NEVER_SAFE)])


def _source(whom: Whom, translate: Translate) -> list[str]:
    if whom.source is None:
        return []
    reported = "" if whom.source.published else f" {translate(REPORTED)}"
    return [f"  {whom.source.url} ({whom.said_on}){reported}"]
