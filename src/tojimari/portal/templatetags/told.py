"""What was written to whom about a case, and did it arrive?"""

from __future__ import annotations

from django import template

from tojimari.messages.models import LOST, Message, MessageKind, MessageState
from tojimari.messages.queries import of_case
from tojimari.messages.words import SEEN_TO, standing
from tojimari.portal.words import Text
from tojimari.rules.masking import last4, masked_email
from tojimari.terminations.models import Termination

register = template.Library()

_MOST = 30


@register.filter
def masked_to(message: Message) -> str:
    """Enough of an address to know it again, never the whole."""
    return masked_email(message.to) if message.kind == MessageKind.EMAIL else last4(message.to)


@register.filter
def message_standing(message: Message) -> Text:
    """How a message stands, as far as anybody told."""
    return standing(message)


@register.filter
def seen_to_how(message: Message) -> Text:
    """What staff did where it did not arrive; empty where nobody did, or another message went out."""
    return SEEN_TO.get(message.seen_to_by.split(" ")[0], "")


@register.inclusion_tag("portal/told.html", takes_context=True)
def told_of_case(context: template.Context, case: Termination, *, to_staff: bool = False) -> dict[str, object]:
    """The messages about a case, the newest first; unfolded where one did not arrive. One query."""
    told = list(of_case(case.pk).reverse()[:_MOST])
    lost = any(message.state == MessageState.FAILED or message.delivery in LOST for message in told)
    return {"told": told, "unfolded": lost, "to_staff": to_staff, "request": context.get("request")}
