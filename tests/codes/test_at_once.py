"""Can many guesses at the same moment slip past the counters?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from tojimari.codes.actions import SENT_TO_ACCOUNT, check, issue
from tojimari.codes.models import Code, Guard
from tojimari.lines.models import Carrier
from tojimari.platform.acting import Refused
from tojimari.platform.database.scope import carrier_scope, every_carrier

pytestmark = pytest.mark.django_db(transaction=True)

AT = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)


def test_guesses_at_the_same_moment_are_all_counted(tabi: Carrier) -> None:
    who: dict[str, Any] = {"carrier_id": tabi.pk, "subject": "subscriber:1", "purpose": "sign-in", "binding": "here"}
    with carrier_scope(tabi.pk):
        _, digits = issue(**who, at=AT)

    def guess(_: int) -> str:
        try:
            with carrier_scope(tabi.pk):
                return str(check(**who, given="x" + digits, at=AT))
        except Refused as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = sorted(pool.map(guess, range(12)))
    assert answers == ["False"] * 5 + ["code.used_up"] * 7
    with every_carrier():
        assert (Code.objects.get().tries, Guard.objects.get().in_hour) == (5, 5)


def test_the_right_digits_open_for_one_of_two_at_the_same_moment(tabi: Carrier) -> None:
    who: dict[str, Any] = {"carrier_id": tabi.pk, "subject": "subscriber:1", "purpose": "sign-in", "binding": "here"}
    with carrier_scope(tabi.pk):
        _, digits = issue(**who, at=AT)

    def enter(_: int) -> str:
        try:
            with carrier_scope(tabi.pk):
                return str(check(**who, given=digits, at=AT))
        except Refused as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(enter, range(4)))
    assert answers == ["True", "code.expired", "code.expired", "code.expired"]


def test_requests_at_the_same_moment_send_no_more_codes_than_allowed(tabi: Carrier) -> None:
    who: dict[str, Any] = {"carrier_id": tabi.pk, "subject": "subscriber:1", "purpose": "sign-in"}

    def ask(number: int) -> bool:
        try:
            with carrier_scope(tabi.pk):
                issue(**who, binding=f"browser {number}", at=AT)
        except Refused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(ask, range(16))) == SENT_TO_ACCOUNT
