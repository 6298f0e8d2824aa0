"""Do ICCID, EID and a chip's signed notice go on their day, while digests, history and certificate stay?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.terminations.play import PERSON, Clock, ask, work
from tests.terminations.test_erasing import assert_still_proved, closed_esim, everything_for_ever
from tojimari.lines.models import Carrier, Line
from tojimari.network.models import ProfileNotice, ProfileOrder
from tojimari.platform.database.scope import every_carrier
from tojimari.proofs.models import Addendum
from tojimari.proofs.queries import bundle
from tojimari.rules.calendar import day_start, jst_date
from tojimari.terminations import actions, erasing, profiles
from tojimari.terminations.models import Termination

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_worker")]

SECOND = timedelta(seconds=1)


def a_notice(line: Line, digest: str, at: datetime, **other: object) -> ProfileNotice:
    facts = {"carrier_id": line.carrier_id, "iccid": line.iccid, "eid": line.eid, "digest": digest}
    about = {"source": "chip", "state": "deleted", "said_at": at, "received_at": at, "signed": b"by the chip"}
    return ProfileNotice.objects.create(**facts | about | other)


def told_after_the_end(line: Line, clock: Clock) -> Termination:
    """An eSIM that ended, and whose chip then signed that its profile was deleted."""
    case = closed_esim(line, clock)
    profiles._note(a_notice(line, "d" * 64, clock.now), profiles.DELETION_SIGNED, clock.now)
    assert profiles._certify(case.pk, clock.now)
    ProfileOrder.objects.create(carrier_id=line.carrier_id, iccid=line.iccid, asked_at=clock.now)
    return Termination.objects.get(pk=case.pk)


def test_they_go_five_years_after_the_end_and_the_case_still_tells_of_the_deletion(
    esim_line: Line, clock: Clock
) -> None:
    case = told_after_the_end(esim_line, clock)
    ended = jst_date(case.ends_at)
    first_free = day_start(date(ended.year + 5, ended.month, ended.day) + timedelta(days=1))
    before, standing = everything_for_ever(case), profiles.standing_of(case, [])
    file = bundle(case.reference)
    erasing.erase(at=first_free - SECOND)
    assert (ProfileNotice.objects.get().iccid, ProfileOrder.objects.count()) == (esim_line.iccid, 1)
    assert bundle(case.reference) == file
    assert erasing.erase(at=first_free)["closure_evidence"] >= 3
    kept = ProfileNotice.objects.get()
    assert (kept.iccid, kept.eid, bytes(kept.signed), kept.digest) == ("", "", b"", "d" * 64)
    assert (ProfileOrder.objects.count(), bytes(Addendum.objects.get().notice)) == (0, b"")
    assert set(erasing.erase(at=first_free).values()) == {0}, "the second look finds nothing"
    assert profiles.standing_of(case, []) == standing
    assert standing is not None
    assert standing.stands is profiles.ProfileStands.SIGNED
    del file["addendum"]["notice"]
    assert bundle(case.reference) == file
    assert everything_for_ever(case) != before, "the copy of the notice beside the file is gone"
    assert_still_proved(case)


def test_what_is_told_of_a_line_that_lives_on_stays(esim_line: Line, clock: Clock) -> None:
    a_notice(esim_line, "a" * 64, clock.now, source="server", state="installed", signed=b"")
    case = ask(esim_line, clock, effective="3bd", channel="portal")
    work(clock, forward=False)
    actions.withdraw(termination=case, acting=PERSON, at=clock.now)
    case.refresh_from_db()
    assert case.finished_at is not None
    erasing.erase(at=datetime(2040, 1, 1, tzinfo=UTC))
    assert ProfileNotice.objects.get().iccid == esim_line.iccid


def test_what_a_server_told_of_a_profile_that_is_no_lines_goes_after_six_months(
    esim_line: Line, tonari: Carrier, clock: Clock
) -> None:
    received = datetime(2026, 11, 20, 3, tzinfo=UTC)
    a_notice(esim_line, "a" * 64, received)
    with every_carrier():
        a_notice(esim_line, "b" * 64, received, carrier_id=tonari.pk)
    a_notice(esim_line, "c" * 64, received, iccid="8981990000000099999")
    first_free = day_start(date(2027, 5, 21))
    assert erasing.erase(at=first_free - SECOND)["connection_logs"] == 0
    assert erasing.erase(at=first_free)["connection_logs"] == 2
    assert ProfileNotice.objects.get().digest == "a" * 64
