"""How do pages write what a charge rests on, and what an end costs in all?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from tojimari.money.models import FinalBill
from tojimari.money.quotes import until_the_end_yen
from tojimari.money.words import APART, BASES, BY_USE, LATE_USE, ROUNDINGS
from tojimari.portal.templatetags.show import yen
from tojimari.portal.words import charge_name
from tojimari.terminations import final_bills

register = template.Library()


@register.filter
def rests_on(charge: Mapping[str, Any]) -> SafeString:
    """What a charge rests on, what of it is not certain yet, and how it was rounded; a law by its Japanese name."""
    basis = str(charge.get("legal_basis", ""))
    said = [BASES[basis] if basis in BASES else format_html('<span lang="ja">{}</span>', basis)]
    said += [
        words[charge[key]] for key, words in (("by_use", BY_USE), ("rounding", ROUNDINGS)) if charge.get(key) in words
    ]
    return format_html_join(" · ", "{}", ((text,) for text in said))


@register.filter
def apart_name(row: Mapping[str, Any]) -> str:
    """What is paid all the same and is no part of the final bill."""
    named = charge_name(row)
    return named if row.get("month") else str(APART.get(row["text_code"], named))


@register.filter
def before_yen(quote: Mapping[str, Any]) -> int:
    """What the bills of the months before the last one come to."""
    return until_the_end_yen(quote) - int(quote.get("total_yen", 0))


@register.filter
def all_yen(quote: Mapping[str, Any]) -> int:
    """What an end costs with the bills before it."""
    return until_the_end_yen(quote)


@register.filter
def to_pay(amount: int) -> str:
    """What an end costs, or what comes back by it, where no word before the amount says which of the two it is."""
    return yen(amount) if amount >= 0 else gettext("%(amount)s back to you") % {"amount": yen(-amount)}


@register.filter
def works_left_out(lines: Iterable[Mapping[str, Any]]) -> bool:
    """Whether works are named in rows of a quote or bill, and nothing is asked for them."""
    return any(row["text_code"] == "charge.installation" and not row["amount_yen"] for row in lines)


@register.filter
def turned(amount: int) -> int:
    """An amount that goes back, as one above nothing."""
    return -amount


@register.filter
def final_number(bill: FinalBill) -> str:
    """The payment number of a final bill."""
    return final_bills.payment_number(bill)


@register.filter
def late_use_name(text_code: str) -> str:
    """What a supplementary bill is for."""
    return charge_name({"text_code": text_code})


@register.simple_tag
def late_uses() -> Iterable[tuple[str, str]]:
    """What a supplementary bill may be for, to choose from."""
    return [(code, charge_name({"text_code": code})) for code in LATE_USE]
