"""What do staff want to know before a case goes on?"""

from __future__ import annotations

from django import template

from tojimari.terminations import reviewing
from tojimari.terminations.models import Termination

register = template.Library()


@register.simple_tag
def question_of(case: Termination) -> str:
    """The question that a case waits for its subscriber to answer; empty when there is none. One query."""
    question = reviewing.open_question(case)
    return reviewing.text_of(question, question.step) if question is not None else ""
