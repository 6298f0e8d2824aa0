"""Is every returned card accounted for, and does a count that differs always say why?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tojimari.counter import bags, words
from tojimari.counter.models import Bag, HandOver, ReturnedCard, Shop
from tojimari.lines.models import Carrier
from tojimari.platform.acting import Acting, Refused, Role
from tojimari.platform.database.scope import carrier_scope

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
CLERK = Acting(Role.STAFF, "7", "鈴木 一郎")


@pytest.fixture(autouse=True)
def _as_tabi(tabi: Carrier) -> Iterator[None]:
    with carrier_scope(tabi.pk):
        yield


def take(shop: Shop | None, carrier: Carrier, case: int, condition: str = "returned") -> ReturnedCard:
    taken = bags.Taken(carrier.pk, case, f"TJ-{case}", "…0010", condition)
    return bags.take(taken, shop=shop, acting=CLERK, at=NOW)


def close(shop: Shop, counted: int, explanation: str = "") -> Bag:
    return bags.close_bag(shop=shop, counted=counted, explanation=explanation, acting=CLERK, at=NOW)


def give(
    shop: Shop, numbers: list[int], counted: int, explanation: str = "", receiver: str = "リサイクル社"
) -> HandOver:
    return bags.hand_over(
        shop=shop,
        numbers=numbers,
        receiver=receiver,
        counted=counted,
        explanation=explanation,
        acting=CLERK,
        at=NOW,
    )


def refusal(deed: Any, *args: Any) -> str:
    with pytest.raises(Refused) as refused:
        deed(*args)
    assert refused.value.code in words.REASONS
    return refused.value.code


def test_cards_go_into_the_open_bag_of_their_shop_and_a_new_one_opens_after_it(shinjuku: Shop, haneda: Shop) -> None:
    first, second = take(shinjuku, shinjuku.carrier, 1), take(shinjuku, shinjuku.carrier, 2)
    elsewhere = take(haneda, haneda.carrier, 3)
    assert first.bag is not None
    assert (first.bag.label, first.bag) == ("shinjuku-1", second.bag)
    assert elsewhere.bag is not None
    assert elsewhere.bag.label == "haneda-1"
    close(shinjuku, 2)
    third = take(shinjuku, shinjuku.carrier, 4)
    assert third.bag is not None
    assert third.bag.label == "shinjuku-2"
    assert bags.stock_of(shinjuku).cards == 3


def test_a_card_that_is_taken_twice_lies_in_one_bag_once(shinjuku: Shop) -> None:
    assert take(shinjuku, shinjuku.carrier, 1) == take(shinjuku, shinjuku.carrier, 1)
    assert bags.stock_of(shinjuku).cards == 1


def test_a_bag_is_closed_with_the_count_of_the_records_or_with_a_reason(shinjuku: Shop) -> None:
    assert refusal(close, shinjuku, 0) == "bag.none"
    take(shinjuku, shinjuku.carrier, 1)
    assert refusal(close, shinjuku, 2) == "bag.differs"
    assert refusal(close, shinjuku, 2, "  ") == "bag.differs"
    bag = close(shinjuku, 2, "One more lay in the drawer.")
    assert (bag.cards, bag.counted, bag.explanation) == (1, 2, "One more lay in the drawer.")


def test_the_counts_of_a_hand_over_add_up(shinjuku: Shop) -> None:
    take(shinjuku, shinjuku.carrier, 1)
    take(shinjuku, shinjuku.carrier, 2, "damaged")
    close(shinjuku, 2)
    take(shinjuku, shinjuku.carrier, 3)
    close(shinjuku, 1)
    assert refusal(give, shinjuku, [1, 2], 2) == "bag.differs"
    made = give(shinjuku, [1, 2], 3)
    assert (made.number, made.cards, made.counted) == (1, 3, 3)
    assert [(one.bag.number, one.whole, one.damaged) for one in bags.bags_of(made)] == [(1, 1, 1), (2, 1, 0)]
    assert bags.stock_of(shinjuku).cards == 0


def test_a_bag_leaves_once_closed_and_to_somebody(shinjuku: Shop, haneda: Shop) -> None:
    take(shinjuku, shinjuku.carrier, 1)
    assert refusal(give, shinjuku, [], 0) == "bag.none_chosen"
    assert refusal(give, shinjuku, [1], 1) == "bag.gone"
    close(shinjuku, 1)
    assert refusal(give, shinjuku, [1], 1, "", " ") == "bag.receiver_missing"
    assert refusal(give, haneda, [1], 1) == "bag.gone"
    give(shinjuku, [1], 1)
    assert refusal(give, shinjuku, [1], 1) == "bag.gone"


def test_a_card_without_a_shop_is_seen_until_a_shop_bags_it(shinjuku: Shop) -> None:
    take(None, shinjuku.carrier, 1)
    assert [card.case_id for card in bags.stock_of(shinjuku).loose] == [1]
    assert bags.bag_loose(shop=shinjuku, at=NOW) == 1
    stock = bags.stock_of(shinjuku)
    assert (stock.cards, list(stock.loose)) == (1, [])


def test_the_database_itself_refuses_a_difference_without_a_reason(shinjuku: Shop) -> None:
    take(shinjuku, shinjuku.carrier, 1)
    bag = close(shinjuku, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Bag.objects.filter(pk=bag.pk).update(counted=5)


def test_another_carrier_sees_no_bag(shinjuku: Shop, tonari: Carrier) -> None:
    take(shinjuku, shinjuku.carrier, 1)
    with carrier_scope(tonari.pk):
        assert not Bag.objects.exists()
        assert not ReturnedCard.objects.exists()
