"""Is the history in the database really append-only, whole, and closed to other carriers?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import Error, IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from tojimari.lines.models import Carrier
from tojimari.platform.database.scope import carrier_scope
from tojimari.proofs.actions import NewEvent, append
from tojimari.proofs.chain import Entry, check_chain
from tojimari.proofs.models import Event

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_worker")]

AT = datetime(2026, 11, 30, 3, 0, 0, 123456, tzinfo=UTC)


def event(carrier: Carrier, case_id: int, name: str = "step.done", **data: object) -> NewEvent:
    return NewEvent(carrier.pk, case_id, f"TJ-{case_id}", AT, name, "system", data)


def stored(case_id: int) -> list[Entry]:
    return [
        Entry(e.reference, e.number, e.at, e.name, e.actor, e.data, bytes(e.prev), bytes(e.hash))
        for e in Event.objects.filter(case_id=case_id).order_by("number")
    ]


def test_what_is_read_back_hashes_to_the_head_that_was_returned(tabi: Carrier) -> None:
    data = {"z": 1, "a": [True, None, -5], "text": '確認 "\\\n\t é \U0001f4f1', "9": {"b": {}, "a": []}}
    heads = append([event(tabi, 1, "termination.requested", **data), event(tabi, 1), event(tabi, 2)])
    heads |= append([event(tabi, 1, "termination.completed")], heads)
    verdict = check_chain(stored(1))
    assert (verdict.whole, verdict.head, verdict.count) == (True, *heads[1])
    assert heads[1][1] == 3
    assert check_chain(stored(2)).head == heads[2][0]
    assert stored(1)[0].data == data
    assert stored(1)[0].at == AT


def test_a_second_writer_with_the_same_head_fails(tabi: Carrier) -> None:
    heads = append([event(tabi, 1)])
    append([event(tabi, 1)], heads)
    with pytest.raises(IntegrityError), transaction.atomic():
        append([event(tabi, 1, note="too late")], heads)
    assert check_chain(stored(1)).count == 2


def test_nothing_to_add_asks_nothing_of_the_database(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert append([]) == {}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE proofs_event SET actor = 'nobody'",
        "UPDATE proofs_event SET actor = 'nobody' WHERE false",
        "DELETE FROM proofs_event",
        "TRUNCATE proofs_event",
        "TRUNCATE lines_carrier CASCADE",
        "INSERT INTO proofs_event SELECT * FROM proofs_event ON CONFLICT (case_id, number) DO UPDATE SET actor = 'x'",
    ],
)
def test_the_database_refuses_to_change_or_remove_an_entry(tabi: Carrier, statement: str) -> None:
    append([event(tabi, 1)])
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(Error, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert check_chain(stored(1)).count == 1


def test_the_orm_cannot_change_or_remove_an_entry_either(tabi: Carrier) -> None:
    append([event(tabi, 1)])
    entry = Event.objects.get()
    entry.actor = "nobody"
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        entry.save(update_fields=["actor"])
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        entry.delete()
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        Event.objects.filter(case_id=1).update(data={})
    assert check_chain(stored(1)).whole


def test_another_carrier_sees_no_entry_and_can_add_none_for_its_neighbour(tabi: Carrier, tonari: Carrier) -> None:
    append([event(tabi, 1)])
    with carrier_scope(tonari.pk):
        assert not Event.objects.exists()
        with pytest.raises(Error, match="row-level security"), transaction.atomic():
            append([event(tabi, 3)])
    with carrier_scope(tabi.pk):
        assert Event.objects.count() == 1
