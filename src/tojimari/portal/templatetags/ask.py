"""How do the pages that answer questions name a finding, a kind of line, a reason, a record and how long it stays?"""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from tojimari.guide import link_words
from tojimari.guide.links import Answer, Whom
from tojimari.portal import clocks, words_ask
from tojimari.portal.templatetags.show import own_name
from tojimari.privacy.words import BASES, ITEMS, PLACES
from tojimari.rules.links import Why
from tojimari.rules.retention import Period

register = template.Library()


@register.filter
def link_headline(answer: Answer) -> SafeString | str:
    """What was found about an address, with whose it is or whom it imitates."""
    before, named, after = gettext(link_words.FINDINGS[answer.headline]).partition("%(name)s")
    return format_html("{}{}{}", before, own_name(answer.name), after) if named else before


@register.filter
def finding_class(finding: str) -> str:
    """How it is drawn. The colour only repeats what the words say."""
    return words_ask.FINDING_CLASSES.get(finding, "")


@register.filter
def link_reason(why: Why) -> str:
    """What decided about an address."""
    return gettext(link_words.REASONS[why])


@register.filter
def link_source(whom: Whom) -> str:
    """Who says that these are a carrier's addresses, and when. Empty for the site's own carrier."""
    if whom.source is None:
        return ""
    host = urlsplit(whom.source.url).hostname or ""
    said = gettext(link_words.SOURCE) % {"host": host, "date": clocks.as_exact(whom.said_on)}
    return said if whom.source.published else f"{said} {gettext(link_words.REPORTED)}"


@register.filter
def right_address(whom: Whom) -> str:
    """The words before a carrier's right addresses, or that none is known."""
    return gettext(link_words.BESIDE if whom.addresses else link_words.NO_LIST) % {"name": whom.name}


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


@register.filter
def month_name(value: date) -> str:
    """A month with its year."""
    return clocks.month(value)


@register.filter
def record_name(item: str) -> words_ask.Text:
    """What a kind of record about a person is called."""
    return ITEMS.get(item, item)


@register.filter
def record_place(at_closure: str) -> words_ask.Text:
    """Where it lies once the line is closed."""
    return PLACES.get(at_closure, at_closure)


@register.filter
def record_basis(basis: str) -> words_ask.Text:
    """Why it is kept."""
    return BASES.get(basis, basis)


@register.filter
def period_length(period: Period) -> str:
    """How long a period is, in words."""
    return clocks.length(months=period.months, days=period.days)
