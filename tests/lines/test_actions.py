"""Do the marks on lines and services change what they should, once, and nothing beside it?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import MakeLine, a_subscriber
from tojimari.lines import actions, queries
from tojimari.lines.models import Carrier, ContactKind, ContactPoint, Line, Service, ServiceKind, Subscriber
from tojimari.platform.acting import SYSTEM, Refused

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
END = datetime(2026, 11, 30, 15, 0, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("as_worker")


def _state(line: Line) -> str:
    line.refresh_from_db()
    return line.state


def test_a_line_goes_from_active_to_pending_to_terminated(sim_line: Line, tanaka_line: Line) -> None:
    assert actions.mark_pending([sim_line.pk]) == [sim_line.pk]
    assert _state(sim_line) == "pending_terminate"
    assert actions.mark_number_off([sim_line.pk], at=NOW) == [sim_line.pk]
    assert actions.mark_terminated([sim_line.pk], at=LATER, ended_at=END) == [sim_line.pk]
    assert _state(sim_line) == "terminated"
    assert (sim_line.number_off_at, sim_line.ended_at) == (NOW, END)
    assert set(sim_line.services.values_list("state", "ended_at")) == {("terminated", END)}
    assert _state(tanaka_line) == "active"
    assert set(tanaka_line.services.values_list("state", flat=True)) == {"active"}


def test_every_mark_can_be_made_twice(sim_line: Line) -> None:
    lines = [sim_line.pk]
    for answer in (lines, []):
        assert actions.mark_pending(lines) == answer
    for answer in (lines, []):
        assert actions.mark_number_off(lines, at=NOW) == answer
    for answer in (lines, []):
        assert actions.mark_terminated(lines, at=NOW, ended_at=END) == answer
    sim_line.refresh_from_db()
    assert sim_line.number_off_at == NOW


def test_a_withdrawn_line_is_active_and_its_number_is_on(sim_line: Line) -> None:
    actions.mark_pending([sim_line.pk])
    actions.mark_number_off([sim_line.pk], at=NOW)
    assert actions.mark_active([sim_line.pk]) == [sim_line.pk]
    assert _state(sim_line) == "active"
    assert sim_line.number_off_at is None


def test_an_ended_line_is_never_revived(sim_line: Line) -> None:
    actions.mark_terminated([sim_line.pk], at=NOW, ended_at=END)
    assert actions.mark_pending([sim_line.pk]) == []
    assert actions.mark_active([sim_line.pk]) == []
    assert actions.mark_terminated([sim_line.pk], at=LATER, ended_at=LATER) == []
    assert _state(sim_line) == "terminated"
    assert sim_line.ended_at == END


def test_a_ported_out_line_keeps_that_state(make_line: MakeLine) -> None:
    line = make_line(state="ported_out")
    assert actions.mark_terminated([line.pk], at=NOW, ended_at=END) == []
    assert _state(line) == "ported_out"


def test_lines_of_one_batch_end_each_on_their_own_day(sim_line: Line, esim_line: Line) -> None:
    ends = {sim_line.pk: END, esim_line.pk: LATER}
    assert actions.mark_terminated(ends, at=NOW, ended_at=ends) == sorted(ends)
    assert dict(Line.objects.filter(pk__in=ends).values_list("pk", "ended_at")) == ends


def test_an_option_that_is_a_contract_of_its_own_does_not_end_with_its_line(make_line: MakeLine) -> None:
    line = make_line(services=("data", "option"))
    Service.objects.filter(line=line, kind="option").update(lives_on=True)
    actions.mark_terminated([line.pk], at=NOW, ended_at=END)
    assert dict(line.services.values_list("kind", "state")) == {"data": "terminated", "option": "active"}


def test_a_batch_takes_the_same_queries_as_one_line(make_line: MakeLine) -> None:
    lines = [make_line().pk for _ in range(20)]
    with CaptureQueriesContext(connection) as one:
        actions.mark_terminated(lines[:1], at=NOW, ended_at=END)
    with CaptureQueriesContext(connection) as many:
        actions.mark_terminated(lines[1:], at=NOW, ended_at=END)
    assert len(one) == len(many)


def test_roaming_ends_and_the_line_stays(sim_line: Line, roaming: Service, tanaka_line: Line) -> None:
    lines = [sim_line.pk, tanaka_line.pk]
    assert actions.mark_service_pending(lines, kind=ServiceKind.ROAMING) == [sim_line.pk]
    assert actions.mark_service_active(lines, kind=ServiceKind.ROAMING) == [sim_line.pk]
    assert actions.end_service(lines, kind=ServiceKind.ROAMING, ended_at=END) == [sim_line.pk]
    assert actions.end_service(lines, kind=ServiceKind.ROAMING, ended_at=LATER) == []
    roaming.refresh_from_db()
    assert (roaming.state, roaming.ended_at) == ("terminated", END)
    assert _state(sim_line) == "active"
    assert sim_line.number_off_at is None
    others = Service.objects.filter(line_id__in=lines).exclude(kind="roaming")
    assert set(others.values_list("state", "ended_at")) == {("active", None)}


def test_a_contact_replaces_the_one_before(wang: Subscriber) -> None:
    actions.set_contact(
        subscriber_id=wang.pk,
        kind=ContactKind.EMAIL,
        value=" Wang.New@Mail.Example ",
        verified_at=NOW,
        acting=SYSTEM,
    )
    assert list(ContactPoint.objects.values_list("value", "verified_at")) == [("Wang.New@mail.example", NOW)]
    assert queries.email_of(wang.pk) == "Wang.New@mail.example"
    assert queries.sms_number_of(wang.pk) == ""


def test_a_number_that_went_off_is_no_contact_of_who_held_it_whoever_holds_it_next(
    wang: Subscriber, make_line: MakeLine
) -> None:
    stays, ends = make_line(subscriber=wang), make_line(subscriber=wang)
    actions.set_contact(subscriber_id=wang.pk, kind=ContactKind.SMS, value=ends.msisdn, acting=SYSTEM)
    assert queries.number_for_code(wang.pk, besides=stays.msisdn) == ends.msisdn
    actions.mark_terminated([ends.pk], at=END, ended_at=END)
    next_one = make_line(subscriber=a_subscriber(wang.carrier, "C-9"), msisdn=ends.msisdn)
    assert queries.sms_number_of(wang.pk) == ""
    assert queries.sms_numbers_of([wang.pk]) == {}
    assert queries.number_for_code(wang.pk, besides="") == stays.msisdn
    Line.objects.filter(pk=next_one.pk).update(subscriber=wang)
    assert queries.sms_number_of(wang.pk) == ends.msisdn, "it is theirs again"


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        (ContactKind.EMAIL, "wang@", "contact.email"),
        (ContactKind.EMAIL, "wang@mail.example\nBcc: x@y.example", "contact.email"),
        (ContactKind.SMS, "07001234567", "msisdn.unassigned"),
    ],
)
def test_refuses_a_contact_nothing_can_be_sent_to(kind: ContactKind, value: str, code: str, wang: Subscriber) -> None:
    with pytest.raises(Refused, match=code):
        actions.set_contact(subscriber_id=wang.pk, kind=kind, value=value, acting=SYSTEM)
    assert queries.email_of(wang.pk) == "wang@mail.example"


def test_a_carrier_can_be_added_twice(tabi: Carrier) -> None:
    changed = actions.add_carrier(slug="tabi", name_ja="旅モバイル", name_en="Tabi", acting=SYSTEM)
    assert changed.pk == tabi.pk
    assert changed.name("zh-Hant") == "旅モバイル"
    assert Carrier.objects.filter(slug="tabi").count() == 1


def test_lines_with_all_that_belongs_to_them_take_three_queries(
    sim_line: Line, esim_line: Line, tanaka_line: Line
) -> None:
    with CaptureQueriesContext(connection) as asked:
        views = queries.lines_of_subscriber(sim_line.subscriber_id)
        shown = [(view.line.pk, view.plan.code, view.carrier.slug, len(view.services)) for view in views]
    assert shown == [(sim_line.pk, "standard", "tabi", 3), (esim_line.pk, "travel-30", "tabi", 1)]
    assert len(asked) == 3
    assert [service.kind for service in views[0].services] == ["data", "voice", "roaming"]
    assert queries.line_view(tanaka_line).owed_yen == 1078
