"""What does any reason code of the house say to a person, and what is the way on?

Each room keeps the words of its own codes; a face asks here, because this room stands above all that can refuse.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext

from tojimari.codes import call_words as calls
from tojimari.codes import words as codes
from tojimari.counter import shop_words as shops
from tojimari.counter import words as counter
from tojimari.lines import reach_words as reach
from tojimari.lines import words as lines
from tojimari.messages import words as messages
from tojimari.money import words as money
from tojimari.network.reconciling import words as reconciling
from tojimari.platform.acting import Refused
from tojimari.proofs import paper_words as papers
from tojimari.rules import reasons as rules
from tojimari.terminations import file_words as files
from tojimari.terminations import late_words as late
from tojimari.terminations import procedure_words as procedure
from tojimari.terminations import repair_words as repairs
from tojimari.terminations import review_words as review
from tojimari.terminations import words as own
from tojimari.terminations.guided import words as guided

_ROOMS = (
    own.REASONS,
    guided.REASONS,
    files.REASONS,
    late.REASONS,
    review.REASONS,
    repairs.REASONS,
    procedure.REASONS,
    counter.REASONS,
    shops.REASONS,
    codes.REASONS,
    calls.REASONS,
    messages.REASONS,
    money.REASONS,
    papers.REASONS,
    reach.REASONS,
    lines.REASONS,
    reconciling.REASONS,
)


def reason_text(code: str, facts: Mapping[str, object] | None = None) -> tuple[str, str]:
    """Return what is the matter and the way on, in the language of now, with the facts filled in.

    A code without words still leads to a person.
    """
    if code in rules.TEXTS:
        return gettext(rules.TEXTS[code]), ""
    for words in _ROOMS:
        if code in words:
            what, way_on = words[code]
            return _filled(str(what), facts), _filled(str(way_on), facts)
    what = (
        own.HOLDS.get(code)
        or own.REJECTIONS.get(code)
        or _filled(gettext("This cannot be done now (%(code)s)."), {"code": code})
    )
    return str(what), gettext("Ask our staff and give them the reference of your case.")


def refusal_text(refused: Refused) -> str:
    """Return a refusal in one line, to stand beside a field or in a file."""
    return " ".join(reason_text(refused.code, refused.facts)).strip()


def _filled(text: str, facts: Mapping[str, object] | None) -> str:
    """Fill facts in; a text whose fact is missing is shown as it stands rather than not at all."""
    try:
        return text % facts if facts else text
    except (KeyError, ValueError):
        return text
