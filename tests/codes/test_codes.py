"""Do one-time codes keep out whoever does not have them, and let in whoever does?"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tojimari.codes import words
from tojimari.codes.actions import (
    HOUR,
    SENT_TO_ACCOUNT,
    SENT_TO_ADDRESS,
    WRONG_IN_A_ROW,
    WRONG_PER_HOUR,
    check,
    issue,
    purge,
    unknown_subject,
    unlock,
)
from tojimari.codes.models import Bucket, Code, Guard
from tojimari.lines.models import Carrier
from tojimari.platform.acting import Acting, Refused, Role
from tojimari.platform.database.scope import carrier_scope

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_worker")]

AT = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
STAFF = Acting(Role.STAFF, "7", "Sato Ken")
HERE = "session-of-this-browser"


class Door:
    """One account's way in, at one carrier."""

    def __init__(self, carrier: Carrier, subject: str = "subscriber:1") -> None:
        self.who: dict[str, Any] = {"carrier_id": carrier.pk, "subject": subject, "purpose": "sign-in"}

    def issue(self, at: datetime = AT, binding: str = HERE, **more: Any) -> str:
        return issue(**self.who | more, binding=binding, at=at)[1]

    def check(self, given: str, at: datetime = AT + MINUTE, binding: str = HERE, **more: Any) -> bool:
        return check(**self.who | more, binding=binding, given=given, at=at)

    def refused(self, given: str, at: datetime = AT + MINUTE, binding: str = HERE, **more: Any) -> Refused:
        with pytest.raises(Refused) as caught:
            self.check(given, at, binding, **more)
        return caught.value

    def guess_wrong(self, times: int, at: datetime = AT + MINUTE) -> None:
        """Guess wrong so often, asking for a new code whenever one is used up."""
        for turn in range(times):
            if turn % 5 == 0:
                digits = self.issue(at - timedelta(seconds=1))
                Bucket.objects.all().delete()
            assert not self.check(wrong(digits), at)


@pytest.fixture
def door(tabi: Carrier) -> Door:
    return Door(tabi)


def wrong(digits: str) -> str:
    return f"{(int(digits) + 1) % 1_000_000:06d}"


def test_the_right_digits_open_once(door: Door) -> None:
    digits = door.issue()
    assert door.check(digits)
    assert door.refused(digits).code == "code.expired"


def test_a_wrong_guess_does_not_open_and_the_right_one_still_does(door: Door) -> None:
    digits = door.issue()
    assert not door.check(wrong(digits))
    assert not door.check("")
    assert not door.check("１２３")
    assert door.check(f" {digits} ")


def test_codes_are_six_digits_and_spread_evenly(door: Door) -> None:
    drawn = []
    for _ in range(200):
        drawn.append(door.issue())
        Bucket.objects.all().delete()
    assert all(len(digits) == 6 and digits.isdecimal() for digits in drawn)
    assert len(set(drawn)) > 190
    assert len(Counter(digits[0] for digits in drawn)) == 10


def test_a_code_is_over_after_ten_minutes(door: Door) -> None:
    digits = door.issue()
    assert door.refused(digits, AT + 10 * MINUTE).code == "code.expired"
    assert door.check(digits, AT + 10 * MINUTE - timedelta(microseconds=1))


def test_a_code_works_only_where_and_for_what_it_was_asked(door: Door, tabi: Carrier, tonari: Carrier) -> None:
    digits = door.issue()
    assert door.refused(digits, binding="another browser").code == "code.expired"
    assert door.refused(digits, purpose="confirm").code == "code.expired"
    assert door.refused(digits, subject="subscriber:2").code == "code.expired"
    assert door.refused(digits, carrier_id=tonari.pk).code == "code.expired"
    assert door.check(digits)


def test_a_new_code_replaces_the_one_before_in_the_same_browser_only(door: Door) -> None:
    first, elsewhere = door.issue(), door.issue(binding="another browser")
    second = door.issue(AT + timedelta(seconds=1))
    assert first == second or not door.check(first)
    assert door.check(second)
    assert door.check(elsewhere, binding="another browser")


def test_five_tries_use_a_code_up(door: Door) -> None:
    digits = door.issue()
    for _ in range(5):
        assert not door.check(wrong(digits))
    assert door.refused(digits).code == "code.used_up"


def test_a_new_code_brings_no_new_tries_within_the_hour(door: Door) -> None:
    door.guess_wrong(WRONG_PER_HOUR)
    digits = door.issue()
    refused = door.refused(digits)
    assert (refused.code, refused.facts["minutes"]) == ("code.slow_down", 60)
    later = AT + MINUTE + HOUR
    assert door.check(door.issue(later), later)


def test_fifty_wrong_guesses_lock_until_staff_opens(door: Door) -> None:
    at = AT
    for _ in range(WRONG_IN_A_ROW // WRONG_PER_HOUR):
        door.guess_wrong(WRONG_PER_HOUR, at)
        at += HOUR
    digits = door.issue(at)
    assert door.refused(digits, at).code == "code.locked"
    assert door.refused(door.issue(at + 24 * HOUR), at + 24 * HOUR).code == "code.locked"
    purge(at=at + 24 * HOUR)
    assert door.refused(digits, at + 24 * HOUR).code == "code.locked"
    assert unlock(carrier_id=door.who["carrier_id"], subject=door.who["subject"], acting=STAFF)
    at += 25 * HOUR
    assert door.check(door.issue(at), at)


def test_a_right_guess_ends_the_row_of_wrong_ones_but_not_the_hour(door: Door) -> None:
    door.guess_wrong(WRONG_PER_HOUR - 1)
    assert door.check(door.issue())
    assert Guard.objects.get().in_a_row == 0
    digits = door.issue()
    assert not door.check(wrong(digits))
    assert door.refused(digits).code == "code.slow_down"


def test_an_account_that_does_not_exist_gets_the_same_answers(door: Door, tabi: Carrier) -> None:
    nobody = Door(tabi, unknown_subject(tabi.pk, "819012345678"))
    for one in (door, nobody):
        digits = one.issue()
        assert [one.check(wrong(digits)) for _ in range(5)] == [False] * 5
        assert one.refused(digits).code == "code.used_up"
        for _ in range(SENT_TO_ACCOUNT - 1):
            one.issue()
        with pytest.raises(Refused, match=r"code\.sent_too_often"):
            one.issue()
    assert unknown_subject(tabi.pk, "819012345678") == nobody.who["subject"]
    assert unknown_subject(tabi.pk, "819012345679") != nobody.who["subject"]


def test_an_account_that_does_not_exist_costs_the_same_queries(door: Door, tabi: Carrier) -> None:
    nobody = Door(tabi, unknown_subject(tabi.pk, "0"))
    counts = []
    for one in (door, nobody):
        with CaptureQueriesContext(connection) as asked:
            one.check(wrong(one.issue()))
        counts.append(len(asked))
    assert counts[0] == counts[1] > 0


def test_the_digits_are_stored_nowhere(door: Door) -> None:
    digits = door.issue()
    with connection.cursor() as cursor:
        for table in ("codes_code", "codes_guard", "codes_bucket"):
            cursor.execute(f"SELECT row_to_json(t)::text FROM {table} AS t")
            for (row,) in cursor.fetchall():
                assert digits not in row.replace("\\\\x", "")
                assert HERE not in row
    assert len(bytes(Code.objects.get().digest)) == 32


def test_equal_codes_have_different_digests(door: Door) -> None:
    code, _ = issue(**door.who, binding=HERE, at=AT)
    other, _ = issue(**door.who, binding="another browser", at=AT)
    assert bytes(code.nonce) != bytes(other.nonce)


def test_so_many_codes_are_sent_to_an_account_and_then_one_by_one(door: Door) -> None:
    for _ in range(SENT_TO_ACCOUNT):
        door.issue()
    with pytest.raises(Refused) as caught:
        door.issue()
    wait = HOUR / SENT_TO_ACCOUNT
    assert (caught.value.code, caught.value.facts["minutes"]) == ("code.sent_too_often", wait.seconds // 60)
    door.issue(AT + wait)
    with pytest.raises(Refused):
        door.issue(AT + wait)
    for _ in range(SENT_TO_ACCOUNT):
        door.issue(AT + wait + HOUR)


def test_one_internet_address_cannot_ask_for_everybody(tabi: Carrier) -> None:
    for number in range(SENT_TO_ADDRESS):
        Door(tabi, f"subscriber:{number}").issue(address="2001:db8::1")
    with pytest.raises(Refused, match=r"code\.sent_too_often"):
        Door(tabi, "subscriber:x").issue(address="2001:db8::1")
    Door(tabi, "subscriber:y").issue(address="2001:db8::2")
    assert not Bucket.objects.filter(key__contains="2001:").exists()


def test_what_is_over_is_deleted_and_what_still_guards_stays(door: Door) -> None:
    assert not door.check(wrong(door.issue()))
    assert purge(at=AT + MINUTE) == 0
    purge(at=AT + 3 * HOUR)
    assert (Code.objects.count(), Bucket.objects.count(), Guard.objects.count()) == (0, 0, 1)
    assert door.check(door.issue(AT + 3 * HOUR), AT + 3 * HOUR)
    purge(at=AT + 5 * HOUR)
    assert Guard.objects.count() == 0


def test_a_neighbour_sees_no_code(door: Door, tonari: Carrier) -> None:
    assert not door.check(wrong(door.issue()))
    with carrier_scope(tonari.pk):
        assert not Code.objects.exists()
        assert not Guard.objects.exists()


def test_every_reason_has_a_text_and_a_way_on() -> None:
    codes = ("expired", "used_up", "slow_down", "locked", "nowhere", "sent_too_often", "tried_too_often", "wrong")
    helping = {"asked_too_often", "answered_already", "note_missing"}
    helping |= {"address_known", "code_first", "not_prepared", "second_person", "seen_other"}
    keys = ("asked_too_often", "copied", "expired", "known_already", "not_accepted", "too_many")
    named = {"code": codes, "help": helping, "passkey": keys}
    assert set(words.REASONS) == {f"{what}.{name}" for what, names in named.items() for name in names}
