"""When many people want the same time at the same moment, do exactly as many get it as there are seats?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection, transaction

from tests.counter.test_visits import NOW, THREE, WANG, book
from tojimari.counter import actions
from tojimari.counter.models import Shop, Visit
from tojimari.lines.models import Carrier
from tojimari.platform.acting import Refused
from tojimari.platform.database.scope import carrier_scope

pytestmark = pytest.mark.django_db(transaction=True)

CROWD = 12


def all_at_once(carrier: Carrier, deed: Callable[[int], object]) -> Counter[str]:
    """Let a crowd do something at the same moment, each on a connection of their own; count how it ended."""
    ready = Barrier(CROWD)

    def one(number: int) -> str:
        try:
            with carrier_scope(carrier.pk):
                connection.ensure_connection()
                ready.wait()
                deed(number)
        except Refused as refused:
            return refused.code
        finally:
            connection.close()
        return "booked"

    with ThreadPoolExecutor(CROWD) as pool:
        return Counter(pool.map(one, range(CROWD)))


def held(carrier: Carrier) -> list[tuple[int, int]]:
    with carrier_scope(carrier.pk):
        return sorted(Visit.objects.filter(state="booked").values_list("shop_id", "seat"))


def test_no_more_get_a_time_than_the_shop_has_seats(tabi: Carrier, shinjuku: Shop) -> None:
    assert all_at_once(tabi, lambda case: book(shinjuku, case)) == {"booked": 2, "visit.taken": CROWD - 2}
    assert held(tabi) == [(shinjuku.pk, 0), (shinjuku.pk, 1)]


def test_who_comes_while_another_is_booking_waits_and_gets_the_seat_that_is_left(tabi: Carrier, shinjuku: Shop) -> None:
    def second() -> int:
        try:
            with carrier_scope(tabi.pk):
                return book(shinjuku, 2).seat
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool, carrier_scope(tabi.pk):
        with transaction.atomic():
            first = book(shinjuku, 1).seat
            waiting = pool.submit(second)
            while not waiting.done() and not somebody_waits():
                pass
            assert not waiting.done()
        assert (first, waiting.result()) == (0, 1)


def somebody_waits() -> bool:
    """Whether the database lets anybody wait for another one's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
        )
        return bool(cursor.fetchone()[0])


def test_the_database_refuses_a_second_holder_even_without_the_lock(
    tabi: Carrier, haneda: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everybody believes that the first seat is free, as if nobody had waited for anybody."""
    monkeypatch.setattr(actions, "free_seat", lambda shop, starts_at, visits: 0)
    assert all_at_once(tabi, lambda case: book(haneda, case)) == {"booked": 1, "visit.taken": CROWD - 1}


def test_one_case_gets_one_visit_however_often_it_is_asked_for(tabi: Carrier, shinjuku: Shop, haneda: Shop) -> None:
    ended = all_at_once(tabi, lambda number: book(shinjuku if number % 2 else haneda, 1))
    assert ended == {"booked": 1, "visit.has_one": CROWD - 1}


def test_who_moves_to_the_last_seat_gets_it_alone_and_the_others_keep_theirs(
    tabi: Carrier, shinjuku: Shop, haneda: Shop
) -> None:
    with carrier_scope(tabi.pk):
        before = [book(shinjuku, case, THREE + timedelta(minutes=20 * (case // 2))) for case in range(CROWD)]
    ended = all_at_once(
        tabi, lambda case: actions.move(visit=before[case], shop=haneda, starts_at=THREE, acting=WANG, at=NOW)
    )
    assert ended == {"booked": 1, "visit.taken": CROWD - 1}
    shops = Counter(shop for shop, _ in held(tabi))
    assert shops == {shinjuku.pk: CROWD - 1, haneda.pk: 1}


def test_clerks_who_call_at_once_get_different_visitors_and_nobody_is_called_twice(
    tabi: Carrier, shinjuku: Shop
) -> None:
    waiting = CROWD - 4
    with carrier_scope(tabi.pk):
        for case in range(waiting):
            actions.walk_in(shop=shinjuku, case_id=case, reference=f"TJ-{case}", language="ja", acting=WANG, at=NOW)
    called: list[int | None] = []

    def call(number: int) -> None:
        visit = actions.call_next(shop=shinjuku, acting=WANG, at=NOW)
        called.append(visit.case_id if visit is not None else None)

    all_at_once(tabi, call)
    somebody = [case for case in called if case is not None]
    assert sorted(somebody) == list(range(waiting))
    with carrier_scope(tabi.pk):
        assert Visit.objects.exclude(called_at=None).count() == waiting
