"""How do the pages that answer questions name a finding, a kind of line, a reason?"""

from __future__ import annotations

from django import template

from tojimari.portal import words_ask

register = template.Library()


@register.filter
def finding_name(finding: str) -> words_ask.Text:
    """What was found about an address."""
    return words_ask.FINDINGS.get(finding, finding)


@register.filter
def finding_class(finding: str) -> str:
    """How it is drawn. The colour only repeats what the words say."""
    return words_ask.FINDING_CLASSES.get(finding, "")


@register.filter
def why_text(why: str) -> words_ask.Text:
    """What decided about an address."""
    return words_ask.WHY.get(why, why)


@register.filter
def chosen_kind(kind: str) -> words_ask.Text:
    """What a kind of line is called where all three stand side by side."""
    return words_ask.KINDS.get(kind, kind)


@register.filter
def suits_whom(kind: str) -> words_ask.Text:
    """Whom a kind suits."""
    return words_ask.SUITS.get(kind, "")


@register.filter
def kind_reason(reason: str) -> words_ask.Text:
    """Why a kind was suggested."""
    return words_ask.REASONS.get(reason, reason)
