"""Does every pair of answers lead to a kind that the phone can use, with a reason?"""

from __future__ import annotations

from itertools import product

import pytest

from tojimari.rules.kinds import Kind, Phone, Reason, Stay, suggest


@pytest.mark.parametrize(("stay", "phone"), list(product(Stay, Phone)))
def test_every_pair_of_answers_has_a_suggestion_with_reasons(stay: Stay, phone: Phone) -> None:
    suggestion = suggest(stay, phone)
    assert suggestion.reasons
    assert not (suggestion.kind is Kind.ESIM and phone is Phone.NO_ESIM)
    assert (Reason.PHONE_TAKES_ESIM in suggestion.reasons) <= (phone is Phone.ESIM)
    assert (Reason.PHONE_WITHOUT_ESIM in suggestion.reasons) <= (phone is Phone.NO_ESIM)


@pytest.mark.parametrize(
    ("stay", "phone", "kind"),
    [
        (Stay.FIRST_VISIT, Phone.ESIM, Kind.ESIM),
        (Stay.FIRST_VISIT, Phone.NO_ESIM, Kind.ROAMING),
        (Stay.CHANGING_PHONES, Phone.ESIM, Kind.PHYSICAL_SIM),
        (Stay.BUSINESS, Phone.UNKNOWN, Kind.ROAMING),
        (Stay.LONG, Phone.ESIM, Kind.ESIM),
        (Stay.LONG, Phone.UNKNOWN, Kind.PHYSICAL_SIM),
    ],
)
def test_who_leaves_soon_gets_what_is_easy_to_leave(stay: Stay, phone: Phone, kind: Kind) -> None:
    assert suggest(stay, phone).kind is kind


def test_a_card_is_never_suggested_for_a_first_visit() -> None:
    assert all(suggest(Stay.FIRST_VISIT, phone).kind is not Kind.PHYSICAL_SIM for phone in Phone)
